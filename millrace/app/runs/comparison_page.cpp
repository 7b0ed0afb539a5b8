// From its head to its foot.
#include "millrace/app/runs/comparison_page.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "millrace/app/runs/page_text.hpp"
#include "millrace/app/runs/run_curves.hpp"

namespace millrace::runs {
namespace {

using report::MetricId;

constexpr std::size_t kHashShown = 12;
constexpr std::size_t kRowsMax = 200;  // of one table of differences

std::string key_of(std::size_t run) {
    return fmt::format(
        "<svg class=\"key\" viewBox=\"0 0 34 12\"><path class=\"line l{}\" "
        "d=\"M1 6H33\"/></svg>",
        run);
}

class Page {
  public:
    Page(std::span<const KeptRun> runs, const Comparison& comparison)
        : runs_(runs), comparison_(comparison) {}

    Result<void> load();
    [[nodiscard]] std::string text() const;

  private:
    [[nodiscard]] std::string head() const;
    [[nodiscard]] std::string overview() const;
    [[nodiscard]] std::string charts() const;
    [[nodiscard]] std::string differences(std::string_view title,
                                          std::span<const ComparedRow> rows) const;
    [[nodiscard]] std::string figures() const;
    [[nodiscard]] std::string columns(std::string_view first) const;

    std::span<const KeptRun> runs_;
    const Comparison& comparison_;
    std::vector<std::vector<ChartPoint>> growth_;  // since the start, by run
    std::vector<std::vector<ChartPoint>> drawdown_;
};

Result<void> Page::load() {
    for (const KeptRun& run : runs_) {
        auto& growth = growth_.emplace_back();
        auto& drawdown = drawdown_.emplace_back();
        double start = 0;
        double peak = 0;
        auto read = read_equity(run, [&](Time time, Money equity) {
            const double value = equity.to_double();
            if (growth.empty()) start = value;
            peak = std::max(peak, value);
            growth.push_back({time, start > 0 ? value / start - 1 : 0});
            drawdown.push_back({time, peak > 0 ? std::min(value / peak - 1, 0.0) : 0});
        });
        if (!read) return read;
    }
    return {};
}

std::string Page::head() const {
    return fmt::format(
        "<header><div><h1>{} runs <span class=\"soft\">side by side</span></h1><p "
        "class=\"soft\">{}</p></div></header>",
        runs_.size(),
        comparison_.is_same_result ? "They came to the same result."
                                   : "They came to different results.");
}

std::string Page::overview() const {
    std::string out =
        "<div class=\"scroll\"><table><thead><tr><th>Run</th><th class=\"left\">Strategy</th><th "
        "class=\"left\">On</th><th class=\"left\">Period</th><th>Net return</th><th>Sharpe</th>"
        "<th>Largest drawdown</th><th>Trades</th></tr></thead><tbody>";
    for (std::size_t i = 0; i < runs_.size(); ++i) {
        const KeptRun& run = runs_[i];
        const JsonValue& input = run.result["input"];
        const auto cell = [&](MetricId id) { return figure(id, run.metrics[id]); };
        out += fmt::format(
            "<tr><td>{}<code>{}</code></td><td class=\"left\">{}</td><td class=\"left\">{}</td><td "
            "class=\"left\">{} to {}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            key_of(i), escaped(run.hash.substr(0, kHashShown)), escaped(run.strategy()),
            escaped(run.symbols()), escaped(input["from"].text().substr(0, 10)),
            escaped(input["to"].text().substr(0, 10)), cell(MetricId::net_return),
            cell(MetricId::sharpe_ratio), cell(MetricId::max_drawdown),
            cell(MetricId::trade_count));
    }
    return out + "</tbody></table></div>";
}

std::string Page::charts() const {
    std::string out;
    const auto add = [&](std::string_view title, const std::string& svg) {
        if (!svg.empty()) out += fmt::format("<h2>{}</h2><figure>{}</figure>", title, svg);
    };
    add("Growth since the start",
        overlay_chart({"Growth of each run over time", "", 320, true, 0, true}, growth_));
    add("Drawdown",
        overlay_chart({"Drawdown of each run over time", "", 180, true, 0, true}, drawdown_));
    return out;
}

std::string Page::columns(std::string_view first) const {
    std::string out =
        fmt::format("<div class=\"scroll\"><table><thead><tr><th>{}</th>", escaped(first));
    for (std::size_t i = 0; i < runs_.size(); ++i)
        out += fmt::format("<th>{}<code>{}</code></th>", key_of(i),
                           escaped(runs_[i].hash.substr(0, kHashShown)));
    return out + "</tr></thead><tbody>";
}

std::string Page::differences(std::string_view title, std::span<const ComparedRow> rows) const {
    if (rows.empty()) return {};
    const std::size_t shown = std::min(rows.size(), kRowsMax);
    std::string out = fmt::format(
        "<h2>{}{}</h2>", title,
        shown < rows.size() ? fmt::format(", the first {} of {}", shown, rows.size()) : "");
    out += columns("");
    for (const ComparedRow& row : rows.first(shown)) {
        out += "<tr><td>" + escaped(row.name) + "</td>";
        for (const auto& value : row.values)
            out += "<td>" + (value ? escaped(*value) : std::string("–")) + "</td>";
        out += "</tr>";
    }
    return out + "</tbody></table></div>";
}

std::string Page::figures() const {
    std::string out = "<h2>All figures</h2>" + columns("");
    for (std::size_t at = 0; at < report::kMetricCount; ++at) {
        const auto id = static_cast<MetricId>(at);
        if (std::none_of(runs_.begin(), runs_.end(),
                         [&](const KeptRun& run) { return run.metrics[id].has_value(); }))
            continue;
        out += fmt::format("<tr><td>{}</td>", report::description_of(id).label);
        for (const KeptRun& run : runs_)
            out += "<td>" + figure(id, run.metrics[id]) + "</td>";
        out += "</tr>";
    }
    return out + "</tbody></table></div>";
}

std::string Page::text() const {
    std::string out = page_head(fmt::format("{} runs side by side", runs_.size()));
    out += head() + "\n" + overview() + "\n" + charts() + "\n";
    out += differences("Configuration that differs", comparison_.config);
    out += differences("Data that differ", comparison_.inputs);
    out += differences("Code that differs", comparison_.code) + "\n" + figures();
    out += "\n<footer>Millrace · times in UTC · simulated: past results promise nothing</footer>";
    return out + page_end();
}

}  // namespace

Result<std::string> comparison_page(std::span<const KeptRun> runs, const Comparison& comparison) {
    if (runs.size() > kOverlaidMax)
        return failure(ErrorCode::usage, "there are too many runs for one page", {},
                       "more than " + std::to_string(kOverlaidMax) +
                           " lines over each other cannot be told apart",
                       "name fewer of them");
    Page page(runs, comparison);
    if (auto loaded = page.load(); !loaded) return failure(std::move(loaded.error()));
    return page.text();
}

}  // namespace millrace::runs
