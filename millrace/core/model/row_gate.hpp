// RowGate: the policy on bad rows between a reader and whoever asks it for rows. Where rows may not
// be bad (RowPolicy::fail) it is not in the way; to repair it lets rows wait for earlier ones.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "millrace/core/model/datum.hpp"
#include "millrace/core/model/row_policy.hpp"
#include "millrace/core/model/table_row.hpp"

namespace millrace::model {

// What a reader found where the next row should be. Why a row is bad stands in its RowCheck; a
// reader that failed cannot go on. A Result for each row would cost 8 ns.
enum class RowRead : std::uint8_t { row, bad, end, failed };

class RowGate {
  public:
    explicit RowGate(const RowPolicy& policy) : policy_(policy) {}

    // Whether the reader leaves the order of the rows to the gate, and mends what it can.
    [[nodiscard]] bool repairs() const { return policy_.bad_rows == BadRows::repair; }
    [[nodiscard]] const RowFindings& findings() const { return findings_; }

    // Of a row that was mended in its reading.
    void mended(std::uint64_t line, RowFault fault, std::string why) {
        findings_.add({line, fault, true, std::move(why)});
    }

    // The next row that is good, or was made good; false at the end. `Reader` has
    //   RowRead read_any(Datum&);                the row, good or bad
    //   Error failed_by();                       why it cannot go on
    //   std::uint64_t line() const;              of that row
    //   std::string where() const;               of that row: "prices.csv:17"
    //   const RowCheck& row_check() const;       why it is bad
    template <class Reader>
    Result<bool> next(Reader& reader, Datum& datum) {
        if (repairs()) return next_sorted(reader, datum);
        return next_read(reader, datum);
    }

  private:
    struct Waiting {
        Time time;
        std::uint64_t line = 0;
        Datum datum;
    };

    template <class Reader>
    Result<bool> next_read(Reader& reader, Datum& datum) {
        for (;;) {
            const RowRead read = reader.read_any(datum);
            if (read == RowRead::row) [[likely]]
                return true;
            if (read == RowRead::end) return false;
            if (read == RowRead::failed) return failure(reader.failed_by());
            Error error = reader.row_check().error();
            error.where = reader.where();
            if (policy_.bad_rows == BadRows::fail) return failure(std::move(error));
            left_out(reader.line(), reader.row_check().fault(), error);
        }
    }

    template <class Reader>
    Result<bool> next_sorted(Reader& reader, Datum& datum) {
        while (!is_ended_ && !is_full()) {
            auto more = next_read(reader, datum);
            if (!more) return more;
            if (*more)
                wait(datum, reader.line(), reader);
            else
                is_ended_ = true;
        }
        return give(datum);
    }

    template <class Reader>
    void wait(const Datum& datum, std::uint64_t line, const Reader& reader) {
        const Time time = time_of(datum);
        if (is_late(time, datum)) {
            const RowFault fault = time == given_ ? RowFault::duplicate : RowFault::order;
            findings_.add({line, fault, false, reader.where() + ": " + late_by(time)});
            return;
        }
        if (time < newest_)
            mended(line, RowFault::order, reader.where() + ": sorted to " + format_time(time));
        newest_ = std::max(newest_, time);
        place({time, line, datum});
    }

    [[nodiscard]] static Time time_of(const Datum& datum);
    [[nodiscard]] bool is_full() const { return waiting_.size() > policy_.sort_window; }
    // Ticks may have one time, bars may not.
    [[nodiscard]] bool is_late(Time time, const Datum& datum) const {
        return time < given_ || (time == given_ && std::holds_alternative<Bar>(datum));
    }
    [[nodiscard]] std::string late_by(Time time) const;
    void place(const Waiting& row);
    Waiting take_first();
    bool give(Datum& datum);
    void left_out(std::uint64_t line, RowFault fault, const Error& error);

    RowPolicy policy_;
    RowFindings findings_;
    std::vector<Waiting> waiting_;  // a heap, the earliest in front
    bool is_ended_ = false;
    Time newest_ = Time::earliest();
    Time given_ = Time::earliest();
};

}  // namespace millrace::model
