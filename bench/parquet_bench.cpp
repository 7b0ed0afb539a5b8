// Parquet: rows of a file as quotes and bars, each checked. One item is one row; the files are in
// the page cache. Opening is inside. To be read beside Table/quotes and Table/bars.
#include <benchmark/benchmark.h>

#include "millrace/edge/store/parquet/parquet_reader.hpp"

#include "bench/report.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::bench {
namespace {

constexpr std::int64_t kRows = 500'000;

// The rows of a query of DuckDB, whose range(500000) counts them.
void read_all(benchmark::State& state, const std::string& query) {
    const TemporaryDirectory directory;
    const std::string path = directory / "table.parquet";
    auto write = parquet::DuckStream::open(
        "COPY (" + query + ") TO '" + path + "' (FORMAT parquet, COMPRESSION zstd)", {});
    if (!write || !write->next_block()) return state.SkipWithError("the file cannot be written");
    std::uint64_t rows = 0;
    for (auto _ : state) {
        auto reader = parquet::ParquetReader::open(path, {});
        if (!reader) return state.SkipWithError(describe(reader.error()).c_str());
        model::Datum datum;
        for (;;) {
            const auto more = reader->next(datum);
            if (!more) return state.SkipWithError(describe(more.error()).c_str());
            if (!*more) break;
            benchmark::DoNotOptimize(datum);
        }
        rows += reader->rows();
    }
    MILLRACE_ASSERT(rows == static_cast<std::uint64_t>(state.iterations() * kRows),
                    "every row was read");
    state.SetItemsProcessed(static_cast<std::int64_t>(rows));
}

void quotes(benchmark::State& state) {
    read_all(state,
             "SELECT make_timestamp(1767225600000000 + i * 1000) AS ts, "
             "round(1.1 + hash(i) % 10000 / 100000, 5)::DOUBLE AS bid, "
             "round(1.10007 + hash(i) % 10000 / 100000, 5)::DOUBLE AS ask FROM range(500000) t(i)");
}
BENCHMARK(quotes)->Name("Parquet/quotes");

void bars(benchmark::State& state) {
    read_all(state,
             "SELECT make_timestamp(1767225600000000 + i * 60000000) AS ts, "
             "round(46319 + hash(i) % 10000 / 100, 2)::DOUBLE AS open, 46420::DOUBLE AS high, "
             "46310::DOUBLE AS low, round(46319 + hash(i + 1) % 10000 / 100, 2)::DOUBLE AS close, "
             "(hash(i) % 90000000 / 10000)::DOUBLE AS volume FROM range(500000) t(i)");
}
BENCHMARK(bars)->Name("Parquet/bars");

void quotes_of_decimals(benchmark::State& state) {
    read_all(state,
             "SELECT make_timestamp(1767225600000000 + i * 1000) AS ts, "
             "(1.1 + hash(i) % 10000 / 100000)::DECIMAL(18,5) AS bid, "
             "(1.10007 + hash(i) % 10000 / 100000)::DECIMAL(18,5) AS ask "
             "FROM range(500000) t(i)");
}
BENCHMARK(quotes_of_decimals)->Name("Parquet/quotes_of_decimals");

}  // namespace
}  // namespace millrace::bench
