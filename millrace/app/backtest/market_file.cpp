// Telling the forms apart.
#include "millrace/app/backtest/market_file.hpp"

#include <algorithm>
#include <filesystem>

namespace millrace::backtest {
namespace {

// Options that only text has a meaning for.
Result<void> check_for_parquet(const std::string& path, const files::TableOptions& options) {
    const char* said = options.delimiter                           ? "delimiter"
                       : options.has_header                        ? "header"
                       : options.time_format                       ? "time-format"
                       : options.date                              ? "date"
                       : options.decimal_mark                      ? "decimal"
                       : options.price_decimals                    ? "price-decimals"
                       : !options.member.empty()                   ? "member"
                       : options.prices == files::Prices::adjusted ? "prices"
                                                                   : nullptr;
    if (said == nullptr) return {};
    return failure(ErrorCode::usage, "\"" + std::string(said) + "\" says nothing about Parquet",
                   path, "its columns have types", "leave it out");
}

}  // namespace

Result<MarketFile> MarketFile::open(const std::string& path, const files::TableOptions& options) {
    if (tape::is_tape(path)) {
        auto reader = tape::SeriesReader::open(store::posix_disk(), path, options.instrument,
                                               options.source, options.symbol);
        if (!reader) return failure(std::move(reader.error()));
        return MarketFile(Reader(std::move(*reader)));
    }
    if (!parquet::is_parquet(path)) {
        auto reader = files::TableReader::open(path, options);
        if (!reader) return failure(std::move(reader.error()));
        return MarketFile(Reader(std::move(*reader)));
    }
    if (auto fits = check_for_parquet(path, options); !fits)
        return failure(std::move(fits.error()));
    auto reader = parquet::ParquetReader::open(
        path, {options.columns, options.zone.value_or(Zone::utc()), options.label,
               options.bar_length, options.policy, options.instrument, options.source});
    if (!reader) return failure(std::move(reader.error()));
    return MarketFile(Reader(std::move(*reader)));
}

model::TableKind MarketFile::kind() const {
    if (const auto* series = std::get_if<tape::SeriesReader>(&reader_)) return series->kind();
    return table() != nullptr ? table()->dialect().kind : parquet()->kind();
}

std::uint64_t MarketFile::rows_expected() const {
    if (const auto* series = std::get_if<tape::SeriesReader>(&reader_))
        return std::max<std::uint64_t>(1, series->rows_expected());
    return std::max<std::uint64_t>(
        1, table() != nullptr ? table()->rows_estimated() : parquet()->rows_in_file());
}

std::string MarketFile::symbol() const {
    if (const auto* series = std::get_if<tape::SeriesReader>(&reader_)) return series->symbol();
    return table() != nullptr ? table()->dialect().symbol : std::string();
}

std::string symbol_of(const MarketFile& file, const std::string& path) {
    if (std::string symbol = file.symbol(); !symbol.empty()) return symbol;
    std::filesystem::path name = std::filesystem::path(path).filename();
    if (name.extension() == ".gz") name = name.stem();
    return name.stem().string();
}

}  // namespace millrace::backtest
