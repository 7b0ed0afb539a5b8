// Widths are counted in characters of UTF-8, not in bytes.
#include "millrace/cli/text_table.hpp"

#include <algorithm>
#include <ostream>

#include "millrace/base/assert.hpp"

namespace millrace::cli {
namespace {

bool begins_character(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
}

std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

// What comes from a server must not move the cursor of a terminal.
std::string shown(const std::string& cell, std::size_t width_max) {
    std::string out;
    std::size_t width = 0;
    const bool is_cut = width_of(cell) > width_max;
    for (const char c : cell) {
        if (begins_character(c) && ++width > width_max - (is_cut ? 1 : 0)) break;
        const auto byte = static_cast<unsigned char>(c);
        out += byte < 0x20 || byte == 0x7f ? '?' : c;
    }
    return is_cut ? out + "…" : out;
}

}  // namespace

void TextTable::add(std::vector<std::string> cells) {
    MILLRACE_ASSERT(cells.size() == columns_.size(), "a row has a cell for each column");
    for (std::size_t i = 0; i < cells.size(); ++i)
        cells[i] = shown(cells[i], columns_[i].width_max);
    rows_.push_back(std::move(cells));
}

void TextTable::print(std::ostream& out) const {
    std::vector<std::string> titles;
    std::vector<std::size_t> widths;
    for (const TextColumn& column : columns_) {
        titles.push_back(column.title);
        widths.push_back(width_of(column.title));
    }
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    const auto print_row = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i > 0) line += "  ";
            const std::string blanks(widths[i] - width_of(row[i]), ' ');
            line += columns_[i].is_figure ? blanks + row[i] : row[i] + blanks;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    };
    print_row(titles);
    for (const auto& row : rows_)
        print_row(row);
}

}  // namespace millrace::cli
