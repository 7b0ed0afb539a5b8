// The minimum is of the order: its first deal is charged at least that, and later deals only what
// the sum then exceeds it by.
#include "millrace/core/venue/fees.hpp"

#include <algorithm>

namespace millrace::venue {

namespace {

std::int64_t month_of(Time time) {
    const Date date = utc_date_time(time).date;
    return std::int64_t{date.year} * 12 + date.month - 1;
}

std::int64_t checked(const Checked<std::int64_t>& amount) {
    MILLRACE_ASSERT(amount.has_value(), "a fee that does not fit into money");
    return *amount;
}

Ratio rate_of(const FeeModel& model, model::Liquidity liquidity, std::int64_t traded) {
    const bool makes = liquidity == model::Liquidity::maker;
    Ratio rate = makes ? model.maker : model.taker;
    for (std::size_t i = 0; i < model.tier_count && model.tiers[i].from.raw() <= traded; ++i)
        rate = makes ? model.tiers[i].maker : model.tiers[i].taker;
    return rate;
}

}  // namespace

Result<void> FeeModel::check() const {
    const auto refuse = [](std::string why, std::string mend) {
        return failure(ErrorCode::config, "these fees cannot be charged", "fees", std::move(why),
                       std::move(mend));
    };
    if (tier_count > kTiersMax) return refuse("there are too many tiers", "use at most eight");
    for (std::size_t i = 1; i < tier_count; ++i)
        if (tiers[i].from <= tiers[i - 1].from)
            return refuse("a tier does not begin above the one before", "sort the tiers");
    if (minimum.is_negative()) return refuse("the minimum is negative", "use 0 or more");
    const bool has_rates = !maker.is_zero() || !taker.is_zero() || tier_count > 0;
    if (paid_in == FeePaidIn::named && (has_rates || currency.empty()))
        return refuse("a rate of the value cannot be paid in another currency",
                      "use per_unit and minimum, and name the currency");
    if (paid_in == FeePaidIn::base && (!per_unit.is_zero() || !minimum.is_zero()))
        return refuse("a fee in the base currency is a rate of the quantity",
                      "use maker and taker only");
    return {};
}

std::int64_t FeeLedger::traded(const FeeCase& deal) const {
    for (const Traded& one : traded_)
        if (one.account == deal.account.value() && one.currency == deal.currency)
            return one.month == month_of(deal.time) ? one.value : 0;
    return 0;
}

FeeAnswer FeeLedger::fee_of(const FeeModel& model, const FeeCase& deal) const {
    const Ratio rate = rate_of(model, deal.liquidity, model.tier_count == 0 ? 0 : traded(deal));
    const std::int64_t basis = model.paid_in == FeePaidIn::base ? deal.quantity : deal.value.raw();
    std::int64_t due = deal.due_before;
    if (!rate.is_zero())
        due += checked(multiply_divide(basis, rate.raw(), Ratio::kOne, Rounding::half_even));
    if (!model.per_unit.is_zero())
        due += checked(multiply_divide(deal.quantity, model.per_unit.raw(), Quantity::kOne,
                                       Rounding::half_even));
    const std::int64_t charged = model.minimum.is_zero() ? due : std::max(due, model.minimum.raw());
    return {charged - deal.charged_before, due};
}

void FeeLedger::book(const FeeModel& model, const FeeCase& deal) {
    if (model.tier_count == 0) return;
    const std::int64_t month = month_of(deal.time);
    for (Traded& one : traded_) {
        if (one.account != deal.account.value() || one.currency != deal.currency) continue;
        const std::int64_t before = one.month == month ? one.value : 0;
        one.value = checked(narrow(int128{before} + deal.value.raw()));
        one.month = month;
        return;
    }
    traded_.push_back({deal.currency, month, deal.value.raw(), deal.account.value(), 0});
}

void FeeLedger::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{traded_.size()});
    for (const Traded& one : traded_)
        writer.put(one);
}

void FeeLedger::load(engine::StateReader& reader) {
    traded_.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i)
        traded_.push_back(reader.get<Traded>());
}

}  // namespace millrace::venue
