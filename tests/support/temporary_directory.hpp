// A directory of the real disk that is gone, with all in it, when the test is over.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "millrace/base/assert.hpp"

namespace millrace {

class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        std::string form = (std::filesystem::temp_directory_path() / "millrace-test-XXXXXX");
        MILLRACE_ASSERT(::mkdtemp(form.data()) != nullptr, "no temporary directory can be made");
        path_ = form;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string operator/(const std::string& name) const {
        return path_ + "/" + name;
    }

  private:
    std::string path_;
};

}  // namespace millrace
