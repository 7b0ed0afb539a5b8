// Rows that wait for earlier ones stand in a heap of the window's size.
#include "millrace/core/model/row_gate.hpp"

namespace millrace::model {
namespace {

// Whether `a` comes after `b`, so that the heap's front is the earliest; rows of one time keep
// their order.
constexpr auto comes_after = [](const auto& a, const auto& b) {
    return a.time != b.time ? a.time > b.time : a.line > b.line;
};

}  // namespace

Time RowGate::time_of(const Datum& datum) {
    if (const auto* bar = std::get_if<Bar>(&datum)) return bar->open_time;
    return std::visit([](const auto& noun) { return noun.known_at; }, datum);
}

std::string RowGate::late_by(Time time) const {
    return format_time(time) + " stands too far behind " + format_time(given_) +
           " to be sorted, which at most " + std::to_string(policy_.sort_window) + " rows may";
}

void RowGate::place(const Waiting& row) {
    waiting_.push_back(row);
    std::push_heap(waiting_.begin(), waiting_.end(), comes_after);
}

RowGate::Waiting RowGate::take_first() {
    std::pop_heap(waiting_.begin(), waiting_.end(), comes_after);
    const Waiting first = waiting_.back();
    waiting_.pop_back();
    return first;
}

bool RowGate::give(Datum& datum) {
    if (waiting_.empty()) return false;
    Waiting row = take_first();
    while (std::holds_alternative<Bar>(row.datum) && !waiting_.empty() &&
           waiting_.front().time == row.time) {
        const Waiting twin = take_first();
        const bool keeps_first = policy_.duplicates == KeepRow::first;
        const std::uint64_t lost = keeps_first ? twin.line : row.line;
        findings_.add({lost, RowFault::duplicate, false,
                       "line " + std::to_string(lost) + ": the time " + format_time(row.time) +
                           " stands twice, the " + (keeps_first ? "first" : "last") + " is kept"});
        if (!keeps_first) row = twin;
    }
    given_ = row.time;
    datum = row.datum;
    return true;
}

void RowGate::left_out(std::uint64_t line, RowFault fault, const Error& error) {
    findings_.add({line, fault, false, error.where + ": " + error.what + ": " + error.why});
}

}  // namespace millrace::model
