// The run: cast, stage, data, curtain.
#include "millrace/app/backtest/backtest.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "millrace/app/backtest/block_source.hpp"
#include "millrace/app/backtest/candle_watch.hpp"
#include "millrace/app/backtest/cash_watch.hpp"
#include "millrace/app/backtest/cast.hpp"
#include "millrace/app/backtest/equity_watch.hpp"
#include "millrace/app/backtest/findings.hpp"
#include "millrace/app/backtest/guard.hpp"
#include "millrace/app/backtest/run_probe.hpp"
#include "millrace/base/hash.hpp"
#include "millrace/core/execution/order_desk.hpp"
#include "millrace/core/execution/planner.hpp"
#include "millrace/core/market/calendar.hpp"
#include "millrace/core/model/operation.hpp"
#include "millrace/core/portfolio/portfolio_component.hpp"
#include "millrace/core/venue/calendar_hours.hpp"

namespace millrace::backtest {
namespace {

using Clock = std::chrono::steady_clock;

class Run {
  public:
    Run(const BacktestSettings& settings, Cast cast, MarketFeed feed, RunProbe* probe)
        : settings_(settings),
          probe_(probe),
          cast_(std::move(cast)),
          feed_(std::move(feed)),
          recorder_(settings.full) {}

    Result<void> prepare();
    Result<void> play(const Progressing& progressing);
    Result<BacktestResult> finish();

  private:
    Result<void> open_hours();
    void open_credit(const portfolio::PortfolioComponentSettings& books);
    Result<void> read(BlockSource& source, std::vector<MarketEvent>& block);
    void play_event(const MarketEvent& event);
    void play_actions(const MarketEvent& event);
    void find_next_action();
    void move_to(Time time);
    [[nodiscard]] Result<void> check_components() const;

    const BacktestSettings& settings_;
    RunProbe* probe_;  // null: nobody looks
    Cast cast_;
    MarketFeed feed_;
    RunRecorder recorder_;
    venue::CashBuyingPower buying_power_;
    std::optional<venue::CreditDesk> credit_;                   // where somebody trades on credit
    std::vector<std::unique_ptr<venue::CalendarHours>> hours_;  // by instrument; null: always open
    std::optional<Guard> guard_;  // where a limit is set; outlives the simulation
    std::unique_ptr<Simulation> simulation_;
    const portfolio::PortfolioComponent* books_ = nullptr;
    const execution::Planner* planner_ = nullptr;  // where a strategy trades by signals
    std::vector<const strategy::StrategyHost*> hosts_;
    std::optional<EquityWatch> equity_;
    std::optional<CashWatch> ledger_;  // where it is kept, as the next
    std::optional<CandleWatch> candles_;
    std::size_t next_action_ = 0;           // of the cast's
    Time next_action_at_ = Time::latest();  // latest: there is none
    std::vector<Time> last_split_at_;       // by instrument
    std::optional<model::Bar> broken_bar_;  // that lies across a split
    InputSummary input_;
    Time now_ = Time::earliest();
    double load_s_ = 0;
    double run_s_ = 0;
};

Result<void> Run::open_hours() {
    for (const model::Instrument& instrument : cast_.instruments) {
        hours_.emplace_back();
        if (instrument.calendar.empty()) continue;
        auto calendar = market::Calendar::find(instrument.calendar.view());
        if (!calendar) return failure(std::move(calendar.error()));
        hours_.back() = std::make_unique<venue::CalendarHours>(*calendar);
    }
    return {};
}

// The venue values accounts as the books do.
void Run::open_credit(const portfolio::PortfolioComponentSettings& books) {
    credit_.emplace(books.books);
    for (const model::Account& account : cast_.accounts)
        credit_->open(account, cast_.credit[account.id.value()]);
    for (const portfolio::CashEntry& entry : books.opening)
        credit_->book(entry);
}

Result<void> Run::prepare() {
    if (auto opened = open_hours(); !opened) return opened;
    portfolio::PortfolioComponentSettings books;
    books.books.keeps_curve = false;
    const auto currency = Code::from(settings_.currency);
    if (!currency) return failure(Error(currency.error()));
    books.books.pivot = *currency;
    books.sample.when = portfolio::SampleRule::When::never;
    books.tells_positions = false;
    books.tells_balance_after_deals =
        std::any_of(cast_.players.begin(), cast_.players.end(), [](const Player& player) {
            return player.strategy->trades_by_signals();  // sizes hang on the account's money
        });
    for (const model::Account& account : cast_.accounts) {
        const Money cash = cast_.cash[account.id.value()];
        books.opening.push_back({account.id, portfolio::kUnassigned, account.currency, cash,
                                 portfolio::CashReason::deposit});
        buying_power_.deposit(account.id, account.currency, cash);
    }
    if (cast_.has_credit) open_credit(books);
    std::vector<std::unique_ptr<engine::Component>> components;
    auto portfolio = std::make_unique<portfolio::PortfolioComponent>(std::move(books));
    books_ = portfolio.get();
    components.push_back(std::move(portfolio));
    if (settings_.risk.is_on()) {
        std::vector<venue::Hours*> hours;
        for (const auto& one : hours_)
            hours.push_back(one.get());
        guard_.emplace(guardian_settings_of(settings_.risk), books_->books(), std::move(hours));
        components.push_back(guard_->component());
    }
    components.push_back(std::make_unique<execution::OrderDesk>(guard_ ? &*guard_ : nullptr));
    std::vector<execution::PlanSettings> plans;
    for (Player& player : cast_.players) {
        player.options.live_from = feed_.live_from();
        player.plan.live_from = feed_.live_from();
        if (player.strategy->trades_by_signals()) plans.push_back(player.plan);
        auto host =
            std::make_unique<strategy::StrategyHost>(std::move(player.strategy), player.options);
        hosts_.push_back(host.get());
        components.push_back(std::move(host));
    }
    if (!plans.empty()) {
        auto planner = std::make_unique<execution::Planner>(plans);
        planner_ = planner.get();
        components.push_back(std::move(planner));
    }
    venue::Settings venue = settings_.venue;
    venue.sizes_known = settings_.sizes_known.value_or(cast_.sizes_known);
    SimulationWatcher* watcher = &recorder_;
    if (probe_ != nullptr) {
        probe_->pass_on_to(recorder_);
        watcher = probe_;
    }
    auto made = Simulation::make(std::move(components), settings_.seed, venue,
                                 settings_.cash_only ? &buying_power_ : nullptr, *watcher, {},
                                 credit_ ? &*credit_ : nullptr);
    if (!made) return failure(std::move(made.error()));
    simulation_ = std::move(*made);
    equity_.emplace(books_->books(), cast_.accounts, *currency, settings_.curve);
    if (settings_.curve) ledger_.emplace(books_->books(), cast_.accounts);
    if (settings_.curve) candles_.emplace(cast_.instruments.size());
    return {};
}

Result<void> Run::read(BlockSource& source, std::vector<MarketEvent>& block) {
    auto done = source.next(block);
    if (done && probe_ != nullptr) probe_->on_block(block);
    return done;
}

// All that has to happen before something of `time` does.
void Run::move_to(Time time) {
    if (time == now_) return;
    if (now_ != Time::earliest()) simulation_->end_of(now_);
    equity_->move_to(time);
    now_ = time;
}

void Run::find_next_action() {
    next_action_at_ =
        next_action_ < cast_.actions.size() ? cast_.actions[next_action_].known_at : Time::latest();
}

// Actions stand between what is known at their moment and what begins then. A bar that began before
// a split and ends after it has prices of both kinds.
void Run::play_actions(const MarketEvent& event) {
    const auto* bar = std::get_if<model::Bar>(&event.datum);
    const bool closes = bar != nullptr && !event.is_open;
    const Time time = event.is_open ? bar->open_time : known_at(event.datum);
    while (closes ? next_action_at_ < time : next_action_at_ <= time) {
        const model::CorporateAction& action = cast_.actions[next_action_++];
        find_next_action();
        move_to(action.known_at);
        simulation_->on_corporate_action(action);
        equity_->after_bar();
        if (!model::is_split(action)) continue;
        last_split_at_.resize(cast_.instruments.size(), Time::earliest());
        last_split_at_[action.instrument.value()] = action.known_at;
    }
    if (!closes || last_split_at_.empty()) return;
    const Time split_at = last_split_at_[bar->instrument.value()];
    if (bar->open_time < split_at && split_at < bar->known_at && !broken_bar_) broken_bar_ = *bar;
}

void Run::play_event(const MarketEvent& event) {
    if (!cast_.actions.empty()) [[unlikely]]
        play_actions(event);
    if (const auto* bar = std::get_if<model::Bar>(&event.datum)) {
        move_to(event.is_open ? bar->open_time : bar->known_at);
        if (event.is_open) {
            equity_->before_opens();
            simulation_->on_bar_open(*bar);
            return;
        }
        simulation_->on_bar(*bar, event.is_matched);
        equity_->after_bar();
        ++input_.bars;
    } else if (const auto* quote = std::get_if<model::Quote>(&event.datum)) {
        move_to(quote->known_at);
        simulation_->on_quote(*quote);
        equity_->after_tick();
    } else if (const auto* trade = std::get_if<model::Trade>(&event.datum)) {
        move_to(trade->known_at);
        simulation_->on_trade(*trade);
        equity_->after_tick();
    }
    ++input_.events;
    if (now_ < feed_.live_from()) ++input_.warm_up;
}

// A strategy that breaks leaves the others their run; finish() tells of it.
Result<void> Run::check_components() const {
    if (broken_bar_)
        return failure(
            ErrorCode::data, "a bar lies across a split",
            std::string(cast_.instruments[broken_bar_->instrument.value()].symbol.view()),
            "it begins at " + format_time(broken_bar_->open_time) + ", the split is at " +
                format_time(last_split_at_[broken_bar_->instrument.value()]),
            "name the instrument's calendar, or give the split's time with its date");
    const auto& stopped = simulation_->engine().stopped();
    if (stopped.empty()) return {};
    const auto is_player = [&](const engine::StoppedComponent& component) {
        return std::any_of(cast_.players.begin(), cast_.players.end(), [&](const Player& player) {
            return player.options.name == component.name;
        });
    };
    const auto other = std::find_if_not(stopped.begin(), stopped.end(), is_player);
    if (other == stopped.end() && stopped.size() < cast_.players.size()) return {};
    const engine::StoppedComponent& first = other == stopped.end() ? stopped.front() : *other;
    // The books stop for amounts that nobody's data should have; all else is a bug of its owner.
    const bool is_data = first.name == "portfolio";
    return failure(is_data ? ErrorCode::data : ErrorCode::internal,
                   "\"" + first.name + "\" had to be stopped", "at " + format_time(now_),
                   first.report,
                   is_data ? "look at the prices, quantities and currencies at that time"
                           : "a strategy that breaks an assertion has a bug at that place");
}

Result<void> Run::play(const Progressing& progressing) {
    const auto begin = Clock::now();
    BlockSource source(feed_, settings_.threads > 1);
    std::vector<MarketEvent> block;
    if (auto done = read(source, block); !done) return done;
    if (block.empty()) return failure(ErrorCode::data, "there is nothing to run on");
    input_.from = begin_of(block.front().datum);
    while (next_action_ < cast_.actions.size() &&
           cast_.actions[next_action_].known_at <= input_.from)
        ++next_action_;
    find_next_action();
    // What is traded is defined at the moment the run begins.
    for (model::Account account : cast_.accounts) {
        account.known_at = input_.from;
        simulation_->tell(account);
    }
    for (model::Instrument instrument : cast_.instruments) {
        instrument.known_at = input_.from;
        simulation_->define(instrument, {hours_[instrument.id.value()].get(),
                                         {},
                                         cast_.instrument_credit[instrument.id.value()]});
    }
    for (const Player& player : cast_.players) {
        model::Strategy defined;
        defined.known_at = input_.from;
        defined.id = player.options.strategy;
        defined.name = Text<32>::from(player.options.name).value();
        simulation_->tell(defined);
    }
    equity_->start(std::max(input_.from, feed_.live_from()));
    if (ledger_) ledger_->look(input_.from);
    while (!block.empty()) {
        for (const MarketEvent& event : block) {
            play_event(event);
            if (ledger_) [[unlikely]] {
                ledger_->look(now_);
                if (!event.is_open) candles_->hear(event);
            }
        }
        if (auto sound = check_components(); !sound) return sound;
        if (progressing && !progressing({input_.events, feed_.rows_expected()}))
            return failure(ErrorCode::interrupted, "the run was stopped", {},
                           "it had come to " + format_time(now_), "start it again");
        if (auto done = read(source, block); !done) return done;
    }
    simulation_->end_of(now_);
    if (probe_ != nullptr) {
        simulation_->run_until(now_ + Duration::nanoseconds(1));  // timers of this very moment
        probe_->on_data_end();
    }
    model::Command stop;
    stop.known_at = now_;
    stop.name = "stop-strategy";
    stop.actor = "backtest";
    simulation_->tell(stop);
    equity_->finish(now_);
    if (ledger_) ledger_->look(now_);
    input_.to = now_;
    const double whole = std::chrono::duration<double>(Clock::now() - begin).count();
    load_s_ = source.seconds_reading();
    run_s_ = settings_.threads > 1 ? whole : whole - load_s_;
    return check_components();
}

Result<BacktestResult> Run::finish() {
    const portfolio::Portfolio& books = books_->books();
    BacktestResult result;
    result.currency = settings_.currency;
    result.instruments = cast_.instruments;
    result.input = input_;
    result.counts = recorder_.counts();
    result.trade_count = books.trades().size();
    for (Player& player : cast_.players)
        result.strategies.push_back(player.run);
    Totals totals{books, cast_, *equity_, recorder_, now_};
    if (auto summed = totals.write(result); !summed) return failure(std::move(summed.error()));
    result.load_s = load_s_;
    result.run_s = run_s_;
    result.events_per_s = run_s_ > 0 ? static_cast<double>(input_.events) / run_s_ : 0;
    result.is_full = settings_.full;
    if (settings_.full) {
        result.signals = recorder_.signals();
        result.orders = recorder_.orders();
        result.fills = recorder_.fills();
        result.trades.assign(books.trades().begin(), books.trades().end());
    }
    result.equity_curve = equity_->curve();
    if (ledger_) result.ledger = ledger_->rows();
    if (candles_) result.candles = candles_->candles();
    RunningHash hash(simulation_->engine().running_hash());
    hash.add(report::hash_of(result.report));
    for (const Money money : {result.equity.final, result.equity.realized, result.equity.unrealized,
                              result.equity.fees})
        hash.add(static_cast<std::uint64_t>(money.raw()));
    result.result_hash = hash.value();
    result.run_id = run_id_of(result);
    std::uint64_t warm_up_bars = 0;
    for (const strategy::StrategyHost* host : hosts_)
        warm_up_bars = std::max(warm_up_bars, host->strategy().warm_up_bars());
    write_warnings(result, recorder_, simulation_->exchange().order_count(), warm_up_bars);
    for (const engine::StoppedComponent& stopped : simulation_->engine().stopped())
        result.warnings.push_back("\"" + stopped.name +
                                  "\" had to be stopped, the others went on: " + stopped.report);
    if (planner_ != nullptr) write_plan_notes(result, *planner_);
    if (guard_) result.risk = guard_->guardian().counts();
    if (cast_.has_actions) {
        result.actions.emplace();
        result.actions->applied = recorder_.actions();
        result.actions->adjusted = cast_.adjusted;
        result.actions->outside = cast_.actions.size() - recorder_.actions().size();
        if (cast_.actions.empty() && cast_.adjusted == 0)
            result.warnings.emplace_back(
                "the files of splits and dividends have none for these data and this view of them");
    }
    for (std::string& note : feed_.row_notes())
        result.warnings.push_back(std::move(note));
    return result;
}

}  // namespace

Result<BacktestResult> run_backtest(const BacktestSettings& settings,
                                    const Progressing& progressing, RunProbe* probe) {
    if (settings.from && settings.to && *settings.from > *settings.to)
        return failure(ErrorCode::usage, "the run ends before it begins", "--from, --to",
                       format_time(*settings.from) + " is after " + format_time(*settings.to),
                       "exchange them");
    auto cast = make_cast(settings);
    if (!cast) return failure(std::move(cast.error()));
    FeedRange range{settings.from, settings.to, 0, {}};
    if (settings.warm_up.kind == WarmUpKind::bars) range.warm_up_bars = settings.warm_up.bars;
    if (settings.warm_up.kind == WarmUpKind::span) range.warm_up_span = settings.warm_up.span;
    auto feed = MarketFeed::open(std::move(cast->data), range);
    if (!feed) return failure(std::move(feed.error()));
    Run run(settings, std::move(*cast), std::move(*feed), probe);
    if (auto prepared = run.prepare(); !prepared) return failure(std::move(prepared.error()));
    if (auto played = run.play(progressing); !played) return failure(std::move(played.error()));
    return run.finish();
}

}  // namespace millrace::backtest
