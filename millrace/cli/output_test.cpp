#include "millrace/cli/output.hpp"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

#include "millrace/cli/interrupt.hpp"

namespace millrace::cli {
namespace {

TEST(DescriptorStream, Writes_what_it_was_given_when_flushed) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    DescriptorStream stream(ends[1]);
    stream << "forty-two is " << 42 << std::flush;
    std::array<char, 64> read_back{};
    ASSERT_EQ(read(ends[0], read_back.data(), read_back.size()), 15);
    EXPECT_EQ(std::string(read_back.data(), 15), "forty-two is 42");
    close(ends[0]);
    close(ends[1]);
}

TEST(DescriptorStream, Stops_a_writer_without_end_once_nobody_reads) {
    install_signal_handlers();
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    close(ends[0]);
    DescriptorStream stream(ends[1]);
    const auto write_rows = [&] {
        for (int row = 0; row < 1'000'000; ++row)
            stream << "row " << row << '\n';
    };
    EXPECT_THROW(write_rows(), OutputClosed);
    close(ends[1]);
}

TEST(DescriptorStream, Says_why_the_output_cannot_be_written) {
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    DescriptorStream stream(full);
    stream << "lost";
    try {
        stream.flush();
        FAIL() << "a full disk took the bytes";
    } catch (const OutputFailed& failed) {
        EXPECT_STREQ(failed.what(), "No space left on device");
    }
    close(full);
}

}  // namespace
}  // namespace millrace::cli
