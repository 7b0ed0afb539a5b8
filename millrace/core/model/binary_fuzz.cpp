// The binary form: whatever is accepted is written back to the same bytes, and can be shown as
// JSON. The first byte selects the noun, the second is the version.
#include <algorithm>
#include <vector>

#include "millrace/base/assert.hpp"
#include "millrace/core/model/binary.hpp"
#include "millrace/core/model/json.hpp"
#include "millrace/core/model/nouns.hpp"

using namespace millrace;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const model::NounDescription& noun =
        model::description_of(model::all_nouns()[data[0] % model::kNounCount]);
    const auto bytes = std::as_bytes(std::span(data, size)).subspan(2);
    model::NounBuffer value;
    if (!model::read_binary(noun, data[1], bytes, value.data())) return 0;

    std::vector<std::byte> back(model::binary_size_max(noun));
    back.resize(model::write_binary(noun, value.data(), back));
    MILLRACE_ASSERT(data[1] != noun.version || std::ranges::equal(back, bytes),
                    "what was accepted is written as other bytes");
    JsonWriter writer;
    model::write_json(noun, value.data(), model::Names(), writer);
    MILLRACE_ASSERT(writer.str().size() > 2, "an accepted noun shows no field");
    return 0;
}
