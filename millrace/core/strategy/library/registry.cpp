// The list of what is built in.
#include "millrace/core/strategy/library/registry.hpp"

#include <algorithm>

#include "millrace/base/nearest.hpp"
#include "millrace/core/strategy/library/buy_and_hold.hpp"
#include "millrace/core/strategy/library/ema_cross.hpp"
#include "millrace/core/strategy/library/market_maker.hpp"

namespace millrace::strategy {
namespace {

template <class T>
std::unique_ptr<Strategy> make() {
    return std::make_unique<T>();
}

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
    std::string plain(name.substr(0, 64));
    std::replace(plain.begin(), plain.end(), '_', '-');
    std::vector<std::string_view> names;
    std::string list;
    for (const StrategyType& type : kTypes) {
        if (type.name == plain) return type.make();
        names.push_back(type.name);
        list += (list.empty() ? "" : ", ") + std::string(type.name);
    }
    const std::string_view near = nearest(plain, names);
    return failure(
        ErrorCode::config, "there is no strategy \"" + plain + "\"", {}, "there are: " + list,
        near.empty() ? "use one of those" : "did you mean \"" + std::string(near) + "\"?");
}

}  // namespace millrace::strategy
