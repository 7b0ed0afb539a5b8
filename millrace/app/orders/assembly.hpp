// Assembly: the engine of the orders server, put together, with the parts that are looked at from
// outside. Nothing leaves it as an effect but events: the venue is one of its components.
#pragma once

#include <memory>

#include "millrace/app/backtest/guard.hpp"
#include "millrace/app/orders/outcome_watch.hpp"
#include "millrace/app/orders/settings.hpp"
#include "millrace/core/engine/engine.hpp"
#include "millrace/core/execution/order_desk.hpp"
#include "millrace/core/venue/calendar_hours.hpp"

namespace millrace::orders {

// When US shares trade, for the market guard and the limit of trading hours.
class TradingHours final : public execution::SendHours {
  public:
    explicit TradingHours(market::Calendar calendar) : hours_(calendar) {}

    [[nodiscard]] bool is_open(InstrumentId /*instrument*/, Time now) override {
        return hours_.is_open(now);
    }
    [[nodiscard]] Time next_open(InstrumentId /*instrument*/, Time now) override {
        return hours_.next_open(now);
    }
    [[nodiscard]] venue::Hours& hours() { return hours_; }

  private:
    venue::CalendarHours hours_;
};

// The simulated venue is always open, as its made-up prices are; but its trading day ends with that
// of US shares, so that a day order lapses.
class PaperHours final : public venue::Hours {
  public:
    explicit PaperHours(market::Calendar calendar) : hours_(calendar) {}

    [[nodiscard]] bool is_open(Time /*time*/) override { return true; }
    [[nodiscard]] Time next_open(Time time) override { return time; }
    [[nodiscard]] Time day_end(Time time) override { return hours_.day_end(time); }

  private:
    venue::CalendarHours hours_;
};

// The engine's components point at the others: it is destroyed first.
struct Assembly {
    std::unique_ptr<TradingHours> hours;
    std::unique_ptr<PaperHours> paper_hours;
    std::unique_ptr<backtest::Guard> guard;
    const portfolio::PortfolioComponent* books = nullptr;
    const execution::IntentBook* intents = nullptr;
    const risk::Guardian* guardian = nullptr;
    const execution::OrderDesk* desk = nullptr;
    OutcomeWatch* watch = nullptr;
    std::unique_ptr<engine::Engine> engine;
};

// Of checked settings. Symbols, accounts, limits and what may be sent are no part of it: they come
// as inputs (opening.hpp), so that a journal can be replayed under other ones.
[[nodiscard]] Result<Assembly> assemble(const Settings& settings);

}  // namespace millrace::orders
