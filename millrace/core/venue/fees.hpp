// FeeModel: what a deal costs, and FeeLedger: what each account has traded this month, from which
// tiers follow. Fees are rounded half to even at the eighth decimal.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "millrace/base/code.hpp"
#include "millrace/base/result.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/order.hpp"
#include "millrace/core/venue/amounts.hpp"

namespace millrace::venue {

// Rates for an account that has traded at least `from` in this calendar month (UTC).
struct FeeTier {
    Money from;
    Ratio maker;
    Ratio taker;
};

enum class FeePaidIn : std::uint8_t {
    settlement,  // the currency in which the instrument settles
    base,        // the base currency, as crypto spot venues do: the rate is of the quantity
    named,       // FeeModel::currency; only per_unit and minimum, for a rate would need a rate
};

struct FeeModel {
    static constexpr std::size_t kTiersMax = 8;

    Ratio maker;     // of the value dealt; negative for a rebate
    Ratio taker;     // also for deals that neither made nor took
    Money per_unit;  // for each unit of quantity
    Money minimum;   // of an order, over all its deals
    FeePaidIn paid_in = FeePaidIn::settlement;
    Code currency;                           // of paid_in named
    std::array<FeeTier, kTiersMax> tiers{};  // rising; above the highest reached the rates are its
    std::size_t tier_count = 0;

    [[nodiscard]] Result<void> check() const;
};

// One deal as the fee sees it.
struct FeeCase {
    Time time;
    AccountId account;
    Code currency;  // in which `value` is
    model::Liquidity liquidity{};
    std::int64_t quantity = 0;
    Money value;
    std::int64_t due_before = 0;      // of the order, before its minimum
    std::int64_t charged_before = 0;  // of the order
};

struct FeeAnswer {
    std::int64_t fee = 0;  // what this deal is charged
    std::int64_t due = 0;  // of the order so far, before its minimum
};

class FeeLedger {
  public:
    [[nodiscard]] FeeAnswer fee_of(const FeeModel& model, const FeeCase& deal) const;
    // The deal took place: it counts towards the tiers of later ones.
    void book(const FeeModel& model, const FeeCase& deal);

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    struct Traded {
        Code currency;
        std::int64_t month = 0;
        std::int64_t value = 0;
        std::uint32_t account = 0;
        std::uint32_t reserved = 0;
    };
    [[nodiscard]] std::int64_t traded(const FeeCase& deal) const;

    std::vector<Traded> traded_;  // one each of account and currency, in order of appearance
};

}  // namespace millrace::venue
