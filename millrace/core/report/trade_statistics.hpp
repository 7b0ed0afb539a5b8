// TradeTally: what the closed trades come to, added one by one in the order of their exits; and how
// much of the time there was a position.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "millrace/core/report/closed_trade.hpp"
#include "millrace/core/report/metric.hpp"

namespace millrace::report {

class TradeTally {
  public:
    void add(const ClosedTrade& trade);

    [[nodiscard]] int128 fees() const { return fees_; }
    [[nodiscard]] int128 traded_value() const { return traded_value_; }
    // Sets trade_count … average_mfe, traded_value and fees.
    void write(MetricTable& table) const;

  private:
    void add_to_streak(int sign);
    void write_amounts(MetricTable& table) const;
    void write_ratios(MetricTable& table) const;

    std::int64_t count_ = 0;
    std::int64_t wins_ = 0;
    std::int64_t losses_ = 0;
    int128 profit_ = 0;  // raw money, and so on
    int128 loss_ = 0;    // negative
    int128 fees_ = 0;
    int128 traded_value_ = 0;
    Money largest_win_;
    Money largest_loss_;
    int128 holding_ns_ = 0;
    std::int64_t streak_ = 0;  // positive while winning, negative while losing
    std::int64_t winning_streak_max_ = 0;
    std::int64_t losing_streak_max_ = 0;
    int128 mae_ = 0;
    int128 mfe_ = 0;
    std::int64_t mae_count_ = 0;
    std::int64_t mfe_count_ = 0;
};

// The share of [start, end] in which at least one position was open; `open_since` are the entry
// times of the positions still open at the end.
[[nodiscard]] Metric exposure_of(std::span<const ClosedTrade> trades,
                                 std::span<const Time> open_since, Time start, Time end);

// The figures that a breakdown shows of each group, in this order.
inline constexpr std::array kGroupMetrics = {
    MetricId::trade_count,       MetricId::trades_net_profit, MetricId::fees,
    MetricId::win_rate,          MetricId::profit_factor,     MetricId::expectancy,
    MetricId::average_holding_s,
};

struct TradeGroup {
    Text<32> name;
    MetricTable metrics;  // those of trades only
};

// One group for each name that `name` gives of the ordered trades, by name.
[[nodiscard]] std::vector<TradeGroup> group_by(std::span<const ClosedTrade> trades,
                                               Text<32> ClosedTrade::* name);

}  // namespace millrace::report
