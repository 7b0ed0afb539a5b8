// gotobi: takes one side from entry_time to exit_time on the days on which Japanese companies buy
// dollars (core/market/gotobi has the rule of the days). Enters with the first datum it hears from
// entry_time on and before exit_time, once a day; leaves at exit_time, whether or not a datum comes
// then. With stop_loss_pct a stop stands behind each fill; who was stopped out does not enter again
// that day. The sign of trade_size is the side.
#pragma once

#include <optional>

#include "millrace/core/market/gotobi.hpp"
#include "millrace/core/strategy/library/local_day.hpp"
#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

class GotobiTrade : public Strategy {
  public:
    void on_start() override;
    void on_bar(const model::Bar& bar) override { hear(bar.instrument); }
    void on_quote(const model::Quote& quote) override { hear(quote.instrument); }
    void on_trade(const model::Trade& trade) override { hear(trade.instrument); }
    void on_fill(const model::Fill& fill) override;
    void on_timer(std::uint64_t token) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

  protected:
    [[nodiscard]] Result<void> check() const override;

  private:
    // Of one instrument.
    struct Track {
        Date entered;       // the last day on which it did
        OrderId entry = 0;  // of that day
        Time exit_at;       // when that trade is to end
    };
    // The present day, by the zone.
    struct Day {
        bool is_trade_date = false;
        Time entry;
        Time exit;
    };

    void prepare();
    void hear(InstrumentId instrument);
    void enter(InstrumentId instrument);
    void tell(InstrumentId instrument, model::SignalAction action, Code reason);

    Line entry_time_{*this, "entry_time", "01:30:00", check_time_of_day,
                     "Time of day from which it enters."};
    Line exit_time_{*this, "exit_time", "08:30:00", check_time_of_day,
                    "Time of day at which it leaves; after entry_time."};
    Line zone_{
        *this, "trading_timezone", "Asia/Tokyo", check_zone,
        "Whose clock and date the times and days are read by; UTC is that of the first era."};
    Boolean use_holidays_{*this, "use_holidays", true,
                          "Whether Japanese national holidays are no working days."};
    Boolean bank_holidays_{*this, "bank_holidays", false,
                           "Whether 31 December to 3 January are none either."};
    Line notrade_days_{*this, "notrade_days", "", check_dates,
                       "Further dates that are no working days: 2024-12-30,2025-01-02."};
    Line gotobi_days_{*this, "gotobi_days", "5,10,15,20,25,30", check_month_days,
                      "Days of the month that are settled."};
    Decimal trade_size_{*this,
                        "trade_size",
                        "1",
                        {"-1000000000", "1000000000"},
                        "How much it holds: above 0 long, below 0 short."};
    Decimal stop_loss_{
        *this,
        "stop_loss_pct",
        "0",
        {"0", "0.5"},
        "Stop behind a fill, as a share of its price: 0.003 is 0.3 percent; 0 is none."};

    std::optional<market::Gotobi> rule_;
    std::optional<LocalDay> clock_;
    Duration entry_of_day_;
    Duration exit_of_day_;
    Day day_;
    std::vector<Track> tracks_;  // by instrument number
};

}  // namespace millrace::strategy
