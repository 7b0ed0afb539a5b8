// The keys of the simulated venue: when orders deal, at which prices, for which fees.
#include "millrace/app/backtest/run_keys.hpp"
#include "millrace/app/backtest/run_values.hpp"

namespace millrace::backtest {
namespace {

using Settings = BacktestSettings;
using Member = std::string;
using Values = std::span<const std::string>;
using Done = Result<void>;

constexpr std::array<std::string_view, 5> kTimings = {"next-open", "same-close", "next-close",
                                                      "immediate", "latency"};
constexpr std::array<std::string_view, 5> kPaths = {"nearer-extreme", "against-close", "high-first",
                                                    "low-first", "pessimistic"};
constexpr std::array<std::string_view, 2> kBarLimits = {"touch", "through"};
constexpr std::array<std::string_view, 3> kTradeAtLimits = {"queue", "never", "always"};
constexpr std::array<std::string_view, 3> kTriggers = {"trades-else-quotes", "trades", "quotes"};
constexpr std::array<std::string_view, 2> kReleases = {"in-proportion", "first-fill"};
constexpr std::array<std::string_view, 2> kClosed = {"wait", "refuse"};

Done read_slippage(venue::SlippageModel& model, venue::SlippageKind kind, const Done& read) {
    model.kind = kind;
    return read;
}

constexpr RunKey kKeys[] = {
    {"venue", "fill", "next-open | same-close | next-close | immediate | latency",
     "When an order meets the market.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::FillTiming>(s.venue.timing, v[0], kTimings);
     }},
    {"venue", "fee-bps", "decimal", "Fee of every deal in basis points of its value.",
     [](Settings& s, const Member&, Values v) {
         Done done = read_basis_points(s.venue.fees.taker, v[0], false);
         s.venue.fees.maker = s.venue.fees.taker;
         return done;
     }},
    {"venue", "maker-bps", "decimal",
     "Fee of deals that waited in the book; negative for a rebate.",
     [](Settings& s, const Member&, Values v) {
         return read_basis_points(s.venue.fees.maker, v[0], true);
     }},
    {"venue", "taker-bps", "decimal", "Fee of all other deals.",
     [](Settings& s, const Member&, Values v) {
         return read_basis_points(s.venue.fees.taker, v[0], true);
     }},
    {"venue", "fee-per-unit", "decimal", "Fee of each unit of quantity.",
     [](Settings& s, const Member&, Values v) {
         return read_decimal<Money>(s.venue.fees.per_unit, v[0], true);
     }},
    {"venue", "fee-minimum", "decimal", "Least fee of an order.",
     [](Settings& s, const Member&, Values v) {
         return read_decimal<Money>(s.venue.fees.minimum, v[0], true);
     }},
    {"venue", "slippage-bps", "decimal",
     "How much worse than the market takers deal, in basis points of the price.",
     [](Settings& s, const Member&, Values v) {
         return read_slippage(s.venue.slippage, venue::SlippageKind::rate,
                              read_basis_points(s.venue.slippage.rate, v[0], false));
     }},
    {"venue", "slippage-ticks", "integer", "The same in price increments.",
     [](Settings& s, const Member&, Values v) {
         return read_slippage(s.venue.slippage, venue::SlippageKind::ticks,
                              read_whole(s.venue.slippage.ticks, v[0], 0, 1'000'000));
     }},
    {"venue", "slippage-volume-share", "decimal",
     "The same as rate * (quantity / volume)^2 of the price.",
     [](Settings& s, const Member&, Values v) {
         return read_slippage(s.venue.slippage, venue::SlippageKind::volume_share,
                              read_decimal<Ratio>(s.venue.slippage.rate, v[0], true));
     }},
    {"venue", "slippage-to-tick", "boolean",
     "Round prices after slippage to the price increment, against the trader.",
     [](Settings& s, const Member&, Values v) {
         return read_boolean(s.venue.slippage.to_tick, v[0]);
     }},
    {"venue", "bar-path", "nearer-extreme | against-close | high-first | low-first | pessimistic",
     "The way a bar is taken to have gone from open to close.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::BarPath>(s.venue.bar_path, v[0], kPaths);
     }},
    {"venue", "bar-limit", "touch | through", "Whether a bar that only touches a limit deals it.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::BarLimit>(s.venue.bar_limit, v[0], kBarLimits);
     }},
    {"venue", "bar-share", "decimal in (0, 1]",
     "Largest part of a bar's volume that may be dealt; without it no limit.",
     [](Settings& s, const Member&, Values v) {
         Ratio share;
         Done done = read_decimal<Ratio>(share, v[0], false);
         if (done) s.venue.bar_share = share;
         return done;
     }},
    {"venue", "tick-share", "decimal in (0, 1]",
     "Part of a quote's, trade's or level's size that may be dealt.",
     [](Settings& s, const Member&, Values v) {
         return read_decimal<Ratio>(s.venue.tick_share, v[0], false);
     }},
    {"venue", "sizes-known", "boolean",
     "False when quotes and trades carry no sizes: nothing runs out. Found in the data unless "
     "given.",
     [](Settings& s, const Member&, Values v) {
         bool known = true;
         Done done = read_boolean(known, v[0]);
         if (done) s.sizes_known = known;
         return done;
     }},
    {"venue", "trade-at-limit", "queue | never | always",
     "What a trade exactly at a resting limit's price does.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::TradeAtLimit>(s.venue.trade_at_limit, v[0], kTradeAtLimits);
     }},
    {"venue", "trigger-on", "trades-else-quotes | trades | quotes", "What triggers stops on ticks.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::TriggerOn>(s.venue.trigger_on, v[0], kTriggers);
     }},
    {"venue", "children", "in-proportion | first-fill",
     "How the children of a bracket begin to work.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::ChildRelease>(s.venue.children, v[0], kReleases);
     }},
    {"venue", "when-closed", "wait | refuse", "What becomes of an order outside of trading hours.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::WhenClosed>(s.venue.when_closed, v[0], kClosed);
     }},
    {"venue", "stale-after", "duration", "A price older than this is no price to deal at.",
     [](Settings& s, const Member&, Values v) {
         Duration age;
         Done done = read_duration(age, v[0]);
         if (done) s.venue.stale_after = age;
         return done;
     }},
    {"venue", "protection-ticks", "integer",
     "How far beyond its reference a market order deals; 0 is any distance.",
     [](Settings& s, const Member&, Values v) {
         return read_whole(s.venue.protection_ticks, v[0], 0, 1'000'000);
     }},
    {"venue", "latency", "duration", "How long orders take to the venue, with fill = \"latency\".",
     [](Settings& s, const Member&, Values v) {
         Done done = read_duration(s.venue.latency.submit, v[0]);
         s.venue.latency.cancel = s.venue.latency.replace = s.venue.latency.submit;
         return done;
     }},
    {"venue", "report-latency", "duration", "How long reports take back.",
     [](Settings& s, const Member&, Values v) {
         return read_duration(s.venue.latency.report, v[0]);
     }},
    {"venue", "latency-jitter", "duration", "Up to so much more, each time, by the seed.",
     [](Settings& s, const Member&, Values v) {
         return read_duration(s.venue.latency.jitter, v[0]);
     }},
    {"venue", "cash-only", "boolean", "No buying on credit and no selling short.",
     [](Settings& s, const Member&, Values v) { return read_boolean(s.cash_only, v[0]); }},
};

}  // namespace

std::span<const RunKey> venue_keys() {
    return kKeys;
}

}  // namespace millrace::backtest
