// Reading and checking rows.
#include "millrace/edge/feeds/files/table_reader.hpp"

#include <algorithm>

namespace millrace::files {
namespace {

constexpr std::size_t kSampleLines = 200;  // looked at before the first row is given
constexpr std::size_t kRoles = static_cast<std::size_t>(ColumnRole::size) + 1;

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "20200101 170000065" and "20200101 17:00:00" as ISO writes them; anything else as it is.
std::string spelled_out(std::string_view text) {
    std::string iso(text);
    if (iso.size() >= 10 && iso[4] == '.' && iso[7] == '.') iso[4] = iso[7] = '-';
    if (iso.size() < 8 || !is_digits(text.substr(0, 8)) || (iso.size() > 8 && iso[8] != ' '))
        return iso;
    std::string_view rest = text.size() > 9 ? text.substr(9) : std::string_view();
    iso = std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" +
          std::string(text.substr(6, 2));
    if (rest.empty()) return iso;
    if (!is_digits(rest) || rest.size() < 6) return iso + " " + std::string(rest);
    iso += " " + std::string(rest.substr(0, 2)) + ":" + std::string(rest.substr(2, 2)) + ":" +
           std::string(rest.substr(4, 2));
    return rest.size() > 6 ? iso + "." + std::string(rest.substr(6)) : iso;
}

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

// The smallest distance between neighbouring rows: gaps are longer, never shorter.
Result<Duration> find_bar_length(const std::vector<std::string>& lines, const TableLayout& layout,
                                 const TableOptions& options, const std::string& path) {
    std::vector<std::string_view> fields;
    std::optional<Time> before;
    std::optional<Duration> shortest;
    for (std::size_t i = layout.has_header ? 1 : 0; i < lines.size(); ++i) {
        split_row(lines[i], layout.delimiter, fields);
        std::string text;
        for (std::size_t c = 0; c < std::min(fields.size(), layout.columns.size()); ++c)
            if (layout.columns[c] == ColumnRole::time ||
                layout.columns[c] == ColumnRole::time_of_day)
                text += (text.empty() ? "" : " ") + std::string(fields[c]);
        const auto time = parse_table_time(text, options.zone);
        if (!time) break;  // the row itself will say so, with its line
        if (before && *time > *before && (!shortest || *time - *before < *shortest))
            shortest = *time - *before;
        before = *time;
    }
    if (shortest) return *shortest;
    return failure(ErrorCode::data, "the length of the bars is not clear", path,
                   "there are not two rows of different times to tell it from",
                   "say it: --bar-length 1m");
}

}  // namespace

Result<Time> parse_table_time(std::string_view text, const Zone& zone) {
    if (is_digits(text) && text.size() != 8) {
        const auto count = parse_decimal(text, 0);
        if (!count) return failure(Error(count.error()));
        return from_epoch(*count, guess_epoch_unit(*count));
    }
    const std::string iso = spelled_out(text);
    if (iso.size() == 10) return parse_time_in(iso + " 00:00:00", zone);
    return parse_time_in(iso.size() == 16 ? iso + ":00" : iso, zone);
}

Result<TableReader> TableReader::open(const std::string& path, const TableOptions& options) {
    const auto sample = first_lines(path);
    if (!sample) return failure(Error(sample.error()));
    auto layout = find_layout(*sample, options.layout, path);
    if (!layout) return failure(std::move(layout.error()));
    auto lines = LineReader::open(path);
    if (!lines) return failure(std::move(lines.error()));
    TableReader reader(std::move(*lines), std::move(*layout), options);
    if (reader.layout_.kind == TableKind::bars) {
        auto length = options.bar_length ? Result<Duration>(*options.bar_length)
                                         : find_bar_length(*sample, reader.layout_, options, path);
        if (!length) return failure(std::move(length.error()));
        reader.bar_length_ = *length;
    }
    if (reader.layout_.has_header) {
        std::string_view header;
        if (auto read = reader.lines_.next(header); !read) return failure(std::move(read.error()));
    }
    return reader;
}

TableReader::TableReader(LineReader lines, TableLayout layout, const TableOptions& options)
    : lines_(std::move(lines)), layout_(std::move(layout)), options_(options), places_(kRoles, -1) {
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
    if (auto read = read_row(datum); !read) return failure(std::move(read.error()));
    ++rows_;
    return true;
}

std::string_view TableReader::field(ColumnRole role) const {
    const int place = places_[static_cast<std::size_t>(role)];
    if (place < 0 || static_cast<std::size_t>(place) >= fields_.size()) return {};
    return fields_[static_cast<std::size_t>(place)];
}

tl::unexpected<Error> TableReader::refuse(std::string what, std::string why,
                                          std::string mend) const {
    return failure(ErrorCode::data, std::move(what), lines_.where(), std::move(why),
                   std::move(mend));
}

Result<void> TableReader::read_row(Datum& datum) {
    const auto time = read_time();
    if (!time) return failure(Error(time.error()));
    const bool is_bars = layout_.kind == TableKind::bars;
    if (last_time_ && (*time < *last_time_ || (is_bars && *time == *last_time_)))
        return refuse(*time == *last_time_ ? "the time of this row stands twice"
                                           : "the rows are not in order of time",
                      format_time(*time) + " comes after " + format_time(*last_time_),
                      "sort the file by time and keep one row for each");
    last_time_ = *time;
    switch (layout_.kind) {
        case TableKind::bars: return read_bar(*time, datum.emplace<model::Bar>());
        case TableKind::quotes: return read_quote(*time, datum.emplace<model::Quote>());
        case TableKind::trades: return read_trade(*time, datum.emplace<model::Trade>());
    }
    return {};
}

Result<Time> TableReader::read_time() const {
    const std::string_view first = field(ColumnRole::time);
    const std::string_view second = field(ColumnRole::time_of_day);
    auto time = second.empty() ? parse_table_time(first, options_.zone)
                               : parse_table_time(std::string(first) + " " + std::string(second),
                                                  options_.zone);
    if (!time)
        return refuse("the time of this row cannot be read", time.error().what, time.error().mend);
    return time;
}

Result<Price> TableReader::read_price(ColumnRole role) const {
    const std::string_view text = field(role);
    const auto price = Price::parse(text, Rounding::half_even);
    if (!price)
        return refuse("the " + std::string(name_of(role)) + " of this row is no price",
                      "\"" + std::string(text.substr(0, 40)) + "\": " + price.error().why,
                      "mend the row or leave it out");
    if (price->raw() <= 0)
        return refuse("the " + std::string(name_of(role)) + " of this row is not above zero",
                      "it is " + price->to_string(), "mend the row or leave it out");
    return *price;
}

// Zero where the table has no such column.
Result<Quantity> TableReader::read_size(ColumnRole role) const {
    const std::string_view text = field(role);
    if (text.empty() && places_[static_cast<std::size_t>(role)] < 0) return Quantity();
    const auto size = Quantity::parse(text, Rounding::half_even);
    if (!size || size->is_negative())
        return refuse("the " + std::string(name_of(role)) + " of this row is no quantity",
                      "\"" + std::string(text.substr(0, 40)) +
                          "\": " + (size ? "it is negative" : size.error().why),
                      "mend the row or leave it out");
    return *size;
}

Result<void> TableReader::read_bar(Time time, model::Bar& bar) const {
    const auto open = read_price(ColumnRole::open);
    if (!open) return failure(Error(open.error()));
    const auto high = read_price(ColumnRole::high);
    if (!high) return failure(Error(high.error()));
    const auto low = read_price(ColumnRole::low);
    if (!low) return failure(Error(low.error()));
    const auto close = read_price(ColumnRole::close);
    if (!close) return failure(Error(close.error()));
    const auto volume = read_size(ColumnRole::volume);
    if (!volume) return failure(Error(volume.error()));
    if (*high < std::max(*open, *close) || *low > std::min(*open, *close))
        return refuse(
            "the prices of this bar contradict each other",
            "open " + open->to_string() + ", high " + high->to_string() + ", low " +
                low->to_string() + ", close " + close->to_string(),
            "the high must be the highest and the low the lowest; mend the row or leave it out");
    const bool opens = options_.label == BarLabel::open;
    const auto other = opens ? add(time, bar_length_) : subtract(time, bar_length_);
    if (!other)
        return refuse("the time of this bar is out of range", format_time(time), "mend the row");
    bar.open_time = opens ? time : *other;
    bar.known_at = opens ? *other : time;
    bar.open = *open;
    bar.high = *high;
    bar.low = *low;
    bar.close = *close;
    bar.volume = *volume;
    bar.step = static_cast<std::uint64_t>(bar_length_.ns());
    bar.instrument = options_.instrument;
    bar.source = options_.source;
    return {};
}

Result<void> TableReader::read_quote(Time time, model::Quote& quote) const {
    const auto bid = read_price(ColumnRole::bid);
    if (!bid) return failure(Error(bid.error()));
    const auto ask = read_price(ColumnRole::ask);
    if (!ask) return failure(Error(ask.error()));
    const auto bid_size = read_size(ColumnRole::bid_size);
    if (!bid_size) return failure(Error(bid_size.error()));
    const auto ask_size = read_size(ColumnRole::ask_size);
    if (!ask_size) return failure(Error(ask_size.error()));
    quote.known_at = time;
    quote.bid = *bid;
    quote.ask = *ask;
    quote.bid_size = *bid_size;
    quote.ask_size = *ask_size;
    quote.instrument = options_.instrument;
    quote.source = options_.source;
    return {};
}

Result<void> TableReader::read_trade(Time time, model::Trade& trade) const {
    const auto price = read_price(ColumnRole::price);
    if (!price) return failure(Error(price.error()));
    const auto size = read_size(ColumnRole::size);
    if (!size) return failure(Error(size.error()));
    trade.known_at = time;
    trade.price = *price;
    trade.size = *size;
    trade.instrument = options_.instrument;
    trade.source = options_.source;
    return {};
}

}  // namespace millrace::files
