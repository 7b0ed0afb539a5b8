// OutcomeWatch: the component that stands last and copies, input by input, what became of it, for
// the ledger and for the answers. It tells the engine nothing. What it keeps as state is the names
// and the last prices; what it has copied is no state, for the ledger is written from it again
// after a restart, from the input on that the ledger does not have.
#pragma once

#include <vector>

#include "millrace/app/orders/entries.hpp"
#include "millrace/core/engine/component.hpp"
#include "millrace/core/execution/intent_book.hpp"
#include "millrace/core/portfolio/portfolio_component.hpp"
#include "millrace/core/risk/guardian.hpp"

namespace millrace::orders {

// The parts of the engine that it looks at; they outlive it.
struct Watched {
    const portfolio::PortfolioComponent& books;
    const execution::IntentBook& intents;
    const risk::Guardian& guardian;
};

class OutcomeWatch final : public engine::Component {
  public:
    struct Price {
        millrace::Price bid;
        millrace::Price ask;
        Time at;
    };

    // How often prices alone are copied, by the engine's time.
    static constexpr Duration kSampleInterval = Duration::seconds(1);

    explicit OutcomeWatch(const Watched& watched) : watched_(watched) {}

    // What inputs up to this one did is in the ledger: it is not copied.
    void begin_after(std::uint64_t sequence) { after_ = sequence; }

    [[nodiscard]] std::string_view name() const override { return "outcome-watch"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::observer; }
    [[nodiscard]] engine::NounSet wants() const override;
    void on_record(const engine::Record& record, engine::Context& context) override;
    void on_quote(const model::Quote& quote, engine::Context& context) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

    // What was copied since the last call, of inputs up to this one: the last that was applied.
    [[nodiscard]] Entries take(std::uint64_t sequence);
    [[nodiscard]] const Entries& entries() const { return entries_; }

    [[nodiscard]] const std::vector<model::Instrument>& instruments() const { return instruments_; }
    [[nodiscard]] const std::vector<model::Account>& accounts() const { return accounts_; }
    [[nodiscard]] const std::vector<model::Strategy>& strategies() const { return strategies_; }
    // By instrument; a bid of 0 where there was no quote.
    [[nodiscard]] const std::vector<Price>& prices() const { return prices_; }
    // The price at which positions stand: the middle of the last whole quote.
    [[nodiscard]] Maybe<millrace::Price> mark_of(std::size_t instrument) const;

  private:
    void hear(const model::OrderIntent& intent, engine::Context& context);
    void hear(const model::Command& command, engine::Context& context);
    void hear(const model::Order& order, engine::Context& context);
    void hear(const model::Fill& fill, engine::Context& context);
    void hear(const model::Alert& alert, engine::Context& context);
    void define(const engine::Record& record, engine::Context& context);
    void answer_from_book(engine::Context& context);
    void copy_intent(std::uint64_t id, engine::Context& context);
    void note_refusal(const model::Order& order, engine::Context& context);
    void copy_books(Time now);
    void copy_positions(InstrumentId instrument, Time now);
    [[nodiscard]] Judgement judgement() const;
    [[nodiscard]] Outcome* outcome_of(std::uint64_t sequence);
    // A copy is made of it.
    [[nodiscard]] bool counts(engine::Context& context) const {
        return context.sequence() > after_;
    }

    Watched watched_;
    std::vector<model::Instrument> instruments_;  // by number
    std::vector<model::Account> accounts_;        // by number
    std::vector<model::Strategy> strategies_;     // by number
    std::vector<Price> prices_;                   // by instrument

    Entries entries_;
    std::uint64_t after_ = 0;
    std::vector<std::uint8_t> is_stale_;  // by instrument: the ledger has another mark
    Time copied_ = Time::earliest();
};

}  // namespace millrace::orders
