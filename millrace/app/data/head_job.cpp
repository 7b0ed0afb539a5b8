// Looking, then counting.
#include "millrace/app/data/head_job.hpp"

#include <utility>

#include "millrace/app/backtest/data_series.hpp"

namespace millrace::data {
namespace {

constexpr std::uint64_t kRowsATurn = 8'192;  // between two looks at whether to go on

Head first_look(const backtest::MarketFile& file, const std::string& path) {
    Head head;
    head.file = path;
    head.symbol = backtest::symbol_of(file, path);
    head.kind = file.kind();
    head.bar_length = file.bar_length();
    if (const files::TableReader* table = file.table()) {
        const files::Detection& found = table->detection();
        head.packed = found.container;
        head.member = found.member;
        head.format = found.dialect.format;
        head.dialect = found.dialect;
        head.description = found.dialect.describe();
        head.reasons = found.reasons;
        head.preview = found.preview;
    } else if (const parquet::ParquetReader* parquet = file.parquet()) {
        head.packed = "parquet";
        head.format = "Parquet";
        head.description = parquet->describe();
    } else {
        head.packed = "tape";
        head.format = "tape";
        head.description = std::string(name_of(head.kind)) + " of one symbol";
    }
    if (file.symbol().empty())
        head.reasons.push_back(
            {"symbol", head.symbol, "the name of the file; it says none itself"});
    return head;
}

}  // namespace

Result<HeadJob> HeadJob::open(const HeadSettings& settings) {
    auto file = backtest::MarketFile::open(settings.file, settings.table);
    if (!file) return failure(std::move(file.error()));
    Head head = first_look(*file, settings.file);
    return HeadJob(std::move(*file), std::move(head), settings.rows);
}

Result<void> HeadJob::run(const GoOn& go_on) {
    model::Datum datum;
    for (;;) {
        auto more = file_.next(datum);
        if (!more) return failure(std::move(more.error()));
        if (!*more) break;
        const Time time = backtest::begin_of(datum);
        if (!head_.first_time) head_.first_time = time;
        head_.last_time = time;
        if (head_.first.size() < rows_shown_) head_.first.push_back(datum);
        if (++head_.rows % kRowsATurn == 0 && go_on && !go_on(head_.rows))
            return failure(ErrorCode::interrupted, "stopped before the end of the data");
    }
    head_.findings = file_.findings();
    return {};
}

}  // namespace millrace::data
