// RowPolicy: what becomes of a row of market data that cannot be believed, and RowFindings: what
// became of those that were met. The rules of `repair` are few and fixed (docs/reference/formats):
// a high or low that contradicts its bar is widened, of bars with one time one is kept, rows out of
// order are sorted within a window; a row that no rule mends is left out. All of it is counted.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

enum class BadRows : std::uint8_t { fail, skip, repair };
inline constexpr std::array<std::string_view, 3> kBadRowsNames = {"fail", "skip", "repair"};
template <>
inline constexpr std::span<const std::string_view> kChoices<BadRows> = kBadRowsNames;

// Of several bars with the same time.
enum class KeepRow : std::uint8_t { first, last };
inline constexpr std::array<std::string_view, 2> kKeepRowNames = {"first", "last"};
template <>
inline constexpr std::span<const std::string_view> kChoices<KeepRow> = kKeepRowNames;

struct RowPolicy {
    static constexpr std::uint32_t kSortWindowMax = 1'000'000;

    BadRows bad_rows = BadRows::fail;
    KeepRow duplicates = KeepRow::first;
    std::uint32_t sort_window = 1'000;  // rows that wait for an earlier one
    bool operator==(const RowPolicy&) const = default;
};

// What is wrong with a row.
enum class RowFault : std::uint8_t { unreadable, price, size, contradiction, duplicate, order };
inline constexpr std::array<std::string_view, 6> kRowFaultNames = {
    "unreadable", "price", "size", "contradiction", "duplicate", "order"};
template <>
inline constexpr std::span<const std::string_view> kChoices<RowFault> = kRowFaultNames;
inline constexpr std::size_t kRowFaults = kRowFaultNames.size();

struct RowFinding {
    std::uint64_t line = 0;  // of the file, from 1; of Parquet the row
    RowFault fault = RowFault::unreadable;
    bool is_mended = false;  // or the row was left out
    std::string why;         // "prices.csv:17: the high of this bar is below its close: …"
};

class RowFindings {
  public:
    static constexpr std::size_t kKeptMax = 100;  // the first are kept, all are counted

    void add(RowFinding finding);
    void add(const RowFindings& others);

    [[nodiscard]] bool empty() const { return mended() + left_out() == 0; }
    [[nodiscard]] std::uint64_t mended() const;
    [[nodiscard]] std::uint64_t left_out() const;
    [[nodiscard]] std::uint64_t mended(RowFault fault) const;
    [[nodiscard]] std::uint64_t left_out(RowFault fault) const;
    [[nodiscard]] std::span<const RowFinding> first() const { return first_; }
    // "2 rows mended (1 contradiction, 1 order), 1 row left out (1 unreadable)"
    [[nodiscard]] std::string describe() const;

  private:
    std::array<std::uint64_t, kRowFaults> mended_{};
    std::array<std::uint64_t, kRowFaults> left_out_{};
    std::vector<RowFinding> first_;
};

}  // namespace millrace::model
