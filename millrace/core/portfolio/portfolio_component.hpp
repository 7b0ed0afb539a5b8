// PortfolioComponent: the books as a part of the engine. It hears of definitions, deals, prices and
// cash, and tells of positions after each deal and of balances by a stated rule. An error in the
// books is an assertion here: wrong books must not go on.
#pragma once

#include <vector>

#include "millrace/core/engine/component.hpp"
#include "millrace/core/portfolio/order_notes.hpp"
#include "millrace/core/portfolio/portfolio.hpp"

namespace millrace::portfolio {

// When a balance of every account is told and a point is added to its curve. A deal at the moment
// of a point corrects the point.
struct SampleRule {
    enum class When : std::uint8_t { never, bars, events, interval };
    When when = When::bars;
    std::uint64_t every = 1;  // the how manieth bar, or quote, trade or bar
    Duration interval;        // on its whole multiples since 1970
};

struct PortfolioComponentSettings {
    PortfolioSettings books;
    SampleRule sample;
    bool tells_balance_after_deals = true;
    bool tells_positions = true;     // after each deal; off where nobody listens
    std::vector<CashEntry> opening;  // booked when the account is defined
};

// Cash is also booked by the command `book-cash`: the target is the account's name, the argument
// "reason amount currency [strategy]", such as "borrow_fee -12.50 USD". A command that cannot be
// understood is answered with an alert and changes nothing.
class PortfolioComponent : public engine::Component {
  public:
    explicit PortfolioComponent(PortfolioComponentSettings settings = {});

    [[nodiscard]] std::string_view name() const override { return "portfolio"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::portfolio; }
    [[nodiscard]] engine::NounSet wants() const override;
    void on_record(const engine::Record& record, engine::Context& context) override;
    void on_quote(const model::Quote& quote, engine::Context& context) override;
    void on_timer(std::uint64_t token, engine::Context& context) override;
    void look_ahead(std::span<const InstrumentId> instruments) const noexcept override {
        books_.look_ahead(instruments);
    }
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

    [[nodiscard]] const Portfolio& books() const { return books_; }
    // A last point on every curve, for whoever ends a run.
    void finish(Time now) { books_.sample(now); }

  private:
    void hear(const model::Account& account, engine::Context& context);
    void hear(const model::Strategy& strategy);
    void hear(const model::Fill& fill, engine::Context& context);
    void hear(const model::Command& command, engine::Context& context);
    void hear(const model::CorporateAction& action, engine::Context& context);
    void tell_positions(AccountId account, StrategyId strategy, InstrumentId instrument,
                        engine::Context& context);
    [[nodiscard]] Result<CashEntry> entry_of(const model::Command& command) const;
    void count_event(bool is_bar, engine::Context& context);
    void sample(engine::Context& context);
    void tell_balance(AccountId account, engine::Context& context);
    void wait_for_interval(engine::Context& context);

    PortfolioComponentSettings settings_;
    Portfolio books_;
    OrderNotes notes_;
    bool hedges_ = false;        // whether some account does, so that orders matter
    bool waits_ = false;         // for the timer of the interval
    std::uint64_t counted_ = 0;  // bars or events since the last sample
    Time sampled_at_ = Time::earliest();
    std::vector<Text<32>> account_names_;   // by account
    std::vector<Text<32>> strategy_names_;  // by strategy
    std::vector<std::uint8_t> lacks_rate_;  // by account: 1 when an alert has said so
};

}  // namespace millrace::portfolio
