// IndicatorJob: indicators over the bars of one file, a row of numbers for each bar. It streams:
// memory does not grow with the file.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "millrace/app/backtest/data_series.hpp"
#include "millrace/core/strategy/indicators/catalog.hpp"

namespace millrace::data {

struct IndicatorJobSettings {
    std::string file;  // of bars
    files::TableOptions table;
    std::vector<std::string> indicators;  // each perhaps several with commas between: "rsi:14,sma"
};

class IndicatorJob {
  public:
    // The bar, and what stands in each column: nothing until the indicator is ready. The span lives
    // during the call.
    using Sink =
        std::function<Result<void>(const model::Bar&, std::span<const std::optional<double>>)>;
    // Told the rows that were read; false ends the job with an error of code `interrupted`.
    using GoOn = std::function<bool(std::uint64_t)>;

    // Reads the beginning of the file. What is wrong with an indicator is an error of code `usage`.
    static Result<IndicatorJob> open(const IndicatorJobSettings& settings);

    [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
    [[nodiscard]] std::uint64_t rows_expected() const { return series_.rows_expected(); }
    // As the file says, else by its name.
    [[nodiscard]] std::string symbol() const { return series_.symbol(); }
    // What the policy on bad rows did.
    [[nodiscard]] std::vector<std::string> row_notes() const { return series_.row_notes(); }

    // Once; answers the number of bars. An error of the sink ends it.
    Result<std::uint64_t> run(const Sink& sink, const GoOn& go_on = {});

    // Which indicators never became ready in the run, and with which bar they would have been.
    struct NotReady {
        std::string indicator;
        std::int64_t bar = 0;
    };
    [[nodiscard]] std::vector<NotReady> not_ready() const;

  private:
    IndicatorJob(backtest::DataSeries series, std::vector<indicators::AskedIndicator> asked);

    backtest::DataSeries series_;
    std::vector<indicators::AskedIndicator> asked_;
    std::vector<std::string> columns_;
};

}  // namespace millrace::data
