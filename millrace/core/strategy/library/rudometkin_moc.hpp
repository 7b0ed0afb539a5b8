// rudometkin-moc: after the close of a day, limit orders for the next one against its move, over a
// universe of shares; whatever deals is closed at that day's close.
//
//   universe  close >= min_price, mean volume of 50 days >= min_volume, at least 200 days known
//   buy       close > SMA 200, ADX 5 > 35, (open − close) / open > 3 %
//             limit at close · (1 − 3.5 %); the highest ATR 10 / close first
//   sell      ADX 5 > 35, CRSI(2,2,100) > 70, ATR 40 / close in [1 %, 10 %], ATR 2 / close in
//             [1 %, 20 %]; limit at close · (1 + 5 %); the highest rate of change of 5 days first
//   size      allocation · risk_fraction / ATR 40, down to a whole step
//
// Each side keeps its `candidates` best, both together at most max_positions: the longer list gives
// up its worst, the shorts where they are as long. ATR and ADX are smoothed with 1 / n from the
// first value on. Lists grow as the bars of a day come in, so a better one takes a worse one's
// place.
#pragma once

#include <memory>
#include <vector>

#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

class RudometkinMoc : public Strategy {
  public:
    RudometkinMoc();
    ~RudometkinMoc() override;
    RudometkinMoc(const RudometkinMoc&) = delete;
    RudometkinMoc& operator=(const RudometkinMoc&) = delete;

    void on_start() override;
    void on_bar(const model::Bar& bar) override;
    [[nodiscard]] std::uint64_t warm_up_bars() const override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

  private:
    struct Measures;  // of one instrument: the .cpp
    // An order that waits, and why it was worth one.
    struct Candidate {
        InstrumentId instrument;
        OrderId order = 0;
        double score = 0;
    };
    struct Setup {
        bool is_there = false;
        Price limit;
        double score = 0;
    };

    Measures& measures_of(InstrumentId instrument);
    [[nodiscard]] bool is_in_universe(const model::Bar& bar, const Measures& measures) const;
    [[nodiscard]] Setup long_setup(const model::Bar& bar, const Measures& measures) const;
    [[nodiscard]] Setup short_setup(const model::Bar& bar, const Measures& measures) const;
    [[nodiscard]] Quantity size_of(const model::Bar& bar, const Measures& measures) const;
    void begin_day(Time day);
    void consider(const model::Bar& bar, const Measures& measures);
    void rank(const model::Bar& bar, model::Side side, const Setup& setup, Quantity size);
    void give_up_worst(std::vector<Candidate>& list);
    void close_leftovers(InstrumentId instrument);

    static constexpr std::string_view kSides[] = {"both", "long", "short"};

    Decimal allocation_{
        *this, "allocation", "100000", {"1", "1000000000"}, "Money that sizes are a fraction of."};
    Decimal risk_fraction_{*this,
                           "risk_fraction",
                           "0.005",
                           {"0.000001", "1"},
                           "Share of the allocation that one ATR 40 of a position is worth."};
    Integer positions_max_{*this, "max_positions", 10, {1, 1'000}, "Most entries of one day."};
    Integer candidates_{*this, "candidates", 10, {1, 100}, "Most entries of one side and day."};
    Choice sides_{*this, "sides", kSides, "Which sides it trades."};
    Integer bars_min_{*this, "min_bars", 200, {1, 10'000}, "Days known before a share counts."};
    Decimal price_min_{*this, "min_price", "10", {"0", "1000000"}, "Least close."};
    Decimal volume_min_{*this,
                        "min_volume",
                        "1000000",
                        {"0", "9000000000"},
                        "Least mean volume of volume_length days."};
    Integer volume_length_{*this, "volume_length", 50, {1, 10'000}, "Days in that mean."};
    Integer trend_length_{
        *this, "sma_length", 200, {1, 10'000}, "Closes in the mean of the trend."};
    Integer adx_length_{*this, "adx_length", 5, {1, 10'000}, "Length of the ADX."};
    Decimal adx_min_{*this, "adx_min", "35", {"0", "100"}, "ADX above which there is a trend."};
    Decimal drop_min_{*this,
                      "drop_min",
                      "0.03",
                      {"0", "1"},
                      "Fall from open to close, as a share of the open, that is bought."};
    Decimal long_discount_{*this,
                           "long_limit",
                           "0.035",
                           {"0", "0.9"},
                           "How far below the close it buys, as a share of the close."};
    Decimal crsi_min_{*this, "crsi_min", "70", {"0", "100"}, "CRSI above which it sells."};
    Decimal atr40_min_{*this, "atr40_min", "0.01", {"0", "1"}, "Least ATR 40 / close of a sale."};
    Decimal atr40_max_{
        *this, "atr40_max", "0.10", {"0", "10"}, "Largest ATR 40 / close of a sale."};
    Decimal atr2_min_{*this, "atr2_min", "0.01", {"0", "1"}, "Least ATR 2 / close of a sale."};
    Decimal atr2_max_{*this, "atr2_max", "0.20", {"0", "10"}, "Largest ATR 2 / close of a sale."};
    Decimal short_premium_{*this,
                           "short_limit",
                           "0.05",
                           {"0", "10"},
                           "How far above the close it sells, as a share of the close."};

    std::vector<std::unique_ptr<Measures>> measures_;  // by instrument number; null until a bar
    std::vector<Candidate> longs_;                     // of the present day, best first
    std::vector<Candidate> shorts_;
    Time day_ = Time::earliest();  // the moment of the newest bars
};

}  // namespace millrace::strategy
