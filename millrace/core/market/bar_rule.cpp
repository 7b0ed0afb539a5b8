// Checking rules, and their text form.
#include "millrace/core/market/bar_rule.hpp"

#include <array>
#include <charconv>
#include <optional>

#include "millrace/base/decimal.hpp"

namespace millrace::market {
namespace {

constexpr std::string_view kForms =
    "write 5m, 100t, 10000v, 1000000$, renko:0.5, range:0.25, imbalance:100 or run:50";

struct NamedBasis {
    std::string_view prefix;
    BarBasis basis;
    int scale;  // decimals of its step
};
constexpr std::array kPrefixed = {
    NamedBasis{"renko:", BarBasis::renko, Price::kScale},
    NamedBasis{"range:", BarBasis::range, Price::kScale},
    NamedBasis{"imbalance:", BarBasis::imbalance, 0},
    NamedBasis{"run:", BarBasis::run, 0},
};
constexpr std::array kSuffixed = {
    NamedBasis{"t", BarBasis::tick, 0},
    NamedBasis{"v", BarBasis::volume, kStepScale},
    NamedBasis{"$", BarBasis::value, kStepScale},
};
constexpr std::array<std::string_view, 4> kSourceNames = {"trades", "mid", "bid", "ask"};

tl::unexpected<Error> wrong(std::string what, std::string why, std::string mend) {
    return failure(ErrorCode::usage, std::move(what), {}, std::move(why), std::move(mend));
}

Duration nanoseconds(std::uint64_t step) {
    return Duration::nanoseconds(static_cast<std::int64_t>(step));
}

Result<std::uint64_t> step_from(std::string_view number, int scale) {
    const auto parsed = parse_decimal(number, scale);
    if (!parsed) return failure(parsed.error());
    if (*parsed <= 0)
        return wrong("a bar's size is not positive", "it is " + std::string(number),
                     std::string(kForms));
    return static_cast<std::uint64_t>(*parsed);
}

Result<std::uint64_t> step_of_time(std::string_view text) {
    const auto duration = parse_duration(text);
    if (!duration)
        return wrong("'" + std::string(text) + "' is no size of a bar", duration.error().what,
                     std::string(kForms));
    if (*duration < kTimeStepMin)
        return wrong("time bars of " + std::string(text) + " are too short", "the shortest is 1ms",
                     "take a longer one, or tick bars");
    return static_cast<std::uint64_t>(duration->ns());
}

Result<void> parse_size(std::string_view text, BarRule& rule) {
    for (const NamedBasis& named : kPrefixed) {
        if (!text.starts_with(named.prefix)) continue;
        const auto step = step_from(text.substr(named.prefix.size()), named.scale);
        if (!step) return failure(step.error());
        rule.basis = named.basis;
        rule.step = *step;
        return {};
    }
    for (const NamedBasis& named : kSuffixed) {
        if (!text.ends_with(named.prefix)) continue;
        const auto step = step_from(text.substr(0, text.size() - named.prefix.size()), named.scale);
        if (!step) return failure(step.error());
        rule.basis = named.basis;
        rule.step = *step;
        return {};
    }
    const auto step = step_of_time(text);
    if (!step) return failure(step.error());
    rule.basis = BarBasis::time;
    rule.step = *step;
    return {};
}

Result<void> parse_source(std::string_view text, BarRule& rule) {
    for (std::size_t i = 0; i < kSourceNames.size(); ++i) {
        if (text != kSourceNames[i]) continue;
        rule.source = static_cast<BarSource>(i);
        return {};
    }
    const auto step = step_of_time(text);
    if (!step)
        return wrong("bars cannot be made of '" + std::string(text) + "'", {},
                     "write @trades, @mid, @bid, @ask, or the size of smaller bars: @1m");
    rule.source = BarSource::bars;
    rule.source_step = *step;
    return {};
}

Result<void> parse_option(std::string_view text, BarRule& rule) {
    constexpr std::string_view kWait = "wait=";
    if (text == "session") {
        rule.alignment = BarAlignment::session;
    } else if (text == "flat") {
        rule.empty = EmptyPeriods::flat;
    } else if (text == "drop-partial") {
        rule.partial_first = PartialFirst::drop;
    } else if (text == "split") {
        rule.split = true;
    } else if (text.starts_with(kWait)) {
        const auto wait = parse_duration(text.substr(kWait.size()));
        if (!wait) return failure(wait.error());
        rule.wait = *wait;
    } else {
        return wrong("bars have no option '" + std::string(text) + "'", {},
                     "the options are session, flat, drop-partial, split and wait=2s");
    }
    return {};
}

Result<void> check_time(const BarRule& rule) {
    const Duration step = nanoseconds(rule.step);
    if (step < kTimeStepMin)
        return wrong("time bars are too short", "the shortest is 1ms", "take a longer step");
    if (rule.alignment == BarAlignment::session && step > Duration::days(1))
        return wrong("bars by session are at most a day long", "their step is longer",
                     "make them 1d, or leave out 'session'");
    if (rule.empty == EmptyPeriods::flat && step < kFlatStepMin)
        return wrong("flat bars are at least a second long",
                     "shorter ones of a quiet night would be millions", "leave out 'flat'");
    if (rule.source != BarSource::bars) return {};
    if (rule.step <= rule.source_step || rule.step % rule.source_step != 0)
        return wrong("these bars cannot be made of those",
                     "the step must be a multiple of the step they are made of",
                     "write, for example, 5m@1m");
    if (rule.wait < Duration() || rule.wait >= step)
        return wrong("the wait is out of range", "it is shorter than the bar",
                     "take a wait of seconds");
    return {};
}

Result<void> check_other(const BarRule& rule) {
    const BarBasis basis = rule.basis;
    if (rule.alignment != BarAlignment::epoch || rule.empty != EmptyPeriods::none ||
        rule.partial_first != PartialFirst::keep)
        return wrong("session, flat and drop-partial are for time bars",
                     "other bars have no periods", "leave the option out");
    const bool by_size = basis == BarBasis::volume || basis == BarBasis::value;
    const bool of_quotes = rule.source == BarSource::mid || rule.source == BarSource::bid ||
                           rule.source == BarSource::ask;
    if (by_size && of_quotes)
        return wrong("quotes have no volume", "volume and value bars are made of trades or bars",
                     "leave out the source, or take tick bars");
    const bool by_count =
        basis == BarBasis::tick || basis == BarBasis::imbalance || basis == BarBasis::run;
    if (by_count && rule.source == BarSource::bars)
        return wrong("bars do not tell of single trades",
                     "tick, imbalance and run bars are made of trades or quotes",
                     "take volume bars, or make them of trades");
    return {};
}

std::string size_text(const BarRule& rule) {
    const auto step = static_cast<std::int64_t>(rule.step);
    if (rule.basis == BarBasis::time) return format_duration(nanoseconds(rule.step));
    for (const NamedBasis& named : kPrefixed)
        if (named.basis == rule.basis)
            return std::string(named.prefix) + format_decimal(step, named.scale);
    for (const NamedBasis& named : kSuffixed)
        if (named.basis == rule.basis)
            return format_decimal(step, named.scale) + std::string(named.prefix);
    return {};
}

}  // namespace

Result<void> check(const BarRule& rule) {
    if (rule.step == 0 || rule.step > kStepMax)
        return wrong("a bar's size is out of range",
                     "time bars last at most 104 days; other sizes are at most nine billion",
                     "take a size within");
    const bool of_bars = rule.source == BarSource::bars;
    if (of_bars != (rule.source_step != 0) || rule.source_step > kStepMax)
        return wrong("a rule for bars made of bars names the step of those, and no other does", {},
                     "write, for example, 5m@1m");
    if (of_bars && nanoseconds(rule.source_step) < kTimeStepMin)
        return wrong("time bars are too short", "the shortest is 1ms", "take a longer step");
    const bool by_size = rule.basis == BarBasis::volume || rule.basis == BarBasis::value;
    if (rule.split && (!by_size || rule.source != BarSource::trades))
        return wrong("only volume and value bars made of trades split a trade", {},
                     "leave out 'split'");
    if (rule.wait != Duration() && (!of_bars || rule.basis != BarBasis::time))
        return wrong("only time bars made of bars wait", {}, "leave out 'wait'");
    return rule.basis == BarBasis::time ? check_time(rule) : check_other(rule);
}

Result<BarRule> parse_bar_rule(std::string_view text) {
    BarRule rule;
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view head = text.substr(0, comma);
    const std::size_t at = std::min(head.find('@'), head.size());
    Result<void> parsed = parse_size(head.substr(0, at), rule);
    if (parsed && at < head.size()) parsed = parse_source(head.substr(at + 1), rule);
    for (std::size_t from = comma; parsed && from < text.size();) {
        const std::size_t next = std::min(text.find(',', from + 1), text.size());
        parsed = parse_option(text.substr(from + 1, next - from - 1), rule);
        from = next;
    }
    if (parsed) parsed = check(rule);
    if (!parsed) {
        parsed.error().where = std::string(text);
        return failure(std::move(parsed.error()));
    }
    return rule;
}

std::string format_bar_rule(const BarRule& rule) {
    std::string text = size_text(rule);
    if (rule.source == BarSource::bars)
        text += "@" + format_duration(nanoseconds(rule.source_step));
    else if (rule.source != BarSource::trades)
        text += "@" + std::string(kSourceNames[static_cast<std::size_t>(rule.source)]);
    if (rule.alignment == BarAlignment::session) text += ",session";
    if (rule.empty == EmptyPeriods::flat) text += ",flat";
    if (rule.partial_first == PartialFirst::drop) text += ",drop-partial";
    if (rule.split) text += ",split";
    if (rule.wait != Duration()) text += ",wait=" + format_duration(rule.wait);
    return text;
}

}  // namespace millrace::market
