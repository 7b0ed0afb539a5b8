// Counting, and nothing else.
#include "millrace/core/engine/census.hpp"

namespace millrace::engine {
namespace {

constexpr std::size_t kInstrumentsMax = 1'000'000;  // a damaged number must not claim all memory

Price middle(const model::Quote& quote) {
    return Price::from_raw(
        static_cast<std::int64_t>((int128{quote.bid.raw()} + quote.ask.raw()) / 2));
}

}  // namespace

void Census::on_record(const Record& record, Context& /*context*/) {
    ++counts_[static_cast<std::size_t>(record.noun)];
    if (record.noun == Noun::quote) {
        const auto& quote = record.as<model::Quote>();
        see(quote.instrument, middle(quote));
    } else if (record.noun == Noun::trade) {
        see(record.as<model::Trade>().instrument, record.as<model::Trade>().price);
    } else if (record.noun == Noun::bar) {
        see(record.as<model::Bar>().instrument, record.as<model::Bar>().close);
    }
}

void Census::see(InstrumentId instrument, Price price) {
    if (instrument.value() >= instruments_.size()) {
        if (instrument.value() >= kInstrumentsMax) return;
        instruments_.resize(instrument.value() + std::size_t{1});
    }
    Last& last = instruments_[instrument.value()];
    ++last.count;
    last.price = price;
}

void Census::save(StateWriter& writer) const {
    for (const std::uint64_t count : counts_)
        writer.put(count);
    writer.put(std::uint64_t{instruments_.size()});
    for (const Last& last : instruments_)
        writer.put(last);
}

void Census::load(StateReader& reader) {
    for (std::uint64_t& count : counts_)
        count = reader.get<std::uint64_t>();
    const auto size = reader.get<std::uint64_t>();
    instruments_.clear();
    for (std::uint64_t i = 0; i < size && i < kInstrumentsMax && !reader.failed(); ++i)
        instruments_.push_back(reader.get<Last>());
}

}  // namespace millrace::engine
