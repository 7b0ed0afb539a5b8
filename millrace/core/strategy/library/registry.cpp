// The list of what is built in.
#include "millrace/core/strategy/library/registry.hpp"

#include "millrace/core/strategy/library/buy_and_hold.hpp"
#include "millrace/core/strategy/library/ema_cross.hpp"
#include "millrace/core/strategy/library/market_maker.hpp"

namespace millrace::strategy {
namespace {

constexpr StrategyType kTypes[] = {
    {"buy-and-hold", "Buys each instrument once and keeps it.", make<BuyAndHold>},
    {"ema-cross", "Long while the fast exponential average is above the slow one, else short.",
     make<EmaCross>},
    {"market-maker", "Quotes both sides around the middle and leans against what it holds.",
     make<MarketMaker>},
};

}  // namespace

std::span<const StrategyType> all_strategies() {
    return kTypes;
}

Result<std::unique_ptr<Strategy>> make_strategy(std::string_view name) {
    const auto type = find_strategy(kTypes, name);
    if (!type) return failure(type.error());
    return type->make();
}

}  // namespace millrace::strategy
