// TextTable: rows for people, under titles, each column as wide as its widest cell. Figures stand
// right, words left.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace millrace::cli {

struct TextColumn {
    std::string title;
    bool is_figure = false;
    std::size_t width_max = 40;  // a longer cell is cut, with … at its end
};

class TextTable {
  public:
    explicit TextTable(std::vector<TextColumn> columns) : columns_(std::move(columns)) {}

    // As many cells as there are columns.
    void add(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    void print(std::ostream& out) const;

  private:
    std::vector<TextColumn> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace millrace::cli
