// Reading and checking rows.
#include "millrace/edge/store/parquet/parquet_reader.hpp"

#include <fmt/format.h>
#include <utility>

namespace millrace::parquet {
namespace {

using model::ColumnRole;

constexpr std::size_t kFirstRows = 200;  // looked at as those of a table of text

std::string selected(const ParquetLayout& layout) {
    std::string list;
    for (const ReadColumn& column : layout.columns)
        list += fmt::format("{}{}", list.empty() ? "" : ", ", column.selected);
    return list;
}

Result<Duration> bar_length_of(const ParquetFile& file, const ReadColumn& column,
                               const Zone& zone) {
    auto stream = file.select_first(kFirstRows, column.selected);
    if (!stream) return failure(std::move(stream.error()));
    TimeCells cells(zone);
    std::vector<Time> times;
    for (;;) {
        const auto more = stream->next_block();
        if (!more) return failure(file.told(Error(more.error())));
        if (!*more) break;
        for (std::size_t row = 0; row < stream->rows(); ++row) {
            Time time;
            std::string why;
            // What is no time will say so when its row is read, with its number.
            if (!cells.read(column, stream->column(0), row, time, why))
                return model::find_bar_length(times, file.path());
            times.push_back(time);
        }
    }
    return model::find_bar_length(times, file.path());
}

}  // namespace

Result<ParquetReader> ParquetReader::open(const std::string& path, const ParquetOptions& options) {
    auto file = ParquetFile::open(path);
    if (!file) return failure(std::move(file.error()));
    auto layout = find_layout(file->columns(), options.columns, path);
    if (!layout) return failure(std::move(layout.error()));
    model::RowRules rules{layout->kind, options.label, {}, options.instrument, options.source};
    if (layout->kind == model::TableKind::bars) {
        auto length = options.bar_length
                          ? Result<Duration>(*options.bar_length)
                          : bar_length_of(*file, layout->columns.front(), options.zone);
        if (!length) return failure(std::move(length.error()));
        rules.bar_length = *length;
    }
    return ParquetReader(std::move(*file), std::move(*layout), options, rules);
}

ParquetReader::ParquetReader(ParquetFile file, ParquetLayout layout, const ParquetOptions& options,
                             const model::RowRules& rules)
    : file_(std::move(file)),
      layout_(std::move(layout)),
      times_(options.zone),
      check_(rules),
      gate_(options.policy) {
    places_.fill(-1);
    for (std::size_t i = 0; i < layout_.columns.size(); ++i)
        places_[static_cast<std::size_t>(layout_.columns[i].role)] = static_cast<int>(i);
}

std::string ParquetReader::describe() const {
    return fmt::format("{}, {} rows of Parquet", layout_.description, file_.rows());
}

model::RowRead ParquetReader::read_any(model::Datum& datum) {
    if (!stream_ || row_ == stream_->rows()) {
        auto more = next_block();
        if (!more) {
            failed_by_ = std::move(more.error());
            return model::RowRead::failed;
        }
        if (!*more) return model::RowRead::end;
    }
    const bool is_good = read_row(datum);
    ++row_;
    ++passed_;
    if (!is_good) return model::RowRead::bad;
    ++rows_;
    return model::RowRead::row;
}

std::string ParquetReader::where() const {
    return fmt::format("{}: row {}", file_.path(), passed_);
}

// Begins with a few rows, because a reader may wait long for its turn with hundreds of others.
Result<bool> ParquetReader::next_block() {
    if (!stream_) {
        auto first = file_.select_first(kFirstRows, selected(layout_));
        if (!first) return failure(std::move(first.error()));
        stream_.emplace(std::move(*first));
    }
    row_ = 0;
    block_.clear();
    auto more = stream_->next_block();
    if (more && !*more && !has_all_ && passed_ < file_.rows()) more = begin_with_all();
    if (!more) return failure(file_.told(std::move(more.error())));
    if (!*more && passed_ != file_.rows())
        return failure(ErrorCode::data, "the file ends early", file_.path(),
                       fmt::format("it speaks of {} rows and has {}", file_.rows(), passed_),
                       "write or fetch it again");
    for (std::size_t i = 0; *more && i < layout_.columns.size(); ++i)
        block_.push_back(stream_->column(i));
    return more;
}

// Passes over the rows that were read before.
Result<bool> ParquetReader::begin_with_all() {
    has_all_ = true;
    auto all = file_.select(selected(layout_));
    if (!all) return failure(std::move(all.error()));
    stream_.emplace(std::move(*all));
    auto more = stream_->next_block();
    std::uint64_t passed = 0;
    while (more && *more && passed + stream_->rows() <= passed_) {
        passed += stream_->rows();
        more = stream_->next_block();
    }
    row_ = passed_ - passed;
    return more;
}

bool ParquetReader::read_row(model::Datum& datum) {
    Time time;
    if (!read_time(time)) return false;
    switch (layout_.kind) {
        case model::TableKind::bars: return read_bar(time, datum.emplace<model::Bar>());
        case model::TableKind::quotes: {
            auto& quote = datum.emplace<model::Quote>();
            return read_price(ColumnRole::bid, quote.bid) &&
                   read_price(ColumnRole::ask, quote.ask) &&
                   read_size(ColumnRole::bid_size, quote.bid_size) &&
                   read_size(ColumnRole::ask_size, quote.ask_size) && check_.finish(time, quote);
        }
        case model::TableKind::trades: {
            auto& trade = datum.emplace<model::Trade>();
            return read_price(ColumnRole::price, trade.price) &&
                   read_size(ColumnRole::size, trade.size) && check_.finish(time, trade);
        }
    }
    return false;
}

bool ParquetReader::read_bar(Time time, model::Bar& bar) {
    if (!read_price(ColumnRole::open, bar.open) || !read_price(ColumnRole::high, bar.high) ||
        !read_price(ColumnRole::low, bar.low) || !read_price(ColumnRole::close, bar.close) ||
        !read_size(ColumnRole::volume, bar.volume))
        return false;
    if (gate_.repairs() && model::RowCheck::widen(bar)) [[unlikely]]
        gate_.mended(passed_ + 1, model::RowFault::contradiction,
                     fmt::format("{}: row {}: high and low made {} and {}", file_.path(),
                                 passed_ + 1, bar.high.to_string(), bar.low.to_string()));
    return check_.finish(time, bar);
}

bool ParquetReader::read_time(Time& time) {
    if (times_.read(layout_.columns.front(), block_.front(), row_, time, why_))
        return gate_.repairs() || check_.accept_time(time);
    return check_.refuse("the time of this row cannot be read", why_,
                         "mend the row or leave it out");
}

bool ParquetReader::read_price(ColumnRole role, Price& price) {
    const auto place = static_cast<std::size_t>(places_[static_cast<std::size_t>(role)]);
    std::int64_t raw = 0;
    if (!read_number(layout_.columns[place], block_[place], row_, Price::kScale, raw, why_))
        return refuse(role, "price");
    price = Price::from_raw(raw);
    return check_.accept_price(role, price);
}

// Zero where the file has no such column.
bool ParquetReader::read_size(ColumnRole role, Quantity& size) {
    const int place = places_[static_cast<std::size_t>(role)];
    if (place < 0) return true;
    const auto at = static_cast<std::size_t>(place);
    std::int64_t raw = 0;
    if (!read_number(layout_.columns[at], block_[at], row_, Quantity::kScale, raw, why_))
        return refuse(role, "quantity");
    size = Quantity::from_raw(raw);
    return check_.accept_size(role, size);
}

bool ParquetReader::refuse(ColumnRole role, std::string_view noun) {
    return check_.refuse(fmt::format("the {} of this row is no {}", name_of(role), noun), why_,
                         "mend the row or leave it out");
}

}  // namespace millrace::parquet
