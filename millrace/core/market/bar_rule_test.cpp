#include "millrace/core/market/bar_rule.hpp"

#include <gtest/gtest.h>

namespace millrace::market {
namespace {

BarRule rule(BarBasis basis, std::uint64_t step) {
    BarRule made;
    made.basis = basis;
    made.step = step;
    return made;
}

TEST(BarRule, Reads_what_users_write) {
    EXPECT_EQ(parse_bar_rule("5m").value(), rule(BarBasis::time, 300'000'000'000));
    EXPECT_EQ(parse_bar_rule("1h").value(), rule(BarBasis::time, 3'600'000'000'000));
    EXPECT_EQ(parse_bar_rule("1d").value(), rule(BarBasis::time, 86'400'000'000'000));
    EXPECT_EQ(parse_bar_rule("100t").value(), rule(BarBasis::tick, 100));
    EXPECT_EQ(parse_bar_rule("10000v").value(), rule(BarBasis::volume, 10'000'000'000));
    EXPECT_EQ(parse_bar_rule("0.5v").value(), rule(BarBasis::volume, 500'000));
    EXPECT_EQ(parse_bar_rule("1000000$").value(), rule(BarBasis::value, 1'000'000'000'000));
    EXPECT_EQ(parse_bar_rule("renko:0.5").value(), rule(BarBasis::renko, 500'000'000));
    EXPECT_EQ(parse_bar_rule("range:0.25").value(), rule(BarBasis::range, 250'000'000));
    EXPECT_EQ(parse_bar_rule("imbalance:100").value(), rule(BarBasis::imbalance, 100));
    EXPECT_EQ(parse_bar_rule("run:50").value(), rule(BarBasis::run, 50));
}

TEST(BarRule, Reads_sources_and_options) {
    BarRule daily = rule(BarBasis::time, 86'400'000'000'000);
    daily.source = BarSource::bars;
    daily.source_step = 60'000'000'000;
    daily.alignment = BarAlignment::session;
    daily.wait = Duration::seconds(2);
    EXPECT_EQ(parse_bar_rule("1d@1m,session,wait=2s").value(), daily);
    BarRule mid = rule(BarBasis::time, 60'000'000'000);
    mid.source = BarSource::mid;
    mid.empty = EmptyPeriods::flat;
    mid.partial_first = PartialFirst::drop;
    EXPECT_EQ(parse_bar_rule("1m@mid,flat,drop-partial").value(), mid);
    BarRule split = rule(BarBasis::volume, 10'000'000'000);
    split.split = true;
    EXPECT_EQ(parse_bar_rule("10000v@trades,split").value(), split);
}

TEST(BarRule, Writes_what_it_reads) {
    for (const char* text : {"5m", "1h30m", "1d@1m,session,wait=2s", "1m@mid,flat,drop-partial",
                             "100t@bid", "10000v,split", "0.5v", "1000000$@1m", "renko:0.5@ask",
                             "range:0.25", "imbalance:100", "run:50", "250ms"})
        EXPECT_EQ(format_bar_rule(parse_bar_rule(text).value()), text);
    EXPECT_EQ(format_bar_rule(parse_bar_rule("60s@trades").value()), "1m");
    EXPECT_EQ(format_bar_rule(parse_bar_rule("renko:0.50").value()), "renko:0.5");
}

TEST(BarRule, Refuses_what_makes_no_sense) {
    for (const char* text : {"",
                             "5",
                             "m",
                             "0m",
                             "-5m",
                             "5x",
                             "t",
                             "0t",
                             "1.5t",
                             "-1v",
                             "renko:",
                             "renko:0",
                             "renko:-1",
                             "volume:5",
                             "1us",
                             "200d",
                             "99999999999v",
                             "5m@",
                             "5m@last",
                             "5m@2m",
                             "5m@5m",
                             "5m@10m",
                             "5m@100us",
                             "5m,",
                             "5m,flat,",
                             "5m,mid",
                             "5m,split",
                             "5m,wait=1s",
                             "5m@1m,wait=5m",
                             "5m@1m,wait=-1s",
                             "2d,session",
                             "100ms,flat",
                             "100t,session",
                             "100t,flat",
                             "100t,split",
                             "100t@1m",
                             "imbalance:5@1m",
                             "100v@mid",
                             "100$@bid",
                             "100v@1m,split"})
        EXPECT_FALSE(parse_bar_rule(text)) << text;
}

TEST(BarRule, Says_what_was_wrong_and_where) {
    const Error error = parse_bar_rule("5m,flatt").error();
    EXPECT_EQ(error.what, "bars have no option 'flatt'");
    EXPECT_EQ(error.where, "5m,flatt");
    EXPECT_EQ(error.mend, "the options are session, flat, drop-partial, split and wait=2s");
}

TEST(BarRule, A_bar_is_labelled_by_either_end) {
    model::Bar bar;
    bar.open_time = Time::from_ns(100);
    bar.known_at = Time::from_ns(160);
    EXPECT_EQ(label_of(bar, BarLabel::open), Time::from_ns(100));
    EXPECT_EQ(label_of(bar, BarLabel::close), Time::from_ns(160));
}

}  // namespace
}  // namespace millrace::market
