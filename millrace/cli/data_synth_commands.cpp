// `millrace data synth`: invented market data, the same from the same seed everywhere.
#include <fmt/format.h>
#include <ostream>

#include "millrace/app/data/market_sink.hpp"
#include "millrace/cli/bar_text.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/output_file.hpp"
#include "millrace/cli/progress.hpp"
#include "millrace/core/market/synthetic_market.hpp"

namespace millrace::cli {
namespace {

using market::SyntheticMarket;
using market::SyntheticRule;
using model::TableKind;

constexpr std::uint64_t kRowsATurn = 8'192;  // between two looks at whether to go on
constexpr std::size_t kPieceBytes = 64 << 10;
constexpr std::string_view kSymbolPlace = "{symbol}";
constexpr int kRateScale = 6;

tl::unexpected<Error> wrong_option(std::string_view option, Error error) {
    error.code = ErrorCode::usage;
    error.where = option;
    return failure(std::move(error));
}

// RFC 3339, or a date alone, which is its midnight in UTC.
Result<Time> time_option(const Invocation& invocation, std::string_view option) {
    auto time = model::parse_table_time(invocation.text(option), Zone::utc());
    if (!time) return wrong_option(option, std::move(time.error()));
    return *time;
}

Result<void> read_pace(const Invocation& invocation, SyntheticRule& rule) {
    const auto every = parse_duration(invocation.text("--every"));
    if (!every) return wrong_option("--every", Error(every.error()));
    rule.every = *every;
    const auto rate = parse_decimal(invocation.text("--rate"), kRateScale);
    if (!rate || *rate <= 0)
        return failure(ErrorCode::usage, "this is no rate", "--rate",
                       "it is a number of ticks a second, above zero", "write --rate 0.5");
    rule.distance = Duration::nanoseconds(static_cast<std::int64_t>(divide_rounded(
        int128{1'000'000'000} * power_of_ten(kRateScale), *rate, Rounding::half_even)));
    return {};
}

Result<void> read_symbols(const Invocation& invocation, SyntheticRule& rule) {
    market::SyntheticSymbol terms;
    if (invocation.given("--price")) {
        const auto price = Price::parse(invocation.text("--price"));
        if (!price) return wrong_option("--price", Error(price.error()));
        terms.start = *price;
    }
    const auto step = Price::parse(invocation.text("--step"));
    if (!step) return wrong_option("--step", Error(step.error()));
    terms.step = *step;
    const auto lot = Quantity::parse(invocation.text("--lot"));
    if (!lot) return wrong_option("--lot", Error(lot.error()));
    terms.lot = *lot;
    std::vector<std::string> names = invocation.texts("--symbol");
    if (names.empty()) names = {invocation.text("--symbol")};
    for (const std::string& name : names) {
        terms.name = name;
        terms.id = InstrumentId(static_cast<InstrumentId::Value>(rule.symbols.size()));
        for (const market::SyntheticSymbol& other : rule.symbols)
            if (other.name == name)
                return failure(ErrorCode::usage, "the symbol is named twice", name, {},
                               "name it once");
        rule.symbols.push_back(terms);
    }
    return {};
}

Result<SyntheticRule> rule_of(const Invocation& invocation) {
    SyntheticRule rule;
    for (std::size_t kind = 0; kind < model::kTableKindNames.size(); ++kind)
        if (invocation.text("--kind") == model::kTableKindNames[kind])
            rule.kind = static_cast<TableKind>(kind);
    rule.seed = static_cast<std::uint64_t>(invocation.integer("--seed"));
    const auto from = time_option(invocation, "--from");
    if (!from) return failure(Error(from.error()));
    const auto to = time_option(invocation, "--to");
    if (!to) return failure(Error(to.error()));
    rule.from = *from;
    rule.to = *to;
    auto regime = market::parse_regime(invocation.text("--regime"));
    if (!regime) return wrong_option("--regime", std::move(regime.error()));
    rule.regime = *regime;
    if (auto read = read_pace(invocation, rule); !read) return failure(std::move(read.error()));
    if (auto read = read_symbols(invocation, rule); !read) return failure(std::move(read.error()));
    if (invocation.given("--session")) {
        auto calendar = market::Calendar::find(invocation.text("--session"));
        if (!calendar) return wrong_option("--session", std::move(calendar.error()));
        rule.calendar = *calendar;
    }
    if (auto checked = market::check(rule); !checked) return failure(std::move(checked.error()));
    return rule;
}

// What is written where.
struct Output {
    std::string path;
    std::vector<std::string> symbols;
    data::Written written;
};

class Maker {
  public:
    Maker(Invocation& invocation, const SyntheticRule& rule)
        : invocation_(invocation),
          expected_(SyntheticMarket(rule).expected()),
          progress_(invocation, "rows", expected_) {}

    Result<Output> make_store(const SyntheticRule& part, const std::string& path) {
        data::MarketOutput output;
        output.path = path;
        output.format = data::format_of_path(path);
        output.kind = part.kind;
        output.source = "synthetic";
        output.replaces = invocation_.flag("--replace");
        for (const market::SyntheticSymbol& symbol : part.symbols) {
            auto made = data::instrument_named(symbol.name, symbol.id, symbol.step, "USD");
            if (!made) return failure(std::move(made.error()));
            made->quantity_increment = symbol.lot;
            output.instruments.push_back(*made);
        }
        SyntheticMarket market(part);
        const auto written = data::write_market(output, [&](model::Datum& datum) -> Result<bool> {
            if (auto on = go_on(); !on) return failure(std::move(on.error()));
            return market.next(datum);
        });
        if (!written) return failure(Error(written.error()));
        return done(part, path, *written);
    }

    // To stdout when the path is empty.
    Result<Output> make_csv(const SyntheticRule& part, const std::string& path) {
        std::optional<OutputFile> file;
        if (!path.empty()) {
            if (auto free = data::check_place(path, invocation_.flag("--replace")); !free)
                return failure(std::move(free.error()));
            auto created = OutputFile::create(path);
            if (!created) return failure(std::move(created.error()));
            file = std::move(*created);
        }
        data::Written written;
        const auto pass_on = [&]() -> Result<void> {
            written.bytes += text_.size();
            Result<void> passed;
            if (file)
                passed = file->write(text_);
            else
                invocation_.out() << text_;
            text_.clear();
            return passed;
        };
        begin_csv(part);
        SyntheticMarket market(part);
        model::Datum datum;
        while (market.next(datum)) {
            if (auto on = go_on(); !on) return failure(std::move(on.error()));
            add_row(datum);
            ++written.rows;
            if (text_.size() < kPieceBytes) continue;
            if (auto passed = pass_on(); !passed) return failure(std::move(passed.error()));
        }
        auto passed = pass_on();
        if (passed && file) passed = file->finish();
        if (!passed) return failure(std::move(passed.error()));
        return done(part, path, written);
    }

  private:
    Result<void> go_on() {
        if (++rows_ % kRowsATurn != 0) return {};
        progress_.update(std::min(rows_, expected_));
        if (!Invocation::interrupted()) return {};
        return failure(ErrorCode::interrupted, "stopped before the end of the data");
    }

    static Output done(const SyntheticRule& part, const std::string& path,
                       const data::Written& written) {
        Output output{path, {}, written};
        for (const market::SyntheticSymbol& symbol : part.symbols)
            output.symbols.push_back(symbol.name);
        return output;
    }

    void begin_csv(const SyntheticRule& part) {
        market::BarRule rule;
        rule.source = market::BarSource::bars;
        bars_.emplace(BarForm::csv, BarEdge::left, rule);
        text_.clear();
        switch (part.kind) {
            case TableKind::bars: text_ += bars_->head(part.symbols.front().name); break;
            case TableKind::quotes: text_ += "time,bid,ask,bid_size,ask_size\n"; break;
            case TableKind::trades: text_ += "time,price,size\n"; break;
        }
    }
    void add_row(const model::Datum& datum) {
        if (const auto* bar = std::get_if<model::Bar>(&datum)) {
            text_ += bars_->row({*bar, bar->known_at, false});
        } else if (const auto* quote = std::get_if<model::Quote>(&datum)) {
            add_time(quote->known_at);
            add_number(quote->bid);
            add_number(quote->ask);
            add_number(quote->bid_size);
            add_number(quote->ask_size);
            text_ += '\n';
        } else {
            const auto& trade = std::get<model::Trade>(datum);
            add_time(trade.known_at);
            add_number(trade.price);
            add_number(trade.size);
            text_ += '\n';
        }
    }
    void add_time(Time time) {
        std::array<char, 32> clock{};
        text_ += format_time(time, clock);
    }
    template <class Number>
    void add_number(Number number) {
        std::array<char, kDecimalTextMax> digits{};
        text_ += ',';
        text_ += format_decimal(number.raw(), Number::kScale, digits);
    }

    Invocation& invocation_;
    std::uint64_t expected_;
    Progress progress_;
    std::uint64_t rows_ = 0;
    std::optional<BarText> bars_;
    std::string text_;
};

std::string path_for(std::string path, const std::string& symbol) {
    for (std::size_t at = path.find(kSymbolPlace); at != std::string::npos;
         at = path.find(kSymbolPlace, at + symbol.size()))
        path.replace(at, kSymbolPlace.size(), symbol);
    return path;
}

Result<std::vector<Output>> make_all(Invocation& invocation, const SyntheticRule& rule) {
    const std::string path = invocation.text("--out");
    const bool is_csv = !path.ends_with(".tape") && !path.ends_with(".parquet");
    if (path.empty() && invocation.json())
        return failure(ErrorCode::usage, "rows are printed as CSV", "--json",
                       "a document is printed of files that were made", "add --out PATH");
    std::vector<SyntheticRule> parts = {rule};
    const bool is_split = path.find(kSymbolPlace) != std::string::npos;
    if (is_split || rule.symbols.size() > 1) {
        if (!is_split && !path.ends_with(".tape"))
            return failure(ErrorCode::usage, "only a tape holds several symbols",
                           path.empty() ? "stdout" : path, {},
                           "write --out market.tape, or --out '{symbol}.csv'");
        if (is_split) parts.clear();
        for (const market::SyntheticSymbol& symbol : rule.symbols)
            if (is_split) {
                parts.push_back(rule);
                parts.back().symbols = {symbol};
                parts.back().symbols.front().id = InstrumentId(0);
            }
    }
    std::vector<Output> outputs;
    Maker maker(invocation, rule);
    for (const SyntheticRule& part : parts) {
        const std::string place = path_for(path, part.symbols.front().name);
        auto made = is_csv ? maker.make_csv(part, place) : maker.make_store(part, place);
        if (!made) return failure(std::move(made.error()));
        outputs.push_back(std::move(*made));
    }
    return outputs;
}

int synth(Invocation& invocation) {
    const auto rule = rule_of(invocation);
    if (!rule) return invocation.fail(rule.error());
    const auto outputs = make_all(invocation, *rule);
    if (!outputs) return invocation.fail(outputs.error());
    if (!invocation.json()) {
        for (const Output& output : *outputs)
            if (!output.path.empty())
                invocation.out() << fmt::format("{}: {} rows, {} bytes\n", output.path,
                                                output.written.rows, output.written.bytes);
        return 0;
    }
    JsonWriter document = Invocation::document();
    document.member("kind", name_of(rule->kind)).member("seed", rule->seed);
    document.member("regime", invocation.text("--regime")).key("outputs").begin_array();
    for (const Output& output : *outputs) {
        document.begin_object().member("path", output.path).key("symbols").begin_array();
        for (const std::string& symbol : output.symbols)
            document.text(symbol);
        document.end_array().member("rows", output.written.rows);
        document.member("bytes", output.written.bytes).end_object();
    }
    document.end_array().end_object();
    invocation.print(document);
    return 0;
}

std::vector<std::string> calendar_names() {
    const auto names = market::Calendar::names();
    return {names.begin(), names.end()};
}

std::vector<std::string> regime_names() {
    return {"random-walk", "mean-reverting", "trending", "jumps", "uniform"};
}

std::vector<Option> market_options() {
    return {{.name = "--kind",
             .value_name = "KIND",
             .doc = "What is made",
             .kind = Kind::choice,
             .default_text = "bars",
             .choices = {"bars", "quotes", "trades"}},
            {.name = "--symbol",
             .value_name = "NAME",
             .doc = "Of the instrument; may be given several times",
             .kind = Kind::text,
             .default_text = "SYN",
             .repeatable = true},
            {.name = "--seed",
             .value_name = "N",
             .doc = "The same seed gives the same data",
             .kind = Kind::integer,
             .default_text = "1",
             .minimum = 0},
            {.name = "--from",
             .value_name = "TIME",
             .doc = "Where the data begin; UTC unless it names a zone",
             .kind = Kind::text,
             .required = true},
            {.name = "--to",
             .value_name = "TIME",
             .doc = "Nothing begins then or later",
             .kind = Kind::text,
             .required = true},
            {.name = "--every",
             .value_name = "LENGTH",
             .doc = "Of bars",
             .kind = Kind::text,
             .default_text = "1m"},
            {.name = "--rate",
             .value_name = "N",
             .doc = "Quotes or trades a second, on average, of each symbol",
             .kind = Kind::text,
             .default_text = "1"},
            {.name = "--session",
             .value_name = "CALENDAR",
             .doc = "Only while this market is open; always unless given",
             .kind = Kind::text,
             .suggest = calendar_names}};
}

std::vector<Option> price_options() {
    return {
        {.name = "--regime",
         .value_name = "REGIME",
         .doc = "How prices move: random-walk, mean-reverting, trending, jumps or uniform, with "
                "settings behind commas: random-walk,volatility=30,drift=5",
         .kind = Kind::text,
         .default_text = "random-walk",
         .suggest = regime_names},
        {.name = "--price",
         .value_name = "PRICE",
         .doc = "To begin with; between 10 and 100, by the seed, unless given",
         .kind = Kind::text},
        {.name = "--step",
         .value_name = "PRICE",
         .doc = "Of which all prices are multiples",
         .kind = Kind::text,
         .default_text = "0.01"},
        {.name = "--lot",
         .value_name = "QUANTITY",
         .doc = "Of which all sizes are multiples",
         .kind = Kind::text,
         .default_text = "1"},
        {.name = "--out",
         .value_name = "PATH",
         .doc = "A tape or Parquet file if it ends so, else CSV; {symbol} makes one for each; "
                "CSV on stdout unless given",
         .kind = Kind::path},
        {.name = "--replace", .doc = "Write over a file that is there"}};
}

}  // namespace

void add_data_synth_commands(Table& table) {
    std::vector<Option> options = market_options();
    for (Option& option : price_options())
        options.push_back(std::move(option));
    table.add(Command{
        .path = "data synth",
        .summary = "Make market data up, from a seed",
        .description =
            "Invents bars, quotes or trades by a stated rule. The same words give the same bytes "
            "on every machine, and a symbol's data do not hang on which others are made with it.",
        .options = std::move(options),
        .examples =
            {{"millrace data synth --from 2025-01-01 --to 2025-02-01 --out ACME.csv --symbol ACME",
              "A month of minutes"},
             {"millrace data synth --kind quotes --rate 5 --from 2025-01-06 --to 2025-01-07 "
              "--out ACME.tape",
              "A day of quotes, five a second"},
             {"millrace data synth --every 1d --from 2020-01-01 --to 2025-01-01 --session "
              "us-equities",
              "Five years of trading days"}},
        .run = synth,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
