// RiskTerms: the limits of a run as it is told of them: by scope and name, as text that was read.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "millrace/base/zone.hpp"
#include "millrace/core/risk/guardian.hpp"

namespace millrace::backtest {

struct RiskTerms {
    bool by_default = false;  // limits that are not set are those of risk::default_limits()
    std::vector<risk::ConfiguredLimit> limits;
    Zone zone = Zone::utc();

    // Whether orders are judged at all.
    [[nodiscard]] bool is_on() const { return by_default || !limits.empty(); }
};

// The last word counts.
void set_limit(RiskTerms& terms, risk::ConfiguredLimit limit);

[[nodiscard]] risk::GuardianSettings guardian_settings_of(const RiskTerms& terms);

// Whether everything that a limit names is there.
[[nodiscard]] Result<void> check_names(const RiskTerms& terms, risk::ScopeKind kind,
                                       std::span<const std::string> known);

}  // namespace millrace::backtest
