// For tests: small tables of market data in a folder of their own.
#pragma once

#include <fstream>
#include <gtest/gtest.h>
#include <string>

#include "millrace/base/time.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::backtest::test {

class FilesTest : public testing::Test {
  protected:
    // The path of a new file with this text.
    std::string write(const std::string& name, std::string_view text) {
        const std::string path = folder_ / name;
        std::ofstream(path) << text;
        return path;
    }

  private:
    TemporaryDirectory folder_;
};

// 2024-01-02T00:00:00Z and so many minutes later.
inline Time at(std::int64_t minutes) {
    return Time::from_ns(1'704'153'600 * kNanosecondsPerSecond) + Duration::minutes(minutes);
}

}  // namespace millrace::backtest::test
