// CandleWatch: what the price of each instrument did in a run, in at most kCandlesMax candles
// however long it is. Only runs that are kept have one.
#pragma once

#include <algorithm>
#include <array>

#include "millrace/app/backtest/market_feed.hpp"
#include "millrace/app/backtest/result.hpp"

namespace millrace::backtest {

class CandleWatch {
  public:
    static constexpr std::size_t kCandlesMax = 1'000;  // of an instrument

    explicit CandleWatch(std::size_t instruments) : series_(instruments) {}

    // After what closes or ticks; of several bars at once that at which orders deal.
    void hear(const MarketEvent& event) {
        if (const auto* bar = std::get_if<model::Bar>(&event.datum)) {
            if (!event.is_matched) return;
            add({bar->open_time, bar->instrument, bar->open, bar->high, bar->low, bar->close});
        } else if (const auto* trade = std::get_if<model::Trade>(&event.datum)) {
            add_price(trade->known_at, trade->instrument, trade->price);
        } else if (const auto* quote = std::get_if<model::Quote>(&event.datum)) {
            if (quote->bid.is_zero() || quote->ask.is_zero()) return;
            const std::int64_t middle =
                quote->bid.raw() + (quote->ask.raw() - quote->bid.raw()) / 2;
            add_price(quote->known_at, quote->instrument, Price::from_raw(middle));
        }
    }

    // By instrument, and then by time.
    [[nodiscard]] std::vector<PriceCandle> candles() const {
        std::vector<PriceCandle> all;
        for (const Series& series : series_)
            all.insert(all.end(), series.candles.begin(), series.candles.end());
        return all;
    }

  private:
    // A candle that begins in the same multiple of a width as the one before it joins that one.
    static constexpr std::array kWidths = {
        Duration::seconds(1), Duration::seconds(5),  Duration::seconds(15), Duration::minutes(1),
        Duration::minutes(5), Duration::minutes(15), Duration::minutes(30), Duration::hours(1),
        Duration::hours(2),   Duration::hours(4),    Duration::hours(12),   Duration::days(1),
        Duration::days(7),    Duration::days(28),    Duration::days(91),    Duration::days(364),
        Duration::days(3'640)};
    struct Series {
        std::vector<PriceCandle> candles;
        std::size_t width = 0;  // of kWidths
    };

    static bool join(std::vector<PriceCandle>& candles, const PriceCandle& next, Duration width) {
        if (candles.empty()) return false;
        PriceCandle& last = candles.back();
        if (last.begin.ns() / width.ns() != next.begin.ns() / width.ns()) return false;
        last.high = std::max(last.high, next.high);
        last.low = std::min(last.low, next.low);
        last.close = next.close;
        return true;
    }
    void add_price(Time time, InstrumentId instrument, Price price) {
        add({time, instrument, price, price, price, price});
    }
    void add(const PriceCandle& next) {
        Series& series = series_[next.instrument.value()];
        if (join(series.candles, next, kWidths[series.width])) return;
        series.candles.push_back(next);
        while (series.candles.size() > kCandlesMax && series.width + 1 < kWidths.size()) {
            ++series.width;
            std::vector<PriceCandle> fewer;
            for (const PriceCandle& one : series.candles)
                if (!join(fewer, one, kWidths[series.width])) fewer.push_back(one);
            series.candles = std::move(fewer);
        }
    }

    std::vector<Series> series_;  // by instrument
};

}  // namespace millrace::backtest
