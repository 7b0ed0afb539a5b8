// From files to series, from series to one stream.
#include "millrace/app/data/import_job.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <numeric>

#include "millrace/app/data/verify_job.hpp"
#include "millrace/core/engine/input.hpp"
#include "millrace/edge/store/disk.hpp"

namespace millrace::data {
namespace {

constexpr std::uint64_t kRowsATurn = 8'192;  // between two looks at whether to go on
constexpr std::size_t kFilesMax = 10'000;

tl::unexpected<Error> unusable(std::string what, std::string where, std::string why,
                               std::string mend) {
    return failure(ErrorCode::usage, std::move(what), std::move(where), std::move(why),
                   std::move(mend));
}

// "1m", "quotes": the folder of a series in a catalog.
std::string folder_of(const ImportSeries& series) {
    return series.kind == model::TableKind::bars ? format_duration(series.bar_length)
                                                 : std::string(name_of(series.kind));
}

// As part of a path: "BTC/USD" is "BTC-USD".
std::string file_name_of(std::string symbol) {
    for (char& letter : symbol)
        if (letter == '/' || letter == '\\' || letter == '\0') letter = '-';
    return symbol.starts_with('.') ? "-" + symbol : symbol;
}

bool is_same(const ImportSeries& a, const ImportSeries& b) {
    return a.symbol == b.symbol && a.kind == b.kind && a.bar_length == b.bar_length;
}

}  // namespace

// Several series as one in the total order; of one it costs a comparison.
struct ImportJob::Stream {
    struct Cursor {
        ImportSeries* series;
        backtest::DataSeries* reader;
        InstrumentId instrument;
        model::Datum datum = {};
    };
    struct Key {
        engine::OrderKey order;
        std::size_t cursor = 0;

        auto operator<=>(const Key&) const = default;
    };

    Result<void> begin() {
        for (std::size_t at = 0; at < cursors.size(); ++at)
            if (auto pushed = push(at); !pushed) return pushed;
        return {};
    }
    Result<void> push(std::size_t at) {
        Cursor& cursor = cursors[at];
        const auto more = advance(cursor);
        if (!more) return failure(Error(more.error()));
        if (!*more) return {};
        heap.push_back(
            {std::visit([](const auto& noun) { return engine::order_key_of(noun); }, cursor.datum),
             at});
        std::push_heap(heap.begin(), heap.end(), std::greater<>());
        return {};
    }
    Result<bool> advance(Cursor& cursor) {
        for (;;) {
            auto more = cursor.reader->next(cursor.datum);
            if (!more || !*more) return more;
            const auto* trade = std::get_if<model::Trade>(&cursor.datum);
            if (trade == nullptr || !trade->size.is_zero() || keeps_empty) break;
            ++cursor.series->without_size;
            if (!leaves_out)
                return failure(ErrorCode::data, "this trade has no size",
                               fmt::format("{}, row {}", cursor.reader->path(),
                                           cursor.series->rows + cursor.series->without_size),
                               "in a tape every trade has one",
                               "write --policy skip to leave it out, or --format parquet");
        }
        std::visit([&](auto& noun) { noun.instrument = cursor.instrument; }, cursor.datum);
        ImportSeries& series = *cursor.series;
        const Time begin = backtest::begin_of(cursor.datum);
        if (series.rows++ == 0) series.first = begin;
        series.last = begin;
        return true;
    }
    Result<bool> next(model::Datum& datum) {
        if (heap.empty()) return false;
        std::pop_heap(heap.begin(), heap.end(), std::greater<>());
        const std::size_t at = heap.back().cursor;
        heap.pop_back();
        datum = cursors[at].datum;
        if (auto pushed = push(at); !pushed) return failure(std::move(pushed.error()));
        return true;
    }

    std::vector<Cursor> cursors;
    std::vector<Key> heap;     // least in front
    bool leaves_out = false;   // trades without size
    bool keeps_empty = false;  // or writes them
};

Result<ImportJob> ImportJob::open(const ImportSettings& settings) {
    if (settings.files.empty()) return unusable("no file was named", {}, {}, "name a file");
    if (settings.files.size() > kFilesMax)
        return unusable("there are too many files", {},
                        fmt::format("one call reads at most {}", kFilesMax), "import some of them");
    if (settings.out.empty() == settings.catalog.empty())
        return unusable("it is not clear where the data goes", {},
                        "one of --out and --catalog says so",
                        "write --out market.tape, or --catalog data");
    ImportJob job(settings);
    std::vector<std::string> files = settings.files;
    std::sort(files.begin(), files.end());
    if (const auto twice = std::adjacent_find(files.begin(), files.end()); twice != files.end())
        return unusable("the file is named twice", *twice, {}, "name it once");
    for (const std::string& path : files) {
        const auto parts = series_in(path);
        if (!parts) return failure(Error(parts.error()));
        for (const std::string& part : *parts)
            if (auto added = job.add(part); !added) return failure(std::move(added.error()));
    }
    if (auto placed = job.place_outputs(); !placed) return failure(std::move(placed.error()));
    if (auto checked = job.check_outputs(); !checked) return failure(std::move(checked.error()));
    return job;
}

Result<void> ImportJob::add(const std::string& path) {
    files::TableOptions options = settings_.table;
    auto reader = backtest::DataSeries::open(path, options);
    if (!reader) return failure(std::move(reader.error()));
    const auto precision = backtest::precision_of(path, options);
    if (!precision) return failure(Error(precision.error()));
    ImportSeries series;
    series.symbol = settings_.symbol.empty() ? reader->symbol() : settings_.symbol;
    series.kind = reader->kind();
    series.bar_length = reader->bar_length();
    series.files = {path};
    rows_expected_ += reader->rows_expected();
    for (std::size_t i = 0; i < series_.size(); ++i) {
        if (!is_same(series_[i], series)) continue;
        series_[i].files.push_back(path);
        readers_[i].join(std::move(*reader));
        increments_[i] = std::min(increments_[i], precision->price);
        return {};
    }
    series_.push_back(std::move(series));
    readers_.push_back(std::move(*reader));
    increments_.push_back(precision->price);
    return {};
}

Result<void> ImportJob::place_outputs() {
    if (!settings_.catalog.empty()) {
        for (ImportSeries& series : series_)
            series.output =
                (std::filesystem::path(settings_.catalog) / folder_of(series) /
                 (file_name_of(series.symbol) + "." + std::string(name_of(settings_.format))))
                    .string();
        return {};
    }
    for (ImportSeries& series : series_)
        series.output = settings_.out;
    if (settings_.format == StoreFormat::parquet && series_.size() > 1)
        return unusable("a Parquet file holds one series", settings_.out,
                        fmt::format("these files have {}: {} and {} among them", series_.size(),
                                    series_[0].symbol, series_[1].symbol),
                        "write --catalog DIR, or --format tape");
    for (std::size_t a = 0; a < series_.size(); ++a)
        for (std::size_t b = a + 1; b < series_.size(); ++b)
            if (series_[a].symbol == series_[b].symbol && series_[a].kind == series_[b].kind)
                return unusable("a tape holds bars of one length for a symbol", settings_.out,
                                fmt::format("{} has bars of {} and of {}", series_[a].symbol,
                                            format_duration(series_[a].bar_length),
                                            format_duration(series_[b].bar_length)),
                                "write --catalog DIR, or import them apart");
    return {};
}

Result<void> ImportJob::check_outputs() const {
    std::map<std::string, const ImportSeries*> places;
    for (const ImportSeries& series : series_) {
        if (auto free = check_place(series.output, settings_.replaces); !free) return free;
        const auto [place, is_new] = places.emplace(series.output, &series);
        if (!is_new && settings_.out.empty())
            return unusable("two series would have one file", series.output,
                            place->second->symbol + " and " + series.symbol,
                            "import them apart with --symbol");
        for (const std::string& input : settings_.files) {
            std::error_code ignored;
            if (std::filesystem::equivalent(series.output, input, ignored))
                return unusable("the output would replace its own input", input, {},
                                "name another file");
        }
    }
    return {};
}

Result<Written> ImportJob::write(const std::vector<std::size_t>& which, const GoOn& go_on) {
    MarketOutput output;
    output.path = series_[which.front()].output;
    output.format = settings_.format;
    output.kind = series_[which.front()].kind;
    output.source = "import";
    output.replaces = settings_.replaces;
    Stream stream;
    stream.keeps_empty = settings_.format == StoreFormat::parquet;
    stream.leaves_out = settings_.table.policy.bad_rows != model::BadRows::fail;
    std::map<std::string, InstrumentId> ids;
    for (const std::size_t at : which) {
        const InstrumentId next(static_cast<InstrumentId::Value>(ids.size()));
        const auto [id, is_new] = ids.emplace(series_[at].symbol, next);
        if (is_new) {
            auto made =
                instrument_named(series_[at].symbol, next, increments_[at], settings_.currency);
            if (!made) return failure(std::move(made.error()));
            output.instruments.push_back(*made);
        }
        stream.cursors.push_back({&series_[at], &readers_[at], id->second});
    }
    if (auto begun = stream.begin(); !begun) return failure(std::move(begun.error()));
    auto written = write_market(output, [&](model::Datum& datum) -> Result<bool> {
        if (++rows_ % kRowsATurn == 0 && go_on && !go_on(rows_))
            return failure(ErrorCode::interrupted, "stopped before the end of the data");
        return stream.next(datum);
    });
    for (const std::size_t at : which)
        series_[at].findings = readers_[at].findings();
    return written;
}

Result<std::vector<ImportOutput>> ImportJob::run(const GoOn& go_on) {
    std::map<std::string, std::vector<std::size_t>> outputs;
    for (std::size_t at = 0; at < series_.size(); ++at)
        outputs[series_[at].output].push_back(at);
    std::vector<ImportOutput> done;
    for (const auto& [path, which] : outputs) {
        if (!settings_.catalog.empty()) {
            const std::string folder = std::filesystem::path(path).parent_path().string();
            if (auto made = store::posix_disk().make_directory(folder); !made)
                return failure(std::move(made.error()));
        }
        const auto written = write(which, go_on);
        if (!written) return failure(Error(written.error()));
        done.push_back({path, *written});
    }
    return done;
}

}  // namespace millrace::data
