// The list of what is built in.
#include "millrace/core/strategy/library/registry.hpp"

#include "millrace/core/strategy/library/advanced.hpp"
#include "millrace/core/strategy/library/aggressive_mean_reversion.hpp"
#include "millrace/core/strategy/library/breakout_close.hpp"
#include "millrace/core/strategy/library/buy_and_hold.hpp"
#include "millrace/core/strategy/library/confirmed_breakout.hpp"
#include "millrace/core/strategy/library/donchian_trend.hpp"
#include "millrace/core/strategy/library/ema_cross.hpp"
#include "millrace/core/strategy/library/enhanced_momentum.hpp"
#include "millrace/core/strategy/library/gap_trading.hpp"
#include "millrace/core/strategy/library/gotobi.hpp"
#include "millrace/core/strategy/library/inside_bar.hpp"
#include "millrace/core/strategy/library/low_volume.hpp"
#include "millrace/core/strategy/library/market_maker.hpp"
#include "millrace/core/strategy/library/mean_reversion.hpp"
#include "millrace/core/strategy/library/mean_reversion_band.hpp"
#include "millrace/core/strategy/library/momentum_breakout.hpp"
#include "millrace/core/strategy/library/multi_timeframe.hpp"
#include "millrace/core/strategy/library/multi_timeframe_momentum.hpp"
#include "millrace/core/strategy/library/pairs.hpp"
#include "millrace/core/strategy/library/risk_managed.hpp"
#include "millrace/core/strategy/library/rsi_macd_ma.hpp"
#include "millrace/core/strategy/library/rudometkin_moc.hpp"
#include "millrace/core/strategy/library/simple_ma.hpp"
#include "millrace/core/strategy/library/volatility_mean_reversion.hpp"

namespace millrace::strategy {
namespace {

constexpr StrategyType kTypes[] = {
    {"advanced", "Buys when a score of six indicators is high, leaves when it is low.",
     make<Advanced>},
    {"aggressive-mean-reversion", "Buys below a mean and sells near it, with a stop and a target.",
     make<AggressiveMeanReversion>},
    {"breakout-close", "Buys a close at the highest high, sells one at the lowest low.",
     make<BreakoutClose>},
    {"buy-and-hold", "Buys each instrument once and keeps it.", make<BuyAndHold>},
    {"confirmed-breakout", "An inside bar of its mother's colour, entered on that side alone.",
     make<ConfirmedBreakout>},
    {"donchian-trend", "Follows breakouts of a long channel, leaves by a short one.",
     make<DonchianTrend>},
    {"ema-cross", "Long while the fast exponential average is above the slow one, else short.",
     make<EmaCross>},
    {"enhanced-momentum", "Buys a jump to a new high on large volume, with a stop.",
     make<EnhancedMomentum>},
    {"gap-trading", "Buys a sudden fall on growing volume, leaves when the price no longer falls.",
     make<GapTrading>},
    {"gotobi", "Holds one side for some hours on the days on which Japan settles.",
     make<GotobiTrade>},
    {"high-return-momentum", "Another name of enhanced-momentum.", make<EnhancedMomentum>},
    {"inside-bar", "Two stop orders around the bar before an inside bar, in windows of the day.",
     make<InsideBar>},
    {"low-volume", "Buys when a score of trend, RSI and swing is high; needs few prices.",
     make<LowVolume>},
    {"market-maker", "Quotes both sides around the middle and leans against what it holds.",
     make<MarketMaker>},
    {"mean-reversion", "Buys far below the mean, sells as far above it.", make<MeanReversion>},
    {"mean-reversion-band", "Buys below a band around the mean, sells above it.",
     make<MeanReversionBand>},
    {"momentum-breakout", "Buys a new high on large volume, leaves on a new low.",
     make<MomentumBreakout>},
    {"multi-timeframe", "Buys weakness against a long mean while the short one turns up.",
     make<MultiTimeframe>},
    {"multi-timeframe-momentum", "Buys what rises on three lengths at once, with a stop.",
     make<MultiTimeframeMomentum>},
    {"pairs", "Trades the spread of two instruments against its mean, both legs at once.",
     make<Pairs>},
    {"risk-managed", "A mean reversion with a stop, that buys no more after a drawdown.",
     make<RiskManaged>},
    {"rsi-macd-ma", "Follows a move that RSI, MACD and two means agree on.", make<RsiMacdMa>},
    {"rudometkin-moc", "Limit orders against the day's move over many shares, closed at the close.",
     make<RudometkinMoc>},
    {"simple-ma", "Long while the short simple average is above the long one.", make<SimpleMa>},
    {"volatility-mean-reversion", "Buys at the lower Bollinger band when the RSI is low too.",
     make<VolatilityMeanReversion>},
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
