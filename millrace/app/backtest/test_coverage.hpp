// For tests: Coverage counts how often a random world tried what it should, so that a property test
// cannot pass by doing nothing.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "millrace/app/backtest/test_world.hpp"
#include "millrace/core/venue/exchange.hpp"

namespace millrace::backtest::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MILLRACE_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MILLRACE_IS_SANITIZED 1
#endif
#endif
#ifdef MILLRACE_IS_SANITIZED
inline constexpr std::uint64_t kSeeds = 1'000;  // each takes some 25 times as long
#else
inline constexpr std::uint64_t kSeeds = 10'000;
#endif

class Coverage {
  public:
    enum Thing : std::size_t {
        partial_deal,
        flip,
        foreign_fee,
        rebate,
        made,
        of_bracket,
        of_iceberg,
        reducing,
        inverse,
        in_lots,
        negative_price,
        both_ways,  // a deal of a hedged position with two legs
        cancelled_sibling,
        reduced_sibling,
        replaced,
        conversion,
        missing_rate,
        liquidated,
        no_margin,
        called,  // an order that ended because of a margin call
        no_borrow,
        borrow_fee,
        interest,
        dividend,
        split_short,
        split_both_ways,
        split_order,
        fraction,
        check,
        kThingCount,
    };
    static constexpr std::array<std::string_view, kThingCount> kThingNames = {"partial_deal",
                                                                              "flip",
                                                                              "foreign_fee",
                                                                              "rebate",
                                                                              "made",
                                                                              "of_bracket",
                                                                              "of_iceberg",
                                                                              "reducing",
                                                                              "inverse",
                                                                              "in_lots",
                                                                              "negative_price",
                                                                              "both_ways",
                                                                              "cancelled_sibling",
                                                                              "reduced_sibling",
                                                                              "replaced",
                                                                              "conversion",
                                                                              "missing_rate",
                                                                              "liquidated",
                                                                              "no_margin",
                                                                              "called",
                                                                              "no_borrow",
                                                                              "borrow_fee",
                                                                              "interest",
                                                                              "dividend",
                                                                              "split_short",
                                                                              "split_both_ways",
                                                                              "split_order",
                                                                              "fraction",
                                                                              "check"};

    void note(Thing thing, bool happened = true) { things_[thing] += happened ? 1 : 0; }
    [[nodiscard]] std::uint64_t count_of(Thing thing) const { return things_[thing]; }

    // The names of what happened less often, one a line; empty when nothing was.
    [[nodiscard]] std::string rarer_than(std::uint64_t often) const {
        std::string names;
        const auto list = [&](const auto& counts, const auto& name_of) {
            for (std::size_t i = 0; i < counts.size(); ++i)
                if (counts[i] < often)
                    names += std::string(name_of(i)) + ": " + std::to_string(counts[i]) + "\n";
        };
        list(things_, [](std::size_t i) { return kThingNames[i]; });
        list(types_, [](std::size_t i) { return model::kOrderTypeNames[i]; });
        list(lives_, [](std::size_t i) { return model::kTimeInForceNames[i]; });
        list(fee_currencies_, [](std::size_t i) { return "fees in " + kCurrencies[i].text(); });
        return names;
    }

    // Why the venue would not have it, or ended it.
    void count_reason(const model::Order& order) {
        note(no_margin, order.reason == model::OrderReason::no_margin);
        note(no_borrow, order.reason == model::OrderReason::no_borrow);
        note(called, is_over(order.status) && order.reason == model::OrderReason::margin_call);
    }
    void count_report(const model::Order& before, const model::Order& after) {
        if (after.reason == model::OrderReason::oco_sibling)
            note(is_over(after.status) ? cancelled_sibling : reduced_sibling);
        note(replaced,
             after.reason == model::OrderReason::none &&
                 after.filled_quantity == before.filled_quantity && after.status == before.status &&
                 (after.quantity != before.quantity || after.limit_price != before.limit_price));
    }

    // What somebody holds of what was split.
    void count_split(const TestLedgers::Legs& legs) {
        note(split_short, legs[0].held + legs[1].held < 0);
        note(split_both_ways, legs[0].held != 0 && legs[1].held != 0);
    }

    // The ledgers have the deal already.
    void count_deal(const model::Fill& fill, const model::Order& order, const DealOutcome& outcome,
                    const TestLedgers& ledgers, bool trades_lots) {
        ++types_[static_cast<std::size_t>(order.type)];
        ++lives_[static_cast<std::size_t>(order.time_in_force)];
        const std::uint32_t instrument = fill.instrument.value();
        note(flip, fill.account == AccountId(0) && outcome.closed > 0 && outcome.opened > 0);
        note(foreign_fee,
             !fill.fee.is_zero() && fill.fee_currency != ledgers.settlement_of(fill.instrument));
        note(rebate, fill.fee.is_negative());
        note(made, fill.liquidity == model::Liquidity::maker);
        note(of_bracket, order.parent_id != 0);
        note(of_iceberg, order.display_quantity.has_value());
        note(reducing, order.reduce_only);
        note(liquidated, venue::SimulatedExchange::is_liquidation(order.order_id));
        note(inverse, instrument == kInverse);
        note(in_lots, trades_lots && (instrument == kFirstPair || instrument == kFirstPair + 1));
        note(negative_price, fill.price.is_negative());
        const auto& legs = ledgers.legs(fill.account, fill.strategy.value(), fill.instrument);
        note(both_ways, legs[0].held != 0 && legs[1].held != 0);
        for (std::size_t place = 0; place < kCurrencies.size(); ++place)
            if (!fill.fee.is_zero() && fill.fee_currency == kCurrencies[place])
                ++fee_currencies_[place];
    }

  private:
    std::array<std::uint64_t, kThingCount> things_{};
    std::array<std::uint64_t, model::kOrderTypeNames.size()> types_{};
    std::array<std::uint64_t, model::kTimeInForceNames.size()> lives_{};
    std::array<std::uint64_t, kCurrencies.size()> fee_currencies_{};
};

}  // namespace millrace::backtest::test
