// MarketFile: the rows of one file, whatever its form: a text table, or Parquet, which its first
// bytes tell.
#pragma once

#include <string>
#include <variant>

#include "millrace/edge/feeds/files/table_reader.hpp"
#include "millrace/edge/store/parquet/parquet_reader.hpp"

namespace millrace::backtest {

class MarketFile {
  public:
    static Result<MarketFile> open(const std::string& path, const files::TableOptions& options) {
        if (!parquet::is_parquet(path)) return made(files::TableReader::open(path, options));
        return made(parquet::ParquetReader::open(
            path, {options.layout.columns, options.zone, options.label, options.bar_length,
                   options.instrument, options.source}));
    }

    // The next row; false at the end.
    Result<bool> next(model::Datum& datum) {
        return std::visit([&](auto& reader) { return reader.next(datum); }, reader_);
    }

    [[nodiscard]] model::TableKind kind() const {
        if (const auto* table = std::get_if<files::TableReader>(&reader_))
            return table->layout().kind;
        return std::get<parquet::ParquetReader>(reader_).kind();
    }
    // Of bars; zero for ticks.
    [[nodiscard]] Duration bar_length() const {
        return std::visit([](const auto& reader) { return reader.bar_length(); }, reader_);
    }
    [[nodiscard]] std::uint64_t rows() const {
        return std::visit([](const auto& reader) { return reader.rows(); }, reader_);
    }
    // As the file itself says; zero when it does not.
    [[nodiscard]] std::uint64_t rows_in_file() const {
        const auto* parquet = std::get_if<parquet::ParquetReader>(&reader_);
        return parquet == nullptr ? 0 : parquet->rows_in_file();
    }

  private:
    using Reader = std::variant<files::TableReader, parquet::ParquetReader>;

    explicit MarketFile(Reader reader) : reader_(std::move(reader)) {}
    template <class T>
    static Result<MarketFile> made(Result<T> reader) {
        if (!reader) return failure(std::move(reader.error()));
        return MarketFile(Reader(std::move(*reader)));
    }

    Reader reader_;
};

}  // namespace millrace::backtest
