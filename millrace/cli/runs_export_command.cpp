// `millrace runs export`: the orders of a kept run as OrderSchema rows or an Interactive Brokers
// basket. The options keep the predecessor's names (spec A5).
#include <ostream>

#include "millrace/app/backtest/run_keys.hpp"
#include "millrace/app/runs/order_export.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/kept_runs.hpp"
#include "millrace/cli/output_file.hpp"

namespace millrace::cli {
namespace {

using runs::ExportTerms;

// The place of a word among those of its option: the parser let nothing else through.
template <class T, std::size_t N>
T chosen(const std::string& word, const std::array<std::string_view, N>& words) {
    for (std::size_t at = 0; at < N; ++at)
        if (words[at] == word) return static_cast<T>(at);
    return T{};
}

constexpr std::array<std::string_view, 2> kFormats = {"orders", "ib-basket"};
constexpr std::array<std::string_view, 4> kSizings = {"kept", "fixed", "pct_of_equity", "risk"};
constexpr std::array<std::string_view, 2> kPolicies = {"session_end", "good_till_cancel"};
constexpr std::array<std::string_view, 3> kModes = {"nearest", "floor", "ceil"};
constexpr std::array kRoundings = {Rounding::half_even, Rounding::floor, Rounding::ceiling};

std::vector<std::string> words_of(std::span<const std::string_view> words) {
    return {words.begin(), words.end()};
}

template <class T>
Result<void> read(const Invocation& invocation, std::string_view option, auto& into) {
    if (!invocation.given(option)) return {};
    const auto value = T::parse(invocation.text(option));
    if (!value || value->raw() <= 0)
        return failure(ErrorCode::usage, "\"" + invocation.text(option) + "\" is not allowed here",
                       std::string(option), "it is no number above zero",
                       "write a decimal such as 0.01");
    into = *value;
    return {};
}

// STK/SMART/USD
Result<void> read_contract(const std::string& text, ExportTerms& terms) {
    const std::size_t first = text.find('/');
    const std::size_t second = first == std::string::npos ? first : text.find('/', first + 1);
    if (second == std::string::npos || text.find('/', second + 1) != std::string::npos)
        return failure(ErrorCode::usage, "\"" + text + "\" is no contract", "--contract",
                       "it has three parts", "write SECTYPE/EXCHANGE/CURRENCY: STK/SMART/USD");
    terms.security_type = text.substr(0, first);
    terms.exchange = text.substr(first + 1, second - first - 1);
    terms.currency = text.substr(second + 1);
    return {};
}

Result<ExportTerms> terms_of(const Invocation& invocation) {
    ExportTerms terms;
    terms.format = chosen<runs::ExportFormat>(invocation.text("--format"), kFormats);
    terms.sizing = chosen<runs::ExportSizing>(invocation.text("--sizing"), kSizings);
    terms.expire = chosen<runs::ExpirePolicy>(invocation.text("--expire-policy"), kPolicies);
    terms.price_rounding = kRoundings[chosen<std::size_t>(invocation.text("--round-mode"), kModes)];
    terms.strategy = invocation.text("--strategy");
    terms.time_in_force = invocation.text("--tif");
    terms.zone_name = invocation.text("--gtd-tz");
    const auto zone = Zone::find(terms.zone_name);
    if (!zone) return failure(Error(zone.error()));
    terms.zone = *zone;
    if (invocation.given("--from")) {
        const auto from = backtest::parse_range_end(invocation.text("--from"), false);
        if (!from) return failure(Error(from.error()));
        terms.from = *from;
    }
    for (Result<void> done : {read_contract(invocation.text("--contract"), terms),
                              read<Price>(invocation, "--tick-size", terms.tick_size),
                              read<Ratio>(invocation, "--size", terms.size),
                              read<Money>(invocation, "--equity", terms.equity),
                              read<Money>(invocation, "--max-notional", terms.notional_max),
                              read<Quantity>(invocation, "--min-qty", terms.quantity_min)})
        if (!done) return failure(std::move(done.error()));
    return terms;
}

int export_run(Invocation& invocation) {
    const auto terms = terms_of(invocation);
    if (!terms) return invocation.fail(terms.error());
    const auto run = run_named(invocation, invocation.text("RUN"));
    if (!run) return invocation.fail(run.error());
    const auto exported = runs::export_orders(*run, *terms);
    if (!exported) return invocation.fail(exported.error());
    if (exported->dropped > 0)
        invocation.say("note: " + std::to_string(exported->dropped) +
                       " orders came to a size of nothing and were left out");
    if (exported->orders == 0) invocation.say("note: no order of the run is meant");
    if (invocation.given("--out")) {
        auto file = OutputFile::create(invocation.text("--out"));
        if (!file) return invocation.fail(file.error());
        if (auto written = file->write(exported->csv); !written)
            return invocation.fail(written.error());
        if (auto finished = file->finish(); !finished) return invocation.fail(finished.error());
    }
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("orders", exported->orders).member("dropped", exported->dropped);
        document.member("file", invocation.text("--out"));
        if (!invocation.given("--out")) document.member("csv", exported->csv);
        document.end_object();
        invocation.print(document);
    } else if (!invocation.given("--out")) {
        invocation.out() << exported->csv;
    }
    return 0;
}

Option choice(std::string name, std::string value_name, std::string doc,
              std::span<const std::string_view> words) {
    return {.name = std::move(name),
            .value_name = std::move(value_name),
            .doc = std::move(doc),
            .kind = Kind::choice,
            .default_text = std::string(words.front()),
            .choices = words_of(words)};
}

Option text(std::string name, std::string value_name, std::string doc,
            std::string default_text = {}) {
    return {.name = std::move(name),
            .value_name = std::move(value_name),
            .doc = std::move(doc),
            .kind = Kind::text,
            .default_text = std::move(default_text)};
}

}  // namespace

void add_runs_export_command(Table& table) {
    Option out = text("--out", "FILE", "Write there instead of to stdout");
    out.kind = Kind::path;
    table.add(Command{
        .path = "runs export",
        .summary = "Write a kept run's orders for a broker",
        .description =
            "As rows of the order schema, or as a basket for Interactive Brokers: each entry, its "
            "stop and target as children, or where it has none an exit at the close of the day. "
            "Sizes are the run's own unless --sizing works them out anew; an order whose size "
            "comes to nothing is left out and counted.",
        .arguments = {{.name = "RUN",
                       .doc = "The beginning of its hash or run id, or the folder of --out",
                       .suggest = kept_run_names}},
        .options = {choice("--format", "KIND", "Rows of the order schema, or a basket", kFormats),
                    out, text("--from", "TIME", "Only orders from then on: 2024-01-31 or RFC 3339"),
                    text("--strategy", "NAME", "Only those of this strategy"),
                    text("--tick-size", "STEP", "Round prices to multiples of this"),
                    choice("--round-mode", "HOW", "How prices and sizes by risk are rounded",
                           kModes),
                    text("--tif", "TIF", "Time in force of every order; else as it was"),
                    choice("--expire-policy", "WHEN",
                           "When an order without an end of its own lapses", kPolicies),
                    text("--contract", "SPEC", "Security type, exchange and currency",
                         "STK/SMART/USD"),
                    text("--gtd-tz", "ZONE", "Time zone of a basket's times", "America/New_York"),
                    choice("--sizing", "HOW", "Where sizes come from", kSizings),
                    text("--size", "N",
                         "Units with fixed, percent with pct_of_equity and risk; 1 unless given"),
                    text("--equity", "N", "Money that percents are of; 10000 unless given"),
                    text("--max-notional", "N",
                         "Most that an order sized by risk may be worth; the equity unless given"),
                    text("--min-qty", "N", "Least size by risk; 1 unless given")},
        .examples = {{"millrace runs export 3f9c --format ib-basket --from 2024-01-31",
                      "The orders of the last days as a basket"}},
        .run = export_run});
}

}  // namespace millrace::cli
