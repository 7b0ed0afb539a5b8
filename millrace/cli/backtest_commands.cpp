// `millrace backtest`: flags and a run file to settings, the result as text or JSON.
#include <fmt/format.h>
#include <ostream>

#include "millrace/app/backtest/backtest.hpp"
#include "millrace/app/backtest/lookahead_check.hpp"
#include "millrace/app/backtest/result_json.hpp"
#include "millrace/app/backtest/run_file.hpp"
#include "millrace/app/backtest/run_keys.hpp"
#include "millrace/app/runs/kept_backtest.hpp"
#include "millrace/base/hash.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/kept_runs.hpp"
#include "millrace/cli/progress.hpp"
#include "millrace/cli/reference.hpp"
#include "millrace/cli/table_options.hpp"
#include "millrace/core/report/report_text.hpp"
#include "millrace/core/strategy/library/registry.hpp"

namespace millrace::cli {
namespace {

using backtest::BacktestSettings;

// Options that are keys of a run, each with its table and key.
struct KeyOption {
    std::string_view option, table, key;
};
constexpr KeyOption kKeyOptions[] = {
    {"--cash", "run", "cash"},
    {"--currency", "run", "currency"},
    {"--from", "run", "from"},
    {"--to", "run", "to"},
    {"--warm-up", "run", "warm-up"},
    {"--threads", "run", "threads"},
    {"--fill", "venue", "fill"},
    {"--fee-bps", "venue", "fee-bps"},
    {"--slippage-bps", "venue", "slippage-bps"},
    {"--prices", "data", "prices"},
};

Result<void> set_key(BacktestSettings& settings, std::string_view table, std::string_view key,
                     const std::vector<std::string>& values, const std::string& where) {
    auto done = backtest::set_run_value(settings, table, backtest::has_members(table) ? "*" : "",
                                        key, values);
    if (!done) {
        done.error().code = ErrorCode::usage;
        done.error().where = where;
    }
    return done;
}

// "SYMBOL=FILE" or "FILE"; a path with '=' in it is written "SYMBOL=PATH".
void add_data(BacktestSettings& settings, const std::string& word) {
    backtest::DataTerms terms;
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos) terms.symbol = word.substr(0, equals);
    terms.files = {equals == std::string::npos ? word : word.substr(equals + 1)};
    settings.data.push_back(std::move(terms));
}

// --symbol names the data of a single file that has no name yet; of several it chooses.
Result<void> choose_symbol(BacktestSettings& settings, const std::string& symbol) {
    std::size_t files = 0;
    for (const backtest::DataTerms& terms : settings.data)
        files += terms.files.size();
    if (files == 1 && settings.data.front().symbol.empty()) {
        settings.data.front().symbol = symbol;
        return {};
    }
    for (auto& [name, terms] : settings.strategies)
        if (terms.symbols.empty()) terms.symbols = {symbol};
    return {};
}

// key=value: of a strategy's parameter, or of a run key with its table in front (venue.bar-path).
Result<void> set_pair(BacktestSettings& settings, const std::string& strategy,
                      const std::string& pair) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
        return failure(ErrorCode::usage, "\"" + pair + "\" sets nothing", "--set", {},
                       "write --set key=value");
    const std::string key = pair.substr(0, equals);
    const std::string value = pair.substr(equals + 1);
    if (const std::size_t dot = key.find('.'); dot != std::string::npos)
        return set_key(settings, key.substr(0, dot), key.substr(dot + 1), {value}, "--set " + key);
    if (settings.strategies.size() != 1 && strategy.empty())
        return failure(ErrorCode::usage, "--set " + key + " has no strategy to go to", "--set",
                       "the run has several", "set it in the run file: [strategy.NAME.set]");
    auto& terms =
        strategy.empty() ? settings.strategies.begin()->second : settings.strategies[strategy];
    terms.parameters[strategy::plain_parameter_name(key)] = value;
    return {};
}

Result<BacktestSettings> settings_of(const Invocation& invocation) {
    BacktestSettings settings;
    if (invocation.given("--config"))
        if (auto read = backtest::read_run_file(invocation.text("--config"), settings); !read)
            return failure(std::move(read.error()));
    for (const std::string& word : invocation.texts("--data"))
        add_data(settings, word);
    if (invocation.given("FILE"))
        for (const std::string& word : invocation.texts("FILE"))
            add_data(settings, word);
    std::string strategy;
    if (invocation.given("STRATEGY")) {
        strategy = backtest::player_name_of(invocation.text("STRATEGY"));
        settings.strategies[strategy].type = invocation.text("STRATEGY");
    }
    for (const KeyOption& one : kKeyOptions)
        if (invocation.given(one.option))
            if (auto set = set_key(settings, one.table, one.key, {invocation.text(one.option)},
                                   std::string(one.option));
                !set)
                return failure(std::move(set.error()));
    if (invocation.given("--actions"))
        if (auto set =
                set_key(settings, "data", "actions", invocation.texts("--actions"), "--actions");
            !set)
            return failure(std::move(set.error()));
    for (const std::string& pair : invocation.texts("--set"))
        if (auto set = set_pair(settings, strategy, pair); !set)
            return failure(std::move(set.error()));
    if (invocation.given("--symbol"))
        if (auto chosen = choose_symbol(settings, invocation.text("--symbol")); !chosen)
            return failure(std::move(chosen.error()));
    settings.full = settings.full || invocation.flag("--full");
    if (settings.strategies.empty())
        return failure(ErrorCode::usage, "there is no strategy to run", {}, {},
                       "name one: millrace backtest ema-cross --data FILE");
    if (settings.data.empty())
        return failure(ErrorCode::usage, "there is no data to run on", {}, {},
                       "name a file: --data FILE");
    return settings;
}

void print_text(Invocation& invocation, const backtest::BacktestResult& result) {
    auto& out = invocation.out();
    for (const backtest::StrategyRun& run : result.strategies) {
        std::string parameters;
        for (const backtest::ParameterValue& parameter : run.parameters)
            parameters += " " + parameter.name + "=" + parameter.text;
        std::string symbols;
        for (std::size_t i = 0; i < run.symbols.size() && i < 5; ++i)
            symbols += (symbols.empty() ? "" : ", ") + run.symbols[i];
        if (run.symbols.size() > 5) symbols += fmt::format(" and {} more", run.symbols.size() - 5);
        out << fmt::format("{:<14}{}{} on {}\n", "strategy", run.name, parameters, symbols);
    }
    out << fmt::format("{:<14}{} events, {} of them bars, {} to warm up; {} to {}\n", "input",
                       result.input.events, result.input.bars, result.input.warm_up,
                       format_time(result.input.from), format_time(result.input.to));
    out << fmt::format("{:<14}{} signals, {} orders, {} refused, {} deals, {} closed trades\n",
                       "activity", result.counts.signals, result.counts.orders,
                       result.counts.rejected, result.counts.fills, result.trade_count);
    const auto& equity = result.equity;
    out << fmt::format("{:<14}{} -> {} {}: realized {}, unrealized {}, fees {}\n\n", "equity",
                       equity.initial.to_string(), equity.final.to_string(), result.currency,
                       equity.realized.to_string(), equity.unrealized.to_string(),
                       equity.fees.to_string());
    if (!equity.borrow_fees.is_zero() || !equity.interest.is_zero())
        out << fmt::format("{:<14}borrowing {}, interest {}, both part of realized\n\n", "credit",
                           equity.borrow_fees.to_string(), equity.interest.to_string());
    if (result.actions) {
        const auto& actions = *result.actions;
        out << fmt::format(
            "{:<14}{} applied, {} that prices are adjusted by, {} outside of the "
            "data; dividends {}\n\n",
            "actions", actions.applied.size(), actions.adjusted, actions.outside,
            equity.dividends.to_string());
    }
    out << report::to_text(result.report, result.currency) << '\n';
    for (const std::string& warning : result.warnings)
        out << "note: " << warning << '\n';
    out << fmt::format("{:<14}{}\n{:<14}{}\n", "run", result.run_id, "result hash",
                       hash_text(result.result_hash));
    out << fmt::format("{:<14}{:.3f} s reading, {:.3f} s running, {:.0f} events/s\n", "took",
                       result.load_s, result.run_s, result.events_per_s);
}

void print_result(Invocation& invocation, const backtest::BacktestResult& result,
                  const runs::KeptBacktest* kept) {
    if (!invocation.json()) {
        print_text(invocation, result);
        if (kept != nullptr)
            invocation.out() << fmt::format("{:<14}{} in {}{}\n", "kept as",
                                            kept->hash.substr(0, 12), kept->entry.string(),
                                            kept->was_kept_before ? ", as before" : "");
        return;
    }
    JsonWriter document = Invocation::document();
    backtest::write_json(result, document);
    if (kept != nullptr) {
        document.key("kept").begin_object().member("run", kept->hash);
        document.member("folder", kept->entry.string());
        document.member("was_kept_before", kept->was_kept_before);
        document.member("out", invocation.text("--out")).end_object();
    }
    document.end_object();
    invocation.print(document);
}

int run_and_keep(Invocation& invocation, const BacktestSettings& settings,
                 const backtest::Progressing& progressing, std::optional<Progress>& progress) {
    const auto registry = registry_of(invocation);
    if (!registry) return invocation.fail(registry.error());
    auto kept =
        runs::run_and_keep(settings, {invocation.text("--out"), registry->folder()}, progressing);
    progress.reset();
    if (!kept) return invocation.fail(kept.error());
    kept->result.is_full = settings.full;
    print_result(invocation, kept->result, &*kept);
    return 0;
}

void print_text(Invocation& invocation, const backtest::LookaheadReport& report) {
    auto& out = invocation.out();
    out << fmt::format("{:<14}{} events: {} signals and {} orders and cancels\n", "whole run",
                       report.events, report.signals, report.orders);
    for (const backtest::LookaheadCut& cut : report.cuts) {
        out << fmt::format("{:<14}{:<22} {:>8} signals {:>8} orders  {}\n", "cut after",
                           format_time(cut.time), cut.signals, cut.orders,
                           cut.difference ? "NOT THE SAME" : "the same");
        if (cut.difference)
            out << fmt::format("  {:<12}{}\n  {:<12}{}\n", "whole run:", cut.difference->whole,
                               "cut off:", cut.difference->truncated);
    }
    out << fmt::format("{:<14}{}\n", "seed", report.seed);
    if (report.signals + report.orders == 0)
        out << "note: nothing was decided, so nothing was compared\n";
}

// Cut at moments that hang on the seed of the run.
int check_lookahead(Invocation& invocation, const BacktestSettings& settings,
                    const backtest::Progressing& progressing, std::optional<Progress>& progress) {
    backtest::LookaheadOptions options;
    options.seed = settings.seed;
    const auto report = backtest::check_lookahead(settings, options, progressing);
    progress.reset();
    if (!report) return invocation.fail(report.error());
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        backtest::write_json(*report, document);
        document.end_object();
        invocation.print(document);
    } else {
        print_text(invocation, *report);
    }
    if (report->is_same()) return 0;
    if (invocation.json()) return exit_code_of(ErrorCode::data);
    return invocation.fail(
        Error{ErrorCode::data,
              "decisions change when the future is cut off",
              {},
              "a strategy looks ahead: it decides by what it could not know yet",
              "look at what it keeps beside its own state, and at how its data were made"});
}

int run_backtest(Invocation& invocation) {
    if (invocation.flag("--keys")) {
        invocation.out() << run_file_markdown();
        return 0;
    }
    const auto settings = settings_of(invocation);
    if (!settings) return invocation.fail(settings.error());
    std::optional<Progress> progress;
    const auto progressing = [&](const backtest::RunProgress& done) {
        if (!progress) progress.emplace(invocation, "events", done.expected);
        progress->update(std::min(done.done, std::max(done.expected, std::uint64_t{1})));
        return !Invocation::interrupted();
    };
    if (invocation.flag("--check-lookahead"))
        return check_lookahead(invocation, *settings, progressing, progress);
    if (invocation.flag("--keep") || invocation.given("--out"))
        return run_and_keep(invocation, *settings, progressing, progress);
    const auto result = backtest::run_backtest(*settings, progressing);
    progress.reset();
    if (!result) return invocation.fail(result.error());
    print_result(invocation, *result, nullptr);
    return 0;
}

std::vector<std::string> strategy_names() {
    std::vector<std::string> names;
    for (const strategy::StrategyType& type : strategy::all_strategies())
        names.emplace_back(type.name);
    return names;
}

std::vector<Option> backtest_options() {
    const auto text = [](std::string name, std::string value_name, std::string doc) {
        return Option{.name = std::move(name),
                      .value_name = std::move(value_name),
                      .doc = std::move(doc),
                      .kind = Kind::text};
    };
    Option data =
        text("--data", "[SYMBOL=]FILE", "Market data; the symbol is the file's name unless given");
    data.repeatable = true;
    Option set = text("--set", "KEY=VALUE",
                      "A parameter of the strategy, or a run key such as venue.bar-path");
    set.repeatable = true;
    set.replaces_global = true;
    Option config = text("--config", "FILE", "Read the run from this file; flags come on top");
    config.kind = Kind::path;
    config.replaces_global = true;
    Option actions = text("--actions", "FILE", "Splits and dividends of the data");
    actions.kind = Kind::path;
    actions.repeatable = true;
    // Those that are run keys as well leave their lines of the help to others.
    Option currency =
        text("--currency", "C", "Currency of the account and the prices; USD unless given");
    currency.hidden = true;
    Option warm_up =
        text("--warm-up", "N|SPAN", "Bars (or 30d) that strategies hear before they may trade");
    warm_up.hidden = true;
    Option threads = text("--threads", "N", "2 reads files ahead on a thread of its own");
    threads.hidden = true;
    Option out = text("--out", "DIR", "Write every table of the run there, and keep the run");
    out.kind = Kind::path;
    return {data,
            text("--symbol", "S", "Name the symbol of a single file, or choose one of several"),
            set,
            config,
            text("--cash", "N", "Money to begin with; 100000 unless given"),
            currency,
            text("--fill", "WHEN",
                 "When orders meet the market: next-open (unless given), same-close, "
                 "next-close, immediate, latency"),
            text("--fee-bps", "N", "Fee in basis points of what is dealt"),
            text("--slippage-bps", "N", "How much worse than the market orders deal"),
            text("--from", "TIME", "First moment of trading: 2024-01-31 or RFC 3339"),
            text("--to", "TIME", "Last moment; a day is included"),
            actions,
            price_view_option(),
            warm_up,
            threads,
            out,
            {.name = "--keep", .doc = "Keep the run; see it with millrace runs"},
            {.name = "--full",
             .doc = "With --json: every signal, order, fill and trade",
             .hidden = true},
            {.name = "--check-lookahead",
             .doc = "Cut the data off at random moments and compare the decisions up to "
                    "there; exit code 4 when they differ"},
            {.name = "--keys",
             .doc = "Print what a run file can hold, and run nothing",
             .hidden = true}};
}

}  // namespace

void add_backtest_commands(Table& table) {
    table.add(Command{
        .path = "backtest",
        .section = "Research",
        .summary = "Run strategies over past data through the whole engine",
        .description =
            "Reads market data (CSV of bars, quotes or trades), lets strategies trade on it at a "
            "simulated venue, and tells what came of it. A decision never sees later than its "
            "bar's close, and meets the market by the rule of --fill. Several strategies, symbols "
            "and accounts are set up in a run file (docs/reference/run-file.md). With "
            "--json --full the document has every signal, order, fill and trade. The same run "
            "gives the same result hash on every machine.",
        .arguments = {{.name = "STRATEGY",
                       .doc = "As `millrace strategies` lists them; needed without --config",
                       .required = false,
                       .suggest = strategy_names},
                      {.name = "FILE",
                       .doc = "More market data, as after --data",
                       .repeatable = true,
                       .required = false}},
        .options = backtest_options(),
        .examples = {{"millrace backtest ema-cross --data prices.csv --set fast=10 --set slow=30",
                      "One strategy on one file"},
                     {"millrace backtest --config run.toml --json --full",
                      "A run file, as one JSON document"}},
        .run = run_backtest,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
