// MarketFile: the rows of one file, whatever its form: a text table, packed or not, Parquet, or one
// series of a tape, as its first bytes tell. The one way in which market data in files are opened.
#pragma once

#include <string>
#include <variant>

#include "millrace/edge/feeds/files/table_reader.hpp"
#include "millrace/edge/store/parquet/parquet_reader.hpp"
#include "millrace/edge/store/tape/series_reader.hpp"

namespace millrace::backtest {

class MarketFile {
  public:
    // Of options, Parquet knows those that say what its columns, times and rows are; a tape none.
    static Result<MarketFile> open(const std::string& path, const files::TableOptions& options);

    // The next row; false at the end.
    Result<bool> next(model::Datum& datum) {
        return std::visit([&](auto& reader) { return reader.next(datum); }, reader_);
    }

    [[nodiscard]] model::TableKind kind() const;
    // Of bars; zero for ticks.
    [[nodiscard]] Duration bar_length() const {
        return std::visit([](const auto& reader) { return reader.bar_length(); }, reader_);
    }
    // Read so far, good ones.
    [[nodiscard]] std::uint64_t rows() const {
        return std::visit([](const auto& reader) { return reader.rows(); }, reader_);
    }
    // What the policy on bad rows did so far.
    [[nodiscard]] const model::RowFindings& findings() const {
        return std::visit(
            [](const auto& reader) -> const model::RowFindings& { return reader.findings(); },
            reader_);
    }
    // As the file says, or by its size; at least one.
    [[nodiscard]] std::uint64_t rows_expected() const;
    // What the file says it is of; empty when it does not.
    [[nodiscard]] std::string symbol() const;

    // Null where the file is of another form.
    [[nodiscard]] const files::TableReader* table() const {
        return std::get_if<files::TableReader>(&reader_);
    }
    [[nodiscard]] const parquet::ParquetReader* parquet() const {
        return std::get_if<parquet::ParquetReader>(&reader_);
    }

  private:
    using Reader = std::variant<files::TableReader, parquet::ParquetReader, tape::SeriesReader>;

    explicit MarketFile(Reader reader) : reader_(std::move(reader)) {}

    Reader reader_;
};

// What data are called that nobody has named: as the file says, else by its name without endings.
[[nodiscard]] std::string symbol_of(const MarketFile& file, const std::string& path);

}  // namespace millrace::backtest
