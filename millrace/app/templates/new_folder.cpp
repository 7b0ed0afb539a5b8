// rename() replaces an empty folder and refuses any other, in one step: nobody can put a file in
// between, and a crash leaves at most a folder whose name says what it was.
#include "millrace/app/templates/new_folder.hpp"

#include <fstream>
#include <system_error>
#include <unistd.h>

namespace millrace::templates {
namespace {

namespace fs = std::filesystem;

// A folder that goes away again unless it was kept.
class Draft {
  public:
    explicit Draft(fs::path path) : path_(std::move(path)) {}
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
        std::error_code ignored;
        if (!kept_) fs::remove_all(path_, ignored);
    }
    [[nodiscard]] const fs::path& path() const { return path_; }
    void keep() { kept_ = true; }

  private:
    fs::path path_;
    bool kept_ = false;
};

tl::unexpected<Error> unwritable(const fs::path& path, const std::string& why) {
    return failure(ErrorCode::config, "the folder cannot be written", path.string(), why,
                   "name a folder that this user may write, on a disk with room");
}

Result<void> check_place(const fs::path& folder) {
    std::error_code trouble;
    if (!fs::is_directory(folder.parent_path(), trouble))
        return failure(ErrorCode::config, "there is no folder to put it in",
                       folder.parent_path().string(), "only the last folder of a path is made",
                       "mkdir -p " + folder.parent_path().string());
    const auto status = fs::symlink_status(folder, trouble);
    if (!fs::exists(status)) return {};
    if (!fs::is_directory(status) || !fs::is_empty(folder, trouble))
        return failure(ErrorCode::config, "there is something already", folder.string(),
                       "only a new or empty folder is written, so that nothing of yours is lost",
                       "name another folder with --dir");
    if (fs::equivalent(folder, fs::current_path(trouble), trouble))
        return failure(ErrorCode::config, "the folder cannot be the current one", folder.string(),
                       "it is put in place as a whole, and your shell would stand in the old one",
                       "name a new folder inside it with --dir");
    return {};
}

}  // namespace

Result<void> write_new_folder(const fs::path& folder, std::span<const NewFile> files) {
    fs::path place = fs::absolute(folder).lexically_normal();
    if (place.filename().empty()) place = place.parent_path();  // "name/"
    if (auto free = check_place(place); !free) return failure(free.error());
    std::error_code trouble;
    Draft draft(place.parent_path() /
                ("." + place.filename().string() + ".new-" + std::to_string(::getpid())));
    if (!fs::create_directory(draft.path(), trouble)) {
        if (!trouble) trouble = std::make_error_code(std::errc::file_exists);
        draft.keep();  // it is not ours
        return unwritable(place, trouble.message());
    }
    for (const NewFile& file : files) {
        std::ofstream out(draft.path() / file.name, std::ios::binary);
        out << file.text;
        out.close();
        if (!out) return unwritable(place, file.name + " could not be written");
    }
    fs::rename(draft.path(), place, trouble);
    if (trouble) return unwritable(place, trouble.message());
    draft.keep();
    return {};
}

}  // namespace millrace::templates
