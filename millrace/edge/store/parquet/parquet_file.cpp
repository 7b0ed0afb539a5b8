// Opening, and the few questions that a reader asks.
#include "millrace/edge/store/parquet/parquet_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace millrace::parquet {
namespace {

constexpr std::string_view kMagic = "PAR1";
constexpr const char* kFromFile = " FROM read_parquet(?, hive_partitioning = false)";
constexpr std::string_view kEncryptedMagic = "PARE";

tl::unexpected<Error> refused(std::string what, const std::string& path, int error) {
    return failure(ErrorCode::data, std::move(what), path, std::generic_category().message(error),
                   "check the path and the rights to read it");
}

std::string first_bytes(int descriptor) {
    char bytes[kMagic.size()] = {};
    const ssize_t got = ::pread(descriptor, bytes, sizeof bytes, 0);
    return {bytes, got > 0 ? static_cast<std::size_t>(got) : 0};
}

std::string name_of_descriptor(int descriptor) {
    return "/proc/self/fd/" + std::to_string(descriptor);
}

}  // namespace

bool is_parquet(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return false;
    const std::string begin = first_bytes(descriptor);
    ::close(descriptor);
    return begin == kMagic || begin == kEncryptedMagic;
}

void ParquetFile::Closer::operator()(int* descriptor) const {
    ::close(*descriptor);
    delete descriptor;
}

ParquetFile::ParquetFile(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(new int(descriptor)) {}

Result<ParquetFile> ParquetFile::open(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return refused("cannot open the file", path, errno);
    ParquetFile file(path, descriptor);
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) return refused("cannot look at the file", path, errno);
    if (!S_ISREG(status.st_mode))
        return failure(ErrorCode::data, "this is no ordinary file", path,
                       "it is a directory, pipe or device", "name a Parquet file");
    if (status.st_size == 0)
        return failure(ErrorCode::data, "the file is empty", path, "it has not one byte",
                       "name a file with data");
    const std::string begin = first_bytes(descriptor);
    if (begin == kEncryptedMagic)
        return failure(ErrorCode::data, "the file is encrypted", path,
                       "Parquet's own encryption is not read", "write it without encryption");
    if (begin != kMagic)
        return failure(ErrorCode::data, "this is no Parquet file", path,
                       "it does not begin with the letters PAR1",
                       "name a Parquet file, or give a table of text another ending");
    if (auto looked = file.look_at_columns(); !looked) return failure(std::move(looked.error()));
    if (auto looked = file.look_at_size(); !looked) return failure(std::move(looked.error()));
    return file;
}

Error ParquetFile::told(Error error) const {
    const bool has_memory = !error.why.starts_with("Out of Memory");
    error.what = has_memory ? "the file cannot be read" : "there is not enough memory for the file";
    error.where = path_;
    const std::string name = name_of_descriptor(*descriptor_);
    for (std::size_t at = 0; (at = error.why.find(name, at)) != std::string::npos;
         at += path_.size())
        error.why.replace(at, name.size(), path_);
    error.mend = has_memory ? "it is damaged or not whole: write or fetch it again"
                            : "read fewer files at once, or write them with smaller row groups";
    return error;
}

Result<DuckStream> ParquetFile::ask(const std::string& query, Answer answer) const {
    const std::string name = name_of_descriptor(*descriptor_);
    auto stream = DuckStream::open(query, {&name, 1}, answer);
    if (!stream) return failure(told(std::move(stream.error())));
    return stream;
}

Result<DuckStream> ParquetFile::select(const std::string& selected) const {
    return ask("SELECT " + selected + kFromFile, Answer::streamed);
}

Result<DuckStream> ParquetFile::select_first(std::size_t rows, const std::string& selected) const {
    return ask("SELECT " + selected + kFromFile + " LIMIT " + std::to_string(rows), Answer::whole);
}

Result<void> ParquetFile::look_at_columns() {
    auto stream = ask(
        std::string("SELECT column_name, column_type FROM (DESCRIBE SELECT *") + kFromFile + ")",
        Answer::whole);
    if (!stream) return failure(std::move(stream.error()));
    for (;;) {
        const auto more = stream->next_block();
        if (!more) return failure(told(Error(more.error())));
        if (!*more) return {};
        for (std::size_t row = 0; row < stream->rows(); ++row)
            columns_.push_back({std::string(stream->column(0).text(row)),
                                std::string(stream->column(1).text(row))});
    }
}

Result<void> ParquetFile::look_at_size() {
    auto stream = ask("SELECT num_rows::BIGINT FROM parquet_file_metadata(?)", Answer::whole);
    if (!stream) return failure(std::move(stream.error()));
    const auto more = stream->next_block();
    if (!more) return failure(told(Error(more.error())));
    if (*more) rows_ = static_cast<std::uint64_t>(stream->column(0).at<std::int64_t>(0));
    if (rows_ > 0) return {};
    return failure(ErrorCode::data, "the file has no rows", path_, "only a description of columns",
                   "name a file with data");
}

}  // namespace millrace::parquet
