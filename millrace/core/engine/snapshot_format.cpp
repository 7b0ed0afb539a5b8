// Framing of a snapshot.
#include "millrace/core/engine/snapshot_format.hpp"

#include "millrace/base/crc32c.hpp"
#include "millrace/core/engine/engine.hpp"

namespace millrace::engine {
namespace {

constexpr std::uint64_t kMagic = 0x50414e534c4c494d;  // "MILLSNAP"
constexpr std::uint32_t kFormat = 1;

tl::unexpected<Error> unusable(std::string why) {
    return failure(ErrorCode::data, "the snapshot cannot be used", {}, std::move(why),
                   "remove it; the journal is replayed from an older snapshot or from its start");
}

}  // namespace

std::vector<std::byte> write_snapshot(const Engine& engine) {
    StateWriter state;
    engine.save(state);
    StateWriter file;
    file.put(kMagic);
    file.put(kFormat);
    file.put(crc32c(state.bytes()));
    file.put(std::uint64_t{state.bytes().size()});
    file.put_bytes(state.bytes());
    return {file.bytes().begin(), file.bytes().end()};
}

Result<void> read_snapshot(std::span<const std::byte> bytes, Engine& engine) {
    StateReader file(bytes);
    if (file.get<std::uint64_t>() != kMagic) return unusable("its first bytes are not MILLSNAP");
    const auto format = file.get<std::uint32_t>();
    if (format != kFormat) return unusable("its format " + std::to_string(format) + " is unknown");
    const auto crc = file.get<std::uint32_t>();
    const auto size = file.get<std::uint64_t>();
    const auto state = file.take(size);
    if (file.failed() || file.left() != 0) return unusable("it has not the length that it says");
    if (crc != crc32c(state)) return unusable("its checksum does not match");
    StateReader reader(state);
    return engine.load(reader);
}

}  // namespace millrace::engine
