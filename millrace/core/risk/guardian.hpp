// Guardian: the component that judges every order before the desk may send it, and every order of
// an outside system that asks. It reserves what accepted orders may still do, watches losses, and
// holds the kill switches. All of it is state of the engine: a restart by journal or snapshot goes
// on with the same limits, reservations and switches. Where it does not know, it refuses.
#pragma once

#include <string>
#include <vector>

#include "millrace/base/zone.hpp"
#include "millrace/core/engine/component.hpp"
#include "millrace/core/model/operation.hpp"
#include "millrace/core/risk/exposures.hpp"
#include "millrace/core/risk/limit_book.hpp"
#include "millrace/core/risk/losses.hpp"
#include "millrace/core/risk/order_rate.hpp"
#include "millrace/core/risk/recent_ids.hpp"

namespace millrace::risk {

struct ConfiguredLimit {
    ScopeKind kind = ScopeKind::global;
    std::string name;  // of the account, strategy or symbol
    Limit limit{};
    std::int64_t value = kUnset;
};

struct GuardianSettings {
    std::vector<ConfiguredLimit> limits;
    Zone zone = Zone::utc();                         // whose midnight begins a day
    Duration watch_interval = Duration::seconds(1);  // between two looks at losses without orders
    Duration reservation_lifetime = Duration::minutes(5);  // of outside systems
    std::size_t remembered_orders = 16'384;                // to know duplicates by
};

// A scope that may not trade: its kill switch is engaged, or it is disabled.
struct Stop {
    Scope scope;
    bool is_kill = false;
    bool is_proven = false;  // no order is left of those that worked when it was engaged
    Time since;
    Text<64> actor;
    Text<256> reason;
};

class Guardian : public engine::Component {
  public:
    // Of the guardian's own orders, and of what it reserves for outside systems.
    static constexpr std::uint64_t kOwnNumbersFrom = std::uint64_t{1} << 51;
    static constexpr std::uint64_t kOutsideNumbersFrom = kOwnNumbersFrom + (std::uint64_t{1} << 50);

    struct Counts {
        std::uint64_t submitted = 0;
        std::uint64_t accepted = 0;
        std::uint64_t refused = 0;
        std::array<std::uint64_t, kRuleCount> refused_by{};  // by the deciding rule
        bool operator==(const Counts&) const = default;
    };

    // The views outlive the guardian; hours may be null.
    Guardian(GuardianSettings settings, const AccountView& accounts, HoursView* hours = nullptr);

    [[nodiscard]] std::string_view name() const override { return "guardian"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::risk; }
    [[nodiscard]] engine::NounSet wants() const override;
    void on_record(const engine::Record& record, engine::Context& context) override;
    void on_timer(std::uint64_t token, engine::Context& context) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

    // What became of the last submission or check. The answer to an outside system is read here,
    // on the engine's thread, when its command is acknowledged.
    [[nodiscard]] const Verdict& verdict() const { return verdict_; }
    // For the desk: `none` when the order was judged in this step and passes.
    [[nodiscard]] model::OrderReason reason_against(std::uint64_t order_id);
    // What would become of the order, with all reasons; nothing is counted or reserved.
    [[nodiscard]] Verdict foresee(const model::Order& order, Time now);

    [[nodiscard]] const Counts& counts() const { return counts_; }
    [[nodiscard]] const LimitBook& limit_book() const { return limits_; }
    [[nodiscard]] std::span<const Stop> stops() const { return stops_; }
    [[nodiscard]] Exposures& exposures() { return exposures_; }
    // How many orders work, or are reserved for, in the scope.
    [[nodiscard]] std::size_t working_count(Scope scope = {}) const;
    [[nodiscard]] bool is_reduce_only(AccountId account, Owner owner = kWholeAccount) const;
    // Null: nobody has traded there yet.
    [[nodiscard]] const Losses* losses_of(AccountId account, Owner owner = kWholeAccount) const;
    // "account:main"; a number where there is no name.
    [[nodiscard]] std::string text_of(Scope scope) const;

  private:
    // An accepted order, until nothing more can come of it.
    struct Reservation {
        model::Order order;
        std::int64_t open = 0;   // reserved still
        std::int64_t dealt = 0;  // by deals that came
        std::int64_t asked = 0;  // by a change that the venue has not answered; 0: none
        std::uint32_t line = 0;
        std::uint32_t answers_due = 0;  // refusals of others with the same number
        std::int64_t price = 0;         // doubled, at which `open` may cost cash; 0: it costs none
        Fine cash = 0;                  // that it may cost, in the account's currency
        Time expires = Time::latest();  // of outside systems
        bool is_over = false;           // the last deals have not come yet
    };
    // What an account, or a strategy in it, has done.
    struct Party {
        AccountId account;
        Owner owner = kWholeAccount;
        OrderRate rate;
        Losses losses;
        LimitSet limits;                            // on its losses
        std::uint64_t version = ~std::uint64_t{0};  // of those limits
        std::uint32_t warned = 0;                   // rules, a bit each
        std::uint32_t restricted = 0;               // the same: only orders that shrink pass
        std::uint32_t losses_in_row = 0;
        bool is_blind = false;  // its money could not be told at the last look
        Maybe<Money> paid_in;   // of an account; absent: to be asked for again
        Time cool_until = Time::earliest();
        Fine cash_reserved = 0;
    };
    // A strategy on an account in an instrument.
    struct Line {
        AccountId account;
        StrategyId strategy;
        InstrumentId instrument;
        Exposures::Place place;
        std::uint32_t account_party = 0;
        std::uint32_t strategy_party = 0;
        std::uint32_t binding = 0;  // limits
        std::uint64_t version = ~std::uint64_t{0};
        std::uint32_t warned = 0;
        // The trade that is open: what it has brought so far, in price times quantity.
        int128 flow = 0;
        std::int64_t fees = 0;
    };
    struct Case;
    struct Task {  // of a kill switch or flatten, in steps of a bounded size
        Scope scope;
        bool flattens = false;
        bool cancels = false;
        std::uint64_t cancelled_to = 0;  // order number
        std::uint64_t flattened = 0;     // holdings that were looked at
    };

    // guardian.cpp: orders and deals
    void hear(const model::Order& order, engine::Context& context);
    void hear(const model::Fill& fill, engine::Context& context);
    void submit(const model::Order& order, engine::Context& context);
    void replace(const model::Order& order, engine::Context& context);
    void follow(const model::Order& report, engine::Context& context);
    void split(const model::CorporateAction& split);
    void begin(engine::Context& context);
    void count_rates(Case& of);
    std::uint32_t accept(Case& of, engine::Context& context);
    [[nodiscard]] std::uint32_t reserve(const model::Order& order, std::uint32_t line);
    void set_open(Reservation& reservation, std::int64_t open);
    void release(std::uint32_t place, engine::Context& context);
    void count_trade(Line& line, const model::Fill& fill, engine::Context& context);
    void end_trade(Line& line, engine::Context& context);
    [[nodiscard]] std::uint32_t line_of(AccountId account, StrategyId strategy,
                                        InstrumentId instrument);
    [[nodiscard]] std::uint32_t party_of(AccountId account, Owner owner);
    [[nodiscard]] const Party* find_party(AccountId account, Owner owner) const;
    [[nodiscard]] const BindingLimits& binding_of(Line& line);

    // guardian_judging.cpp: true when the first refusal has ended it
    void judge(Case& of);
    static bool object(Case& of, const Reason& reason);
    bool object(Case& of, Limit limit, std::int64_t bound, std::int64_t value);
    bool object(Case& of, Knowledge knowledge);
    void gather(Case& of);
    void forecast(Case& of);
    [[nodiscard]] static bool can_tell_equity(Case& of, const AccountView& accounts);
    static void mark(Case& of, Limit limit, bool of_strategy, int128 value, int128 bound);
    bool judge_stops(Case& of);
    bool judge_form(Case& of);
    bool judge_market(Case& of);
    bool judge_size(Case& of);
    bool judge_repetition(Case& of);
    bool judge_position(Case& of, bool of_strategy);
    bool judge_totals(Case& of, bool of_strategy);
    bool judge_cash(Case& of);
    bool judge_shortness(Case& of, bool of_strategy);
    bool judge_losses(Case& of, bool of_strategy);
    [[nodiscard]] static std::int64_t worst_price(const Case& of);

    // guardian_watch.cpp
    void watch(engine::Context& context);
    void watch(Party& party, engine::Context* context);
    void look_at(Party& party, Rule rule, Limit share, Limit amount, std::int64_t loss,
                 std::int64_t base, engine::Context* context);
    void refresh(Party& party);
    [[nodiscard]] bool has_loss_limits(Party& party);
    void end_day(engine::Context& context);
    void wait_for_day_end(engine::Context& context);
    void warn(const Case& of, engine::Context& context);
    void alert(engine::Context& context, model::Severity severity, std::string_view code,
               std::string_view scope, std::string_view message) const;
    [[nodiscard]] Scope scope_of(const Party& party) const;

    // guardian_commands.cpp
    void hear(const model::Command& command, engine::Context& context);
    [[nodiscard]] Result<void> obey(const model::Command& command, engine::Context& context);
    [[nodiscard]] Result<Scope> scope_named(std::string_view text) const;
    [[nodiscard]] Result<void> engage(const model::Command& command, engine::Context& context);
    [[nodiscard]] Result<void> lift(const model::Command& command, engine::Context& context);
    [[nodiscard]] Result<void> disable(const model::Command& command, engine::Context& context);
    [[nodiscard]] Result<void> flatten(const model::Command& command, engine::Context& context);
    [[nodiscard]] Result<void> set_limit(const model::Command& command, engine::Context& context);
    [[nodiscard]] Result<void> check_order(const model::Command& command, engine::Context& context);
    [[nodiscard]] Result<void> release_outside(const model::Command& command,
                                               engine::Context& context);
    [[nodiscard]] Result<model::Order> order_of(const model::Command& command) const;
    void work_on_tasks(engine::Context& context);
    std::size_t cancel_some(Task& task, std::size_t most, engine::Context& context);
    std::size_t flatten_some(Task& task, std::size_t most, engine::Context& context);
    void expire(engine::Context& context);
    void apply_limits();
    void set_configured(ScopeKind kind, std::string_view name, std::uint32_t number, Time now);
    void save_parties(engine::StateWriter& writer) const;
    void save_lines(engine::StateWriter& writer) const;
    void save_working(engine::StateWriter& writer) const;
    void load_books(engine::StateReader& reader);

    GuardianSettings settings_;
    const AccountView& accounts_;
    HoursView* hours_;
    LimitBook limits_;
    Exposures exposures_;
    std::vector<Line> lines_;
    std::vector<Party> parties_;
    std::vector<std::uint32_t> watch_order_;  // of parties_: by account, then owner
    std::vector<Reservation> working_;        // number 0: a free place
    std::vector<std::uint32_t> free_;
    FlatIndex line_index_;
    FlatIndex party_index_;
    FlatIndex working_index_;  // by order
    RecentIds recent_;
    std::vector<Stop> stops_;
    std::vector<Task> tasks_;
    std::vector<Text<32>> account_names_;   // by number
    std::vector<Text<32>> strategy_names_;  // by number
    Verdict verdict_;
    std::uint64_t judged_ = 0;  // the order that `verdict_` is of, while its step lasts
    Counts counts_;
    std::uint64_t own_orders_ = 0;
    std::uint32_t own_due_ = 0;  // emitted in this step, not heard yet
    std::uint64_t outside_orders_ = 0;
    Time next_watch_ = Time::latest();
    bool has_begun_ = false;  // the timer of the day is set
    bool watches_ = false;    // a limit on losses is set
};

}  // namespace millrace::risk
