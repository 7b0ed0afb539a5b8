// Snapshots: no bytes crash the reader, and what an engine accepts as its state it saves and loads
// again to the same state. The input is read as a file, and as a state in a file whose header and
// composition are right.
#include <vector>

#include "millrace/base/crc32c.hpp"
#include "millrace/core/engine/census.hpp"
#include "millrace/core/engine/engine.hpp"
#include "millrace/core/engine/snapshot_format.hpp"

using namespace millrace;

namespace {

engine::Engine make_engine() {
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::make_unique<engine::Census>());
    return engine::Engine(std::move(components), 1);
}

std::vector<std::byte> framed(std::span<const std::byte> rest, std::uint64_t composition) {
    engine::StateWriter state;
    state.put(composition);
    state.put_bytes(rest);
    engine::StateWriter file;
    file.put_bytes(std::as_bytes(std::span(std::string_view("MILLSNAP"))));
    file.put(std::uint32_t{1});
    file.put(crc32c(state.bytes()));
    file.put(std::uint64_t{state.bytes().size()});
    file.put_bytes(state.bytes());
    return {file.bytes().begin(), file.bytes().end()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    engine::Engine untouched = make_engine();
    (void)engine::read_snapshot(bytes, untouched);

    engine::Engine loaded = make_engine();
    if (!engine::read_snapshot(framed(bytes, loaded.composition()), loaded)) return 0;
    engine::Engine again = make_engine();
    MILLRACE_ASSERT(engine::read_snapshot(engine::write_snapshot(loaded), again),
                    "an accepted state is refused after saving");
    MILLRACE_ASSERT(again.state_hash() == loaded.state_hash(),
                    "an accepted state is changed by saving");
    return 0;
}
