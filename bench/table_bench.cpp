// Table: rows of text files as bars, quotes and trades, each checked. One item is one row; the
// files are in the page cache. Opening, which reads the first lines twice, is inside.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <fstream>

#include "millrace/base/random.hpp"
#include "millrace/edge/feeds/files/table_reader.hpp"

#include "bench/report.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::bench {
namespace {

constexpr std::int64_t kRows = 100'000;
constexpr Time kStart = Time::from_ns(1'767'225'600'000'000'000);  // 2026-01-01T00:00:00Z

std::string cents(std::int64_t value) {
    return format_decimal(value, 2);
}

// "2026-01-01 00:00:00", by the clock of UTC.
std::string clock_text(Time time) {
    std::string text = format_time(time);
    text[10] = ' ';
    text.resize(19);
    return text;
}

std::string bar_rows() {
    Random random(1);
    std::int64_t price = 46'319'00;
    std::string text = "timestamp,open,high,low,close,volume\n";
    for (std::int64_t i = 0; i < kRows; ++i) {
        const std::int64_t close = std::max<std::int64_t>(1'000, price + random.between(-500, 500));
        text += clock_text(kStart + Duration::minutes(i)) + "," + cents(price) + "," +
                cents(std::max(price, close) + random.between(0, 300)) + "," +
                cents(std::min(price, close) - random.between(0, 300)) + "," + cents(close) + "," +
                format_decimal(random.between(1, 90'000'000), 4) + "\n";
        price = close;
    }
    return text;
}

std::string quote_rows() {
    Random random(1);
    std::string text = "ts,bid,ask\n";
    for (std::int64_t i = 0; i < kRows; ++i) {
        const std::int64_t bid = random.between(110'000, 120'000);
        text += std::to_string(1'767'225'600'000 + i) + "," + format_decimal(bid, 5) + "," +
                format_decimal(bid + 7, 5) + "\n";
    }
    return text;
}

std::string trade_rows() {
    Random random(1);
    std::string text = "time,price,size\n";
    for (std::int64_t i = 0; i < kRows; ++i)
        text += format_time(kStart + Duration::milliseconds(37 * i)) + "," +
                cents(random.between(10'000, 11'000)) + "," +
                std::to_string(random.between(1, 500)) + "\n";
    return text;
}

void read_all(benchmark::State& state, const std::string& text,
              const files::TableOptions& options) {
    const TemporaryDirectory directory;
    const std::string path = directory / "table.csv";
    std::ofstream(path, std::ios::binary) << text;
    std::uint64_t rows = 0;
    for (auto _ : state) {
        auto reader = files::TableReader::open(path, options);
        if (!reader) return state.SkipWithError(describe(reader.error()).c_str());
        files::Datum datum;
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
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void bars(benchmark::State& state) {
    hold_to_ns(state, 150);
    read_all(state, bar_rows(), {});
}
BENCHMARK(bars)->Name("Table/bars");

void bars_of_a_zone(benchmark::State& state) {
    files::TableOptions options;
    const auto zone = Zone::find("Asia/Tokyo");
    if (!zone) return state.SkipWithError("this machine has no tzdata");
    options.zone = *zone;
    read_all(state, bar_rows(), options);
}
BENCHMARK(bars_of_a_zone)->Name("Table/bars_of_a_zone");

void quotes(benchmark::State& state) {
    read_all(state, quote_rows(), {});
}
BENCHMARK(quotes)->Name("Table/quotes");

void trades(benchmark::State& state) {
    read_all(state, trade_rows(), {});
}
BENCHMARK(trades)->Name("Table/trades");

}  // namespace
}  // namespace millrace::bench
