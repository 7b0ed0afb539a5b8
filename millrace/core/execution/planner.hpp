// Planner: the component that makes orders from the signals of those strategies that have settings
// here; strategies without them order for themselves. Its orders are pending until the OrderDesk
// has sent them. What it does not follow it counts, with the reason.
#pragma once

#include <map>
#include <vector>

#include "millrace/core/engine/component.hpp"
#include "millrace/core/execution/plan.hpp"
#include "millrace/core/execution/plan_levels.hpp"
#include "millrace/core/execution/plan_settings.hpp"
#include "millrace/core/execution/price_board.hpp"

namespace millrace::execution {

class Planner : public engine::Component {
  public:
    // The highest of the 53 bits that JSON carries exactly; strategies number their own below.
    static constexpr std::uint64_t kNumbersFrom = std::uint64_t{1} << 52;

    // One for each strategy; check() must have passed.
    explicit Planner(const std::vector<PlanSettings>& plans);

    [[nodiscard]] std::string_view name() const override { return "planner"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::planner; }
    [[nodiscard]] engine::NounSet wants() const override;
    void on_record(const engine::Record& record, engine::Context& context) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

    [[nodiscard]] bool plans_for(StrategyId strategy) const { return followed_.contains(strategy); }
    // Of a strategy that is planned.
    [[nodiscard]] const PlanCounts& counts(StrategyId strategy) const;
    [[nodiscard]] PlanCounts counts() const;  // of all
    // What the plan holds by its deals.
    [[nodiscard]] Quantity position(StrategyId strategy, InstrumentId instrument) const;

  private:
    struct Followed {
        PlanSettings settings;
        std::uint64_t orders = 0;
        PlanCounts counts;
    };
    struct Funds {
        Code currency;
        Maybe<Money> cash;
        Maybe<Money> equity;
    };
    // A signal and all it concerns.
    struct Case {
        Followed& followed;
        Plan& plan;
        const model::Instrument& instrument;
        engine::Context& context;
    };
    using PlanKey = std::pair<StrategyId, InstrumentId>;

    void hear(const model::Signal& signal, engine::Context& context);
    void hear(const model::Fill& fill, engine::Context& context);
    void hear(const model::Order& order, engine::Context& context);
    void hear(const model::Account& account);
    void hear(const model::CorporateAction& action);
    void hear(const model::Balance& balance);
    [[nodiscard]] Funds& funds_of(AccountId account);

    [[nodiscard]] PlanOutcome follow(Followed& followed, const model::Signal& signal,
                                     engine::Context& context);
    [[nodiscard]] PlanOutcome close(Case& of);
    [[nodiscard]] PlanOutcome turn(Case& of, const model::Signal& signal);
    [[nodiscard]] PlanOutcome enter(Case& of, const model::Signal& signal);
    // Cancels those that work still; whether there were any.
    template <class Which>
    bool cancel(Case& of, Which which);
    bool cancel_entries(Case& of, model::Side side);
    bool close_excess(Case& of);
    void close_late_deal(Case& of, const PlannedOrder& entry, Quantity dealt);
    void submit_close(Case& of, model::Side side, Quantity quantity);
    void after_close(Case& of, const model::Order& report);
    void after_protection(Case& of, const PlannedOrder& ended, const model::Order& report);

    [[nodiscard]] Planned<Quantity> wanted_size(const PlanSettings& settings,
                                                const model::Signal& signal,
                                                const model::Instrument& instrument,
                                                const PlanLevels& levels) const;
    [[nodiscard]] Planned<Quantity> allowed_size(const PlanSettings& settings,
                                                 const model::Instrument& instrument,
                                                 const PlanLevels& levels, Quantity exposure) const;
    // In the currency that the instrument settles in.
    [[nodiscard]] Planned<Money> settled(Money amount, AccountId account,
                                         const model::Instrument& instrument) const;
    [[nodiscard]] Planned<Money> share_of(Maybe<Money> Funds::* base, AccountId account,
                                          Ratio share) const;

    [[nodiscard]] model::Order blank(Case& of, model::Side side, Quantity quantity) const;
    [[nodiscard]] static std::uint64_t next_number(Case& of);
    static void submit(Case& of, const model::Order& order, PlanRole role);
    [[nodiscard]] model::Order entry_of(Case& of, const model::Signal& signal,
                                        const PlanLevels& levels, Quantity quantity);
    void submit(Case& of, const PlannedEntry& planned);

    std::map<StrategyId, Followed> followed_;
    std::map<PlanKey, Plan> plans_;
    PriceBoard board_;
    std::vector<Funds> funds_;  // by account; no currency where nobody told of one
};

}  // namespace millrace::execution
