// The table of the limits, and their text.
#include "millrace/core/risk/limit.hpp"

#include <algorithm>

#include "millrace/base/fixed_point.hpp"
#include "millrace/base/time.hpp"

namespace millrace::risk {
namespace {

constexpr std::int64_t kCountMax = 10'000;  // of orders a second, and of losses in a row

// Of which more is tighter: kept with its sign turned.
bool is_floor(Limit limit) {
    return limit == Limit::min_cash || limit == Limit::cool_down;
}

Error wrong(Limit limit, std::string_view text, std::string why, std::string mend) {
    return {ErrorCode::config,
            "\"" + std::string(text.substr(0, 40)) + "\" is no value of " +
                std::string(description_of(limit).name),
            {},
            std::move(why),
            std::move(mend)};
}

Result<std::int64_t> parse_number(Limit limit, std::string_view text) {
    switch (description_of(limit).unit) {
        case Unit::quantity: return Quantity::parse(text).map(&Quantity::raw);
        case Unit::money: return Money::parse(text).map(&Money::raw);
        case Unit::ratio: return Ratio::parse(text).map(&Ratio::raw);
        case Unit::duration: return parse_duration(text).map(&Duration::ns);
        case Unit::count: return parse_decimal(text, 0);
        case Unit::none:
        case Unit::yes_or_no: break;
    }
    if (text != "true" && text != "false")
        return failure(wrong(limit, text, "it is no boolean", "write true or false"));
    // Trading only in market hours is tighter than at any time; no short sales than short sales.
    const bool is_tight = (text == "true") == (limit == Limit::market_hours);
    return is_tight ? 0 : 1;
}

}  // namespace

std::span<const LimitDescription, kLimitCount> limits() {
    static constexpr std::array<LimitDescription, kLimitCount> kLimits = {{
        {Limit::market_hours, "market-hours", Unit::yes_or_no, Rule::market_closed, "gasy", "",
         "Whether orders are refused outside of the instrument's hours."},
        {Limit::stale_price, "stale-price", Unit::duration, Rule::stale_price, "gasy", "5s",
         "Oldest last price by which an order may be judged."},
        {Limit::price_collar, "price-collar", Unit::ratio, Rule::price_collar, "gasy", "0.05",
         "Furthest that a limit price may be from the last price, as a part of it."},
        {Limit::max_order_qty, "max-order-qty", Unit::quantity, Rule::max_order_qty, "gasy",
         "10000", "Largest quantity of an order."},
        {Limit::max_order_notional, "max-order-notional", Unit::money, Rule::max_order_notional,
         "gasy", "50000", "Largest worth of an order, in the account's currency."},
        {Limit::strategy_order_rate, "strategy-order-rate", Unit::count, Rule::order_rate, "gs",
         "10", "Submissions of a strategy on an account within one second."},
        {Limit::account_order_rate, "account-order-rate", Unit::count, Rule::order_rate, "ga", "50",
         "Submissions of an account within one second."},
        {Limit::max_position, "max-position", Unit::quantity, Rule::max_position, "gasy", "100000",
         "Largest position in an instrument, long or short."},
        {Limit::concentration, "concentration", Unit::ratio, Rule::concentration, "gasy", "0.2",
         "Largest worth of a position, as a part of the equity."},
        {Limit::gross_exposure, "gross-exposure", Unit::ratio, Rule::gross_exposure, "gas", "2",
         "Largest worth of all positions together, as a multiple of the equity."},
        {Limit::gross_exposure_amount, "gross-exposure-amount", Unit::money, Rule::gross_exposure,
         "gas", "", "The same as an amount in the account's currency."},
        {Limit::net_exposure, "net-exposure", Unit::ratio, Rule::net_exposure, "gas", "1",
         "Largest worth of long less short, or short less long, as a multiple of the equity."},
        {Limit::leverage, "leverage", Unit::ratio, Rule::leverage, "ga", "",
         "As gross-exposure: a second ceiling, for what a broker or a mandate allows."},
        {Limit::min_cash, "min-cash", Unit::money, Rule::insufficient_cash, "ga", "",
         "Least cash that purchases may leave; negative where credit is given."},
        {Limit::allow_short, "allow-short", Unit::yes_or_no, Rule::short_not_allowed, "gasy", "",
         "Whether positions may be short."},
        {Limit::daily_loss, "daily-loss", Unit::ratio, Rule::daily_loss, "gas", "0.02",
         "Largest loss since the day began, as a part of the equity then."},
        {Limit::daily_loss_amount, "daily-loss-amount", Unit::money, Rule::daily_loss, "gas", "",
         "The same as an amount in the account's currency."},
        {Limit::drawdown, "drawdown", Unit::ratio, Rule::max_drawdown, "gas", "0.1",
         "Largest fall of the equity from its peak, as a part of the peak."},
        {Limit::drawdown_amount, "drawdown-amount", Unit::money, Rule::max_drawdown, "gas", "",
         "The same as an amount in the account's currency."},
        {Limit::var95, "var95", Unit::ratio, Rule::var_limit, "ga", "",
         "Largest value at risk: the loss that 95 of 100 of the account's days stayed below, as a "
         "part of its equity. Binds from the 20th day."},
        {Limit::consecutive_losses, "consecutive-losses", Unit::count, Rule::consecutive_losses,
         "gas", "", "Most trades closed with a loss in a row."},
        {Limit::cool_down, "cool-down", Unit::duration, Rule::consecutive_losses, "gas", "",
         "How long nothing is opened after more losses than that; 30m unless set."},
    }};
    return kLimits;
}

std::optional<Limit> limit_named(std::string_view name) {
    std::string dashed(name);
    std::replace(dashed.begin(), dashed.end(), '_', '-');
    for (const LimitDescription& known : limits())
        if (known.name == dashed) return known.limit;
    return std::nullopt;
}

Result<std::int64_t> parse_limit(Limit limit, std::string_view text) {
    if (text == "none") return kUnset;
    auto value = parse_number(limit, text);
    if (!value) return value;
    if (*value < 0 && limit != Limit::min_cash)
        return failure(wrong(limit, text, "it is negative", "a limit is zero or more, or none"));
    if (description_of(limit).unit == Unit::count && (*value > kCountMax || *value < 1))
        return failure(wrong(limit, text, "it is out of range", "write 1 to 10000, or none"));
    if (*value == kUnset)
        return failure(wrong(limit, text, "it is out of range", "a smaller one, or none"));
    return is_floor(limit) ? -*value : *value;
}

std::string text_of(Unit unit, std::int64_t raw) {
    switch (unit) {
        case Unit::quantity: return Quantity::from_raw(raw).to_string();
        case Unit::money: return Money::from_raw(raw).to_string();
        case Unit::ratio: return Ratio::from_raw(raw).to_string();
        case Unit::duration: return format_duration(Duration::nanoseconds(raw));
        case Unit::count: return std::to_string(raw);
        case Unit::yes_or_no: return raw == 0 ? "no" : "yes";
        case Unit::none: break;
    }
    return "none";
}

std::string text_of(Limit limit, std::int64_t value) {
    if (value == kUnset) return "none";
    const Unit unit = description_of(limit).unit;
    if (unit == Unit::yes_or_no)
        return (value == 0) == (limit == Limit::market_hours) ? "true" : "false";
    return text_of(unit, is_floor(limit) ? -value : value);
}

void LimitSet::tighten(const LimitSet& other) {
    for (std::size_t i = 0; i < kLimitCount; ++i)
        values[i] = std::min(values[i], other.values[i]);
}

LimitSet default_limits() {
    LimitSet set;
    for (const LimitDescription& known : limits())
        if (!known.by_default.empty())
            set[known.limit] = parse_limit(known.limit, known.by_default).value();
    return set;
}

}  // namespace millrace::risk
