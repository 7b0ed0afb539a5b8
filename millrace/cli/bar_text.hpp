// BarText: bars as CSV, as one JSON document or as JSON lines, piece by piece. Prices and
// quantities are decimal text in JSON too, times RFC 3339 in UTC.
#pragma once

#include <string>
#include <string_view>

#include "millrace/app/data/bar_job.hpp"
#include "millrace/base/json_writer.hpp"

namespace millrace::cli {

enum class BarForm { csv, json, jsonl };

// Which end of its period a bar is labelled with. The column is called `time` or `close_time`.
enum class BarEdge { left, right };

class BarText {
  public:
    BarText(BarForm form, BarEdge edge, const market::BarRule& rule);

    // What comes first, each bar, and what comes last. A view lives until the next call.
    std::string_view head(std::string_view symbol);
    std::string_view row(const data::MadeBar& made);
    std::string_view tail(const data::BarJobCounts& counts);

  private:
    void write_csv(const model::Bar& bar, Time time);
    void write_json(const model::Bar& bar, Time time);
    [[nodiscard]] bool knows_trades(const model::Bar& bar) const;

    BarForm form_;
    BarEdge edge_;
    market::BarRule rule_;
    bool is_first_ = true;
    std::string text_;
    JsonWriter json_;
};

}  // namespace millrace::cli
