// InsideBarStrategy: what inside-bar and confirmed-breakout share: the bars of the timeframe, the
// search for a mother and its inside bar, the two entries that end each other, their stops and
// targets, and when all of it lapses. The rules in words: docs/reference/strategies/inside-bar.md.
//
//   mother ─▶ inside bar ─▶ buy stop above, sell stop below (one cancels the other)
//                            └▶ stop at the mother's other end, target at risk · ratio
#pragma once

#include <optional>
#include <vector>

#include "millrace/core/market/bar_builder.hpp"
#include "millrace/core/strategy/indicators/ranges.hpp"
#include "millrace/core/strategy/library/inside_bar_pattern.hpp"
#include "millrace/core/strategy/library/local_day.hpp"
#include "millrace/core/strategy/library/session_hours.hpp"
#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

class InsideBarStrategy : public Strategy {
  public:
    void on_start() override;
    void on_bar(const model::Bar& bar) override;
    void on_timer(std::uint64_t token) override;
    [[nodiscard]] std::uint64_t warm_up_bars() const override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

  protected:
    [[nodiscard]] Result<void> check() const override;
    // Whether this mother and inside bar count at all, and which side may be entered.
    [[nodiscard]] virtual bool accepts(const model::Bar& mother, const model::Bar& bar) const = 0;
    [[nodiscard]] virtual bool enters(model::Side /*side*/, const model::Bar& /*bar*/) const {
        return true;
    }

    // How an inside bar is entered.
    enum class EntryStyle : std::uint8_t { stop_orders, breakout };

  private:
    // A bar of the timeframe that may be a mother: with the ATR and the window of its time.
    struct Mother {
        model::Bar bar;
        double atr = 0;
        bool has_atr = false;
        bool in_window = false;
        market::WindowKey window;
    };
    // A side of a pattern, with prices that the venue accepts.
    struct Leg {
        model::Side side{};
        Price entry;
        Price stop;
        Price target;
        Quantity quantity;  // none: it is not entered
    };
    // Of one instrument.
    struct Track {
        explicit Track(std::int64_t atr_period) : atr(atr_period, indicators::Smoothing::simple) {}

        indicators::AverageTrueRange atr;
        std::optional<market::BarBuilder> frames;  // where smaller bars are heard
        std::uint64_t source_step = 0;             // of the bars that are heard; the first decides
        bool has_mother = false;
        Mother mother;
        market::WindowKey session;  // that the next two are of
        std::int64_t trades = 0;
        bool ended = false;
        bool has_pattern = false;  // breakout style: an inside bar that waits
        model::Bar pattern_mother;
        model::Bar pattern_bar;
        std::int64_t pattern_age = 0;  // in bars
        std::array<Leg, 2> waiting;    // whose valid_from has not come
        Time valid_from;
        Time valid_to;
        Time exit_at = Time::earliest();
        bool exit_sent = false;
    };

    void prepare();
    Track& track_of(InstrumentId instrument);
    void hear_bars_of(std::uint64_t source_step, InstrumentId instrument, Track& track) const;
    [[nodiscard]] Duration timeframe() const {
        return Duration::minutes(kTimeframes[frame_.index()]);
    }
    void on_frame(const model::Bar& frame, Track& track);
    void look(const model::Bar& frame, Track& track);
    [[nodiscard]] bool is_pattern(const model::Bar& frame, const Track& track) const;
    void follow(const model::Bar& frame, Track& track);
    void place(const model::Bar& frame, Track& track);
    void submit_waiting(InstrumentId instrument, Track& track);
    void enter_at_market(const model::Bar& frame, model::Side side, Track& track);
    void exit_on_close(const model::Bar& bar, Track& track);
    void set_exit(InstrumentId instrument, Track& track, Time valid_to, Time session_end);
    // The leg at a level, with the stop at the mother's other end, capped; none without risk.
    [[nodiscard]] std::optional<Leg> leg_of(model::Side side, Price entry,
                                            const model::Bar& mother);
    [[nodiscard]] Quantity size_of(InstrumentId instrument, Price entry, Price risk) const;
    [[nodiscard]] bool is_busy(InstrumentId instrument) const;
    void tell(InstrumentId instrument, const Leg& leg, Maybe<Time> valid_to);

    static constexpr std::array<std::int64_t, 5> kTimeframes = {5, 1, 15, 30, 60};
    static constexpr std::string_view kTimeframeNames[] = {"5", "1", "15", "30", "60"};
    static constexpr std::string_view kModes[] = {"inclusive", "strict", "sequence"};
    static constexpr std::string_view kLevels[] = {"mother_bar", "inside_bar"};
    static constexpr std::string_view kSessionModes[] = {"rth", "all"};
    static constexpr std::string_view kValidFrom[] = {"signal_ts", "next_bar"};
    static constexpr std::string_view kValidTo[] = {"session_end", "fixed_minutes", "one_bar"};
    static constexpr std::string_view kStyles[] = {"stop_orders", "breakout"};
    static constexpr std::string_view kExits[] = {"valid_to", "session_end", "never"};
    static constexpr std::string_view kExitOrders[] = {"market", "on_close"};

    Choice definition_{*this, "inside_bar_definition_mode", kInsideDefinitionNames,
                       "Which part of the mother holds which part of the inside bar."};
    Choice mode_{
        *this, "inside_bar_mode", kModes,
        "inclusive: may touch the edge; strict: may not; sequence: inclusive, and a mother "
        "stays one while bars are inside it."};
    Integer atr_{
        *this, "atr_period", 15, {1, 10'000}, "True ranges in the simple mean of the ATR."};
    Decimal ratio_{*this,
                   "risk_reward_ratio",
                   "1",
                   {"0.01", "100"},
                   "Distance of the target over that of the stop."};
    Decimal mother_size_{*this,
                         "min_mother_bar_size",
                         "0.5",
                         {"0", "100"},
                         "Least range of a mother, in ATR of the mother's time."};
    Decimal mother_size_max_{*this,
                             "max_mother_bar_size",
                             "0",
                             {"0", "1000"},
                             "Largest range of a mother, in ATR; 0 is any."};
    Boolean confirmation_{*this, "breakout_confirmation", true,
                          "With entry = breakout: wait for a close beyond the level, where false "
                          "takes a wick. Stop orders deal at the level itself, whatever it says."};
    Choice style_{
        *this, "entry", kStyles,
        "stop_orders: two stop orders when the inside bar closes; breakout: a market order "
        "when a later bar of the window breaks out, long where it does both ways."};
    Choice level_{*this, "entry_level_mode", kLevels, "Whose high and low are the levels."};
    Line zone_{*this, "session_timezone", "America/New_York", check_zone,
               "Whose clock windows follow."};
    Choice session_mode_{
        *this, "session_mode", kSessionModes,
        "rth: only in regular sessions of US equities; all: whenever a window is."};
    Line windows_{*this, "session_filter", "09:30-11:00,14:00-15:00", check_windows,
                  "Windows of the day, HH:MM-HH:MM with commas between."};
    Choice frame_{*this, "timeframe_minutes", kTimeframeNames,
                  "Minutes of a bar; smaller bars are joined, longer ones are not heard."};
    Choice valid_from_{*this, "valid_from_policy", kValidFrom,
                       "When orders begin: when the inside bar closes, or one bar later."};
    Choice valid_to_{
        *this, "order_validity_policy", kValidTo,
        "When orders lapse: with the window, after order_validity_minutes, after a bar."};
    Integer valid_minutes_{*this,
                           "order_validity_minutes",
                           60,
                           {1, 1'440},
                           "Minutes of fixed_minutes; never beyond the window."};
    Choice exit_{
        *this, "position_exit", kExits,
        "When what is still held is closed: when the order would have lapsed, with the window, or "
        "by stop and target only."};
    Choice exit_order_{
        *this, "exit_order", kExitOrders,
        "How: market, at the first price after; on_close, with an order for the close "
        "of the last bar before."};
    Integer cap_{*this,
                 "stop_distance_cap_ticks",
                 0,
                 {0, 1'000'000},
                 "Most ticks between entry and stop, which moves toward the entry; 0 is any."};
    Decimal tick_size_{*this,
                       "tick_size",
                       "0",
                       {"0", "1000000"},
                       "A tick of the cap; 0 is the instrument's price increment."};
    Integer trades_max_{
        *this, "max_trades_per_session", 1, {1, 1'000}, "Inside bars entered a window."};
    Integer lookback_{*this, "lookback_candles", 40, {1, 100'000}, "Bars heard before it trades."};
    Integer age_max_{*this,
                     "max_pattern_age_candles",
                     0,
                     {0, 100'000},
                     "Bars after which an inside bar is not entered any more; 0 is any."};
    Decimal deviation_max_{
        *this,
        "max_deviation_atr",
        "0",
        {"0", "1000"},
        "Most distance from the inside bar's close to a level, in ATR; 0 is any."};
    Decimal quantity_{*this,
                      "quantity",
                      "1",
                      {"0.000001", "1000000000"},
                      "Quantity of an entry, while equity is 0."};
    Decimal equity_{*this,
                    "equity",
                    "0",
                    {"0", "1000000000"},
                    "Money that entries are sized by with the two below; 0 trades quantity."};
    Decimal position_pct_{*this,
                          "max_position_pct",
                          "100",
                          {"0", "1000"},
                          "Most percent of equity that an entry is worth; 0 is any."};
    Decimal loss_pct_{*this,
                      "max_position_loss_pct_equity",
                      "0",
                      {"0", "100"},
                      "Most percent of equity between entry and stop; 0 is any."};

    std::optional<SessionHours> hours_;
    std::vector<std::unique_ptr<Track>> tracks_;  // by instrument number; null until its first bar
};

}  // namespace millrace::strategy
