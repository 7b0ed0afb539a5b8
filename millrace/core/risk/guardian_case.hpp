// Case: an order before the guardian, and what the rules have found out about it so far.
#pragma once

#include "millrace/base/utf8.hpp"
#include "millrace/core/risk/guardian.hpp"

namespace millrace::risk {

inline constexpr std::size_t kWorkingMax = 1'000'000;  // orders; more are refused

// As much of it as fits, and no half character.
template <std::size_t N>
[[nodiscard]] Text<N> cut(std::string_view text) {
    text = text.substr(0, N);
    if (const auto bad = first_invalid_utf8(text)) text = text.substr(0, *bad);
    return Text<N>::from(text).value_or(Text<N>());
}

struct Guardian::Case {
    // A measure that came near its limit, or was near it before.
    struct Mark {
        Limit limit;
        bool of_strategy;
        bool is_near;
        std::int64_t percent;
    };

    // `changed_by` null: nothing may change.
    Case(const model::Order& asked, Time moment, Verdict& into, engine::Context* changed_by)
        : order(asked), now(moment), verdict(into), context(changed_by) {}

    const model::Order& order;
    Time now;
    Verdict& verdict;
    engine::Context* context;
    std::uint64_t identity = 0;  // by which a duplicate is known; 0: it is no new order
    std::int64_t quantity = 0;   // that it adds to what is open
    bool collects = false;       // all reasons, not only the first
    bool is_rate_kept = true;    // of the strategy
    bool is_account_rate_kept = true;

    Line* line = nullptr;
    const BindingLimits* limits = nullptr;
    const model::Instrument* instrument = nullptr;
    LastQuote last;
    Maybe<Money> equity;
    bool asked_equity = false;
    bool shrinks_account = false;
    bool shrinks_strategy = false;
    bool uses_totals = false;
    Forecast account;
    Forecast strategy;
    std::int64_t price = 0;      // doubled; of cash that it may cost
    std::array<Mark, 12> marks;  // as many as mark_count; clearing them all would cost
    std::size_t mark_count = 0;
};

[[nodiscard]] inline std::uint32_t bit_of(Rule rule) {
    return 1U << static_cast<unsigned>(rule);
}

// Whether the instrument is paid for when it is bought.
[[nodiscard]] inline bool is_paid(const model::Instrument& instrument) {
    using model::AssetClass;
    switch (instrument.asset_class) {
        case AssetClass::fx:
        case AssetClass::future:
        case AssetClass::cfd: return false;
        case AssetClass::equity:
        case AssetClass::etf:
        case AssetClass::crypto:
        case AssetClass::option:
        case AssetClass::index:
        case AssetClass::bond: return !instrument.inverse;
    }
    return true;
}

}  // namespace millrace::risk
