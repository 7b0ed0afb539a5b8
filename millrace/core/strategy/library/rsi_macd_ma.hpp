// rsi-macd-ma: follows a move that three measures agree on, at the close of a bar.
//   sell  RSI <= rsi_low,  the MACD histogram turned down at the bar before (h0 < h1 >= h2),
//         fast mean < slow mean, close < fast mean
//   buy   RSI >= rsi_high, the histogram turned up (h0 > h1 <= h2),
//         fast mean > slow mean, close > fast mean
// h0 is the histogram of this bar. A signal to the other side closes and enters. Without a signal
// the position stays, unless close_on_neutral. RSI is Wilder's, the means are simple, of closes.
#pragma once

#include <optional>

#include "millrace/core/strategy/library/holding_strategy.hpp"
#include "millrace/core/strategy/library/local_day.hpp"

namespace millrace::strategy {

class RsiMacdMa : public HoldingStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override;

  protected:
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] std::unique_ptr<HoldingRules> make_rules() const override;
    [[nodiscard]] Quantity quantity() const override { return trade_size_.quantity(); }
    [[nodiscard]] bool reverses() const override { return true; }
    [[nodiscard]] bool must_be_out(Time now) override;
    [[nodiscard]] Ratio stop_loss() const override { return stop_loss_.ratio(); }

  private:
    Integer rsi_{*this, "rsi_period", 14, {1, 10'000}, "Length of the RSI."};
    Decimal rsi_low_{*this, "rsi_low", "30", {"0", "100"}, "RSI at or below which it may sell."};
    Decimal rsi_high_{*this, "rsi_high", "70", {"0", "100"}, "RSI at or above which it may buy."};
    Integer fast_{*this, "macd_fast", 12, {1, 10'000}, "Length of the fast average of MACD."};
    Integer slow_{*this, "macd_slow", 26, {2, 10'000}, "Length of its slow average."};
    Integer signal_{*this, "macd_signal", 9, {1, 10'000}, "Length of its signal line."};
    Integer ma_fast_{*this, "ma_fast", 20, {1, 10'000}, "Closes in the fast mean."};
    Integer ma_slow_{*this, "ma_slow", 50, {2, 10'000}, "Closes in the slow mean."};
    Boolean close_on_neutral_{*this, "close_on_neutral", false,
                              "Whether a bar without a signal closes the position."};
    Line exit_time_{*this, "exit_time", "", check_time_of_day_or_none,
                    "From this time of day on nothing is held or entered; empty is never."};
    Line zone_{*this, "trading_timezone", "UTC", check_zone, "Whose clock exit_time is read by."};
    Decimal stop_loss_{
        *this,
        "stop_loss_pct",
        "0",
        {"0", "0.5"},
        "Stop behind an entry, as a share of its price: 0.003 is 0.3 percent; 0 is none."};
    Decimal trade_size_{
        *this, "trade_size", "1", {"0.000001", "1000000000"}, "Quantity held, long or short."};

    std::optional<LocalDay> day_;  // of no account to what is decided: found again after a load
};

}  // namespace millrace::strategy
