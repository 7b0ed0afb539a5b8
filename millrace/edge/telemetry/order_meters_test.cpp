// The names that the predecessors' dashboards and alerts ask for, and what they say.
#include "millrace/edge/telemetry/order_meters.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace millrace::telemetry {

namespace {

OrderFigures figures() {
    OrderFigures figures;
    figures.intents_created = 10;
    figures.intents_duplicate = 3;
    figures.intents_error = 2;
    figures.intents_sent = 7;
    figures.intents = {{"planned", 1}, {"filled", 6}};
    figures.orders = {{"filled", "", 6}, {"rejected", "MAX_ORDER_QTY", 2}, {"rejected", "", 1}};
    figures.checks_accepted = 7;
    figures.checks_refused = {{"MAX_ORDER_QTY", 2}};
    figures.kill_switches = {{"account:main", true}};
    figures.accounts = {{"main", 100'250.5, 2'000, -1'000, 0.0125, 250.5},
                        {"second", 10, 0, 0, 0, -0.5}};
    figures.positions = {{"main", "manual", "AAPL", -5}};
    figures.ticks = {{"synthetic", 123}};
    figures.feeds = {{"synthetic", true}};
    figures.websocket_clients = 4;
    return figures;
}

// The names after "# TYPE ".
std::vector<std::string> names_in(const std::string& text) {
    std::vector<std::string> names;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("# TYPE ")) names.push_back(line.substr(7, line.find(' ', 7) - 7));
    return names;
}

}  // namespace

TEST(OrderMeters, Tell_what_the_predecessors_alerts_ask_for) {
    Metrics metrics;
    OrderMeters meters(metrics);
    meters.publish(figures());
    const std::string text = metrics.text();
    for (const char* line :
         {"order_intents_created_total 10\n",
          "order_intents_duplicate_total 3\n",
          "order_intents_error_total 2\n",
          "order_intents_sent_total 7\n",
          "order_intents_pending 0\n",
          "order_intents_planned 1\n",
          "order_intents_ready 0\n",
          "order_intents_sent 0\n",
          "order_rejections_total 3\n",
          "\ndaily_pnl 250\n",
          "millrace_intents{status=\"filled\"} 6\n",
          "millrace_orders_total{code=\"MAX_ORDER_QTY\",status=\"rejected\"} 2\n",
          "millrace_risk_checks_total{code=\"\",decision=\"accept\"} 7\n",
          "millrace_risk_checks_total{code=\"MAX_ORDER_QTY\",decision=\"reject\"} 2\n",
          "millrace_kill_switch{scope=\"account:main\"} 1\n",
          "millrace_kill_switch{scope=\"global\"} 0\n",
          "millrace_equity{account=\"main\"} 100250.5\n",
          "millrace_gross_exposure{account=\"main\"} 2000\n",
          "millrace_net_exposure{account=\"main\"} -1000\n",
          "millrace_drawdown_ratio{account=\"main\"} 0.0125\n",
          "millrace_daily_pnl{account=\"second\"} -0.5\n",
          "millrace_position_qty{account=\"main\",strategy=\"manual\",symbol=\"AAPL\"} -5\n",
          "millrace_ticks_total{source=\"synthetic\"} 123\n",
          "millrace_feed_connected{source=\"synthetic\"} 1\n",
          "millrace_ws_clients 4\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

TEST(OrderMeters, Say_the_same_when_nothing_happened_in_between) {
    Metrics metrics;
    OrderMeters meters(metrics);
    meters.publish(figures());
    const std::string first = metrics.text();
    meters.publish(figures());
    EXPECT_EQ(metrics.text(), first);
}

TEST(OrderMeters, What_is_named_no_more_is_released_and_flat) {
    Metrics metrics;
    OrderMeters meters(metrics);
    meters.publish(figures());
    meters.publish({});
    const std::string text = metrics.text();
    for (const char* line :
         {"millrace_kill_switch{scope=\"account:main\"} 0\n",
          "millrace_position_qty{account=\"main\",strategy=\"manual\",symbol=\"AAPL\"} 0\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

TEST(OrderMeters, Count_answers_by_route_and_status) {
    Metrics metrics;
    OrderMeters meters(metrics);
    meters.answered("/api/v1/orders/{id}", 200, Duration::milliseconds(3));
    meters.answered("/api/v1/orders/{id}", 200, Duration::milliseconds(5));
    meters.answered("/api/v1/orders/{id}", 404, Duration::milliseconds(1));
    meters.checked(Duration::microseconds(10));
    const std::string text = metrics.text();
    for (const char* line :
         {"millrace_http_requests_total{code=\"200\",route=\"/api/v1/orders/{id}\"} 2\n",
          "millrace_http_requests_total{code=\"404\",route=\"/api/v1/orders/{id}\"} 1\n",
          "millrace_http_seconds_bucket{route=\"/api/v1/orders/{id}\",le=\"0.005\"} 3\n",
          "api_request_duration_seconds_count 3\n",
          "millrace_risk_check_seconds_bucket{le=\"1e-05\"} 1\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

TEST(OrderMeters, Stand_in_the_reference_each_of_them) {
    Metrics metrics;
    OrderMeters meters(metrics);
    meters.answered("/x", 200, Duration::milliseconds(3));
    meters.publish(figures());
    std::ifstream file(MILLRACE_METRICS_PAGE);
    ASSERT_TRUE(file) << MILLRACE_METRICS_PAGE;
    std::ostringstream page;
    page << file.rdbuf();
    for (const std::string& name : names_in(metrics.text()))
        EXPECT_NE(page.str().find("`" + name), std::string::npos) << name;
}

}  // namespace millrace::telemetry
