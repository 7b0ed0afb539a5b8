// The table of the rules.
#include "millrace/core/risk/rule.hpp"

namespace millrace::risk {

using model::OrderReason;

std::span<const RuleDescription, kRuleCount> rules() {
    static constexpr std::array<RuleDescription, kRuleCount> kRules = {{
        {Rule::kill_switch, "KILL_SWITCH", OrderReason::kill_switch,
         "every order of a scope whose kill switch is engaged"},
        {Rule::account_disabled, "ACCOUNT_DISABLED", OrderReason::account_disabled,
         "orders of an account that is disabled"},
        {Rule::strategy_disabled, "STRATEGY_DISABLED", OrderReason::strategy_disabled,
         "orders of a strategy that is disabled"},
        {Rule::symbol_disabled, "SYMBOL_DISABLED", OrderReason::symbol_disabled,
         "orders in an instrument that is disabled"},
        {Rule::invalid_order, "INVALID_ORDER", OrderReason::bad_order,
         "no quantity, off the tick or lot, a price missing or too many, an unknown instrument or "
         "account; the order's reason says which"},
        {Rule::market_closed, "MARKET_CLOSED", OrderReason::market_closed,
         "orders outside of the instrument's trading hours, except those for the opening"},
        {Rule::no_price, "NO_PRICE", OrderReason::no_price,
         "orders that a limit judges by a price, while none is known"},
        {Rule::stale_price, "STALE_PRICE", OrderReason::stale_price,
         "orders while the last price is older than the limit"},
        {Rule::price_collar, "PRICE_COLLAR", OrderReason::price_collar,
         "limit prices further from the last price than the limit"},
        {Rule::max_order_qty, "MAX_ORDER_QTY", OrderReason::max_order_qty,
         "orders of a larger quantity"},
        {Rule::max_order_notional, "MAX_ORDER_NOTIONAL", OrderReason::max_order_notional,
         "orders worth more"},
        {Rule::order_rate, "ORDER_RATE", OrderReason::order_rate,
         "more submissions than that within one second"},
        {Rule::duplicate, "DUPLICATE", OrderReason::duplicate,
         "a number or name that an accepted order has had"},
        {Rule::max_position, "MAX_POSITION", OrderReason::max_position,
         "orders after which a position could be larger"},
        {Rule::concentration, "CONCENTRATION", OrderReason::concentration,
         "orders after which a position could be a larger part of the equity"},
        {Rule::gross_exposure, "GROSS_EXPOSURE", OrderReason::gross_exposure,
         "orders after which all positions together could be worth more"},
        {Rule::net_exposure, "NET_EXPOSURE", OrderReason::net_exposure,
         "orders after which long less short, or short less long, could be worth more"},
        {Rule::leverage, "LEVERAGE", OrderReason::leverage,
         "orders after which all positions could be a larger multiple of the equity"},
        {Rule::insufficient_cash, "INSUFFICIENT_CASH", OrderReason::no_cash,
         "purchases after which less cash could be left"},
        {Rule::short_not_allowed, "SHORT_NOT_ALLOWED", OrderReason::short_not_allowed,
         "sales after which a position could be short"},
        {Rule::daily_loss, "DAILY_LOSS", OrderReason::daily_loss,
         "orders that do not shrink a position, after a larger loss on this day"},
        {Rule::max_drawdown, "MAX_DRAWDOWN", OrderReason::max_drawdown,
         "orders that do not shrink a position, after a larger fall from the peak"},
        {Rule::var_limit, "VAR_LIMIT", OrderReason::var_limit,
         "orders that do not shrink a position, while the value at risk is larger"},
        {Rule::consecutive_losses, "CONSECUTIVE_LOSSES", OrderReason::consecutive_losses,
         "orders that do not shrink a position, for a while after more losses in a row"},
        {Rule::reduce_only_flip, "REDUCE_ONLY_FLIP", OrderReason::reduce_only_flip,
         "orders that shrink a position beyond zero, where only shrinking is allowed"},
        {Rule::no_equity, "NO_EQUITY", OrderReason::no_equity,
         "orders that a limit judges by the account's money, while it is not known"},
        {Rule::no_rate, "NO_RATE", OrderReason::no_rate,
         "orders that a limit judges in a currency into which nothing converts"},
        {Rule::out_of_range, "OUT_OF_RANGE", OrderReason::out_of_range,
         "orders that come to amounts beyond all numbers, and those beyond the guardian's room"},
    }};
    return kRules;
}

}  // namespace millrace::risk
