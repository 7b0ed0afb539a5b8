// IntentBook: the component that takes what outsiders ask for exactly once, by its key, makes
// orders of it, and follows them to their end. All of it is state of the engine, so a restart knows
// every key and every link from intent to deal again. What may be sent, and when, is state as well
// (command `set-orders`), or a replay under another configuration would not come to the same.
#pragma once

#include <deque>
#include <set>
#include <vector>

#include "millrace/base/flat_index.hpp"
#include "millrace/core/engine/component.hpp"
#include "millrace/core/execution/breaker.hpp"
#include "millrace/core/execution/intent.hpp"

namespace millrace::execution {

// When an instrument trades; the application answers from its calendars.
class SendHours {
  public:
    virtual ~SendHours() = default;
    [[nodiscard]] virtual bool is_open(InstrumentId instrument, Time now) = 0;
    // At or after `now`; Time::latest() when never.
    [[nodiscard]] virtual Time next_open(InstrumentId instrument, Time now) = 0;
};

struct SendRules {
    bool sends = false;  // false: plan-only, an intent goes no further than `ready`
    bool auto_promotes = false;
    bool guards_market = false;  // sends only while the instrument trades
    bool operator==(const SendRules&) const = default;
};

// What became of the last intent, or of the last command to this book.
struct IntentOutcome {
    enum class Kind : std::uint8_t {
        none,
        taken,      // a new key
        repeated,   // a known key with the same body; nothing happened
        different,  // a known key with another body; nothing happened
        full,       // there is no room for another key
        done,       // the command was carried out
        unknown,    // there is no such intent
        too_late,   // the intent is in a state in which this cannot be done
        malformed,  // the command cannot be understood
    };
    std::uint64_t sequence = 0;  // of the input
    std::uint64_t intent = 0;
    Kind kind = Kind::none;
};

class IntentBook : public engine::Component {
  public:
    static constexpr std::size_t kIntentsMax = 1'000'000;

    // Hours may be null: everything always trades. They outlive the book.
    explicit IntentBook(SendHours* hours = nullptr, std::size_t room = kIntentsMax)
        : hours_(hours), room_(room) {}

    [[nodiscard]] std::string_view name() const override { return "intent-book"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::planner; }
    [[nodiscard]] engine::NounSet wants() const override {
        return {model::Noun::instrument, model::Noun::order_intent, model::Noun::command,
                model::Noun::order, model::Noun::fill};
    }
    void on_record(const engine::Record& record, engine::Context& context) override;
    void on_timer(std::uint64_t token, engine::Context& context) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

    // Commands: `set-orders` ("sends=yes|no auto-promote=yes|no market-guard=yes|no"),
    // `promote-intent` and `cancel-intent` (target: the intent's number), `cancel-order` (target:
    // the order's), `cancel-orders` (target: a symbol, or `all`).
    [[nodiscard]] static bool obeys(std::string_view command);
    [[nodiscard]] const IntentOutcome& outcome() const { return outcome_; }
    [[nodiscard]] const SendRules& rules() const { return rules_; }
    [[nodiscard]] const Breaker& breaker() const { return breaker_; }

    [[nodiscard]] std::size_t size() const { return intents_.size(); }
    // How many intents are in each state.
    using Counts = std::array<std::uint64_t, kIntentStateNames.size()>;
    [[nodiscard]] const Counts& counts() const { return counts_; }
    // Numbers count from 1; null where there is none.
    [[nodiscard]] const Intent* find(std::uint64_t id) const {
        return id == 0 || id > intents_.size() ? nullptr : &intents_[id - 1];
    }
    [[nodiscard]] const Intent* find(std::string_view key) const;

  private:
    // A `cancel-orders` that is under way.
    struct Sweep {
        std::uint64_t from = 0;  // the intent to go on with; 0: none is under way
        std::uint64_t to = 0;    // the last one that there was
        std::uint32_t instrument = kAllInstruments;
    };
    static constexpr std::uint32_t kAllInstruments = UINT32_MAX;

    void hear(const model::OrderIntent& body, engine::Context& context);
    void hear(const model::Command& command, engine::Context& context);
    void hear(const model::Order& order, engine::Context& context);
    void hear(const model::Fill& fill, engine::Context& context);
    [[nodiscard]] IntentOutcome::Kind set_rules(std::string_view words, engine::Context& context);
    [[nodiscard]] IntentOutcome::Kind promote(Intent& intent, engine::Context& context);
    [[nodiscard]] IntentOutcome::Kind cancel(Intent& intent, engine::Context& context);
    [[nodiscard]] IntentOutcome::Kind cancel_order(std::uint64_t number, engine::Context& context);
    [[nodiscard]] IntentOutcome::Kind cancel_orders(std::string_view target,
                                                    engine::Context& context);
    void sweep(engine::Context& context);
    static void cancel_leg(Intent& intent, IntentLeg leg, engine::Context& context);
    void plan(Intent& intent, engine::Context& context);
    void make_ready(Intent& intent, engine::Context& context);
    void send_ready(engine::Context& context);
    [[nodiscard]] Time may_send_at(const Intent& intent, Time now);
    void send(Intent& intent, engine::Context& context);
    void follow_entry(Intent& intent, const model::Order& report, engine::Context& context);
    void move_to(Intent& intent, IntentState state, model::OrderReason reason,
                 engine::Context& context);
    [[nodiscard]] std::uint64_t place_of(std::string_view key) const;
    void touch(Intent& intent, engine::Context& context);

    SendHours* hours_;
    std::size_t room_;
    std::vector<model::Instrument> instruments_;  // by number
    std::deque<Intent> intents_;                  // by number less one
    FlatIndex index_;                             // number less one, by digest of the key
    std::set<std::uint64_t> ready_;               // numbers of those that wait to be sent
    std::set<std::uint64_t> working_;             // numbers of those with an order at the venue
    Sweep sweep_;
    Counts counts_{};  // worked out of the intents
    SendRules rules_;
    Breaker breaker_;
    Time wakes_ = Time::latest();  // of the timer
    IntentOutcome outcome_;        // of the present input; no state
};

}  // namespace millrace::execution
