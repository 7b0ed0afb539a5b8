// PaperVenue: a simulated exchange that is part of the engine, so that its orders and positions are
// saved, journaled and replayed with everything else. It hears the market first, takes orders from
// the desk by its route, and answers in steps of its own: one report a timer at the same moment. So
// a report never comes between an order and the desk's refusals, and all that follows from one
// report is over before the next.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "millrace/core/engine/component.hpp"
#include "millrace/core/execution/order_route.hpp"
#include "millrace/core/venue/cash_booking.hpp"
#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

class PaperVenue final : public engine::Component,
                         public execution::OrderRoute,
                         private ReportSink {
  public:
    // What the exchange is told with the definition of an instrument; the same for the same
    // instrument, also after a restart.
    using TermsOf = std::function<Terms(const model::Instrument&)>;

    // Fails when the settings contradict each other, or let reports come late or twice: an input
    // (a split) tells the whole engine at once, and must find nothing told that was before it. The
    // buying power and the desk may be null; they are saved with the venue, and whoever made them
    // tells them of accounts and money: the command `book-cash` does not.
    [[nodiscard]] static Result<std::unique_ptr<PaperVenue>> make(
        const Settings& settings, TermsOf terms = {}, BuyingPower* buying_power = nullptr,
        CreditDesk* credit = nullptr);

    [[nodiscard]] std::string_view name() const override { return "paper-venue"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::venue; }
    [[nodiscard]] engine::NounSet wants() const override;
    void on_record(const engine::Record& record, engine::Context& context) override;
    void on_quote(const model::Quote& quote, engine::Context& context) override;
    void on_timer(std::uint64_t token, engine::Context& context) override;
    void look_ahead(std::span<const InstrumentId> instruments) const noexcept override {
        exchange_->look_ahead(instruments);
    }
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

    // Of the desk.
    void take(const model::Order& order) override { requests_.push_back(order); }

    [[nodiscard]] const SimulatedExchange& exchange() const { return *exchange_; }
    // Orders that have not reached the exchange, and reports that have not been told.
    [[nodiscard]] bool has_work() const {
        return !requests_.empty() || next_report_ < reports_.size();
    }

  private:
    using Report = std::variant<model::Order, model::Fill, CashCharge>;

    PaperVenue(const Settings& settings, TermsOf terms, BuyingPower* buying_power,
               CreditDesk* credit)
        : settings_(settings),
          terms_(std::move(terms)),
          buying_power_(buying_power),
          credit_(credit) {}

    [[nodiscard]] Result<void> make_exchange();
    void define(const model::Instrument& instrument);
    void carry_out(const model::Order& request, Time now);
    void tell_next(engine::Context& context);
    void wait(Time until, engine::Context& context);
    [[nodiscard]] Time next_work(Time now) const;

    // ReportSink: the engine must not be called from inside these, so they only take notes.
    void on_order(const model::Order& order) override { reports_.emplace_back(order); }
    void on_fill(const model::Fill& fill) override { reports_.emplace_back(fill); }
    void on_cash(const CashCharge& charge) override { reports_.emplace_back(charge); }
    // Everybody has heard of it as the venue has.
    void on_action(const model::CorporateAction& /*action*/) override {}

    Settings settings_;
    TermsOf terms_;
    BuyingPower* buying_power_;
    CreditDesk* credit_;
    std::optional<SimulatedExchange> exchange_;   // made after *this, its sink
    std::vector<model::Instrument> instruments_;  // by number; an empty symbol where there is none
    CashBooking booking_;
    std::vector<model::Order> requests_;  // of the desk, for the exchange
    std::vector<Report> reports_;         // of the exchange, for the engine
    std::size_t next_report_ = 0;
    Time wakes_ = Time::latest();  // of the timer
};

}  // namespace millrace::venue
