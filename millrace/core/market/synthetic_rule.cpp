// Checking rules, and the text form of a regime.
#include "millrace/core/market/synthetic_rule.hpp"

#include <array>
#include <fmt/format.h>

#include "millrace/base/decimal.hpp"
#include "millrace/base/nearest.hpp"

namespace millrace::market {
namespace {

constexpr std::array<std::string_view, 5> kRegimeNames = {"random-walk", "mean-reverting",
                                                          "trending", "jumps", "uniform"};
constexpr std::array<std::string_view, 6> kKeys = {"volatility", "drift", "half-life",
                                                   "leg",        "jumps", "jump-size"};
constexpr double kTrendDrift = 2;           // a year, unless said
constexpr std::int64_t kShareMax = 10'000;  // percent
constexpr std::int64_t kJumpsMax = 10'000;  // a day
constexpr int kScale = 9;

tl::unexpected<Error> wrong(std::string what, std::string why, std::string mend) {
    return failure(ErrorCode::usage, std::move(what), {}, std::move(why), std::move(mend));
}

std::string list_of(std::span<const std::string_view> words) {
    std::string text;
    for (const std::string_view word : words)
        text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

tl::unexpected<Error> unknown(std::string_view noun, std::string_view word,
                              std::span<const std::string_view> known) {
    const std::string_view near = nearest(word, known);
    return wrong(fmt::format("there is no {} \"{}\"", noun, word.substr(0, 40)),
                 "there are: " + list_of(known),
                 near.empty() ? "use one of those" : fmt::format("did you mean \"{}\"?", near));
}

// `unit` is what one of them is worth.
Result<double> number_of(std::string_view key, std::string_view text, std::int64_t largest,
                         bool may_be_negative, double unit) {
    const auto parsed = parse_decimal(text, kScale, Rounding::half_even);
    const std::int64_t limit = largest * power_of_ten(kScale);
    if (!parsed || *parsed > limit || *parsed < (may_be_negative ? -limit : 0))
        return wrong(
            fmt::format("{}={} cannot be used", key, text.substr(0, 40)),
            fmt::format("it is a number from {} to {}", may_be_negative ? -largest : 0, largest),
            fmt::format("write, for example, {}=20", key));
    return static_cast<double>(*parsed) / static_cast<double>(power_of_ten(kScale)) * unit;
}

Result<Duration> span_of(std::string_view key, std::string_view text) {
    const auto parsed = parse_duration(text);
    if (!parsed || *parsed <= Duration())
        return wrong(fmt::format("{}={} cannot be used", key, text.substr(0, 40)),
                     "it is a span of time that is longer than nothing",
                     fmt::format("write, for example, {}=4h", key));
    return *parsed;
}

Result<void> set(RegimeRule& rule, std::string_view key, std::string_view value) {
    const auto take = [](auto& target, auto parsed) -> Result<void> {
        if (!parsed) return failure(std::move(parsed.error()));
        target = *parsed;
        return {};
    };
    const bool is_trend = rule.regime == Regime::trending;
    const bool has_jumps = rule.regime == Regime::jumps;
    if (rule.regime == Regime::uniform)
        return wrong("the regime uniform has nothing to set", fmt::format("\"{}\"", key),
                     "leave it out, or take random-walk");
    if (key == "volatility")
        return take(rule.volatility, number_of(key, value, kShareMax, false, 0.01));
    if (key == "drift" && rule.regime != Regime::mean_reverting)
        return take(rule.drift, number_of(key, value, kShareMax, true, 0.01));
    if (key == "half-life" && rule.regime == Regime::mean_reverting)
        return take(rule.half_life, span_of(key, value));
    if (key == "leg" && is_trend) return take(rule.leg, span_of(key, value));
    if (key == "jumps" && has_jumps)
        return take(rule.jumps, number_of(key, value, kJumpsMax, false, 1));
    if (key == "jump-size" && has_jumps)
        return take(rule.jump_size, number_of(key, value, 100, false, 0.01));
    for (const std::string_view known : kKeys)
        if (key == known)
            return wrong(
                fmt::format("the regime {} has no {}",
                            kRegimeNames[static_cast<std::size_t>(rule.regime)], key),
                "half-life is of mean-reverting, leg of trending, jumps and jump-size of jumps",
                "leave it out, or take another regime");
    return unknown("setting of a regime", key, kKeys);
}

}  // namespace

Result<RegimeRule> parse_regime(std::string_view text) {
    RegimeRule rule;
    const std::string_view name = text.substr(0, text.find(','));
    std::size_t found = 0;
    while (found < kRegimeNames.size() && kRegimeNames[found] != name)
        ++found;
    if (found == kRegimeNames.size()) return unknown("regime", name, kRegimeNames);
    rule.regime = static_cast<Regime>(found);
    if (rule.regime == Regime::trending) rule.drift = kTrendDrift;
    std::string_view rest = text.substr(std::min(name.size() + 1, text.size()));
    while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find(','));
        rest = rest.substr(std::min(word.size() + 1, rest.size()));
        const std::size_t equals = word.find('=');
        if (equals == std::string_view::npos)
            return wrong(fmt::format("\"{}\" says nothing", word.substr(0, 40)),
                         "a setting is a name, = and a value",
                         "write, for example, random-walk,volatility=30");
        if (auto taken = set(rule, word.substr(0, equals), word.substr(equals + 1)); !taken)
            return failure(std::move(taken.error()));
    }
    return rule;
}

namespace {

Result<void> check_symbols(const SyntheticRule& rule) {
    if (rule.symbols.empty()) return wrong("there is no symbol", {}, "name one: --symbol ACME");
    if (rule.symbols.size() > kSyntheticSymbolsMax)
        return wrong("there are too many symbols",
                     fmt::format("a market has at most {}", kSyntheticSymbolsMax),
                     "make several files");
    for (std::size_t i = 0; i < rule.symbols.size(); ++i) {
        const SyntheticSymbol& symbol = rule.symbols[i];
        MILLRACE_ASSERT(i == 0 || rule.symbols[i - 1].id < symbol.id, "symbols are in order");
        if (symbol.step.raw() <= 0)
            return wrong("the step of prices is not above zero", symbol.name, "write --step 0.01");
        if (symbol.lot.raw() <= 0)
            return wrong("the lot is not above zero", symbol.name, "write --lot 1");
        if (symbol.start && *symbol.start < symbol.step)
            return wrong("the price is below its step", symbol.start->to_string(),
                         "give a larger --price or a smaller --step");
    }
    return {};
}

}  // namespace

Result<void> check(const SyntheticRule& rule) {
    if (rule.from >= rule.to)
        return wrong("the span is empty", "it ends before it begins",
                     "give a --to that is later than --from");
    if (rule.calendar) {
        const Date first = rule.calendar->first_day();
        const Date last = rule.calendar->last_day();
        if (utc_date_time(rule.from).date < first || utc_date_time(rule.to).date > last)
            return wrong("the calendar does not know these days",
                         fmt::format("{} reaches from {}-{:02}-{:02} to {}-{:02}-{:02}",
                                     rule.calendar->name(), first.year, first.month, first.day,
                                     last.year, last.month, last.day),
                         "take a span within it");
    }
    if (rule.kind != model::TableKind::bars) {
        if (rule.distance < kSyntheticDistanceMin)
            return wrong("the ticks come too fast", "at most 100000 a second",
                         "give a smaller --rate");
    } else if (rule.every < Duration::milliseconds(1)) {
        return wrong("the bars are too short", "the shortest last 1ms", "write --every 1m");
    } else if (rule.calendar && rule.every > Duration::days(1)) {
        return wrong("the bars are longer than a day", "with a calendar a bar is a day at most",
                     "write --every 1d");
    }
    return check_symbols(rule);
}

}  // namespace millrace::market
