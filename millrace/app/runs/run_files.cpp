// stdio with the errors that matter, and a reader of the CSV that artifacts are written in.
#include "millrace/app/runs/run_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace millrace::runs {
namespace {

constexpr std::size_t kRowBytesMax = 1 << 20;

std::string mend_of(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT: return "free space on that disk, or write elsewhere";
        case EFBIG: return "raise the limit of file sizes (ulimit -f), or write less";
        default: return "check the path and the right to write there";
    }
}

// Splits a line at commas outside of quotes; false when a quote stays open.
bool split(std::string_view line, std::vector<std::string>& cells) {
    std::size_t count = 0;
    const auto next = [&]() -> std::string& {
        if (count == cells.size()) cells.emplace_back();
        cells[count].clear();
        return cells[count++];
    };
    std::string* cell = &next();
    bool is_quoted = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char letter = line[at];
        if (is_quoted && letter == '"' && at + 1 < line.size() && line[at + 1] == '"') {
            *cell += '"';
            ++at;
        } else if (letter == '"') {
            is_quoted = !is_quoted;
        } else if (letter == ',' && !is_quoted) {
            cell = &next();
        } else {
            *cell += letter;
        }
    }
    cells.resize(count);
    return !is_quoted;
}

}  // namespace

tl::unexpected<Error> FileWriter::refused(int error) const {
    return failure(ErrorCode::data, "the file cannot be written", path_,
                   std::generic_category().message(error), mend_of(error));
}

Result<FileWriter> FileWriter::create(const std::string& path) {
    FileWriter writer(path, File(std::fopen(path.c_str(), "wbxe"), &std::fclose));
    if (writer.file_ == nullptr) return writer.refused(errno);
    return writer;
}

Result<void> FileWriter::add(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) return refused(errno);
    return {};
}

Result<void> FileWriter::finish() {
    if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0) return refused(errno);
    if (std::fclose(file_.release()) != 0) return refused(errno);
    return {};
}

Result<void> write_file(const std::string& path, std::string_view text) {
    auto file = FileWriter::create(path);
    if (!file) return failure(std::move(file.error()));
    if (auto added = file->add(text); !added) return added;
    return file->finish();
}

void append_csv_cell(std::string& line, std::string_view cell) {
    if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
        line += cell;
        return;
    }
    line += '"';
    for (const char letter : cell) {
        if (letter == '"') line += '"';
        line += letter;
    }
    line += '"';
}

Result<void> read_csv(const std::string& path, std::span<const std::string_view> columns,
                      const CsvTaker& take) {
    const auto damaged = [&](std::uint64_t row, std::string why) {
        return failure(ErrorCode::data, "the table is damaged",
                       path + ", line " + std::to_string(row), std::move(why),
                       "keep the run again");
    };
    std::ifstream file(path, std::ios::binary);
    std::string line;
    std::vector<std::string> cells;
    if (!file || !std::getline(file, line))
        return failure(ErrorCode::data, "the table cannot be read", path,
                       "it is not there, or empty", "keep the run again");
    if (!split(line, cells)) return damaged(1, "a quote stays open");
    std::vector<std::size_t> places;
    for (const std::string_view column : columns) {
        const auto place = std::find(cells.begin(), cells.end(), column);
        if (place == cells.end())
            return damaged(1, "there is no column \"" + std::string(column) + "\"");
        places.push_back(static_cast<std::size_t>(place - cells.begin()));
    }
    const std::size_t width = cells.size();
    std::vector<std::string> chosen(columns.size());
    std::string more;
    for (std::uint64_t row = 2; std::getline(file, line); ++row) {
        // A cell in quotes may hold an end of line.
        while (!split(line, cells)) {
            if (line.size() > kRowBytesMax || !std::getline(file, more))
                return damaged(row, "a quote stays open");
            line += '\n' + more;
        }
        if (cells.size() != width)
            return damaged(row, "it has " + std::to_string(cells.size()) + " cells, not " +
                                    std::to_string(width));
        for (std::size_t at = 0; at < places.size(); ++at)
            chosen[at] = cells[places[at]];
        const auto goes_on = take(chosen);
        if (!goes_on) return failure(Error(goes_on.error()));
        if (!*goes_on) return {};
    }
    return {};
}

void sync_directory(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    (void)::fsync(descriptor);
    ::close(descriptor);
}

}  // namespace millrace::runs
