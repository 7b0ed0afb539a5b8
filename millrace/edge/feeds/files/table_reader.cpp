// Reading and checking rows.
#include "millrace/edge/feeds/files/table_reader.hpp"

#include <algorithm>

namespace millrace::files {
namespace {

constexpr std::size_t kSampleLines = 200;  // looked at before the first row is given

Result<std::vector<std::string>> first_lines(const std::string& path) {
    auto reader = LineReader::open(path);
    if (!reader) return failure(std::move(reader.error()));
    std::vector<std::string> lines;
    std::string_view line;
    while (lines.size() < kSampleLines) {
        auto more = reader->next(line);
        if (!more) return failure(std::move(more.error()));
        if (!*more) break;
        if (!line.empty()) lines.emplace_back(line);
    }
    return lines;
}

// Of the sample's rows, up to the first that has none: the row itself will say so, with its line.
std::vector<Time> times_of(const std::vector<std::string>& lines, const TableLayout& layout,
                           const Zone& zone) {
    std::vector<std::string_view> fields;
    std::vector<Time> times;
    for (std::size_t i = layout.has_header ? 1 : 0; i < lines.size(); ++i) {
        split_row(lines[i], layout.delimiter, fields);
        std::string text;
        for (std::size_t c = 0; c < std::min(fields.size(), layout.columns.size()); ++c)
            if (layout.columns[c] == ColumnRole::time ||
                layout.columns[c] == ColumnRole::time_of_day)
                text += (text.empty() ? "" : " ") + std::string(fields[c]);
        const auto time = model::parse_table_time(text, zone);
        if (!time) break;
        times.push_back(*time);
    }
    return times;
}

}  // namespace

Result<TableReader> TableReader::open(const std::string& path, const TableOptions& options) {
    const auto sample = first_lines(path);
    if (!sample) return failure(Error(sample.error()));
    auto layout = find_layout(*sample, options.layout, path);
    if (!layout) return failure(std::move(layout.error()));
    auto lines = LineReader::open(path);
    if (!lines) return failure(std::move(lines.error()));
    model::RowRules rules{.kind = layout->kind,
                          .label = options.label,
                          .bar_length = options.bar_length.value_or(Duration()),
                          .instrument = options.instrument,
                          .source = options.source};
    if (rules.kind != TableKind::bars) {
        rules.bar_length = Duration();
    } else if (!options.bar_length) {
        auto found = model::find_bar_length(times_of(*sample, *layout, options.zone), path);
        if (!found) return failure(std::move(found.error()));
        rules.bar_length = *found;
    }
    TableReader reader(std::move(*lines), std::move(*layout), rules, options.zone);
    if (reader.layout_.has_header) {
        std::string_view header;
        bool more = true;
        while (more && header.empty()) {  // find_layout did not see empty lines either
            auto read = reader.lines_.next(header);
            if (!read) return failure(std::move(read.error()));
            more = *read;
        }
    }
    return reader;
}

TableReader::TableReader(LineReader lines, TableLayout layout, const model::RowRules& rules,
                         const Zone& zone)
    : lines_(std::move(lines)), layout_(std::move(layout)), times_(zone), check_(rules) {
    places_.fill(-1);
    for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
        int& place = places_[static_cast<std::size_t>(layout_.columns[i])];
        if (place < 0) place = static_cast<int>(i);
    }
}

Result<bool> TableReader::next(Datum& datum) {
    std::string_view line;
    do {
        auto more = lines_.next(line);
        if (!more || !*more) return more;
    } while (line.empty());
    split_row(line, layout_.delimiter, fields_);
    if (!read_row(datum)) {
        Error error = check_.error();
        error.where = lines_.where();
        return failure(std::move(error));
    }
    ++rows_;
    return true;
}

std::string_view TableReader::field(ColumnRole role) const {
    const int place = places_[static_cast<std::size_t>(role)];
    if (place < 0 || static_cast<std::size_t>(place) >= fields_.size()) return {};
    return fields_[static_cast<std::size_t>(place)];
}

bool TableReader::read_row(Datum& datum) {
    const auto time = times_.read(field(ColumnRole::time), field(ColumnRole::time_of_day));
    if (!time)
        return check_.refuse("the time of this row cannot be read", time.error().what,
                             time.error().mend);
    if (!check_.accept_time(*time)) return false;
    switch (layout_.kind) {
        case TableKind::bars: return read_bar(*time, datum.emplace<model::Bar>());
        case TableKind::quotes: return read_quote(*time, datum.emplace<model::Quote>());
        case TableKind::trades: return read_trade(*time, datum.emplace<model::Trade>());
    }
    return false;
}

bool TableReader::read_price(ColumnRole role, Price& price) {
    const std::string_view text = field(role);
    if (const auto plain = parse_plain_decimal(text, Price::kScale)) {
        price = Price::from_raw(*plain);
        return check_.accept_price(role, price);
    }
    const auto parsed = Price::parse(text, Rounding::half_even);
    if (!parsed)
        return check_.refuse("the " + std::string(name_of(role)) + " of this row is no price",
                             "\"" + std::string(text.substr(0, 40)) + "\": " + parsed.error().why,
                             "mend the row or leave it out");
    price = *parsed;
    return check_.accept_price(role, price);
}

// Zero where the table has no such column.
bool TableReader::read_size(ColumnRole role, Quantity& size) {
    const std::string_view text = field(role);
    if (const auto plain = parse_plain_decimal(text, Quantity::kScale)) {
        size = Quantity::from_raw(*plain);
        return true;  // without a sign there is nothing to check
    }
    if (text.empty() && places_[static_cast<std::size_t>(role)] < 0) return true;
    const auto parsed = Quantity::parse(text, Rounding::half_even);
    if (!parsed)
        return check_.refuse("the " + std::string(name_of(role)) + " of this row is no quantity",
                             "\"" + std::string(text.substr(0, 40)) + "\": " + parsed.error().why,
                             "mend the row or leave it out");
    size = *parsed;
    return check_.accept_size(role, size);
}

bool TableReader::read_bar(Time time, model::Bar& bar) {
    return read_price(ColumnRole::open, bar.open) && read_price(ColumnRole::high, bar.high) &&
           read_price(ColumnRole::low, bar.low) && read_price(ColumnRole::close, bar.close) &&
           read_size(ColumnRole::volume, bar.volume) && check_.finish(time, bar);
}

bool TableReader::read_quote(Time time, model::Quote& quote) {
    return read_price(ColumnRole::bid, quote.bid) && read_price(ColumnRole::ask, quote.ask) &&
           read_size(ColumnRole::bid_size, quote.bid_size) &&
           read_size(ColumnRole::ask_size, quote.ask_size) && check_.finish(time, quote);
}

bool TableReader::read_trade(Time time, model::Trade& trade) {
    return read_price(ColumnRole::price, trade.price) && read_size(ColumnRole::size, trade.size) &&
           check_.finish(time, trade);
}

}  // namespace millrace::files
