// Counting, and nothing else.
#include "millrace/core/engine/census.hpp"

#include <algorithm>
#include <span>

namespace millrace::engine {
namespace {

constexpr std::size_t kInstrumentsMax = 1'000'000;  // a damaged number must not claim all memory

// Journals have hashes of this state: nouns that came later stand behind all else, and only when
// some were seen, so that a history without them keeps its hash.
constexpr std::size_t kFirstCounts = 19;

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
    const auto later = std::span(counts_).subspan(kFirstCounts);
    for (const std::uint64_t count : std::span(counts_).first(kFirstCounts))
        writer.put(count);
    writer.put(std::uint64_t{instruments_.size()});
    for (const Last& last : instruments_)
        writer.put(last);
    if (std::all_of(later.begin(), later.end(), [](std::uint64_t count) { return count == 0; }))
        return;
    for (const std::uint64_t count : later)
        writer.put(count);
}

void Census::load(StateReader& reader) {
    counts_.fill(0);
    for (std::uint64_t& count : std::span(counts_).first(kFirstCounts))
        count = reader.get<std::uint64_t>();
    const auto size = reader.get<std::uint64_t>();
    instruments_.clear();
    for (std::uint64_t i = 0; i < size && i < kInstrumentsMax && !reader.failed(); ++i)
        instruments_.push_back(reader.get<Last>());
    if (reader.failed() || reader.left() == 0) return;
    for (std::uint64_t& count : std::span(counts_).subspan(kFirstCounts))
        count = reader.get<std::uint64_t>();
}

}  // namespace millrace::engine
