// VenueScenario: plays a script against a SimulatedExchange and compares every report with what the
// script expects. Each event must give exactly the reports written under it, in that order.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "millrace/core/venue/calendar_hours.hpp"
#include "millrace/core/venue/exchange.hpp"

#include "tests/scenarios/credit_script.hpp"

namespace millrace::scenario {

// A report in words: `fill 1`, `accepted 1` …, and its particulars by name.
struct Told {
    std::string what;
    std::map<std::string, std::string> particulars;

    [[nodiscard]] std::string text() const {
        std::string text = what;
        for (const auto& [name, value] : particulars)
            text += " " + name + "=" + value;
        return text;
    }
};

class Listener final : public venue::ReportSink {
  public:
    void on_cash(const venue::CashCharge& charge) override {
        const auto reason = static_cast<std::size_t>(charge.reason);
        Told told{"cash " + std::string(portfolio::kCashReasonNames.at(reason)), {}};
        told.particulars = {{"amount", charge.amount.to_string()},
                            {"currency", charge.currency.text()},
                            {"strategy", std::to_string(charge.strategy.value())},
                            {"at", format_time(charge.known_at)}};
        told_.push_back(std::move(told));
    }
    void on_fill(const model::Fill& fill) override {
        Told told{"fill " + name_of(fill.order_id), {}};
        told.particulars = {{"quantity", fill.quantity.to_string()},
                            {"price", fill.price.to_string()},
                            {"fee", fill.fee.to_string()},
                            {"currency", fill.fee_currency.text()},
                            {"by", std::string(model::name_of(fill.liquidity))},
                            {"strategy", std::to_string(fill.strategy.value())},
                            {"at", format_time(fill.known_at)}};
        told_.push_back(std::move(told));
        after_fill_ = fill.order_id;
    }
    void on_order(const model::Order& order) override {
        const std::string id = name_of(order.order_id);
        const std::int64_t left = order.quantity.raw() - order.filled_quantity.raw();
        if (after_fill_ == order.order_id) {  // the order's half of a deal
            told_.back().particulars["left"] = Quantity::from_raw(left).to_string();
            told_.back().particulars["average"] = order.average_price.value().to_string();
            after_fill_ = 0;
            statuses_[order.order_id] = order.status;
            return;
        }
        std::string what(model::name_of(order.status));
        const auto before = statuses_.find(order.order_id);
        if (before != statuses_.end() && before->second == order.status)
            what = is_change(order.reason) ? "changed" : "refused";
        statuses_[order.order_id] = order.status;
        Told told{what + " " + id, {}};
        told.particulars = {{"quantity", order.quantity.to_string()},
                            {"left", Quantity::from_raw(left).to_string()},
                            {"reason", std::string(model::name_of(order.reason))},
                            {"at", format_time(order.known_at)}};
        if (order.stop_price.has_value())
            told.particulars["stop"] = order.stop_price.value().to_string();
        if (order.limit_price.has_value())
            told.particulars["limit"] = order.limit_price.value().to_string();
        told_.push_back(std::move(told));
    }
    std::vector<Told> take() { return std::exchange(told_, {}); }

  private:
    // The venue's own orders are call1, call2 …
    static std::string name_of(std::uint64_t order_id) {
        if (!venue::SimulatedExchange::is_liquidation(order_id)) return std::to_string(order_id);
        return "call" + std::to_string(order_id - venue::SimulatedExchange::kLiquidationsFrom);
    }
    static bool is_change(model::OrderReason reason) {
        return reason == model::OrderReason::none || reason == model::OrderReason::oco_sibling ||
               reason == model::OrderReason::parent_ended;
    }

    std::vector<Told> told_;
    std::map<std::uint64_t, model::OrderStatus> statuses_;
    std::uint64_t after_fill_ = 0;
};

class VenueScenario {
  public:
    // Empty when all went as written; else what did not.
    static std::string play(const std::string& path) {
        try {
            VenueScenario scenario;
            for (Line& line : read_lines(path))
                scenario.read(line);
            scenario.compare();
            if (scenario.expected_count_ == 0) return "it expects nothing";
            if (!scenario.has_reason_) return "it does not say why";
            return scenario.complaints_;
        } catch (const std::exception& error) {
            return error.what();
        }
    }

  private:
    void read(Line& line) {
        if (line.take_if(">")) {
            expect(line);
            return;
        }
        compare();
        event_ = line.text();
        if (line.take_if("why")) {
            has_reason_ = true;
        } else if (line.take_if("day")) {
            clock_.set_date(line, line.take());
        } else if (line.take_if("zone")) {
            clock_.set_zone(line, line.take());
        } else if (line.take_if("set")) {
            read_setting(line, settings_);
        } else if (line.take_if("calendar")) {
            const auto calendar = market::Calendar::find(line.take());
            if (!calendar) line.fail("no such calendar");
            hours_ = std::make_unique<venue::CalendarHours>(*calendar);
        } else if (line.take_if("instrument")) {
            read_listing(line, listings_.front());
        } else if (line.take_if("also")) {
            read_also(line);
        } else if (line.take_if("credit")) {
            credit_.emplace();
            credit_->read(line);
        } else if (line.take_if("deposit")) {
            cash_ = cash_ ? std::move(cash_) : std::make_unique<venue::CashBuyingPower>();
            cash_->deposit(AccountId(0), "USD", line.take_number<Money>());
        } else {
            happen(line);
        }
        if (!line.empty() && line.peek() != "#" && !has_reason_only(line))
            line.fail("\"" + line.peek() + "\" is too much");
    }
    static bool has_reason_only(const Line& line) { return line.text().rfind("why", 0) == 0; }

    // Another instrument, whose name then stands before its events.
    void read_also(Line& line) {
        Listing listing;
        listing.instrument.id = InstrumentId(static_cast<InstrumentId::Value>(listings_.size()));
        listing.instrument.symbol = Text<32>::from(line.take()).value();
        read_listing(line, listing);
        listings_.push_back(std::move(listing));
    }

    venue::SimulatedExchange& exchange() {
        if (!exchange_) {
            make();
        }
        return *exchange_;
    }
    void make() {
        if (credit_) desk_ = credit_->make();
        auto made = venue::SimulatedExchange::make(settings_, listener_, cash_.get(), desk_.get());
        if (!made) throw ScriptError("these settings contradict each other");
        exchange_ = std::make_unique<venue::SimulatedExchange>(std::move(*made));
        for (const Listing& listing : listings_)
            exchange_->define(listing.instrument, {hours_.get(), {}, listing.credit});
    }
    // What follows happens to a venue that was saved and loaded.
    void reload() {
        engine::StateWriter writer;
        exchange().save(writer);
        make();
        engine::StateReader reader(writer.bytes());
        exchange_->load(reader);
        if (!reader.finish("venue")) throw ScriptError("the saved state does not load");
    }

    void happen(Line& line) {
        now_ = clock_.time(line, line.take());
        about_ = InstrumentId(0);
        for (const Listing& listing : listings_)
            if (line.take_if(listing.instrument.symbol.view())) about_ = listing.instrument.id;
        const std::string what = line.take();
        if (what == "bar" || what == "bar-open")
            read_bar(line, what == "bar-open");
        else if (what == "quote")
            read_quote(line);
        else if (what == "trade")
            read_trade(line);
        else if (what == "book")
            read_book(line);
        else if (what == "buy" || what == "sell")
            read_order(line, what == "buy" ? model::Side::buy : model::Side::sell);
        else if (what == "cancel")
            exchange().cancel(line.take_count(), now_);
        else if (what == "replace")
            read_replace(line);
        else if (what == "advance")
            exchange().advance(now_);
        else if (what == "reload")
            reload();
        else if (what == "position")
            check(line.take_number<Quantity>(), exchange().position(AccountId(0), about_));
        else if (what == "equity" && desk_)
            check(line.take_number<Money>(), desk_->equity(AccountId(0)).value());
        else if (what == "maintenance" && desk_)
            check(line.take_number<Money>(), desk_->maintenance(AccountId(0)).value());
        else
            line.fail("nothing of that name happens");
    }

    template <class T>
    void check(T expected, T actual) {
        ++expected_count_;
        if (actual != expected)
            complaints_ += "\n" + event_ + "\n  but it is " + actual.to_string();
    }

    // open high low close [volume V] [every DURATION]
    void read_bar(Line& line, bool open_only) {
        model::Bar bar;
        bar.instrument = about_;
        bar.open_time = now_;
        bar.open = line.take_number<Price>();
        bar.high = line.take_number<Price>();
        bar.low = line.take_number<Price>();
        bar.close = line.take_number<Price>();
        Duration period = Duration::minutes(1);
        while (!line.empty() && line.peek() != "#") {
            if (line.take_if("volume"))
                bar.volume = line.take_number<Quantity>();
            else if (line.take_if("every"))
                period = line.take_duration();
            else
                line.fail("a bar has no such thing");
        }
        bar.known_at = bar.open_time + period;
        bar.step = static_cast<std::uint64_t>(period.ns());
        if (open_only)
            exchange().on_bar_open(bar);
        else
            exchange().on_bar(bar);
    }

    struct Sized {
        Price price;
        Quantity size;
    };
    // 99.5x10
    static Sized take_sized(Line& line) {
        const std::string word = line.take();
        const std::size_t x = word.find('x');
        if (x == std::string::npos) line.fail("write PRICExSIZE");
        return {line.number_of<Price>(word.substr(0, x)),
                line.number_of<Quantity>(word.substr(x + 1))};
    }

    void read_quote(Line& line) {
        const Sized bid = take_sized(line), ask = take_sized(line);
        model::Quote quote;
        quote.instrument = about_;
        quote.known_at = now_;
        quote.bid = bid.price;
        quote.bid_size = bid.size;
        quote.ask = ask.price;
        quote.ask_size = ask.size;
        exchange().on_quote(quote);
    }

    void read_trade(Line& line) {
        const Sized sized = take_sized(line);
        model::Trade trade;
        trade.instrument = about_;
        trade.known_at = now_;
        trade.price = sized.price;
        trade.size = sized.size;
        if (line.take_if("buyer")) trade.aggressor = model::Aggressor::buyer;
        if (line.take_if("seller")) trade.aggressor = model::Aggressor::seller;
        exchange().on_trade(trade);
    }

    // add|modify|remove bid|ask PRICExSIZE [order N], or clear bid|ask
    void read_book(Line& line) {
        model::BookUpdate update;
        update.instrument = about_;
        update.known_at = now_;
        update.action = line.take_choice<model::BookAction>({"add", "modify", "remove", "clear"});
        update.side = line.take_choice<model::BookSide>({"bid", "ask"});
        if (update.action != model::BookAction::clear) {
            const Sized sized = take_sized(line);
            update.price = sized.price;
            update.size = sized.size;
        }
        if (line.take_if("order")) update.order_id = line.take_count();
        exchange().on_book_update(update);
    }

    void read_replace(Line& line) {
        const std::uint64_t id = line.take_count();
        venue::Replacement terms;
        while (!line.empty()) {
            if (line.take_if("quantity"))
                terms.quantity = line.take_number<Quantity>();
            else if (line.take_if("limit"))
                terms.limit_price = line.take_number<Price>();
            else if (line.take_if("stop"))
                terms.stop_price = line.take_number<Price>();
            else if (line.take_if("trail"))
                terms.trail = line.take_number<Price>();
            else
                line.fail("that cannot be replaced");
        }
        exchange().replace(id, terms, now_);
    }

    // ID QUANTITY TYPE [prices] [flags]
    void read_order(Line& line, model::Side side) {
        model::Order order;
        order.instrument = about_;
        order.order_id = line.take_count();
        order.side = side;
        order.quantity = line.take_number<Quantity>();
        order.time_in_force = model::TimeInForce::gtc;
        order.status = model::OrderStatus::submitted;
        read_type(line, order);
        while (!line.empty())
            read_flag(line, order);
        exchange().submit(order, now_);
    }

    static void read_type(Line& line, model::Order& order) {
        order.type = line.take_choice<model::OrderType>({"market", "limit", "stop", "stop-limit",
                                                         "mit", "lit", "trail", "trail-limit",
                                                         "moo", "loo", "moc", "loc"});
        if (venue::is_trailing(order.type)) {
            std::string trail = line.take();
            if (trail.back() == '%') order.trail_unit = model::TrailUnit::percent;
            if (trail.back() == 't') order.trail_unit = model::TrailUnit::ticks;
            if (order.trail_unit != model::TrailUnit::absolute) trail.pop_back();
            order.trail = line.number_of<Price>(trail);
            if (order.type == model::OrderType::trailing_stop) {
                if (line.take_if("from")) order.stop_price = line.take_number<Price>();
                return;
            }
        }
        if (venue::is_conditional(order.type)) order.stop_price = line.take_number<Price>();
        if (venue::has_limit(order.type)) order.limit_price = line.take_number<Price>();
    }

    void read_flag(Line& line, model::Order& order) {
        const std::string flag = line.take();
        if (flag == "day") {
            order.time_in_force = model::TimeInForce::day;
        } else if (flag == "ioc") {
            order.time_in_force = model::TimeInForce::ioc;
        } else if (flag == "fok") {
            order.time_in_force = model::TimeInForce::fok;
        } else if (flag == "until") {
            order.time_in_force = model::TimeInForce::gtd;
            order.expires_at = clock_.time(line, line.take());
        } else if (flag == "post-only") {
            order.post_only = true;
        } else if (flag == "reduce-only") {
            order.reduce_only = true;
        } else if (flag == "show") {
            order.display_quantity = line.take_number<Quantity>();
        } else if (flag == "strategy") {
            order.strategy = StrategyId(static_cast<StrategyId::Value>(line.take_count()));
        } else if (flag == "parent") {
            order.parent_id = line.take_count();
        } else if (flag == "oco-cancel" || flag == "oco-reduce") {
            order.contingency = flag == "oco-cancel" ? model::Contingency::oco_cancel
                                                     : model::Contingency::oco_reduce;
            order.group_id = line.take_count();
        } else {
            line.fail("\"" + flag + "\" is no flag of an order");
        }
    }

    // what ID [QUANTITY @ PRICE] [reason] [name value …]
    void expect(Line& line) {
        Told told;
        told.what = line.take();
        const bool is_fill = told.what == "fill";
        if (told.what == "cash") {  // cash REASON AMOUNT CODE
            told.what += " " + line.take();
            told.particulars["amount"] = line.take_number<Money>().to_string();
            told.particulars["currency"] = line.take();
        } else {
            told.what += " " + line.take();
            told.particulars["reason"] = "none";
        }
        if (is_fill) {
            told.particulars["quantity"] = line.take_number<Quantity>().to_string();
            if (!line.take_if("@")) line.fail("write QUANTITY @ PRICE");
            told.particulars["price"] = line.take_number<Price>().to_string();
            told.particulars["left"] = "0";
            told.particulars.erase("reason");
        }
        while (!line.empty()) {
            const std::string name = line.take();
            if (name == "maker" || name == "taker")
                told.particulars["by"] = name;
            else if (name == "at")
                told.particulars["at"] = format_time(clock_.time(line, line.take()));
            else if (name == "currency" || name == "strategy")
                told.particulars[name] = line.take();
            else if (name == "left" || name == "quantity" || name == "fee" || name == "stop" ||
                     name == "limit" || name == "average")
                told.particulars[name] = line.take_number<Price>().to_string();
            else
                told.particulars["reason"] = name;
        }
        expected_.push_back(std::move(told));
        ++expected_count_;
    }

    void compare() {
        const std::vector<Told> told = listener_.take();
        bool same = told.size() == expected_.size();
        for (std::size_t i = 0; same && i < told.size(); ++i) {
            same = told[i].what == expected_[i].what;
            for (const auto& [name, value] : expected_[i].particulars)
                same = same && told[i].particulars.count(name) == 1 &&
                       told[i].particulars.at(name) == value;
        }
        if (!same) {
            complaints_ += "\n" + event_ + "\n  expected:";
            for (const Told& one : expected_)
                complaints_ += "\n    " + one.text();
            complaints_ += "\n  told:";
            for (const Told& one : told)
                complaints_ += "\n    " + one.text();
        }
        expected_.clear();
    }

    venue::Settings settings_;
    std::vector<Listing> listings_ = std::vector<Listing>(1);
    InstrumentId about_;  // the present event
    WallClock clock_;
    Listener listener_;
    std::unique_ptr<venue::CashBuyingPower> cash_;
    std::optional<CreditScript> credit_;
    std::unique_ptr<venue::CreditDesk> desk_;
    std::unique_ptr<venue::CalendarHours> hours_;
    std::unique_ptr<venue::SimulatedExchange> exchange_;
    std::vector<Told> expected_;
    std::string event_;
    std::string complaints_;
    int expected_count_ = 0;
    bool has_reason_ = false;
    Time now_;
};

}  // namespace millrace::scenario
