// The page, from its head to its foot. Every text that comes from outside goes through escaped().
#include "millrace/app/runs/tear_sheet.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <fmt/format.h>
#include <map>
#include <numeric>

#include "millrace/app/runs/chart.hpp"
#include "millrace/app/runs/metrics_document.hpp"
#include "millrace/app/runs/page_text.hpp"
#include "millrace/app/runs/run_curves.hpp"
#include "millrace/app/runs/run_files.hpp"
#include "millrace/base/date.hpp"
#include "millrace/core/report/equity_series.hpp"
#include "millrace/core/report/report_text.hpp"

namespace millrace::runs {
namespace {

using report::MetricId;

constexpr std::size_t kTradesShown = 300;
constexpr std::size_t kChartedSymbolsMax = 3;
constexpr std::size_t kReturnsShown = 20;  // of fewer a distribution says nothing
constexpr std::size_t kRollingDays = 63;   // a quarter of trading days
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

class Sheet {
  public:
    explicit Sheet(const KeptRun& run) : run_(run) {}

    Result<void> load();
    [[nodiscard]] std::string page(std::size_t trades_shown) const;

  private:
    struct Trade {
        std::vector<std::string> cells;
    };

    [[nodiscard]] const report::Metric& metric(MetricId id) const { return run_.metrics[id]; }
    [[nodiscard]] std::string currency() const { return run_.result["currency"].text(); }
    [[nodiscard]] std::string head() const;
    [[nodiscard]] std::string notes() const;
    [[nodiscard]] std::string cards() const;
    [[nodiscard]] std::string card(MetricId id, std::string_view label, std::string_view small,
                                   bool is_toned) const;
    [[nodiscard]] std::string drawdown_small() const;
    [[nodiscard]] std::string charts() const;
    [[nodiscard]] std::string months() const;
    [[nodiscard]] std::string groups(std::string_view of, std::string_view title) const;
    [[nodiscard]] std::string figures() const;
    Result<void> read_trades();
    [[nodiscard]] std::vector<std::string> charted_symbols() const;
    [[nodiscard]] std::vector<ChartTrade> marks(const std::string& symbol, std::size_t shown) const;
    [[nodiscard]] std::string trades_on_candles(std::size_t shown) const;
    [[nodiscard]] std::string trades(std::size_t shown) const;
    [[nodiscard]] std::string made_of() const;
    [[nodiscard]] std::string foot() const;

    const KeptRun& run_;
    std::vector<ChartPoint> equity_;
    std::vector<ChartPoint> drawdown_;
    std::vector<ChartPoint> rolling_;
    std::vector<double> returns_;
    std::deque<Trade> trades_;  // the last ones
    std::uint64_t trade_count_ = 0;
    std::map<std::string, std::uint64_t> trades_by_symbol_;
    std::vector<std::pair<std::string, std::vector<ChartCandle>>> candles_;
};

constexpr std::array<std::string_view, 10> kTradeCells = {
    "symbol",  "side",       "qty",     "entry_ts", "entry_price",
    "exit_ts", "exit_price", "net_pnl", "currency", "reason"};

Result<void> Sheet::load() {
    report::EquitySeries series;
    double peak = 0;
    const auto take = [&](Time time, Money equity) {
        const double value = equity.to_double();
        series.add(time, equity);
        peak = std::max(peak, value);
        equity_.push_back({time, value});
        drawdown_.push_back({time, peak > 0 ? std::min(value / peak - 1, 0.0) : 0});
    };
    if (auto read = read_equity(run_, take); !read) return read;
    series.finish();
    const auto days = series.days().returns();
    returns_.assign(days.begin(), days.end());
    const report::Metric& a_year = metric(MetricId::periods_per_year);
    if (returns_.size() >= 2 * kRollingDays && a_year.has_value()) {
        const double scale = std::sqrt(a_year.as_number());
        const auto closings = series.days().closings();
        for (std::size_t end = kRollingDays; end <= returns_.size(); ++end) {
            const auto window = days.subspan(end - kRollingDays, kRollingDays);
            const double mean =
                std::accumulate(window.begin(), window.end(), 0.0) / double(kRollingDays);
            double squares = 0;
            for (const double one : window)
                squares += (one - mean) * (one - mean);
            const double deviation = std::sqrt(squares / double(kRollingDays - 1));
            if (deviation <= 0) continue;
            rolling_.push_back({Time::from_ns((closings[end].period + 1) * kNanosecondsPerDay),
                                mean / deviation * scale});
        }
    }
    if (auto read = read_trades(); !read) return read;
    for (const std::string& symbol : charted_symbols()) {
        auto candles = read_candles(run_, symbol);
        if (!candles) return failure(std::move(candles.error()));
        if (!candles->empty()) candles_.emplace_back(symbol, std::move(*candles));
    }
    return {};
}

Result<void> Sheet::read_trades() {
    return read_csv((run_.folder / "trades.csv").string(), kTradeCells,
                    [&](std::span<const std::string> cells) -> Result<bool> {
                        ++trade_count_;
                        ++trades_by_symbol_[cells[0]];
                        trades_.push_back({{cells.begin(), cells.end()}});
                        if (trades_.size() > kTradesShown) trades_.pop_front();
                        return true;
                    });
}

// Those with the most trades.
std::vector<std::string> Sheet::charted_symbols() const {
    std::vector<std::pair<std::uint64_t, std::string>> all;
    for (const auto& [symbol, count] : trades_by_symbol_)
        all.emplace_back(count, symbol);
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return std::pair(b.first, a.second) < std::pair(a.first, b.second);
    });
    std::vector<std::string> symbols;
    for (std::size_t i = 0; i < std::min(all.size(), kChartedSymbolsMax); ++i)
        symbols.push_back(all[i].second);
    return symbols;
}

// The marks of a chart: what was traded between its first candle and its last one.
std::vector<ChartTrade> Sheet::marks(const std::string& symbol, std::size_t shown) const {
    std::vector<ChartTrade> marks;
    for (std::size_t at = trades_.size() - std::min(shown, trades_.size()); at < trades_.size();
         ++at) {
        const auto& cells = trades_[at].cells;
        const auto entry = parse_time(cells[3]);
        const auto exit = parse_time(cells[5]);
        const auto paid = Price::parse(cells[4]);
        const auto got = Price::parse(cells[6]);
        if (cells[0] != symbol || !entry || !exit || !paid || !got) continue;
        const auto profit = Money::parse(cells[7]);
        marks.push_back({*entry, paid->to_double(), *exit, got->to_double(), cells[1] == "BUY",
                         profit ? profit->to_double() : 0,
                         escaped(cells[1] == "BUY" ? "long " : "short ") + decimal_text(cells[2]) +
                             ": " + money_text(cells[7]) + " " + escaped(cells[8])});
    }
    return marks;
}

std::string Sheet::trades_on_candles(std::size_t shown) const {
    std::string out;
    for (const auto& [symbol, candles] : candles_) {
        const auto all = marks(symbol, shown);
        const auto add = [&](std::string_view words, std::span<const ChartCandle> part) {
            const std::string svg = candle_chart("Trades on candles", part, all);
            if (!svg.empty())
                out += fmt::format("<h2>{}{}</h2><figure>{}</figure>", escaped(symbol), words, svg);
        };
        add(", trades on candles: ▲ bought and ▼ sold to begin, ○ the end, by profit and loss",
            candles);
        const std::span<const ChartCandle> whole = candles;
        if (&symbol == &candles_.front().first && whole.size() > kCandlesShown)
            add(", the end of it", whole.last(kCandlesShown));
    }
    return out;
}

std::string Sheet::head() const {
    std::string title;
    for (const JsonValue& strategy : run_.result["strategies"].items())
        title += (title.empty() ? "" : " + ") + strategy["name"].text();
    const JsonValue& input = run_.result["input"];
    return fmt::format(
        "<header><div><h1>{} <span class=\"soft\">on {}</span></h1><p class=\"soft\">{} to {} · "
        "{} events · started with {} {}</p></div><p class=\"soft right\">run <code>{}</code><br>"
        "result <code>{}</code></p></header>",
        escaped(title), escaped(run_.symbols()), escaped(input["from"].text().substr(0, 10)),
        escaped(input["to"].text().substr(0, 10)), escaped(input["events"].text()),
        money_text(run_.result["equity"]["initial"].text()), escaped(currency()),
        escaped(run_.hash.substr(0, 12)), escaped(run_.result_hash()));
}

std::string Sheet::notes() const {
    std::string list;
    for (const JsonValue& warning : run_.result["warnings"].items())
        list += "<li>" + escaped(warning.text()) + "</li>";
    return list.empty() ? list : "<ul class=\"notes\">" + list + "</ul>";
}

std::string Sheet::card(MetricId id, std::string_view label, std::string_view small,
                        bool is_toned) const {
    const report::Metric& value = metric(id);
    double sign = 0;
    if (const auto* money = std::get_if<Money>(&value.value())) sign = money->to_double();
    if (const auto* number = std::get_if<double>(&value.value())) sign = *number;
    return fmt::format(
        "<div class=\"card\"><dt>{}</dt><dd{}>{}</dd><small>{}</small></div>", label,
        is_toned && sign != 0 ? fmt::format(" class=\"{}\"", tone_of(sign)) : "", figure(id, value),
        value.has_value() ? std::string(small) : escaped(report::describe(value.reason())));
}

std::string Sheet::drawdown_small() const {
    const auto day = [&](MetricId id) {
        const report::Metric& value = metric(id);
        const auto* time = std::get_if<Time>(&value.value());
        return time == nullptr ? std::string("not yet") : format_time(*time).substr(0, 10);
    };
    return day(MetricId::max_drawdown_peak_time) + " to " +
           day(MetricId::max_drawdown_trough_time) + ", " +
           figure(MetricId::max_drawdown_days, metric(MetricId::max_drawdown_days));
}

std::string Sheet::cards() const {
    const auto small = [&](MetricId id, std::string_view words) {
        return figure(id, metric(id)) + " " + std::string(words);
    };
    std::string out = "<dl class=\"cards\">";
    out += card(MetricId::net_return, "Net return",
                (metric(MetricId::net_profit).has_value()
                     ? money_text(run_.result["equity"]["net_profit"].text())
                     : std::string()) +
                    " " + escaped(currency()),
                true);
    out += card(MetricId::cagr, "Growth a year", "CAGR", true);
    out += card(MetricId::volatility, "Volatility", "a year", false);
    out += card(MetricId::max_drawdown, "Largest drawdown", drawdown_small(), false);
    out += card(MetricId::final_equity, "Final equity", escaped(currency()), false);
    out += card(MetricId::sharpe_ratio, "Sharpe",
                small(MetricId::probabilistic_sharpe, "likely above 0"), false);
    out += card(MetricId::sortino_ratio, "Sortino", "", false);
    out += card(MetricId::calmar_ratio, "Calmar", "growth over drawdown", false);
    out += card(MetricId::profit_factor, "Profit factor", "wins over losses", false);
    out += card(MetricId::win_rate, "Win rate", small(MetricId::trade_count, "trades"), false);
    out += card(MetricId::expectancy, "Expectancy", escaped(currency()) + " a trade", true);
    out += card(MetricId::average_holding_s, "Held on average", "a trade", false);
    out += card(MetricId::exposure, "Exposure", "of the time", false);
    out += card(MetricId::turnover, "Turnover", "traded over equity", false);
    out += card(MetricId::fees, "Fees", escaped(currency()), false);
    return out + "</dl>";
}

std::string Sheet::charts() const {
    std::string out;
    const auto add = [&](std::string_view title, const std::string& svg) {
        if (!svg.empty()) out += fmt::format("<h2>{}</h2><figure>{}</figure>", title, svg);
    };
    const double start = equity_.empty() ? 0 : equity_.front().value;
    add(fmt::format("Equity in {}", escaped(currency())),
        line_chart({"Equity over time", "equity", 280, false, start, true}, equity_));
    add("Drawdown", line_chart({"Drawdown over time", "drawdown", 130, true, 0, false}, drawdown_));
    out += months();
    if (returns_.size() >= kReturnsShown)
        add(fmt::format("Daily returns, {} of them", returns_.size()),
            histogram("How often daily returns came", returns_, true));
    add(fmt::format("Sharpe over the last {} days", kRollingDays),
        line_chart({"Rolling Sharpe ratio", "rolling", 150, false, 0, true}, rolling_));
    return out;
}

std::string Sheet::months() const {
    const auto& rows = run_.result["monthly_returns"].items();
    if (rows.empty()) return {};
    double most = 0.01;  // a fainter month is pale whatever the others are
    for (const JsonValue& row : rows)
        most = std::max(most, std::abs(row["net_return"].number().value_or(0)));
    const auto cell = [&](const JsonValue& value, std::string_view kind) {
        const auto number = value.number();
        if (!number) return std::string("<td></td>");
        const double strength = kind == "sum" ? 0 : 0.06 + 0.5 * std::abs(*number) / most;
        const double shown = std::round(*number * 1'000) / 10;
        return fmt::format(
            "<td class=\"{} {}\">{}<span>{}{:.1f}</span></td>", kind, tone_of(shown),
            strength > 0 ? fmt::format("<i style=\"opacity:{:.2f}\"></i>", std::min(strength, 0.6))
                         : "",
            shown < 0 ? "−" : "", std::abs(shown));
    };
    std::string out =
        "<h2>Returns by month, in %</h2><div class=\"scroll\"><table "
        "class=\"months\"><thead><tr><th></th>";
    for (const std::string_view month : kMonths)
        out += fmt::format("<th>{}</th>", month);
    out += "<th>Year</th></tr></thead><tbody>";
    for (const JsonValue& year : run_.result["yearly_returns"].items()) {
        const std::string name = year["year"].text();
        out += "<tr><td>" + escaped(name) + "</td>";
        for (int month = 1; month <= 12; ++month) {
            const std::string wanted = fmt::format("{:0>4}-{:02}", name, month);
            const auto row = std::find_if(rows.begin(), rows.end(), [&](const JsonValue& one) {
                return one["month"].text() == wanted;
            });
            out += row == rows.end() ? std::string("<td></td>") : cell((*row)["net_return"], "");
        }
        out += cell(year["net_return"], "sum") + "</tr>";
    }
    return out + "</tbody></table></div>";
}

std::string Sheet::groups(std::string_view of, std::string_view title) const {
    const auto& rows = run_.result[of].items();
    if (rows.size() < 2) return {};
    constexpr std::size_t kRowsMax = 100;
    constexpr std::array kShown = {MetricId::trade_count,   MetricId::trades_net_profit,
                                   MetricId::fees,          MetricId::win_rate,
                                   MetricId::profit_factor, MetricId::expectancy};
    std::string out =
        fmt::format("<h2>{}</h2><div class=\"scroll\"><table><thead><tr><th></th>", title);
    for (const MetricId id : kShown)
        out += fmt::format("<th>{}</th>", report::description_of(id).label);
    out += "</tr></thead><tbody>";
    for (std::size_t at = 0; at < std::min(rows.size(), kRowsMax); ++at) {
        const report::MetricTable table = metrics_of(rows[at]);
        out += "<tr><td>" + escaped(rows[at][of.substr(3)].text()) + "</td>";
        for (const MetricId id : kShown)
            out += "<td>" + figure(id, table[id]) + "</td>";
        out += "</tr>";
    }
    return out + "</tbody></table></div>";
}

std::string Sheet::figures() const {
    std::string out = "<h2>All figures</h2><div class=\"columns\">";
    std::string_view section;
    for (std::size_t at = 0; at < report::kMetricCount; ++at) {
        const auto id = static_cast<MetricId>(at);
        const report::MetricDescription& description = report::description_of(id);
        const report::Metric& value = metric(id);
        if (!value.has_value() && value.reason() == report::Reason::no_benchmark) continue;
        if (section != description.section) {
            if (!section.empty()) out += "</tbody></table></section>";
            section = description.section;
            out += fmt::format("<section><h3>{}</h3><table><tbody>", section);
        }
        const std::string why =
            value.has_value()
                ? std::string()
                : fmt::format(" title=\"{}\"", escaped(report::describe(value.reason())));
        out += fmt::format("<tr><td>{}</td><td{}>{}</td></tr>", description.label, why,
                           figure(id, value));
    }
    return out + "</tbody></table></section></div>";
}

std::string Sheet::trades(std::size_t shown) const {
    if (trades_.empty()) return "<h2>Trades</h2><p class=\"soft\">No trade was closed.</p>";
    shown = std::min(shown, trades_.size());
    std::string out = fmt::format(
        "<h2>Trades{}</h2><div class=\"scroll\"><table><thead><tr><th>Symbol</th><th "
        "class=\"left\">Side</th><th>Quantity</th><th>Entry</th><th>at</th><th>Exit</th>"
        "<th>at</th><th class=\"left\">by</th><th>Net profit</th></tr></thead><tbody>",
        shown < trade_count_ ? fmt::format(", the last {} of {}", shown, trade_count_) : "");
    const auto instant = [](const std::string& text) {
        return escaped(text.substr(0, 10) + " " + text.substr(11, 5));
    };
    for (std::size_t at = trades_.size() - shown; at < trades_.size(); ++at) {
        const auto& cells = trades_[at].cells;
        const auto profit = Money::parse(cells[7]);
        out += fmt::format(
            "<tr><td>{}</td><td class=\"left\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
            "<td>{}</td><td class=\"left\">{}</td><td class=\"{}\">{}</td></tr>",
            escaped(cells[0]), cells[1] == "BUY" ? "long" : "short", decimal_text(cells[2]),
            instant(cells[3]), decimal_text(cells[4]), instant(cells[5]), decimal_text(cells[6]),
            escaped(cells[9]), tone_of(profit ? profit->to_double() : 0), money_text(cells[7]));
    }
    return out + "</tbody></table></div>";
}

std::string Sheet::made_of() const {
    std::string out = "<details><summary>What the run was made of</summary><table><tbody>";
    const auto row = [&](std::string_view name, const std::string& value) {
        out += fmt::format("<tr><td>{}</td><td><code>{}</code></td></tr>", escaped(name),
                           escaped(value));
    };
    row("content hash", run_.hash);
    row("run id", run_.run_id());
    row("kept at", run_.kept_at());
    for (const auto& [name, value] : run_.manifest["config"].members())
        row(name, value.text());
    for (const JsonValue& input : run_.manifest["inputs"].items())
        row(input["role"].text(),
            input["path"].text() + "  sha256 " + input["sha256"].text().substr(0, 16));
    return out + "</tbody></table></details>";
}

std::string Sheet::foot() const {
    return fmt::format(
        "<footer>Millrace {} {} · times in UTC · simulated: past results promise "
        "nothing</footer>",
        escaped(run_.manifest["millrace"]["version"].text()),
        escaped(run_.manifest["millrace"]["commit"].text()));
}

std::string Sheet::page(std::size_t trades_shown) const {
    std::string out = page_head(run_.strategy() + " · " + run_.symbols());
    out += head() + "\n" + notes() + "\n" + cards() + "\n" + charts() + "\n";
    out += groups("by_symbol", "By symbol") + groups("by_strategy", "By strategy") + "\n";
    out += figures() + "\n" + trades_on_candles(trades_shown) + trades(trades_shown) + "\n" +
           made_of() + "\n" + foot();
    return out + page_end();
}

}  // namespace

Result<std::string> tear_sheet(const KeptRun& run) {
    Sheet sheet(run);
    if (auto loaded = sheet.load(); !loaded) return failure(std::move(loaded.error()));
    std::size_t shown = kTradesShown;
    std::string page = sheet.page(shown);
    while (page.size() > kTearSheetBytesMax && shown > 0)
        page = sheet.page(shown /= 2);
    if (page.size() > kTearSheetBytesMax)
        return failure(ErrorCode::data, "the report would be too large", run.folder.string(),
                       "it has more names in it than a page can hold",
                       "look at the tables of the run instead");
    return page;
}

}  // namespace millrace::runs
