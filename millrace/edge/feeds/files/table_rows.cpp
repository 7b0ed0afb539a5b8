// The delimiter, the decimal mark, the header and where the rows begin.
#include <algorithm>
#include <map>

#include "millrace/edge/feeds/files/row_text.hpp"
#include "millrace/edge/feeds/files/table_look.hpp"

namespace millrace::files {
namespace {

constexpr std::size_t kLinesAboveMax = 20;  // of a header

std::size_t count_fields(std::string_view line, char delimiter) {
    std::vector<std::string_view> fields;
    split_row(line, delimiter, fields);
    return fields.size();
}

// How many lines have as many fields as most of them, and how many fields that are.
struct Agreement {
    std::size_t fields = 0;
    std::size_t lines = 0;
};
Agreement agreement_on(const std::vector<std::string>& lines, char delimiter) {
    std::map<std::size_t, std::size_t> counts;
    for (const std::string& line : lines)
        ++counts[count_fields(line, delimiter)];
    Agreement best;
    for (const auto& [fields, count] : counts)
        if (count > best.lines) best = {fields, count};
    return best;
}

// A comma may be the decimal mark of what other characters separate, and a blank stands in times;
// so the first in this order that splits nearly all lines into the same number of fields.
void find_delimiter(TableLook& look) {
    char& delimiter = look.dialect().delimiter;
    if (look.options->delimiter) {
        delimiter = *look.options->delimiter;
        look.tell("delimiter", name_of_delimiter(delimiter), "as said");
        return;
    }
    for (const char candidate : {'\t', ';', '|', ',', ' '}) {
        const Agreement agreed = agreement_on(look.lines, candidate);
        // A time alone has a blank in it.
        if (agreed.fields < (candidate == ' ' ? 3U : 2U) ||
            agreed.lines * 10 < look.lines.size() * 8)
            continue;
        delimiter = candidate;
        look.tell("delimiter", name_of_delimiter(delimiter),
                  "it splits " + std::to_string(agreed.lines) + " of the first " +
                      std::to_string(look.lines.size()) + " lines into " +
                      std::to_string(agreed.fields) + " fields");
        return;
    }
    std::size_t most = 1;
    delimiter = ',';
    for (const char candidate : {'\t', ';', '|', ','}) {
        const std::size_t fields = count_fields(look.lines.back(), candidate);
        if (fields <= most) continue;
        most = fields;
        delimiter = candidate;
    }
    look.tell("delimiter", name_of_delimiter(delimiter),
              "it splits the last of the first lines into most fields");
}

bool is_plain_with(std::string_view field, char mark) {
    const std::size_t at = field.find(mark);
    if (at == std::string_view::npos) return false;
    if (field.starts_with('-') || field.starts_with('+')) {
        field.remove_prefix(1);
        return is_plain_with(field, mark);
    }
    return is_digits(field.substr(0, at)) && is_digits(field.substr(at + 1));
}

Result<void> find_decimal_mark(TableLook& look) {
    TableDialect& dialect = look.dialect();
    if (look.options->decimal_mark) {
        dialect.decimal_mark = *look.options->decimal_mark;
        look.tell("decimal", dialect.decimal_mark == ',' ? "comma" : "point", "as said");
        return {};
    }
    if (dialect.delimiter == ',') return {};
    std::size_t commas = 0;
    std::size_t thousands = 0;
    std::string_view shown;
    std::vector<std::string_view> fields;
    for (const std::string& line : look.lines) {
        split_row(line, dialect.delimiter, fields);
        for (const std::string_view field : fields) {
            if (is_plain_with(field, '.')) return {};
            if (!is_plain_with(field, ',')) continue;
            const std::size_t comma = field.find(',');
            ++commas;
            shown = field;
            if (field.size() - comma == 4 && comma <= 3 && field.front() != '0') ++thousands;
        }
    }
    if (commas == 0) return {};
    if (thousands == commas)
        return failure(ErrorCode::data, "the decimal mark is not clear", look.path,
                       "\"" + std::string(shown) + "\" may have a decimal or a thousands mark",
                       "say it: --read decimal=comma (thousands are not read)");
    dialect.decimal_mark = ',';
    look.tell("decimal", "comma", "numbers such as \"" + std::string(shown) + "\", and no point");
    return {};
}

// Whether some field behind the first is a number.
bool is_row(const TableLook::Fields& fields, char decimal_mark) {
    return fields.size() > 1 &&
           std::any_of(fields.begin() + 1, fields.end(),
                       [&](std::string_view field) { return is_number(field, decimal_mark); });
}

bool names_columns(const TableLook::Fields& fields) {
    std::vector<ColumnRole> roles;
    for (const std::string_view name : fields)
        roles.push_back(model::role_named(name).value_or(ColumnRole::ignored));
    return model::has_role(roles, ColumnRole::time) && model::kind_of(roles).has_value();
}

// yfinance writes its header in three lines: Price,Close,… / Ticker,AAPL,… / Date,,…
bool is_yfinance(const TableLook& look, const TableLook::Fields& first) {
    if (look.lines.size() < 3 || first.empty() || first.front() != "Price") return false;
    TableLook::Fields second;
    TableLook::Fields third;
    split_row(look.lines[1], look.dialect().delimiter, second);
    split_row(look.lines[2], look.dialect().delimiter, third);
    return second.front() == "Ticker" && (third.front() == "Date" || third.front() == "Datetime");
}

struct Header {
    bool is_there = false;
    std::size_t line = 0;  // of the sample
    std::size_t first_row = 0;
};

Header find_header(const TableLook& look) {
    const auto& wish = look.options->has_header;
    if (wish && !*wish) return {};
    TableLook::Fields fields;
    split_row(look.lines.front(), look.dialect().delimiter, fields);
    if (is_yfinance(look, fields)) return {true, 0, 3};
    const std::size_t most = std::min(look.lines.size(), kLinesAboveMax);
    for (std::size_t i = 0; i < most; ++i) {
        split_row(look.lines[i], look.dialect().delimiter, fields);
        if (is_row(fields, look.dialect().decimal_mark)) break;
        if (names_columns(fields)) return {true, i, i + 1};
    }
    split_row(look.lines.front(), look.dialect().delimiter, fields);
    const bool is_header =
        wish.value_or(false) || (fields.size() > 1 && !is_row(fields, look.dialect().decimal_mark));
    return is_header ? Header{true, 0, 1} : Header{};
}

void tell_header(TableLook& look, const Header& header) {
    if (!header.is_there) {
        look.tell("header", "none",
                  look.options->has_header ? "as said" : "the first line has numbers");
        return;
    }
    std::string why = look.options->has_header ? "as said" : "it has names and no number";
    if (header.line > 0)
        why += "; " + std::to_string(header.line) + " lines above it are passed over";
    if (header.first_row > header.line + 1) why += "; it has three lines, as yfinance writes it";
    look.tell("header", "line " + std::to_string(look.line_numbers[header.line]), std::move(why));
}

}  // namespace

std::string name_of_delimiter(char delimiter) {
    if (delimiter == '\t') return "tab";
    if (delimiter == ' ') return "space";
    return std::string(1, delimiter);
}

Result<void> look_at_rows(TableLook& look) {
    find_delimiter(look);
    if (auto found = find_decimal_mark(look); !found) return found;
    const Header header = find_header(look);
    TableDialect& dialect = look.dialect();
    dialect.has_header = header.is_there;
    if (header.is_there) {
        split_row(look.lines[header.line], dialect.delimiter, look.names);
        dialect.lines_before = look.line_numbers[header.first_row - 1];
    }
    tell_header(look, header);
    std::map<std::size_t, std::size_t> counts;
    for (std::size_t i = header.first_row; i < look.lines.size(); ++i) {
        split_row(look.lines[i], dialect.delimiter, look.rows.emplace_back());
        ++counts[look.rows.back().size()];
    }
    if (look.rows.empty())
        return failure(ErrorCode::data, "the file has a header and no row", look.path,
                       "there is nothing to read", "name a file with data");
    const auto usual = std::max_element(counts.begin(), counts.end(),
                                        [](auto a, auto b) { return a.second < b.second; });
    while (look.rows[look.model_row].size() != usual->first)
        ++look.model_row;
    return {};
}

}  // namespace millrace::files
