// From what was told to what the guardian is made with.
#include "millrace/app/backtest/risk_terms.hpp"

#include <algorithm>

#include "millrace/base/nearest.hpp"

namespace millrace::backtest {

void set_limit(RiskTerms& terms, risk::ConfiguredLimit limit) {
    std::erase_if(terms.limits, [&](const risk::ConfiguredLimit& known) {
        return known.kind == limit.kind && known.name == limit.name && known.limit == limit.limit;
    });
    terms.limits.push_back(std::move(limit));
}

risk::GuardianSettings guardian_settings_of(const RiskTerms& terms) {
    RiskTerms all;
    if (terms.by_default) {
        const risk::LimitSet usual = risk::default_limits();
        for (const risk::LimitDescription& known : risk::limits())
            if (usual.has(known.limit))
                set_limit(all, {risk::ScopeKind::global, {}, known.limit, usual[known.limit]});
    }
    for (const risk::ConfiguredLimit& limit : terms.limits)
        set_limit(all, limit);
    // So that versions do not hang on the order in which a file was written.
    std::sort(all.limits.begin(), all.limits.end(), [](const auto& a, const auto& b) {
        return std::tie(a.kind, a.name, a.limit) < std::tie(b.kind, b.name, b.limit);
    });
    risk::GuardianSettings settings;
    settings.limits = std::move(all.limits);
    settings.zone = terms.zone;
    return settings;
}

Result<void> check_names(const RiskTerms& terms, risk::ScopeKind kind,
                         std::span<const std::string> known) {
    for (const risk::ConfiguredLimit& limit : terms.limits) {
        if (limit.kind != kind || std::find(known.begin(), known.end(), limit.name) != known.end())
            continue;
        const std::string what(risk::kScopeNames[static_cast<std::size_t>(kind)]);
        std::vector<std::string_view> names(known.begin(), known.end());
        std::string list;
        for (const std::string_view name : names)
            list += (list.empty() ? "" : ", ") + std::string(name);
        const std::string_view near = nearest(limit.name, names);
        return failure(
            ErrorCode::config, "there is no " + what + " \"" + limit.name + "\"",
            what + "-risk." + limit.name, "there are: " + list,
            near.empty() ? "use one of those" : "did you mean \"" + std::string(near) + "\"?");
    }
    return {};
}

}  // namespace millrace::backtest
