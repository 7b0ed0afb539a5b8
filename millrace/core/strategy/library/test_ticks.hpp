// For tests: what a strategy says to ticks a minute apart, as short texts like "4 buy cross": at
// the fourth tick, to buy, because of the cross.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "millrace/core/strategy/library/registry.hpp"
#include "millrace/core/strategy/strategy_trial.hpp"

namespace millrace::strategy::test {

// A tick as a bar; without an open it is a bar of one price.
struct Shown {
    const char* close;
    std::int64_t volume = 1;
    const char* open = nullptr;
    const char* high = nullptr;
    const char* low = nullptr;
};

using Values = std::map<std::string, std::string>;

[[nodiscard]] inline StrategyTrial trial_of(std::string_view name, const Values& parameters,
                                            Time live_from = Time::earliest()) {
    auto strategy = make_strategy(name).value();
    MILLRACE_ASSERT(strategy->set(parameters), "a test's parameters are refused");
    return StrategyTrial(std::move(strategy), live_from);
}

[[nodiscard]] inline model::Bar bar_of(const Shown& shown, std::int64_t minute) {
    const auto price = [&](const char* text) {
        return Price::parse(text != nullptr ? text : shown.close).value();
    };
    model::Bar bar;
    bar.open_time = Time() + Duration::minutes(minute - 1);
    bar.known_at = Time() + Duration::minutes(minute);
    bar.open = price(shown.open);
    bar.high = price(shown.high);
    bar.low = price(shown.low);
    bar.close = price(nullptr);
    bar.volume = Quantity::whole(shown.volume);
    return bar;
}

// Each a minute after the one before; the first at minute `from`.
inline void show(StrategyTrial& trial, const std::vector<Shown>& ticks, std::int64_t from = 1) {
    for (const Shown& shown : ticks)
        trial.tell(bar_of(shown, from++));
}

[[nodiscard]] inline std::vector<std::string> said(const StrategyTrial& trial) {
    std::vector<std::string> texts;
    for (const model::Signal& signal : trial.signals())
        texts.push_back(
            std::to_string((signal.known_at - Time()).ns() / 60'000'000'000) + ' ' +
            std::string(model::kSignalActionNames[static_cast<std::size_t>(signal.action)]) + ' ' +
            signal.reason.text());
    return texts;
}

[[nodiscard]] inline std::vector<std::string> said_by(std::string_view name,
                                                      const Values& parameters,
                                                      const std::vector<Shown>& ticks) {
    StrategyTrial trial = trial_of(name, parameters);
    show(trial, ticks);
    MILLRACE_ASSERT(trial.orders().empty(), "orders are for the plan to make");
    return said(trial);
}

using Said = std::vector<std::string>;

}  // namespace millrace::strategy::test
