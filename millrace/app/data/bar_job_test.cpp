#include "millrace/app/data/bar_job.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace millrace::data {
namespace {

using Words = std::vector<std::string>;

// "14:30-14:35 O 100 H 101 L 99 C 99 V 4 n 3 ~ 100": begin, end, the numbers, average price last.
std::string words_of(const MadeBar& made) {
    const auto clock = [](Time time) { return format_time(time).substr(11, 5); };
    const model::Bar& bar = made.bar;
    std::string text = clock(bar.open_time) + "-" + clock(made.end) + " O " + bar.open.to_string() +
                       " H " + bar.high.to_string() + " L " + bar.low.to_string() + " C " +
                       bar.close.to_string() + " V " + bar.volume.to_string() + " n " +
                       std::to_string(bar.trade_count);
    if (bar.vwap.has_value()) text += " ~ " + bar.vwap.value().to_string();
    return text + (made.is_partial ? " partial" : "");
}

class BarJobs : public testing::Test {
  protected:
    std::string written(const std::string& text, const std::string& name = "data.csv") {
        const std::string path = folder_ / name;
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    static BarJobSettings settings(std::string file, std::string rule) {
        BarJobSettings made;
        made.files = {std::move(file)};
        made.rule = std::move(rule);
        return made;
    }
    // The bars in words; the counts are kept.
    Result<Words> run(const BarJobSettings& settings) {
        auto job = BarJob::open(settings);
        if (!job) return failure(std::move(job.error()));
        Words words;
        auto counts = job->run([&](const MadeBar& made) {
            words.push_back(words_of(made));
            return Result<void>();
        });
        if (!counts) return failure(std::move(counts.error()));
        counts_ = *counts;
        return words;
    }
    Words bars(const BarJobSettings& settings) {
        auto words = run(settings);
        EXPECT_TRUE(words) << describe(words.error());
        return words.value_or(Words{});
    }
    Error refusal(const BarJobSettings& settings) {
        const auto words = run(settings);
        EXPECT_FALSE(words);
        return words ? Error{} : words.error();
    }

    TemporaryDirectory folder_;
    BarJobCounts counts_;
};

constexpr const char* kTrades =
    "time,price,size\n"
    "2026-01-05T14:30:00Z,100,2\n"
    "2026-01-05T14:31:10Z,101,1\n"
    "2026-01-05T14:34:59.999Z,99,1\n"
    "2026-01-05T14:35:00Z,98,4\n"
    "2026-01-05T14:46:00Z,97,1\n";

TEST_F(BarJobs, Time_bars_of_trades_leave_out_empty_periods_and_count_the_gap) {
    // The average of the first is (2 * 100 + 101 + 99) / 4.
    EXPECT_EQ(bars(settings(written(kTrades), "5m")),
              (Words{"14:30-14:35 O 100 H 101 L 99 C 99 V 4 n 3 ~ 100",
                     "14:35-14:40 O 98 H 98 L 98 C 98 V 4 n 1 ~ 98",
                     "14:45-14:50 O 97 H 97 L 97 C 97 V 1 n 1 ~ 97 partial"}));
    EXPECT_EQ(counts_.rows, 5U);
    EXPECT_EQ(counts_.bars, 3U);
    EXPECT_EQ(counts_.gaps, 1U);
    EXPECT_FALSE(counts_.first_is_partial);
    EXPECT_TRUE(counts_.last_is_partial);
}

TEST_F(BarJobs, A_last_bar_that_the_data_cut_off_can_be_dropped) {
    BarJobSettings wanted = settings(written(kTrades), "5m");
    wanted.partial_last = PartialLast::drop;
    EXPECT_EQ(bars(wanted).size(), 2U);
    EXPECT_TRUE(counts_.last_was_dropped);
    EXPECT_FALSE(counts_.last_is_partial);
    wanted.rule = "2t";  // the fifth trade is half a bar
    EXPECT_EQ(bars(wanted), (Words{"14:30-14:31 O 100 H 101 L 100 C 101 V 3 n 2 ~ 100.333333333",
                                   "14:34-14:35 O 99 H 99 L 98 C 98 V 5 n 2 ~ 98.2"}));
    EXPECT_TRUE(counts_.last_was_dropped);
    wanted.rule = "5t";
    EXPECT_EQ(bars(wanted).size(), 1U);
    EXPECT_FALSE(counts_.last_was_dropped);
}

TEST_F(BarJobs, Flat_bars_fill_the_gap_at_the_last_close) {
    EXPECT_EQ(bars(settings(written(kTrades), "5m,flat")).at(2),
              "14:40-14:45 O 98 H 98 L 98 C 98 V 0 n 0");
    EXPECT_EQ(counts_.gaps, 0U);
}

TEST_F(BarJobs, By_session_bars_end_with_it_and_nights_are_no_gaps) {
    // The day after Thanksgiving New York closes at 13:00, which is 18:00 UTC.
    const std::string path = written(
        "time,price,size\n"
        "2026-11-27T14:29:59Z,50,1\n"
        "2026-11-27T14:30:00Z,51,1\n"
        "2026-11-27T16:45:00Z,52,1\n"
        "2026-11-27T17:59:59Z,53,1\n"
        "2026-11-27T18:00:00Z,54,1\n"
        "2026-11-30T14:30:00Z,55,1\n");
    BarJobSettings wanted = settings(path, "2h");
    wanted.calendar = "us-equities";
    EXPECT_EQ(bars(wanted), (Words{"14:30-16:30 O 51 H 51 L 51 C 51 V 1 n 1 ~ 51",
                                   "16:30-18:00 O 52 H 53 L 52 C 53 V 2 n 2 ~ 52.5",
                                   "14:30-16:30 O 55 H 55 L 55 C 55 V 1 n 1 ~ 55 partial"}));
    EXPECT_EQ(counts_.outside_session, 2U);
    EXPECT_EQ(counts_.gaps, 0U);
    wanted.rule = "1d";
    EXPECT_EQ(bars(wanted).front(), "14:30-18:00 O 51 H 53 L 51 C 53 V 3 n 3 ~ 52");
}

constexpr const char* kMinutes =
    "time,open,high,low,close,volume\n"
    "2026-01-05 10:02:00,10,12,9,11,100\n"
    "2026-01-05 10:03:00,11,11,10,10,50\n"
    "2026-01-05 10:04:00,10,15,10,14,25\n"
    "2026-01-05 10:05:00,14,14,13,13,10\n"
    "2026-01-05 10:08:00,13,13,8,9,10\n"
    "2026-01-05 10:10:00,9,9,9,9,1\n";

TEST_F(BarJobs, Larger_bars_are_made_of_smaller_ones) {
    EXPECT_EQ(bars(settings(written(kMinutes), "5m")),
              (Words{"10:00-10:05 O 10 H 15 L 9 C 14 V 175 n 0 partial",
                     "10:05-10:10 O 14 H 14 L 8 C 9 V 20 n 0",
                     "10:10-10:15 O 9 H 9 L 9 C 9 V 1 n 0 partial"}));
    EXPECT_TRUE(counts_.first_is_partial);
    EXPECT_EQ(bars(settings(written(kMinutes), "5m,drop-partial")).size(), 2U);
    EXPECT_TRUE(counts_.first_was_dropped);
    EXPECT_EQ(bars(settings(written(kMinutes), "5m@1m")).size(), 3U);
    EXPECT_EQ(bars(settings(written(kMinutes), "150v")),
              (Words{"10:02-10:04 O 10 H 12 L 9 C 10 V 150 n 0",
                     "10:04-10:11 O 10 H 15 L 8 C 9 V 46 n 0 partial"}));
}

TEST_F(BarJobs, A_span_is_cut_out_and_what_lies_around_it_makes_its_bars_whole) {
    BarJobSettings wanted = settings(written(kMinutes), "2m");
    wanted.from = parse_time("2026-01-05T10:03:00Z").value();
    wanted.to = parse_time("2026-01-05T10:06:00Z").value();
    // The first begins within a period, and there were rows before it: still not the whole bar.
    EXPECT_EQ(bars(wanted), (Words{"10:02-10:04 O 11 H 11 L 10 C 10 V 50 n 0 partial",
                                   "10:04-10:06 O 10 H 15 L 10 C 13 V 35 n 0"}));
    EXPECT_EQ(counts_.rows, 3U);
    EXPECT_FALSE(counts_.last_is_partial);
    wanted.to = parse_time("2026-01-05T10:05:00Z").value();
    EXPECT_EQ(bars(wanted).back(), "10:04-10:06 O 10 H 15 L 10 C 14 V 25 n 0 partial");
    wanted.from = parse_time("2030-01-01T00:00:00Z").value();
    wanted.to = std::nullopt;
    const Error error = refusal(wanted);
    EXPECT_EQ(error.code, ErrorCode::data);
    EXPECT_EQ(error.what, "no row lies in the span that was asked for");
    EXPECT_EQ(error.why, "the first begins at 2026-01-05T10:02:00Z");
}

TEST_F(BarJobs, A_bar_whose_last_minutes_never_came_is_complete_when_the_data_go_on) {
    BarJobSettings wanted = settings(written(kMinutes), "5m");
    wanted.from = parse_time("2026-01-05T10:05:00Z").value();
    wanted.to = parse_time("2026-01-05T10:10:00Z").value();
    EXPECT_EQ(bars(wanted), (Words{"10:05-10:10 O 14 H 14 L 8 C 9 V 20 n 0"}));
}

constexpr const char* kSplit =
    "time,price,size\n"
    "2026-01-05T10:00:00Z,100,4\n"
    "2026-01-05T10:01:00Z,101,13\n"
    "2026-01-05T10:02:00Z,102,5\n";

TEST_F(BarJobs, Volume_bars_take_trades_whole_or_split_them) {
    EXPECT_EQ(bars(settings(written(kSplit), "10v")),
              (Words{"10:00-10:01 O 100 H 101 L 100 C 101 V 17 n 2 ~ 100.764705882",
                     "10:02-10:02 O 102 H 102 L 102 C 102 V 5 n 1 ~ 102 partial"}));
    // 4 and 6 of the 13; the other 7 and 3 of the 5; the other 2. (4 * 100 + 6 * 101) / 10.
    EXPECT_EQ(bars(settings(written(kSplit), "10v,split")),
              (Words{"10:00-10:01 O 100 H 101 L 100 C 101 V 10 n 2 ~ 100.6",
                     "10:01-10:02 O 101 H 102 L 101 C 102 V 10 n 1 ~ 101.3",
                     "10:02-10:02 O 102 H 102 L 102 C 102 V 2 n 0 ~ 102 partial"}));
}

TEST_F(BarJobs, Value_imbalance_and_run_bars) {
    // 400, then 400 + 1313, then 510.
    EXPECT_EQ(bars(settings(written(kSplit), "1000$")).size(), 2U);
    // By the tick rule the second and the third are buys.
    EXPECT_EQ(bars(settings(written(kSplit), "imbalance:2")).front(),
              "10:00-10:02 O 100 H 102 L 100 C 102 V 22 n 3 ~ 101.045454545");
    EXPECT_FALSE(counts_.last_is_partial);
    EXPECT_EQ(bars(settings(written(kSplit), "run:1")).size(), 2U);
}

constexpr const char* kQuotes =
    "time,bid,ask\n"
    "2026-01-05T10:00:00Z,1.10,1.20\n"
    "2026-01-05T10:01:00Z,1.60,1.80\n"
    "2026-01-05T10:02:00Z,2.20,2.30\n"
    "2026-01-05T10:03:00Z,1.10,1.30\n";

TEST_F(BarJobs, Renko_and_range_bars_of_the_mid_price) {
    // Mids 1.15, 1.7, 2.25, 1.2. Bricks stand on the halves: from 1.0 up to 1.5 and 2.0; a turn
    // takes two of them: down to 1.5 would need 1.0.
    EXPECT_EQ(bars(settings(written(kQuotes), "renko:0.5")),
              (Words{"10:00-10:01 O 1 H 1.5 L 1 C 1.5 V 0 n 0",
                     "10:01-10:02 O 1.5 H 2 L 1.5 C 2 V 0 n 0"}));
    EXPECT_FALSE(counts_.last_is_partial);  // half a brick is none
    EXPECT_EQ(bars(settings(written(kQuotes), "range:0.6")),
              (Words{"10:00-10:02 O 1.15 H 2.25 L 1.15 C 2.25 V 0 n 0",
                     "10:03-10:03 O 1.2 H 1.2 L 1.2 C 1.2 V 0 n 0 partial"}));
    EXPECT_EQ(bars(settings(written(kQuotes), "3t@bid")).front(),
              "10:00-10:02 O 1.1 H 2.2 L 1.1 C 2.2 V 0 n 0");
}

TEST_F(BarJobs, Files_are_joined_in_order_of_time_however_they_are_named) {
    BarJobSettings wanted;
    wanted.rule = "10t";
    wanted.files = {
        written("time,price,size\n2026-01-05T10:05:00Z,7,1\n", "a.csv"),
        written("time,price,size\n2026-01-05T10:00:00Z,5,1\n2026-01-05T10:01:00Z,6,1\n", "b.csv")};
    EXPECT_EQ(bars(wanted), (Words{"10:00-10:05 O 5 H 7 L 5 C 7 V 3 n 3 ~ 6 partial"}));
    wanted.files.push_back(written("time,price,size\n2026-01-05T10:00:30Z,5,1\n", "c.csv"));
    EXPECT_EQ(refusal(wanted).what, "a row is older than one that came before it");
    wanted.files.pop_back();
    wanted.files.push_back(written(kQuotes, "q.csv"));
    EXPECT_EQ(refusal(wanted).what, "the files do not hold the same");
    wanted.files = {wanted.files[0], wanted.files[0]};
    EXPECT_EQ(refusal(wanted).what, "the file is named twice");
}

struct BadRule {
    const char* table;
    const char* rule;
    const char* what;
};

TEST_F(BarJobs, Rules_that_make_no_sense_for_the_data_are_errors_of_usage) {
    const BadRule kBad[] = {
        {kMinutes, "90s", "these bars cannot be made of those"},
        {kMinutes, "30s", "these bars cannot be made of those"},
        {kMinutes, "6m@2m", "the rule asks for what the files do not hold"},
        {kMinutes, "5m@trades", "the rule asks for what the files do not hold"},
        {kMinutes, "100t", "bars do not tell of single trades"},
        {kTrades, "5m@mid", "the rule asks for what the files do not hold"},
        {kTrades, "5m@1m", "the rule asks for what the files do not hold"},
        {kQuotes, "100v", "quotes have no volume"},
        {kQuotes, "5m@trades", "the rule asks for what the files do not hold"},
        {kTrades, "5m,session", "bars by session need a trading calendar"},
        {kTrades, "5x", "'5x' is no size of a bar"},
        {kTrades, "xt", "\"x\" is not a usable decimal number"},
        {kTrades, "", "'' is no size of a bar"},
        {kTrades, "0t", "a bar's size is not positive"},
    };
    for (const BadRule& bad : kBad) {
        const Error error = refusal(settings(written(bad.table), bad.rule));
        EXPECT_EQ(error.what, bad.what) << bad.rule;
        EXPECT_EQ(error.code, ErrorCode::usage) << bad.rule;
    }
    BarJobSettings wanted = settings(written(kTrades), "100t");
    wanted.calendar = "us-equities";
    EXPECT_EQ(refusal(wanted).what, "session, flat and drop-partial are for time bars");
    wanted.calendar = "nowhere";
    EXPECT_EQ(refusal(wanted).code, ErrorCode::usage);
}

TEST_F(BarJobs, Rows_that_cannot_be_believed_end_it_with_file_and_line) {
    const std::string path =
        written("time,price,size\n2026-01-05T10:00:00Z,5,1\n2026-01-05T09:00:00Z,5,1\n");
    const Error error = refusal(settings(path, "1m"));
    EXPECT_EQ(error.code, ErrorCode::data);
    EXPECT_EQ(error.what, "the rows are not in order of time");
    EXPECT_EQ(error.where, path + ":3");
    EXPECT_EQ(refusal(settings(folder_ / "nothing.csv", "1m")).code, ErrorCode::data);
}

TEST_F(BarJobs, Trades_without_size_are_counted) {
    EXPECT_EQ(bars(settings(written("time,price,size\n2026-01-05T10:00:00Z,5,0\n"
                                    "2026-01-05T10:00:01Z,6,1\n"),
                            "1t")),
              (Words{"10:00-10:00 O 6 H 6 L 6 C 6 V 1 n 1 ~ 6"}));
    EXPECT_EQ(counts_.refused, 1U);
    EXPECT_EQ(counts_.rows, 2U);
}

TEST_F(BarJobs, It_ends_when_the_sink_fails_or_somebody_wants_it_to) {
    auto job = BarJob::open(settings(written(kTrades), "1t"));
    ASSERT_TRUE(job);
    int given = 0;
    const auto counts = job->run([&](const MadeBar&) {
        return ++given < 2 ? Result<void>()
                           : Result<void>(failure(ErrorCode::data, "the disk is full"));
    });
    ASSERT_FALSE(counts);
    EXPECT_EQ(counts.error().what, "the disk is full");
    EXPECT_EQ(given, 2);

    std::string text = "time,price,size\n";
    for (int i = 0; i < 20'000; ++i)
        text += std::to_string(1'767'225'600 + i) + ",5,1\n";
    auto long_job = BarJob::open(settings(written(text), "1h"));
    ASSERT_TRUE(long_job);
    const auto stopped = long_job->run([](const MadeBar&) { return Result<void>(); },
                                       [](std::uint64_t rows) { return rows < 10'000; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::interrupted);
}

// 20 at noon is 10 for each of two; the hours before it are told so, or those after it doubled.
TEST_F(BarJobs, Bars_across_a_split_are_built_of_adjusted_prices) {
    BarJobSettings of = settings(written("time,open,high,low,close,volume\n"
                                         "2024-01-02T10:00:00Z,20,22,18,20,10\n"
                                         "2024-01-02T11:00:00Z,20,24,20,22,10\n"
                                         "2024-01-02T12:00:00Z,11,13,11,12,30\n"),
                                 "3h");
    of.actions = {written("date,ratio\n2024-01-02T12:00:00Z,2:1\n", "actions.csv")};
    of.prices = backtest::PriceView::adjusted;
    EXPECT_EQ(bars(of), (Words{"09:00-12:00 O 10 H 12 L 9 C 11 V 40 n 0 partial",
                               "12:00-15:00 O 11 H 13 L 11 C 12 V 30 n 0 partial"}));
    of.prices = backtest::PriceView::forward;
    EXPECT_EQ(bars(of), (Words{"09:00-12:00 O 20 H 24 L 18 C 22 V 20 n 0 partial",
                               "12:00-15:00 O 22 H 26 L 22 C 24 V 15 n 0 partial"}));
    of.prices = backtest::PriceView::raw;
    EXPECT_EQ(refusal(of).what, "raw prices are as they were");
    of.actions.clear();
    of.prices = backtest::PriceView::total_return;
    EXPECT_EQ(refusal(of).what, "a total return needs the dividends");
}

}  // namespace
}  // namespace millrace::data
