// Whatever bytes a file has, looking at it and reading it ends, in rows that are in order or in an
// error that says why; bad rows are all counted.
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "millrace/base/assert.hpp"
#include "millrace/edge/feeds/files/table_reader.hpp"

using namespace millrace;

namespace {

constexpr std::size_t kInputMax = 1 << 20;

Time time_of(const files::Datum& datum) {
    return std::visit([](const auto& noun) { return noun.known_at; }, datum);
}

void read_all(const std::string& path, model::BadRows bad_rows) {
    files::TableOptions options;
    options.policy.bad_rows = bad_rows;
    options.policy.sort_window = 8;
    auto reader = files::TableReader::open(path, options);
    if (!reader) {
        MILLRACE_ASSERT(!reader.error().what.empty(), "a refusal without a reason");
        return;
    }
    MILLRACE_ASSERT(!reader->detection().reasons.empty(), "nothing is guessed in silence");
    files::Datum datum;
    Time last = Time::earliest();
    std::uint64_t rows = 0;
    for (;;) {
        const auto more = reader->next(datum);
        if (!more || !*more) break;
        MILLRACE_ASSERT(time_of(datum) >= last, "rows out of order");
        last = time_of(datum);
        ++rows;
    }
    const auto& findings = reader->findings();
    MILLRACE_ASSERT(bad_rows != model::BadRows::fail || findings.empty(), "a bad row went by");
    MILLRACE_ASSERT(rows <= reader->rows(), "rows out of nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > kInputMax) return 0;
    const int file = memfd_create("table", MFD_CLOEXEC);
    MILLRACE_ASSERT(file >= 0, "no file in memory can be made");
    const bool is_written = ::write(file, data, size) == static_cast<ssize_t>(size);
    MILLRACE_ASSERT(is_written, "the file in memory is too short");
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    for (const auto policy : {model::BadRows::fail, model::BadRows::skip, model::BadRows::repair})
        read_all(path, policy);
    ::close(file);
    return 0;
}
