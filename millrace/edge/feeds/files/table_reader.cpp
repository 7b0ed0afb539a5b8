// Reading and checking rows.
#include "millrace/edge/feeds/files/table_reader.hpp"

#include <algorithm>

#include "millrace/edge/feeds/files/row_text.hpp"

namespace millrace::files {

using model::RowRead;

Result<TableReader> TableReader::open(const std::string& path, const TableOptions& options) {
    auto found = detect(path, options);
    if (!found) return failure(std::move(found.error()));
    auto lines = LineReader::open(path, options.member);
    if (!lines) return failure(std::move(lines.error()));
    const model::RowRules rules{.kind = found->dialect.kind,
                                .label = options.label,
                                .bar_length = found->dialect.bar_length,
                                .instrument = options.instrument,
                                .source = options.source};
    TableReader reader(std::move(*lines), std::move(*found), options, rules);
    if (auto passed = reader.pass_header(); !passed) return failure(std::move(passed.error()));
    return reader;
}

TableReader::TableReader(LineReader lines, Detection found, const TableOptions& options,
                         const model::RowRules& rules)
    : lines_(std::move(lines)),
      found_(std::move(found)),
      delimiter_(dialect().delimiter),
      has_points_(dialect().decimal_mark == '.'),
      has_symbol_(model::has_role(dialect().columns, ColumnRole::symbol)),
      is_symbol_said_(!options.symbol.empty()),
      price_scale_(Price::kScale - dialect().price_decimals),
      times_(dialect().zone, dialect().time_format, dialect().date),
      check_(rules),
      gate_(options.policy) {
    places_.fill(-1);
    for (std::size_t i = 0; i < dialect().columns.size(); ++i) {
        int& place = places_[static_cast<std::size_t>(dialect().columns[i])];
        if (place < 0) place = static_cast<int>(i);
    }
}

Result<void> TableReader::pass_header() {
    std::string_view line;
    while (lines_.line_number() < dialect().lines_before)
        if (auto passed = lines_.next(line); !passed) return failure(std::move(passed.error()));
    return {};
}

std::uint64_t TableReader::rows_estimated() const {
    if (found_.bytes_of_sample == 0) return 0;
    return found_.bytes_expected * found_.lines_of_sample / found_.bytes_of_sample;
}

RowRead TableReader::read_any(Datum& datum) {
    std::string_view line;
    for (;;) {
        auto more = lines_.next(line);
        if (!more) return fail(std::move(more.error()));
        if (!*more) return RowRead::end;
        if (line.empty()) continue;
        split_row(line, delimiter_, fields_);
        if (!has_symbol_) break;
        const std::string_view symbol = field(ColumnRole::symbol);
        if (symbol == dialect().symbol) break;
        if (!is_symbol_said_) return fail(has_other_symbol(symbol));
    }
    if (!read_row(datum)) return RowRead::bad;
    ++rows_;
    return RowRead::row;
}

RowRead TableReader::fail(Error error) {
    failed_by_ = std::move(error);
    return RowRead::failed;
}

Error TableReader::has_other_symbol(std::string_view symbol) const {
    return {
        ErrorCode::data, "the file has several symbols", lines_.where(),
        "\"" + std::string(symbol.substr(0, 40)) + "\" comes behind \"" + dialect().symbol + "\"",
        "say which: --symbol " + dialect().symbol};
}

std::string_view TableReader::field(ColumnRole role) const {
    const int place = places_[static_cast<std::size_t>(role)];
    if (place < 0 || static_cast<std::size_t>(place) >= fields_.size()) return {};
    return fields_[static_cast<std::size_t>(place)];
}

std::string_view TableReader::number(ColumnRole role) {
    const std::string_view text = field(role);
    if (has_points_) return text;
    pointed_ = text;
    // A point beside commas would be a mark of thousands, which are not read.
    std::replace(pointed_.begin(), pointed_.end(), '.', '?');
    std::replace(pointed_.begin(), pointed_.end(), dialect().decimal_mark, '.');
    return pointed_;
}

bool TableReader::read_row(Datum& datum) {
    const auto time = times_.read(field(ColumnRole::time), field(ColumnRole::time_of_day));
    if (!time)
        return check_.refuse("the time of this row cannot be read", time.error().what,
                             time.error().mend);
    if (!gate_.repairs() && !check_.accept_time(*time)) return false;
    switch (dialect().kind) {
        case TableKind::bars: return read_bar(*time, datum.emplace<model::Bar>());
        case TableKind::quotes: return read_quote(*time, datum.emplace<model::Quote>());
        case TableKind::trades: return read_trade(*time, datum.emplace<model::Trade>());
    }
    return false;
}

bool TableReader::read_price(ColumnRole role, Price& price) {
    const std::string_view text = number(role);
    if (const auto plain = parse_plain_decimal(text, price_scale_)) {
        price = Price::from_raw(*plain);
        return check_.accept_price(role, price);
    }
    const auto parsed = parse_decimal(text, price_scale_, Rounding::half_even);
    if (!parsed)
        return check_.refuse(
            "the " + std::string(name_of(role)) + " of this row is no price",
            "\"" + std::string(field(role).substr(0, 40)) + "\": " + parsed.error().why,
            "mend the row or leave it out");
    price = Price::from_raw(*parsed);
    return check_.accept_price(role, price);
}

// Zero where the table has no such column.
bool TableReader::read_size(ColumnRole role, Quantity& size) {
    const std::string_view text = number(role);
    if (const auto plain = parse_plain_decimal(text, Quantity::kScale)) {
        size = Quantity::from_raw(*plain);
        return true;  // without a sign there is nothing to check
    }
    if (text.empty() && places_[static_cast<std::size_t>(role)] < 0) return true;
    const auto parsed = Quantity::parse(text, Rounding::half_even);
    if (!parsed)
        return check_.refuse(
            "the " + std::string(name_of(role)) + " of this row is no quantity",
            "\"" + std::string(field(role).substr(0, 40)) + "\": " + parsed.error().why,
            "mend the row or leave it out");
    size = *parsed;
    return check_.accept_size(role, size);
}

bool TableReader::read_bar(Time time, model::Bar& bar) {
    if (!read_price(ColumnRole::open, bar.open) || !read_price(ColumnRole::high, bar.high) ||
        !read_price(ColumnRole::low, bar.low) || !read_price(ColumnRole::close, bar.close) ||
        !read_size(ColumnRole::volume, bar.volume))
        return false;
    if (gate_.repairs()) [[unlikely]] {
        const model::Bar written = bar;
        if (model::RowCheck::widen(bar))
            gate_.mended(line(), model::RowFault::contradiction,
                         where() + ": high " + written.high.to_string() + " and low " +
                             written.low.to_string() + " made " + bar.high.to_string() + " and " +
                             bar.low.to_string());
    }
    if (dialect().prices == Prices::adjusted && !adjust(bar)) [[unlikely]]
        return false;
    return check_.finish(time, bar);
}

bool TableReader::adjust(model::Bar& bar) {
    Price adjusted;
    if (!read_price(ColumnRole::adjusted_close, adjusted)) return false;
    const std::int64_t close = bar.close.raw();
    for (Price* price : {&bar.open, &bar.high, &bar.low, &bar.close}) {
        const auto scaled =
            multiply_divide(price->raw(), adjusted.raw(), close, Rounding::half_even);
        if (!scaled || *scaled <= 0)
            return check_.refuse(
                "the adjusted prices of this row are out of range",
                "close " + bar.close.to_string() + ", adjusted close " + adjusted.to_string(),
                "mend the row or leave it out");
        *price = Price::from_raw(*scaled);
    }
    return true;
}

// Some vendors leave a side out that did not change.
bool TableReader::read_side(ColumnRole role, Price& price, Price& last) {
    if (dialect().empty_is_unchanged && last.raw() > 0 && field(role).empty()) {
        price = last;
        return true;
    }
    if (!read_price(role, price)) return false;
    last = price;
    return true;
}

bool TableReader::read_quote(Time time, model::Quote& quote) {
    return read_side(ColumnRole::bid, quote.bid, last_bid_) &&
           read_side(ColumnRole::ask, quote.ask, last_ask_) &&
           read_size(ColumnRole::bid_size, quote.bid_size) &&
           read_size(ColumnRole::ask_size, quote.ask_size) && check_.finish(time, quote);
}

bool TableReader::read_trade(Time time, model::Trade& trade) {
    return read_price(ColumnRole::price, trade.price) && read_size(ColumnRole::size, trade.size) &&
           check_.finish(time, trade);
}

}  // namespace millrace::files
