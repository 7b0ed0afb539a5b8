// Drafts, and the two forms.
#include "millrace/app/data/market_sink.hpp"

#include <filesystem>
#include <unistd.h>
#include <utility>

#include "millrace/edge/store/parquet/parquet_stream.hpp"
#include "millrace/edge/store/tape/tape_writer.hpp"

namespace millrace::data {
namespace {

using parquet::Cell;
using parquet::CellKind;
using parquet::OutputColumn;

constexpr OutputColumn price_column(std::string_view name) {
    return {name, CellKind::decimal, Price::kScale};
}
constexpr OutputColumn size_column(std::string_view name) {
    return {name, CellKind::decimal, Quantity::kScale};
}
constexpr OutputColumn kTime = {"time", CellKind::time};
constexpr std::array kBarColumns = {kTime,
                                    price_column("open"),
                                    price_column("high"),
                                    price_column("low"),
                                    price_column("close"),
                                    size_column("volume")};
constexpr std::array kQuoteColumns = {kTime, price_column("bid"), price_column("ask"),
                                      size_column("bid_size"), size_column("ask_size")};
constexpr std::array kTradeColumns = {kTime, price_column("price"), size_column("size")};

std::span<const OutputColumn> columns_of(model::TableKind kind) {
    switch (kind) {
        case model::TableKind::bars: return kBarColumns;
        case model::TableKind::quotes: return kQuoteColumns;
        case model::TableKind::trades: return kTradeColumns;
    }
    return {};
}

void fill(std::span<Cell> row, const model::Datum& datum) {
    const auto put = [row](auto... cells) {
        std::size_t at = 0;
        ((row[at++] = Cell(cells)), ...);
    };
    if (const auto* bar = std::get_if<model::Bar>(&datum)) {
        put(bar->open_time, bar->open.raw(), bar->high.raw(), bar->low.raw(), bar->close.raw(),
            bar->volume.raw());
    } else if (const auto* quote = std::get_if<model::Quote>(&datum)) {
        put(quote->known_at, quote->bid.raw(), quote->ask.raw(), quote->bid_size.raw(),
            quote->ask_size.raw());
    } else {
        const auto& trade = std::get<model::Trade>(datum);
        put(trade.known_at, trade.price.raw(), trade.size.raw());
    }
}

// A file on its way. With the process in its name, two that write the same file do not write into
// each other; one that stays behind after a kill may be deleted.
class Draft {
  public:
    explicit Draft(const std::string& place)
        : place_(place), name_(place + "." + std::to_string(::getpid()) + ".unfinished") {}
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
        std::error_code ignored;
        if (!is_finished_) std::filesystem::remove(name_, ignored);
    }

    [[nodiscard]] const std::string& name() const { return name_; }

    Result<void> take_place(bool replaces) {
        if (auto free = check_place(place_, replaces); !free) return free;
        store::Disk& disk = store::posix_disk();
        auto file = disk.open(name_, store::Disk::Access::write);
        if (!file) return failure(std::move(file.error()));
        if (auto synced = (*file)->sync(); !synced) return synced;
        if (auto renamed = disk.rename(name_, place_); !renamed) return renamed;
        is_finished_ = true;
        const std::string folder = std::filesystem::path(place_).parent_path().string();
        return disk.sync_directory(folder.empty() ? "." : folder);
    }

  private:
    std::string place_;
    std::string name_;
    bool is_finished_ = false;
};

Result<std::uint64_t> write_tape(const std::string& path, const MarketOutput& output,
                                 const DatumSource& source) {
    model::Source said;
    said.known_at = Time::earliest();
    auto name = Text<32>::from(output.source);
    if (!name) return failure(std::move(name.error()));
    said.name = *name;
    auto writer = tape::TapeWriter::create(store::posix_disk(), path, output.instruments,
                                           std::span(&said, 1));
    if (!writer) return failure(std::move(writer.error()));
    model::Datum datum;
    for (;;) {
        auto more = source(datum);
        if (!more) return failure(std::move(more.error()));
        if (!*more) break;
        if (auto taken = (*writer)->append(datum); !taken) return failure(std::move(taken.error()));
    }
    const auto counts = (*writer)->finish();
    if (!counts) return failure(Error(counts.error()));
    return counts->events();
}

Result<std::uint64_t> write_parquet(const std::string& path, const MarketOutput& output,
                                    const DatumSource& source) {
    model::Datum datum;
    return parquet::stream_to_parquet(path, columns_of(output.kind),
                                      [&](std::span<Cell> row) -> Result<bool> {
                                          auto more = source(datum);
                                          if (more && *more) fill(row, datum);
                                          return more;
                                      });
}

}  // namespace

std::string_view name_of(StoreFormat format) {
    return format == StoreFormat::tape ? "tape" : "parquet";
}

StoreFormat format_of_path(std::string_view path) {
    return path.ends_with(".parquet") ? StoreFormat::parquet : StoreFormat::tape;
}

Result<void> check_place(const std::string& path, bool replaces) {
    std::error_code ignored;
    const auto there = std::filesystem::status(path, ignored);
    if (!std::filesystem::exists(there)) return {};
    if (!std::filesystem::is_regular_file(there))
        return failure(ErrorCode::usage, "this is no ordinary file", path,
                       "it is a directory, pipe or device", "name a file");
    if (replaces) return {};
    return failure(ErrorCode::usage, "the file is there already", path,
                   "nothing is overwritten unasked", "name another file, or add --replace");
}

Result<Written> write_market(const MarketOutput& output, const DatumSource& source) {
    if (auto free = check_place(output.path, output.replaces); !free)
        return failure(std::move(free.error()));
    MILLRACE_ASSERT(output.format == StoreFormat::tape || output.instruments.size() == 1,
                    "a Parquet file holds one instrument");
    Draft draft(output.path);
    const auto rows = output.format == StoreFormat::tape
                          ? write_tape(draft.name(), output, source)
                          : write_parquet(draft.name(), output, source);
    if (!rows) return failure(Error(rows.error()));
    std::error_code unknown;
    const std::uint64_t bytes = std::filesystem::file_size(draft.name(), unknown);
    if (auto placed = draft.take_place(output.replaces); !placed)
        return failure(std::move(placed.error()));
    return Written{*rows, unknown ? 0 : bytes};
}

Result<model::Instrument> instrument_named(const std::string& symbol, InstrumentId id,
                                           Price increment, const std::string& currency) {
    model::Instrument made;
    made.known_at = Time::earliest();
    made.id = id;
    const auto name = Text<32>::from(symbol);
    const auto code = Text<8>::from(currency);
    if (symbol.empty() || !name)
        return failure(ErrorCode::usage, "the symbol is not usable", symbol, "it has 1 to 32 bytes",
                       "name it yourself: --symbol NAME");
    if (currency.empty() || !code)
        return failure(ErrorCode::usage, "the currency is not usable", currency,
                       "it has 1 to 8 bytes", "write, for example, USD");
    made.symbol = *name;
    made.currency = *code;
    made.price_increment = increment;
    made.quantity_increment = Quantity::from_raw(1);
    made.multiplier = Ratio::whole(1);
    return made;
}

}  // namespace millrace::data
