// Counting what was met.
#include "millrace/core/model/row_policy.hpp"

#include <numeric>
#include <utility>

namespace millrace::model {
namespace {

using Counts = std::array<std::uint64_t, kRowFaults>;

std::uint64_t sum(const Counts& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

// "2 rows mended (1 contradiction, 1 order)"
std::string told(const Counts& counts, std::string_view fate) {
    const std::uint64_t all = sum(counts);
    std::string text = std::to_string(all) + (all == 1 ? " row " : " rows ") + std::string(fate);
    std::string list;
    for (std::size_t i = 0; i < kRowFaults; ++i)
        if (counts[i] > 0)
            list += (list.empty() ? "" : ", ") + std::to_string(counts[i]) + " " +
                    std::string(kRowFaultNames[i]);
    return list.empty() ? text : text + " (" + list + ")";
}

}  // namespace

void RowFindings::add(RowFinding finding) {
    ++(finding.is_mended ? mended_ : left_out_)[static_cast<std::size_t>(finding.fault)];
    if (first_.size() < kKeptMax) first_.push_back(std::move(finding));
}

void RowFindings::add(const RowFindings& others) {
    for (std::size_t i = 0; i < kRowFaults; ++i) {
        mended_[i] += others.mended_[i];
        left_out_[i] += others.left_out_[i];
    }
    for (const RowFinding& finding : others.first_)
        if (first_.size() < kKeptMax) first_.push_back(finding);
}

std::uint64_t RowFindings::mended() const {
    return sum(mended_);
}

std::uint64_t RowFindings::left_out() const {
    return sum(left_out_);
}

std::uint64_t RowFindings::mended(RowFault fault) const {
    return mended_[static_cast<std::size_t>(fault)];
}

std::uint64_t RowFindings::left_out(RowFault fault) const {
    return left_out_[static_cast<std::size_t>(fault)];
}

std::string RowFindings::describe() const {
    if (empty()) return "every row was good";
    std::string text;
    if (mended() > 0) text = told(mended_, "mended");
    if (left_out() > 0) text += (text.empty() ? "" : ", ") + told(left_out_, "left out");
    return text;
}

}  // namespace millrace::model
