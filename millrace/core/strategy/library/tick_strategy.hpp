// TickStrategy: a strategy that is long or out, by rules that see one tick of one instrument at a
// time. The rules say what they want; this class keeps who is long since when and at what price,
// the cool-down, and the choice between bars, trades and quotes, and gives the signals. How large
// an order becomes is for the plan (docs/concept/planning.md).
//
// The clock is that of the data. A signal is `buy` to go long, or `close` to leave; none goes
// short.
#pragma once

#include <compare>
#include <memory>
#include <vector>

#include "millrace/core/strategy/library/tick.hpp"
#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

// price against base · factor, exactly.
[[nodiscard]] std::strong_ordering against(Price price, Price base, Ratio factor);

// base · factor as a price, rounded up at the last decimal; absent where no price is that large.
[[nodiscard]] Maybe<Price> level_of(Price base, Ratio factor);

// Where an instrument stands by the last signal; a position that the venue closed counts as left.
struct Stance {
    bool is_long = false;
    bool has_signalled = false;  // whether there is a `signalled_at`
    Price entry;                 // the tick's price at the signal to buy
    Price exit;                  // at which it was last left
    Time signalled_at;

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);
};

enum class Wish : std::uint8_t { nothing, buy, close };

struct Verdict {
    Wish wish = Wish::nothing;
    Code reason;  // one word, which the signal carries
    double strength = 1;
};

// The rules of one instrument.
class TickRules {
  public:
    TickRules() = default;
    virtual ~TickRules() = default;
    TickRules(const TickRules&) = delete;
    TickRules& operator=(const TickRules&) = delete;

    // Hears of every tick, in order. A wish to buy counts while not long, one to close while long.
    virtual Verdict on_tick(const Tick& tick, const Stance& stance) = 0;
    virtual void save(engine::StateWriter& writer) const = 0;
    virtual void load(engine::StateReader& reader) = 0;
};

class TickStrategy : public Strategy {
  public:
    void on_start() override;
    void on_bar(const model::Bar& bar) override;
    void on_trade(const model::Trade& trade) override;
    void on_quote(const model::Quote& quote) override;
    void on_fill(const model::Fill& fill) override;
    [[nodiscard]] bool trades_by_signals() const override { return true; }
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

  protected:
    // What waits at the venue as orders from the entry on, besides the rules.
    struct Protection {
        Maybe<Price> stop_loss;
        Maybe<Price> take_profit;
    };

    [[nodiscard]] virtual std::unique_ptr<TickRules> make_rules() const = 0;
    // No signal of an instrument earlier than so long after its last one.
    [[nodiscard]] virtual Duration cooldown() const { return {}; }
    [[nodiscard]] virtual Protection protection(Price /*entry*/) const { return {}; }
    // Whether an instrument that was never bought may be told to close, once.
    [[nodiscard]] virtual bool closes_unbought() const { return false; }

  private:
    enum class Source : std::uint8_t { first, bars, trades, quotes };
    struct Followed {
        std::unique_ptr<TickRules> rules;  // null until its first tick
        Source source = Source::first;     // `first` until its first tick
        Stance stance;
    };

    void hear(Source source, const Tick& tick);
    [[nodiscard]] bool may(const Verdict& verdict, const Tick& tick, const Stance& stance) const;
    void say(const Verdict& verdict, const Tick& tick, Stance& stance);

    static constexpr std::string_view kSources[] = {"first", "bars", "trades", "quotes"};
    Choice ticks_{*this, "ticks", kSources,
                  "What counts as a tick: bars, trades, quotes, or whichever of them an instrument "
                  "tells first."};

    std::vector<Followed> followed_;  // by instrument number
};

}  // namespace millrace::strategy
