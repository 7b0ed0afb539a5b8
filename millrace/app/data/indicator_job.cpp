// From bars to rows of numbers.
#include "millrace/app/data/indicator_job.hpp"

#include <utility>

namespace millrace::data {
namespace {

constexpr std::uint64_t kRowsATurn = 8'192;  // between two looks at whether to go on

Result<std::vector<indicators::AskedIndicator>> asked_for(const IndicatorJobSettings& settings) {
    std::string all;
    for (const std::string& text : settings.indicators)
        all += (all.empty() ? "" : ",") + text;
    auto asked = indicators::parse_indicators(all);
    if (!asked) asked.error().code = ErrorCode::usage;
    return asked;
}

}  // namespace

IndicatorJob::IndicatorJob(backtest::DataSeries series,
                           std::vector<indicators::AskedIndicator> asked)
    : series_(std::move(series)), asked_(std::move(asked)) {
    for (const indicators::AskedIndicator& each : asked_)
        for (std::size_t i = 0; i < each.indicator->output_names().size(); ++i)
            columns_.push_back(each.column(i));
}

Result<IndicatorJob> IndicatorJob::open(const IndicatorJobSettings& settings) {
    auto asked = asked_for(settings);
    if (!asked) return failure(std::move(asked.error()));
    auto series = backtest::DataSeries::open(settings.file, settings.table);
    if (!series) return failure(std::move(series.error()));
    if (!series->has_bars())
        return failure(
            ErrorCode::data, "indicators are computed from bars", settings.file,
            "the file has " + std::string(name_of(series->kind())),
            "make bars of it: millrace data bars " + settings.file + " --every 1m --out bars.csv");
    return IndicatorJob(std::move(*series), std::move(*asked));
}

Result<std::uint64_t> IndicatorJob::run(const Sink& sink, const GoOn& go_on) {
    std::vector<std::optional<double>> row(columns_.size());
    std::uint64_t bars = 0;
    model::Datum datum;
    while (true) {
        const auto there = series_.next(datum);
        if (!there) return failure(there.error());
        if (!*there) return bars;
        const auto& bar = std::get<model::Bar>(datum);
        std::size_t column = 0;
        for (indicators::AskedIndicator& each : asked_) {
            indicators::Indicator& indicator = *each.indicator;
            indicator.update(bar);
            for (std::size_t i = 0; i < indicator.output_names().size(); ++i)
                row[column++] =
                    indicator.is_ready() ? std::optional(indicator.output(i)) : std::nullopt;
        }
        if (auto taken = sink(bar, row); !taken) return failure(std::move(taken.error()));
        if (++bars % kRowsATurn == 0 && go_on && !go_on(bars))
            return failure(ErrorCode::interrupted, "stopped before the end of the data");
    }
}

std::vector<IndicatorJob::NotReady> IndicatorJob::not_ready() const {
    std::vector<NotReady> list;
    for (const indicators::AskedIndicator& each : asked_)
        if (!each.indicator->is_ready()) list.push_back({each.text, each.indicator->warm_up()});
    return list;
}

}  // namespace millrace::data
