// docs/concept/guardian.md has every rule in its order and every limit, in the words of the code.
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "millrace/core/risk/limit.hpp"

namespace millrace::risk {
namespace {

std::string page() {
    std::ifstream file(MILLRACE_GUARDIAN_PAGE);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string scopes_of(const LimitDescription& limit) {
    std::string list;
    for (std::size_t kind = 0; kind < kScopeNames.size(); ++kind)
        if (limit.may_be_set_for(static_cast<ScopeKind>(kind)))
            list += fmt::format("{}{}", list.empty() ? "" : ", ", kScopeNames[kind]);
    return list;
}

TEST(GuardianPage, Has_every_rule_in_the_order_in_which_they_are_asked) {
    std::string table = "| | code | refuses | `reason` of the order |\n|---:|---|---|---|\n";
    for (const RuleDescription& rule : rules()) {
        const std::size_t number = static_cast<std::size_t>(rule.rule) + 1;
        EXPECT_EQ(static_cast<std::size_t>(&rule - rules().data()) + 1, number);
        table += fmt::format("| {} | `{}` | {} | `{}` |\n", number, rule.code, rule.refuses,
                             model::kOrderReasonNames[static_cast<std::size_t>(rule.reason)]);
    }
    EXPECT_NE(page().find(table), std::string::npos) << table;
}

TEST(GuardianPage, Has_every_limit_with_its_scopes_and_its_usual_value) {
    std::string table = "| limit | default | code | scopes | meaning |\n|---|---|---|---|---|\n";
    for (const LimitDescription& limit : limits())
        table += fmt::format("| `{}` | {} | `{}` | {} | {} |\n", limit.name,
                             limit.by_default.empty() ? "–" : limit.by_default,
                             description_of(limit.rule).code, scopes_of(limit), limit.doc);
    EXPECT_NE(page().find(table), std::string::npos) << table;
}

TEST(Limit, Reads_what_it_writes) {
    for (const auto& [name, text] : {std::pair{"max-order-qty", "0.5"},
                                     {"min-cash", "-250"},
                                     {"min-cash", "250"},
                                     {"daily-loss", "0.02"},
                                     {"strategy-order-rate", "10"},
                                     {"market-hours", "true"},
                                     {"market-hours", "false"},
                                     {"allow-short", "true"},
                                     {"allow-short", "false"},
                                     {"max-position", "none"}}) {
        const Limit limit = limit_named(name).value();
        EXPECT_EQ(text_of(limit, parse_limit(limit, text).value()), text) << name;
    }
    // The tighter is the smaller, whatever the limit counts.
    const auto value = [](Limit limit, const char* text) {
        return parse_limit(limit, text).value();
    };
    EXPECT_LT(value(Limit::min_cash, "250"), value(Limit::min_cash, "-250"));
    EXPECT_LT(value(Limit::allow_short, "false"), value(Limit::allow_short, "true"));
    EXPECT_LT(value(Limit::market_hours, "true"), value(Limit::market_hours, "false"));
    EXPECT_LT(value(Limit::cool_down, "1h"), value(Limit::cool_down, "1m"));
}

TEST(Limit, Defaults_are_those_of_the_rule_book) {
    const LimitSet set = default_limits();
    EXPECT_EQ(set[Limit::max_order_qty], Quantity::whole(10'000).raw());
    EXPECT_EQ(set[Limit::max_order_notional], Money::whole(50'000).raw());
    EXPECT_EQ(set[Limit::max_position], Quantity::whole(100'000).raw());
    EXPECT_EQ(set[Limit::concentration], Ratio::kOne / 5);
    EXPECT_EQ(set[Limit::gross_exposure], 2 * Ratio::kOne);
    EXPECT_EQ(set[Limit::net_exposure], Ratio::kOne);
    EXPECT_EQ(set[Limit::daily_loss], Ratio::kOne / 50);
    EXPECT_EQ(set[Limit::drawdown], Ratio::kOne / 10);
    EXPECT_EQ(set[Limit::strategy_order_rate], 10);
    EXPECT_EQ(set[Limit::account_order_rate], 50);
    EXPECT_EQ(set[Limit::price_collar], Ratio::kOne / 20);
    EXPECT_EQ(set[Limit::stale_price], 5'000'000'000);
    EXPECT_FALSE(set.has(Limit::min_cash));
}

}  // namespace
}  // namespace millrace::risk
