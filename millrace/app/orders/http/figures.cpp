// Gathering. Amounts become floats here, and only here: Prometheus knows nothing else.
#include "millrace/app/orders/http/figures.hpp"

namespace millrace::orders {
namespace {

double number(Money amount) {
    return static_cast<double>(amount.raw()) / static_cast<double>(Money::kOne);
}

telemetry::OrderFigures::Account figures_of(const MoneyView& money) {
    telemetry::OrderFigures::Account figures;
    figures.account = money.account;
    figures.equity = number(money.equity);
    figures.gross_exposure = number(money.gross);
    figures.net_exposure = number(money.net);
    if (money.peak.raw() > 0) figures.drawdown_ratio = number(money.drawdown) / number(money.peak);
    if (money.day_profit.has_value()) figures.daily_pnl = number(money.day_profit.value());
    return figures;
}

}  // namespace

Figures::Figures(const OrderService& service, const PriceSource* prices)
    : service_(service), prices_(prices) {
    metrics_.before_text([this] { meters_.publish(gather()); });
}

net::Responder::Observer Figures::observe(const net::Route& route) {
    return [this, &route, begin = std::chrono::steady_clock::now()](int status) {
        const auto took = std::chrono::steady_clock::now() - begin;
        meters_.answered(route.path, status,
                         Duration::nanoseconds(
                             std::chrono::duration_cast<std::chrono::nanoseconds>(took).count()));
    };
}

telemetry::OrderFigures Figures::gather() const {
    const auto view = service_.view();
    telemetry::OrderFigures figures;
    figures.intents_created = counts_.created.load();
    figures.intents_duplicate = counts_.duplicate.load();
    figures.intents_error = counts_.error.load();
    figures.intents_sent = view->desk.submitted;
    for (std::size_t i = 0; i < view->intents.size(); ++i)
        figures.intents[std::string(execution::kIntentStateNames[i])] = view->intents[i];
    figures.orders = {{"filled", {}, view->desk.filled},
                      {"rejected", "venue", view->desk.rejected}};
    figures.checks_accepted = view->guardian.accepted;
    for (const risk::RuleDescription& rule : risk::rules()) {
        const std::uint64_t count = view->guardian.refused_by[static_cast<std::size_t>(rule.rule)];
        if (count == 0) continue;
        figures.checks_refused[std::string(rule.code)] = count;
        figures.orders.push_back({"rejected", std::string(rule.code), count});
    }
    figures.kill_switches["global"] = false;
    for (const StopView& stop : view->stops)
        if (stop.is_kill) figures.kill_switches[stop.scope] = true;
    for (const MoneyView& money : view->accounts)
        if (money.is_known) figures.accounts.push_back(figures_of(money));
    for (const PositionView& position : view->positions)
        figures.positions.push_back(
            {position.account, position.strategy, position.symbol,
             static_cast<double>(position.quantity.raw()) / static_cast<double>(Quantity::kOne)});
    if (prices_ != nullptr) {
        figures.ticks["synthetic"] = prices_->counts().taken;
        figures.feeds["synthetic"] = true;
    }
    return figures;
}

}  // namespace millrace::orders
