// Sums are 128-bit integers and means are rounded once, half to even; ratios are doubles made of
// two such sums.
#include "millrace/core/report/trade_statistics.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "millrace/core/report/drawdown.hpp"

namespace millrace::report {
namespace {

Metric mean_of(int128 sum, std::int64_t count, Reason when_none) {
    if (count == 0) return when_none;
    return Metric::money(divide_rounded(sum, count, Rounding::half_even));
}

double ratio_of(int128 numerator, int128 denominator) {
    return static_cast<double>(numerator) / static_cast<double>(denominator);
}

auto key_of(const ClosedTrade& t) {
    const auto or_least = [](Maybe<Money> amount) {
        return std::pair(amount.has_value(), amount.value_or(Money()));
    };
    return std::tuple(t.exit_time, t.entry_time, t.symbol.view(), t.strategy.view(), t.side,
                      t.quantity, t.entry_price, t.exit_price, t.net_pnl, t.fees, t.traded_value,
                      or_least(t.mae), or_least(t.mfe), t.reason.view());
}

}  // namespace

std::vector<ClosedTrade> in_order(std::span<const ClosedTrade> trades) {
    std::vector<ClosedTrade> ordered(trades.begin(), trades.end());
    std::sort(ordered.begin(), ordered.end(),
              [](const ClosedTrade& a, const ClosedTrade& b) { return key_of(a) < key_of(b); });
    return ordered;
}

void TradeTally::add(const ClosedTrade& trade) {
    const std::int64_t net = trade.net_pnl.raw();
    ++count_;
    if (net > 0) {
        ++wins_;
        profit_ += net;
        largest_win_ = std::max(largest_win_, trade.net_pnl);
    } else if (net < 0) {
        ++losses_;
        loss_ += net;
        largest_loss_ = std::min(largest_loss_, trade.net_pnl);
    }
    add_to_streak(net > 0 ? 1 : net < 0 ? -1 : 0);
    fees_ += trade.fees.raw();
    traded_value_ += trade.traded_value.raw();
    holding_ns_ += ns_between(trade.entry_time, trade.exit_time);
    if (trade.mae.has_value()) {
        mae_ += trade.mae.value().raw();
        ++mae_count_;
    }
    if (trade.mfe.has_value()) {
        mfe_ += trade.mfe.value().raw();
        ++mfe_count_;
    }
}

void TradeTally::add_to_streak(int sign) {
    const bool goes_on = (sign > 0 && streak_ > 0) || (sign < 0 && streak_ < 0);
    streak_ = goes_on ? streak_ + sign : sign;
    winning_streak_max_ = std::max(winning_streak_max_, streak_);
    losing_streak_max_ = std::max(losing_streak_max_, -streak_);
}

void TradeTally::write(MetricTable& table) const {
    using enum MetricId;
    table[trade_count] = Metric::count(count_);
    table[winning_trades] = Metric::count(wins_);
    table[losing_trades] = Metric::count(losses_);
    table[longest_winning_streak] = Metric::count(winning_streak_max_);
    table[longest_losing_streak] = Metric::count(losing_streak_max_);
    table[trades_net_profit] = Metric::money(profit_ + loss_);
    table[gross_profit] = Metric::money(profit_);
    table[gross_loss] = Metric::money(loss_);
    table[fees] = Metric::money(fees_);
    table[traded_value] = Metric::money(traded_value_);
    write_amounts(table);
    write_ratios(table);
}

void TradeTally::write_amounts(MetricTable& table) const {
    using enum MetricId;
    table[expectancy] = mean_of(profit_ + loss_, count_, Reason::no_trades);
    const Reason why_no_win = count_ == 0 ? Reason::no_trades : Reason::no_winning_trade;
    table[average_win] = mean_of(profit_, wins_, why_no_win);
    table[largest_win] = wins_ == 0 ? Metric(why_no_win) : Metric::money(largest_win_);
    const Reason why_no_loss = count_ == 0 ? Reason::no_trades : Reason::no_losing_trade;
    table[average_loss] = mean_of(loss_, losses_, why_no_loss);
    table[largest_loss] = losses_ == 0 ? Metric(why_no_loss) : Metric::money(largest_loss_);
    const Reason why_no_excursion = count_ == 0 ? Reason::no_trades : Reason::not_recorded;
    table[average_mae] = mean_of(mae_, mae_count_, why_no_excursion);
    table[average_mfe] = mean_of(mfe_, mfe_count_, why_no_excursion);
}

void TradeTally::write_ratios(MetricTable& table) const {
    using enum MetricId;
    if (count_ == 0) {
        for (const MetricId id : {win_rate, profit_factor, payoff_ratio, average_holding_s})
            table[id] = Reason::no_trades;
        return;
    }
    table[win_rate] = Metric::number(ratio_of(wins_, count_));
    table[average_holding_s] =
        Metric::number(ratio_of(holding_ns_, int128{count_} * kNanosecondsPerSecond));
    table[profit_factor] = Reason::no_losing_trade;
    table[payoff_ratio] = Reason::no_losing_trade;
    if (losses_ == 0) return;
    table[profit_factor] = Metric::number(ratio_of(profit_, -loss_));
    table[payoff_ratio] = Reason::no_winning_trade;
    if (wins_ > 0)
        table[payoff_ratio] = Metric::number(ratio_of(profit_, wins_) / ratio_of(-loss_, losses_));
}

Metric exposure_of(std::span<const ClosedTrade> trades, std::span<const Time> open_since,
                   Time start, Time end) {
    if (end <= start) return Reason::no_time;
    std::vector<std::pair<Time, Time>> held;
    held.reserve(trades.size() + open_since.size());
    const auto add = [&](Time from, Time to) {
        held.emplace_back(std::clamp(from, start, end), std::clamp(to, start, end));
    };
    for (const ClosedTrade& trade : trades)
        add(trade.entry_time, trade.exit_time);
    for (const Time entry : open_since)
        add(entry, end);
    std::sort(held.begin(), held.end());
    int128 covered = 0;
    Time until = start;
    for (const auto& [from, to] : held) {
        if (to <= until) continue;
        covered += ns_between(std::max(from, until), to);
        until = to;
    }
    return Metric::number(ratio_of(covered, ns_between(start, end)));
}

std::vector<TradeGroup> group_by(std::span<const ClosedTrade> trades,
                                 Text<32> ClosedTrade::* name) {
    std::map<Text<32>, TradeTally> tallies;
    for (const ClosedTrade& trade : trades)
        tallies[trade.*name].add(trade);
    std::vector<TradeGroup> groups;
    for (const auto& [group, tally] : tallies) {
        groups.push_back({group, {}});
        tally.write(groups.back().metrics);
    }
    return groups;
}

}  // namespace millrace::report
