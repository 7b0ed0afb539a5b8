// The spread of two windows, and both legs of a position.
#include "millrace/core/strategy/library/pairs.hpp"

#include <algorithm>
#include <cmath>

#include "millrace/core/strategy/library/price_steps.hpp"

namespace millrace::strategy {

using model::Side;

Result<void> Pairs::check() const {
    if (exit_z_.ratio() >= entry_z_.ratio())
        return failure(ErrorCode::config, "it would leave where it enters",
                       "parameters entry_z, exit_z",
                       "exit_z is " + exit_z_.text() + ", entry_z is " + entry_z_.text(),
                       "make exit_z smaller than entry_z");
    if (!stop_z_.ratio().is_zero() && stop_z_.ratio() <= entry_z_.ratio())
        return failure(ErrorCode::config, "it would stop where it enters",
                       "parameters entry_z, stop_z",
                       "stop_z is " + stop_z_.text() + ", entry_z is " + entry_z_.text(),
                       "make stop_z larger than entry_z, or 0");
    return {};
}

void Pairs::prepare() {
    first_.emplace(lookback_.value());
    second_.emplace(lookback_.value());
}

void Pairs::on_start() {
    prepare();
    legs_.clear();
    last_ = {};
    side_ = 0;
    waits_ = false;
}

// The two lowest numbers of the instruments it was given.
bool Pairs::is_leg(InstrumentId instrument) const {
    return std::find(legs_.begin(), legs_.end(), instrument) != legs_.end();
}

void Pairs::on_bar(const model::Bar& bar) {
    if (legs_.empty()) {
        for (const model::Instrument& each : trading().instruments())
            legs_.push_back(each.id);
        std::sort(legs_.begin(), legs_.end());
        legs_.resize(std::min<std::size_t>(legs_.size(), 2));
    }
    if (legs_.size() < 2 || !is_leg(bar.instrument)) return;
    last_[bar.instrument == legs_[0] ? 0 : 1] = bar;
    if (last_[0].known_at != last_[1].known_at || last_[0].close.is_zero() ||
        last_[1].close.is_zero())
        return;
    first_->push(last_[0].close.to_double());
    second_->push(last_[1].close.to_double());
    if (first_->is_full()) decide();
}

// Of the whole window anew, in two passes: exact enough for spreads far smaller than the prices.
std::optional<Pairs::Spread> Pairs::spread() const {
    const auto n = static_cast<std::size_t>(lookback_.value());
    const auto count = static_cast<double>(n);
    double mean_first = 0;
    double mean_second = 0;
    for (std::size_t i = 0; i < n; ++i) {
        mean_first += first_->at_place(i);
        mean_second += second_->at_place(i);
    }
    mean_first /= count;
    mean_second /= count;
    double products = 0;
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double apart = second_->at_place(i) - mean_second;
        products += (first_->at_place(i) - mean_first) * apart;
        squares += apart * apart;
    }
    Spread spread;
    spread.hedge = hedge_ratio_.value();
    if (hedge_.index() == 0) {
        if (squares == 0) return std::nullopt;
        spread.hedge = products / squares;
    }
    double variance = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double apart =
            first_->at_place(i) - mean_first - spread.hedge * (second_->at_place(i) - mean_second);
        variance += apart * apart;
    }
    variance /= count - 1;
    if (!(variance > 0)) return std::nullopt;
    const double now =
        first_->newest() - mean_first - spread.hedge * (second_->newest() - mean_second);
    spread.z = now / std::sqrt(variance);
    return spread;
}

void Pairs::decide() {
    const auto found = spread();
    if (!found || !trading().is_live()) return;
    const double size = std::fabs(found->z);
    if (size <= exit_z_.value()) waits_ = false;
    if (side_ != 0) {
        const bool crossed = side_ > 0 ? found->z >= -exit_z_.value() : found->z <= exit_z_.value();
        const bool stopped = stop_z_.value() > 0 && size >= stop_z_.value();
        if (crossed || stopped) leave();
        if (stopped && !crossed) waits_ = true;
        return;
    }
    if (size < entry_z_.value() || waits_) return;
    if (stop_z_.value() > 0 && size >= stop_z_.value()) return;
    enter(*found);
}

// A hedge below zero holds both legs on one side.
void Pairs::enter(const Spread& spread) {
    const Quantity first = quantity_.quantity();
    const double units = std::min(1e9, first.to_double() * std::fabs(spread.hedge));
    const auto raw = static_cast<std::int64_t>(units * static_cast<double>(Quantity::kOne));
    const std::int64_t step = quantity_step_of(trading(), legs_[1]).raw();
    const Quantity second = Quantity::from_raw((raw + step / 2) / step * step);
    if (second.is_zero()) return;
    side_ = spread.z < 0 ? 1 : -1;
    const bool buys_first = side_ > 0;
    const bool buys_second = (spread.hedge > 0) != buys_first;
    const auto trade = [this](InstrumentId leg, bool buys, Quantity quantity) {
        tell(leg, buys ? model::SignalAction::buy : model::SignalAction::sell);
        trading().submit(leg, buys ? Side::buy : Side::sell, quantity, {});
    };
    trade(legs_[0], buys_first, first);
    trade(legs_[1], buys_second, second);
}

void Pairs::leave() {
    side_ = 0;
    for (const InstrumentId leg : legs_) {
        tell(leg, model::SignalAction::close);
        trading().cancel_all(leg);
        trading().close(leg);
    }
}

void Pairs::tell(InstrumentId instrument, model::SignalAction action) {
    model::Signal signal;
    signal.instrument = instrument;
    signal.action = action;
    signal.strength = Ratio::whole(1);
    signal.price = last_[instrument == legs_[0] ? 0 : 1].close;
    trading().signal(signal);
}

void Pairs::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{legs_.size()});
    for (const InstrumentId leg : legs_)
        writer.put(leg);
    for (const model::Bar& bar : last_)
        writer.put(bar);
    first_->save(writer);
    second_->save(writer);
    writer.put(side_);
    writer.put(static_cast<std::uint8_t>(waits_));
}

void Pairs::load(engine::StateReader& reader) {
    prepare();
    legs_.resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), 2));
    for (InstrumentId& leg : legs_)
        leg = reader.get<InstrumentId>();
    for (model::Bar& bar : last_)
        bar = reader.get<model::Bar>();
    first_->load(reader);
    second_->load(reader);
    side_ = reader.get<std::int8_t>();
    waits_ = reader.get<std::uint8_t>() != 0;
}

}  // namespace millrace::strategy
