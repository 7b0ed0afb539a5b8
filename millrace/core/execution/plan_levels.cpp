// Buyers' limits round down, their stop entries up; protection of a long position rounds up, of a
// short one down: the stop toward the entry, the target away from it.
#include "millrace/core/execution/plan_levels.hpp"

#include <algorithm>

namespace millrace::execution {
namespace {

[[nodiscard]] Planned<Price> to_tick(Price price, const model::Instrument& instrument, bool up) {
    const auto rounded =
        round_to(price, instrument.price_increment, up ? Rounding::ceiling : Rounding::floor);
    if (!rounded) return tl::unexpected(PlanOutcome::price_out_of_range);
    return *rounded;
}

void expect_at(Price price, PlanLevels& levels) {
    levels.reference = levels.lowest = levels.highest = price;
}

[[nodiscard]] Planned<void> find_entry(EntryKind entry, const model::Signal& signal,
                                       const model::Instrument& instrument, LastPrice last,
                                       PlanLevels& levels) {
    const bool buys = signal.action == model::SignalAction::buy;
    if (entry != EntryKind::market) {
        if (!signal.price.has_value()) return tl::unexpected(PlanOutcome::no_entry_price);
        const auto price =
            to_tick(signal.price.value(), instrument, buys == (entry == EntryKind::stop));
        if (!price) return tl::unexpected(price.error());
        expect_at(*price, levels);
        levels.works_at = *price;
    } else if (last.bid.has_value() && last.ask.has_value()) {
        levels.reference = buys ? last.ask : last.bid;
        levels.lowest = std::min(last.bid.value(), last.ask.value());
        levels.highest = std::max(last.bid.value(), last.ask.value());
    } else if (signal.price.has_value()) {
        expect_at(signal.price.value(), levels);
    }
    return {};
}

[[nodiscard]] Planned<Maybe<Price>> protection(Maybe<Price> asked, bool buys, bool is_below,
                                               const model::Instrument& instrument,
                                               const PlanLevels& levels, PlanOutcome wrong_side) {
    if (!asked.has_value()) return Maybe<Price>();
    if (!levels.reference.has_value()) return tl::unexpected(PlanOutcome::no_price);
    const auto price = to_tick(asked.value(), instrument, buys);
    if (!price) return tl::unexpected(price.error());
    const bool is_beyond =
        is_below ? *price < levels.lowest.value() : *price > levels.highest.value();
    if (!is_beyond) return tl::unexpected(wrong_side);
    return Maybe<Price>(*price);
}

}  // namespace

Planned<PlanLevels> levels_of(EntryKind entry, const model::Signal& signal,
                              const model::Instrument& instrument, LastPrice last) {
    PlanLevels levels;
    if (const auto found = find_entry(entry, signal, instrument, last, levels); !found)
        return tl::unexpected(found.error());
    const bool buys = signal.action == model::SignalAction::buy;
    const auto stop = protection(signal.stop_loss, buys, buys, instrument, levels,
                                 PlanOutcome::stop_on_wrong_side);
    if (!stop) return tl::unexpected(stop.error());
    const auto target = protection(signal.take_profit, buys, !buys, instrument, levels,
                                   PlanOutcome::target_on_wrong_side);
    if (!target) return tl::unexpected(target.error());
    levels.stop = *stop;
    levels.target = *target;
    return levels;
}

}  // namespace millrace::execution
