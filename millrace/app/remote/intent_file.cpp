// The header says which form the file has; from there every row stands for itself.
#include "millrace/app/remote/intent_file.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include "millrace/app/remote/intent_key.hpp"
#include "millrace/base/fixed_point.hpp"
#include "millrace/base/json_writer.hpp"
#include "millrace/base/time.hpp"
#include "millrace/edge/feeds/files/line_reader.hpp"
#include "millrace/edge/feeds/files/row_text.hpp"

namespace millrace::remote {
namespace {

using Verdict = IntentRow::Verdict;

constexpr std::string_view kDefaultSource = "traderunner";  // as the predecessor has it
constexpr std::string_view kDefaultType = "LMT";

std::string in_case(std::string_view text, char from, char to) {
    std::string out(text);
    for (char& c : out)
        if (c >= from && c < from + 26) c = static_cast<char>(c - from + to);
    return out;
}
std::string in_capitals(std::string_view text) {
    return in_case(text, 'a', 'A');
}

// What writers of tables leave where nothing is.
bool is_blank(std::string_view cell) {
    constexpr std::array<std::string_view, 8> kBlanks = {"",     "nan", "none", "null",
                                                         "<na>", "na",  "n/a",  "nat"};
    return cell.size() <= 4 && std::ranges::find(kBlanks, in_case(cell, 'A', 'a')) != kBlanks.end();
}

// A column under any of its names; the first is that of our own body.
struct Column {
    std::array<std::string_view, 3> names;
    bool is_required;
};
constexpr std::array<Column, 11> kSenderColumns = {{{{"symbol"}, true},
                                                    {{"side"}, true},
                                                    {{"qty"}, true},
                                                    {{"order_type"}, false},
                                                    {{"price"}, false},
                                                    {{"timestamp"}, false},
                                                    {{"source"}, false},
                                                    {{"stop_price"}, false},
                                                    {{"stop_loss"}, false},
                                                    {{"take_profit"}, false},
                                                    {{"strategy"}, false}}};
constexpr std::array<Column, 11> kSignalColumns = {
    {{{"symbol", "Symbol"}, true},
     {{"timestamp", "ts", "Timestamp"}, true},
     {{"strategy", "Strategy"}, true},
     {{"strategy_version", "StrategyVersion"}, true},
     {{"long_entry", "LongEntry"}, false},
     {{"short_entry", "ShortEntry"}, false},
     {{"sl_long", "SL_Long"}, false},
     {{"tp_long", "TP_Long"}, false},
     {{"sl_short", "SL_Short"}, false},
     {{"tp_short", "TP_Short"}, false},
     {{"ib"}, false}}};  // only files of inside bars have it

using Cells = std::vector<std::string_view>;

class FileReader {
  public:
    FileReader(const IntentFileOptions& options, std::string file_day)
        : options_(options), file_day_(std::move(file_day)) {}

    Result<void> read_header(std::string_view line, const std::string& path);
    void read_row(std::string_view line, std::uint64_t number);
    IntentFile take() {
        file_.day = day();
        return std::move(file_);
    }

  private:
    [[nodiscard]] bool has(std::string_view column) const { return place_of(column) >= 0; }
    [[nodiscard]] std::ptrdiff_t place_of(std::string_view column) const;
    [[nodiscard]] std::string_view cell(std::string_view column) const;
    [[nodiscard]] const std::string& day() const {
        return options_.day.empty() ? file_day_ : options_.day;
    }
    void read_order(IntentRow row);
    void read_signal(const IntentRow& row);
    void read_entry(IntentRow row, bool is_long);
    Result<void> add_number(JsonWriter& body, std::string_view column, std::string_view name);
    void refuse(IntentRow row, std::string reason);
    void finish(IntentRow row, const JsonWriter& body, std::string_view order_type);

    const IntentFileOptions& options_;
    std::string file_day_;
    IntentFile file_;
    std::vector<std::pair<std::string_view, std::size_t>> places_;  // of our columns
    std::size_t columns_ = 0;
    Cells cells_;
};

std::ptrdiff_t FileReader::place_of(std::string_view column) const {
    for (const auto& [name, place] : places_)
        if (name == column) return static_cast<std::ptrdiff_t>(place);
    return -1;
}

// Blank where there is no such column.
std::string_view FileReader::cell(std::string_view column) const {
    const std::ptrdiff_t place = place_of(column);
    return place < 0 ? std::string_view() : cells_[static_cast<std::size_t>(place)];
}

Result<void> FileReader::read_header(std::string_view line, const std::string& path) {
    Cells header;
    files::split_row(line, ',', header);
    columns_ = header.size();
    const auto is_entry = [](std::string_view name) {
        return name == "long_entry" || name == "LongEntry" || name == "short_entry" ||
               name == "ShortEntry";
    };
    file_.has_signals = std::ranges::any_of(header, is_entry);
    std::vector<std::string_view> missing;
    for (const Column& column : file_.has_signals ? kSignalColumns : kSenderColumns) {
        const auto found = std::ranges::find_if(header, [&](std::string_view name) {
            return !name.empty() && std::ranges::find(column.names, name) != column.names.end();
        });
        if (found != header.end())
            places_.emplace_back(column.names[0], static_cast<std::size_t>(found - header.begin()));
        else if (column.is_required)
            missing.push_back(column.names[0]);
    }
    if (missing.empty()) return {};
    return failure(ErrorCode::data, fmt::format("missing_columns: {}", fmt::join(missing, ", ")),
                   path, fmt::format("the file has: {}", fmt::join(header, ", ")),
                   "name them so, in small letters, in the first line");
}

void FileReader::refuse(IntentRow row, std::string reason) {
    row.verdict = Verdict::error;
    row.reason = std::move(reason);
    file_.rows.push_back(std::move(row));
}

void FileReader::read_row(std::string_view line, std::uint64_t number) {
    cells_.clear();
    files::split_row(line, ',', cells_);
    if (cells_.size() == 1 && cells_[0].empty()) return;  // an empty line is no row
    IntentRow row;
    row.line = number;
    if (cells_.size() != columns_)
        return refuse(std::move(row), fmt::format("the row has {} cells, the first line {}",
                                                  cells_.size(), columns_));
    row.symbol = in_capitals(cell("symbol"));
    if (is_blank(cell("symbol"))) return refuse(std::move(row), "the symbol is blank");
    if (file_.has_signals)
        read_signal(row);
    else
        read_order(std::move(row));
}

// The decimal in its shortest form, as text; nothing where the cell is blank.
Result<void> FileReader::add_number(JsonWriter& body, std::string_view column,
                                    std::string_view name) {
    const std::string_view text = cell(column);
    if (is_blank(text)) return {};
    const auto number = Price::parse(text);
    if (!number)
        return failure(ErrorCode::data, fmt::format("{} \"{}\": {}", column, text.substr(0, 40),
                                                    number.error().what));
    body.member(name, number->to_string());
    return {};
}

void FileReader::read_order(IntentRow row) {
    row.side = in_capitals(cell("side"));
    if (row.side == "LONG") row.side = "BUY";
    if (row.side == "SHORT") row.side = "SELL";
    if (row.side != "BUY" && row.side != "SELL")
        return refuse(row, fmt::format("side \"{}\" is none of BUY, SELL, LONG, SHORT",
                                       cell("side").substr(0, 40)));
    const std::string_view type = is_blank(cell("order_type")) ? kDefaultType : cell("order_type");
    const std::string_view source = is_blank(cell("source")) ? kDefaultSource : cell("source");
    JsonWriter body;
    body.begin_object().member("symbol", row.symbol).member("side", row.side);
    if (is_blank(cell("qty"))) return refuse(std::move(row), "qty is blank");
    if (auto done = add_number(body, "qty", "quantity"); !done)
        return refuse(std::move(row), done.error().what);
    const std::string order_type = in_capitals(type);
    body.member("order_type", order_type);
    if (is_blank(cell("price")) && (order_type == "LMT" || order_type == "STP_LMT")) {
        row.verdict = Verdict::skip;
        row.reason = order_type + " without a price";
        file_.rows.push_back(std::move(row));
        return;
    }
    for (const std::string_view column : {"price", "stop_price", "stop_loss", "take_profit"})
        if (auto done = add_number(body, column, column); !done)
            return refuse(std::move(row), done.error().what);
    body.member("client_tag", source);
    if (!is_blank(cell("strategy"))) body.member("strategy", cell("strategy"));
    finish(std::move(row), body, type);
}

void FileReader::read_signal(const IntentRow& row) {
    const bool is_long = !is_blank(cell("long_entry"));
    const bool is_short = !is_blank(cell("short_entry"));
    if (is_long) read_entry(row, true);
    if (is_short) read_entry(row, false);
    if (is_long || is_short) return;
    IntentRow without = row;
    without.verdict = Verdict::skip;
    without.reason = "the signal has no entry";
    file_.rows.push_back(std::move(without));
}

void FileReader::read_entry(IntentRow row, bool is_long) {
    row.side = is_long ? "BUY" : "SELL";
    const auto time = parse_time(cell("timestamp"));
    if (!time)
        return refuse(std::move(row),
                      fmt::format("timestamp \"{}\": {}", cell("timestamp").substr(0, 40),
                                  time.error().what));
    JsonWriter body;
    body.begin_object().member("symbol", row.symbol).member("timestamp", format_time(*time));
    body.member("strategy", cell("strategy"));
    body.member("strategy_version", cell("strategy_version"));
    const std::array<std::string_view, 3> prices =
        is_long ? std::array<std::string_view, 3>{"long_entry", "sl_long", "tp_long"}
                : std::array<std::string_view, 3>{"short_entry", "sl_short", "tp_short"};
    for (const std::string_view column : prices)
        if (auto done = add_number(body, column, column); !done)
            return refuse(std::move(row), done.error().what);
    std::string order_type = options_.order_type;
    if (order_type.empty()) order_type = has("ib") ? "STP" : "LMT";
    if (!options_.quantity.empty()) body.member("quantity", options_.quantity);
    body.member("order_type", order_type);
    finish(std::move(row), body, order_type);
}

void FileReader::finish(IntentRow row, const JsonWriter& begun, std::string_view order_type) {
    JsonWriter body = begun;
    if (!options_.account.empty()) body.member("account", options_.account);
    row.body = body.end_object().str();

    const std::string_view timestamp = cell("timestamp");
    const bool is_dated = !is_blank(timestamp);
    if (options_.recipe == KeyRecipe::uuid5) {
        // A blank cell of a column that is there was the text "nan" to the predecessor.
        const std::string_view text =
            is_dated || !has("timestamp") ? timestamp : std::string_view("nan");
        const std::string_view source = is_blank(cell("source")) ? kDefaultSource : cell("source");
        row.key = predecessor_key({row.symbol, row.side, text, source, order_type});
    } else {
        std::string moment = day();
        if (is_dated) {
            const auto time = parse_time(timestamp);
            moment = time ? format_time(*time) : std::string(timestamp);
        }
        if (!is_dated) ++file_.undated;
        row.key = content_key(row.body, moment);
    }
    file_.rows.push_back(std::move(row));
}

std::string day_of_last_change(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return {};
    const std::int64_t seconds = status.st_mtime;
    return format_date(utc_date_time(Time::from_ns(seconds * 1'000'000'000)).date);
}

}  // namespace

Result<IntentFile> read_intent_file(const std::string& path, const IntentFileOptions& options) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return failure(ErrorCode::data, "file_not_found: there is no such file", path, {},
                       "check the path");
    auto lines = files::LineReader::open(path);
    if (!lines) return failure(std::move(lines.error()));
    FileReader reader(options, day_of_last_change(path));
    std::string_view line;
    auto more = lines->next(line);
    if (more && !*more)
        return failure(ErrorCode::data, "missing_columns: symbol, side, qty", path,
                       "the file is empty", "its first line names the columns");
    if (more)
        if (auto read = reader.read_header(line, path); !read)
            return failure(std::move(read.error()));
    std::size_t rows = 0;
    while (more && (more = lines->next(line)) && *more) {
        if (++rows > kIntentRowsMax)
            return failure(ErrorCode::data, "the file has too many rows", lines->where(),
                           fmt::format("at most {} are read", kIntentRowsMax), "divide it");
        reader.read_row(line, lines->line_number());
    }
    if (!more) return failure(std::move(more.error()));
    return reader.take();
}

}  // namespace millrace::remote
