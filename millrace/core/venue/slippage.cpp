// Every rounding here goes against the trader: up for a buyer, down for a seller.
#include "millrace/core/venue/slippage.hpp"

#include <algorithm>

namespace millrace::venue {

namespace {

std::int64_t worsened(Side side, std::int64_t price, int128 by) {
    const auto moved = narrow(side == Side::buy ? int128{price} + by : int128{price} - by);
    MILLRACE_ASSERT(moved.has_value(), "a slipped price that does not fit");
    return *moved;
}

std::int64_t size_of(std::int64_t price) {
    return price < 0 ? -price : price;
}

int128 of_price(std::int64_t price, std::int64_t ratio) {
    return divide_rounded(int128{size_of(price)} * ratio, Ratio::kOne, Rounding::away_from_zero);
}

std::int64_t share_of(std::int64_t quantity, std::int64_t volume) {
    if (volume <= 0 || quantity >= volume) return Ratio::kOne;
    return static_cast<std::int64_t>(
        divide_rounded(int128{quantity} * Ratio::kOne, volume, Rounding::away_from_zero));
}

}  // namespace

Result<void> SlippageModel::check() const {
    if (ticks >= 0 && !rate.is_negative() && rate <= Ratio::whole(1)) return {};
    return failure(ErrorCode::config, "this slippage makes no sense", "slippage",
                   "ticks and rate cannot be negative, nor the rate above 1",
                   "0.0001 is one basis point");
}

std::int64_t slipped(const SlippageModel& model, Side side, std::int64_t price, std::int64_t tick,
                     std::int64_t quantity, std::int64_t volume) {
    std::int64_t moved = price;
    switch (model.kind) {
        case SlippageKind::none:
        case SlippageKind::book_walk: return price;
        case SlippageKind::ticks: return worsened(side, price, int128{model.ticks} * tick);
        case SlippageKind::rate:
            moved = worsened(side, price, of_price(price, model.rate.raw()));
            break;
        case SlippageKind::volume_share: {
            const std::int64_t share = share_of(quantity, volume);
            const auto squared = static_cast<std::int64_t>(
                divide_rounded(int128{share} * share, Ratio::kOne, Rounding::away_from_zero));
            const auto impact = static_cast<std::int64_t>(divide_rounded(
                int128{squared} * model.rate.raw(), Ratio::kOne, Rounding::away_from_zero));
            moved = worsened(side, price, of_price(price, impact));
            break;
        }
    }
    if (!model.to_tick) return moved;
    const auto rounded = round_to(Price::from_raw(moved), Price::from_raw(tick),
                                  side == Side::buy ? Rounding::ceiling : Rounding::floor);
    MILLRACE_ASSERT(rounded.has_value(), "a slipped price that does not fit");
    return rounded->raw();
}

}  // namespace millrace::venue
