// write_market: a stream of market data into one file of the native store or of Parquet, which is
// there whole and durable or not at all: it grows beside its place under another name. Memory does
// not grow with it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/core/model/datum.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/table.hpp"

namespace millrace::data {

enum class StoreFormat : std::uint8_t { tape, parquet };
[[nodiscard]] std::string_view name_of(StoreFormat format);
// By the ending of a path: ".parquet", or a tape.
[[nodiscard]] StoreFormat format_of_path(std::string_view path);

// In the total order of events; false at the end.
using DatumSource = std::function<Result<bool>(model::Datum&)>;

struct MarketOutput {
    std::string path;
    StoreFormat format = StoreFormat::tape;
    model::TableKind kind = model::TableKind::bars;  // of Parquet, which holds one
    std::vector<model::Instrument> instruments;      // Parquet holds one and does not name it
    std::string source;                              // who says it, in a tape
    bool replaces = false;  // a file of that name; without it such a file is an error
};

struct Written {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
};

// Whether a file may take this place; asked again before it does.
[[nodiscard]] Result<void> check_place(const std::string& path, bool replaces);

Result<Written> write_market(const MarketOutput& output, const DatumSource& source);

// What a file says of an instrument that nobody has defined.
[[nodiscard]] Result<model::Instrument> instrument_named(const std::string& symbol, InstrumentId id,
                                                         Price increment,
                                                         const std::string& currency);

}  // namespace millrace::data
