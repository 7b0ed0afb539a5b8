// What settings may say, and the words for what becomes of a signal.
#include "millrace/core/execution/plan_settings.hpp"

namespace millrace::execution {
namespace {

[[nodiscard]] tl::unexpected<Error> wrong(std::string what, std::string where, std::string mend) {
    return failure(ErrorCode::config, std::move(what), std::move(where), {}, std::move(mend));
}

template <class T>
[[nodiscard]] bool is_not_positive(const Maybe<T>& value) {
    return value.has_value() && value.value().raw() <= 0;
}

[[nodiscard]] Result<void> check_maxima(const PlanSettings& settings) {
    if (is_not_positive(settings.quantity_max))
        return wrong("the largest quantity is not positive", "quantity_max", "leave it out");
    if (is_not_positive(settings.notional_max))
        return wrong("the largest worth is not positive", "notional_max", "leave it out");
    if (is_not_positive(settings.equity_share_max))
        return wrong("the largest share of equity is not positive", "equity_share_max",
                     "leave it out");
    return {};
}

[[nodiscard]] Result<void> check_life(const PlanSettings& settings) {
    using enum model::TimeInForce;
    if (settings.time_in_force == gtd)
        return wrong("gtd needs a time", "time_in_force", "say valid_for instead");
    const bool at_once = settings.time_in_force == ioc || settings.time_in_force == fok;
    if (at_once && settings.entry == EntryKind::stop)
        return wrong("a stop entry waits and cannot be ioc or fok", "time_in_force",
                     "use day, gtc or valid_for");
    if (at_once && settings.valid_for != Duration())
        return wrong("ioc and fok entries do not last", "valid_for", "leave it out");
    if (settings.valid_for < Duration())
        return wrong("entries cannot lapse before their signal", "valid_for", "make it positive");
    return {};
}

}  // namespace

Result<void> check(const PlanSettings& settings) {
    if (settings.sizing == Sizing::fixed && settings.quantity.raw() <= 0)
        return wrong("the quantity is not positive", "quantity", "say how much to trade");
    if (settings.sizing != Sizing::fixed && settings.share.raw() <= 0)
        return wrong("the share is not positive", "share", "0.01 is one percent");
    if (settings.strength_min.raw() < 0 || settings.strength_min > Ratio::whole(1))
        return wrong("the least strength is not from 0 to 1", "strength_min", "leave it out");
    if (auto maxima = check_maxima(settings); !maxima) return maxima;
    return check_life(settings);
}

std::string_view text_of(PlanOutcome outcome) {
    switch (outcome) {
        case PlanOutcome::entered: return "an entry was ordered";
        case PlanOutcome::closed: return "the signal only closed what was there";
        case PlanOutcome::hold: return "the signal was to hold";
        case PlanOutcome::warming_up: return "the strategy was still warming up";
        case PlanOutcome::unknown_instrument: return "the instrument is not defined";
        case PlanOutcome::expired: return "the signal had lapsed when it came";
        case PlanOutcome::too_weak: return "the signal was weaker than strength_min";
        case PlanOutcome::nothing_to_close: return "there was nothing to close";
        case PlanOutcome::still_closing: return "the position was still being closed";
        case PlanOutcome::already_in: return "the position was there already";
        case PlanOutcome::already_entering: return "an earlier entry had not ended";
        case PlanOutcome::no_price: return "no positive price of the instrument was known";
        case PlanOutcome::no_entry_price: return "the signal had no price to enter at";
        case PlanOutcome::no_stop: return "the signal had no stop to size the risk by";
        case PlanOutcome::stop_on_wrong_side: return "the stop was not beyond the entry";
        case PlanOutcome::target_on_wrong_side: return "the target was not beyond the entry";
        case PlanOutcome::price_out_of_range: return "a price was beyond nine billion";
        case PlanOutcome::no_balance: return "nobody told of the account's money";
        case PlanOutcome::no_money: return "the account had no money to size by";
        case PlanOutcome::no_rate: return "no pair with a price converts the account's currency";
        case PlanOutcome::rounds_to_zero: return "the size was less than the smallest step";
        case PlanOutcome::below_minimum: return "the size was less than the smallest order";
        case PlanOutcome::at_maximum: return "the position may not become larger";
        case PlanOutcome::size_out_of_range: return "the size was beyond 92 billion units";
        case PlanOutcome::too_many_orders: return "too many orders of the plan were working";
    }
    return "";
}

}  // namespace millrace::execution
