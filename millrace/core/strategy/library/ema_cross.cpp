// The cross of two exponential averages.
#include "millrace/core/strategy/library/ema_cross.hpp"

namespace millrace::strategy {

Result<void> EmaCross::check() const {
    if (fast_.value() < slow_.value()) return {};
    return failure(ErrorCode::config, "the fast average is not faster than the slow one",
                   "parameters fast, slow", "fast is " + fast_.text() + ", slow is " + slow_.text(),
                   "make fast smaller than slow");
}

void EmaCross::on_start() {
    tracks_.clear();
}

EmaCross::Track& EmaCross::track(InstrumentId instrument) {
    while (tracks_.size() <= instrument.value())
        tracks_.push_back(
            {ExponentialAverage(fast_.value()), ExponentialAverage(slow_.value()), 0});
    return tracks_[instrument.value()];
}

void EmaCross::on_bar(const model::Bar& bar) {
    update(bar.instrument, bar.close.to_double());
}

// On quotes the middle stands for the close.
void EmaCross::on_quote(const model::Quote& quote) {
    update(quote.instrument, (quote.bid.to_double() + quote.ask.to_double()) * 0.5);
}

void EmaCross::update(InstrumentId instrument, double price) {
    Track& averages = track(instrument);
    const double fast = averages.fast.update(price);
    const double slow = averages.slow.update(price);
    if (!averages.slow.is_ready()) return;
    const std::int8_t wanted = fast > slow ? 1 : -1;
    if (wanted != averages.wanted) turn(instrument, averages, wanted);
}

void EmaCross::turn(InstrumentId instrument, Track& averages, std::int8_t wanted) {
    model::Signal signal;
    signal.instrument = instrument;
    signal.action = wanted > 0 ? model::SignalAction::buy : model::SignalAction::sell;
    signal.strength = Ratio::whole(1);
    trading().signal(signal);
    const model::Side side = wanted > 0 ? model::Side::buy : model::Side::sell;
    // What was submitted while warming up was not sent, so there may be nothing to close.
    const bool holds =
        trading().is_live() && averages.wanted != 0 && !trading().position(instrument).is_zero();
    if (holds) trading().close(instrument);
    trading().submit(instrument, side, quantity_.quantity(), {});
    averages.wanted = trading().is_live() ? wanted : std::int8_t{0};
}

void EmaCross::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{tracks_.size()});
    for (const Track& averages : tracks_) {
        averages.fast.save(writer);
        averages.slow.save(writer);
        writer.put(averages.wanted);
    }
}

void EmaCross::load(engine::StateReader& reader) {
    tracks_.resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()));
    for (Track& averages : tracks_) {
        averages.fast.load(reader);
        averages.slow.load(reader);
        averages.wanted = reader.get<std::int8_t>();
    }
}

}  // namespace millrace::strategy
