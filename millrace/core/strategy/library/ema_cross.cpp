// The cross of two exponential averages.
#include "millrace/core/strategy/library/ema_cross.hpp"

#include <numeric>

namespace millrace::strategy {

Result<void> EmaCross::check() const {
    if (fast_.value() < slow_.value()) return {};
    return failure(ErrorCode::config, "the fast average is not faster than the slow one",
                   "parameters fast, slow", "fast is " + fast_.text() + ", slow is " + slow_.text(),
                   "make fast smaller than slow");
}

void EmaCross::on_start() {
    tracks_.clear();
    wanted_.clear();
}

EmaCross::Track EmaCross::new_track() const {
    return {indicators::ExponentialAverage(fast_.value()),
            indicators::ExponentialAverage(slow_.value())};
}

inline EmaCross::Track& EmaCross::track(InstrumentId instrument) {
    if (instrument.value() >= tracks_.size()) [[unlikely]] {
        tracks_.resize(instrument.value() + std::size_t{1}, new_track());
        wanted_.resize(tracks_.size());
    }
    return tracks_[instrument.value()];
}

void EmaCross::on_bar(const model::Bar& bar) {
    update(bar.instrument, bar.close);
}

// On quotes the middle stands for the close, rounded down to the last decimal.
void EmaCross::on_quote(const model::Quote& quote) {
    update(quote.instrument, Price::from_raw(std::midpoint(quote.bid.raw(), quote.ask.raw())));
}

void EmaCross::update(InstrumentId instrument, Price price) {
    Track& averages = track(instrument);
    const double level = price.to_double();
    const double fast = averages.fast.update(level);
    const double slow = averages.slow.update(level);
    if (!averages.slow.is_ready()) return;
    const std::int8_t wanted = fast > slow ? 1 : -1;
    if (wanted != wanted_[instrument.value()]) turn(instrument, price, wanted);
}

void EmaCross::turn(InstrumentId instrument, Price price, std::int8_t wanted) {
    model::Signal signal;
    signal.instrument = instrument;
    signal.action = wanted > 0 ? model::SignalAction::buy : model::SignalAction::sell;
    signal.strength = Ratio::whole(1);
    signal.price = price;
    trading().signal(signal);
    const model::Side side = wanted > 0 ? model::Side::buy : model::Side::sell;
    // What was submitted while warming up was not sent, so there may be nothing to close.
    std::int8_t& before = wanted_[instrument.value()];
    const bool holds =
        trading().is_live() && before != 0 && !trading().position(instrument).is_zero();
    if (holds) trading().close(instrument);
    trading().submit(instrument, side, quantity_.quantity(), {});
    before = trading().is_live() ? wanted : std::int8_t{0};
}

void EmaCross::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{tracks_.size()});
    for (std::size_t at = 0; at < tracks_.size(); ++at) {
        tracks_[at].fast.save(writer);
        tracks_[at].slow.save(writer);
        writer.put(wanted_[at]);
    }
}

void EmaCross::load(engine::StateReader& reader) {
    tracks_.assign(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()),
                   new_track());
    wanted_.resize(tracks_.size());
    for (std::size_t at = 0; at < tracks_.size(); ++at) {
        tracks_[at].fast.load(reader);
        tracks_[at].slow.load(reader);
        wanted_[at] = reader.get<std::int8_t>();
    }
}

}  // namespace millrace::strategy
