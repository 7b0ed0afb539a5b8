// One file through the reader that mends, and past the watcher.
#include "millrace/app/data/verify_job.hpp"

#include "millrace/edge/store/tape/series_reader.hpp"

namespace millrace::data {
namespace {

constexpr std::uint64_t kRowsATurn = 8'192;  // between two looks at whether to go on

Result<market::QualityRules> rules_for(const VerifySettings& settings,
                                       const backtest::MarketFile& file) {
    market::QualityRules rules;
    rules.kind = file.kind();
    rules.step = settings.every.value_or(Duration::minutes(1));
    if (rules.kind == model::TableKind::bars) rules.step = file.bar_length();
    if (rules.kind == model::TableKind::bars && settings.every && *settings.every != rules.step)
        return failure(ErrorCode::usage, "the bars have another length", settings.file,
                       "they last " + format_duration(rules.step), "leave out --every");
    if (rules.step <= Duration())
        return failure(ErrorCode::usage, "periods last longer than nothing", "--every", {},
                       "write --every 1m");
    if (settings.calendar.empty()) return rules;
    auto calendar = market::Calendar::find(settings.calendar);
    if (!calendar) {
        calendar.error().code = ErrorCode::usage;
        return failure(std::move(calendar.error()));
    }
    rules.calendar = *calendar;
    return rules;
}

}  // namespace

Result<std::vector<std::string>> series_in(const std::string& file) {
    if (!tape::is_tape(file)) return std::vector<std::string>{file};
    const auto all = tape::series_of(store::posix_disk(), file);
    if (!all) return failure(Error(all.error()));
    std::vector<std::string> names;
    for (const tape::SeriesName& one : *all)
        names.push_back(one.name);
    return names;
}

Result<Verified> verify(const VerifySettings& settings, const VerifyProgress& progress) {
    files::TableOptions table = settings.table;
    table.policy.bad_rows = model::BadRows::repair;
    if (settings.every && !table.bar_length) table.bar_length = settings.every;
    auto file = backtest::MarketFile::open(settings.file, table);
    if (!file) return failure(std::move(file.error()));
    const auto rules = rules_for(settings, *file);
    if (!rules) return failure(Error(rules.error()));
    if (progress.rows_expected) progress.rows_expected(file->rows_expected());
    market::Quality quality(*rules);
    model::Datum datum;
    for (std::uint64_t row = 1;; ++row) {
        auto more = file->next(datum);
        if (!more) return failure(std::move(more.error()));
        if (!*more) break;
        quality.add(datum);
        if (row % kRowsATurn == 0 && progress.go_on && !progress.go_on(row))
            return failure(ErrorCode::interrupted, "stopped before the end of the data");
    }
    Verified result;
    result.file = settings.file;
    result.symbol = backtest::symbol_of(*file, settings.file);
    result.rules = *rules;
    result.report = quality.finish();
    result.findings = file->findings();
    if (result.report.rows == 0)
        return failure(ErrorCode::data, "the file has no row that can be believed", settings.file,
                       result.findings.empty() ? "only a header, or nothing"
                                               : result.findings.first().front().why,
                       "look at it: millrace data head " + settings.file);
    result.verdict = market::judge(result.report, result.findings, result.rules);
    return result;
}

}  // namespace millrace::data
