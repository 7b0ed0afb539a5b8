// The keys of limits: one for each limit in each kind of scope in which it may be set.
#include <utility>

#include "millrace/app/backtest/run_keys.hpp"
#include "millrace/app/backtest/run_values.hpp"

namespace millrace::backtest {
namespace {

using Settings = BacktestSettings;
using Member = std::string;
using Values = std::span<const std::string>;
using Done = Result<void>;

constexpr std::array<std::string_view, 2> kPresets = {"none", "default"};
constexpr std::array<std::string_view, 4> kRiskTables = {"risk", "account-risk", "strategy-risk",
                                                         "symbol-risk"};
constexpr std::array<std::string_view, 7> kTakes = {"",         "decimal", "decimal", "decimal",
                                                    "duration", "integer", "boolean"};

template <std::size_t kLimit, std::size_t kKind>
Done set_one(Settings& settings, const Member& member, Values values) {
    constexpr auto limit = static_cast<risk::Limit>(kLimit);
    auto value = risk::parse_limit(limit, values[0]);
    if (!value) return failure(std::move(value.error()));
    set_limit(settings.risk, {static_cast<risk::ScopeKind>(kKind), member, limit, *value});
    return {};
}

template <std::size_t kKind, std::size_t... kLimits>
void add_keys(std::vector<RunKey>& keys, std::index_sequence<kLimits...> /*all*/) {
    const auto add = [&](std::size_t limit, auto set) {
        const risk::LimitDescription& known = risk::limits()[limit];
        if (!known.may_be_set_for(static_cast<risk::ScopeKind>(kKind))) return;
        keys.push_back({kRiskTables[kKind], known.name,
                        kTakes[static_cast<std::size_t>(known.unit)], known.doc, set});
    };
    (add(kLimits, &set_one<kLimits, kKind>), ...);
}

std::vector<RunKey> make_keys() {
    std::vector<RunKey> keys = {
        {"risk", "limits", "none | default",
         "Whether limits that are not set are unlimited, or those of the guardian's page.",
         [](Settings& s, const Member&, Values v) {
             std::size_t preset = 0;
             Done done = read_choice<std::size_t>(preset, v[0], kPresets);
             if (done) s.risk.by_default = preset == 1;
             return done;
         }},
        {"risk", "zone", "IANA name", "Whose midnight begins a day of losses; UTC unless given.",
         [](Settings& s, const Member&, Values v) {
             return assign(s.risk.zone, Zone::find(v[0]));
         }},
    };
    constexpr auto kAll = std::make_index_sequence<risk::kLimitCount>();
    add_keys<0>(keys, kAll);
    add_keys<1>(keys, kAll);
    add_keys<2>(keys, kAll);
    add_keys<3>(keys, kAll);
    return keys;
}

}  // namespace

std::span<const RunKey> risk_keys() {
    static const std::vector<RunKey> kKeys = make_keys();
    return kKeys;
}

}  // namespace millrace::backtest
