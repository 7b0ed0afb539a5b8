// BarRule: what closes a bar, what it is made of and how it is labelled; written by users as "5m",
// "100t", "renko:0.5" (docs/concept/bars.md). A rule that parse_bar_rule or check lets through
// makes sense; all else in this room relies on that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"
#include "millrace/core/model/market_data.hpp"

namespace millrace::market {

using model::BarBasis;

// What a bar is made of.
enum class BarSource : std::uint8_t { trades, mid, bid, ask, bars };

// Where the periods of time bars begin: at multiples of the step since 1970-01-01T00:00:00Z, or
// with the session. A day by session is a trading day, whatever its length.
enum class BarAlignment : std::uint8_t { epoch, session };

// What becomes of a period in which nothing happened: no bar, or one at the last close without
// volume.
enum class EmptyPeriods : std::uint8_t { none, flat };

// What becomes of the first time bar when watching began after its period did.
enum class PartialFirst : std::uint8_t { keep, drop };

struct BarRule {
    BarBasis basis = BarBasis::time;
    BarSource source = BarSource::trades;
    BarAlignment alignment = BarAlignment::epoch;
    EmptyPeriods empty = EmptyPeriods::none;
    PartialFirst partial_first = PartialFirst::keep;
    // Volume and value: whether the trade that fills a bar is divided, its rest going to the next.
    bool split = false;
    // time: ns · tick: trades or quotes · volume, value: millionths of a unit · imbalance, run:
    // trades · renko, range: billionths, as in Price. The bars carry it as their `step`.
    std::uint64_t step = 0;
    std::uint64_t source_step = 0;  // of the time bars that bars are made of, in ns
    // How long after the end of a period a bar made of bars waits for its last ones to arrive.
    Duration wait;

    bool operator==(const BarRule&) const = default;
};

// The steps of volume and value bars are in millionths.
inline constexpr int kStepScale = 6;
inline constexpr std::uint64_t kStepMax = (std::uint64_t{1} << 53) - 1;  // exact in JSON
inline constexpr Duration kTimeStepMin = Duration::milliseconds(1);
inline constexpr Duration kFlatStepMin = Duration::seconds(1);

// Whether the rule makes sense; the error says what does not.
[[nodiscard]] Result<void> check(const BarRule& rule);

// SIZE[@SOURCE][,OPTION…], for example "5m", "1d@1m,session", "10000v,split", "1m@mid,flat".
//   SIZE    5m 1h 1d … | 100t | 10000v | 1000000$ | renko:0.5 | range:0.25 | imbalance:100 | run:50
//   SOURCE  trades (the default) | mid | bid | ask | 1m (the time bars of that step)
//   OPTION  session | flat | drop-partial | split | wait=2s
[[nodiscard]] Result<BarRule> parse_bar_rule(std::string_view text);
// The same form, shortest; parses back to the same rule.
[[nodiscard]] std::string format_bar_rule(const BarRule& rule);

// A bar has two ends and so two labels. Left: when its period began. Right: when it was known,
// which is when its period ended unless it had to wait.
enum class BarLabel : std::uint8_t { open, close };
[[nodiscard]] constexpr Time label_of(const model::Bar& bar, BarLabel label) {
    return label == BarLabel::open ? bar.open_time : bar.known_at;
}

}  // namespace millrace::market
