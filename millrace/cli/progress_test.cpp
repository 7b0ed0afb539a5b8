#include "millrace/cli/progress.hpp"

#include <gtest/gtest.h>
#include <sstream>

#include "millrace/cli/commands.hpp"

namespace millrace::cli {
namespace {

// What is said while a clock that the test moves goes through `seconds`, with one update at each.
std::string said(bool terminal, const Given& given, const std::vector<int>& seconds,
                 std::uint64_t total) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Streams streams{.in = in, .out = out, .err = err, .err_is_terminal = terminal};
    Invocation invocation(all_commands(), *all_commands().find("version"), given, streams);
    Duration now;
    {
        Progress progress(invocation, "seeds", total, [&] { return now; });
        for (const int second : seconds) {
            now = Duration::seconds(second);
            progress.update(static_cast<std::uint64_t>(second) * 100);
        }
    }
    EXPECT_EQ(out.str(), "");
    return err.str();
}

TEST(Progress, Says_a_plain_line_every_five_seconds_where_there_is_no_terminal) {
    EXPECT_EQ(said(false, {}, {1, 4, 5, 6, 9, 10}, 2000),
              "seeds  25 %  500 of 2,000  100/s  15 s left\n"
              "seeds  50 %  1,000 of 2,000  100/s  10 s left\n");
    EXPECT_EQ(said(false, {}, {5}, 0), "seeds  500  100/s\n");
}

TEST(Progress, Draws_a_bar_on_a_terminal_and_takes_it_away) {
    EXPECT_EQ(said(true, {}, {5}, 2000),
              "\rseeds  [#####               ]  25 %  500 of 2,000  100/s  15 s left\x1b[K"
              "\r\x1b[K");
}

TEST(Progress, Is_silent_when_asked_and_for_work_that_is_done_at_once) {
    EXPECT_EQ(said(true, {{"--quiet", {"true"}}}, {5, 10}, 2000), "");
    EXPECT_EQ(said(false, {}, {1}, 100), "");
    EXPECT_EQ(said(true, {}, {}, 100), "");
}

}  // namespace
}  // namespace millrace::cli
