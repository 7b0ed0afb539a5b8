// Strict JSON: whatever is accepted is written and read back equal, and so is its binary form. The
// first byte selects the noun.
#include <cstring>

#include "millrace/base/assert.hpp"
#include "millrace/core/model/binary.hpp"
#include "millrace/core/model/json.hpp"
#include "millrace/core/model/nouns.hpp"

using namespace millrace;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const model::Names names = [] {
        model::Names made;
        (void)made.instruments.add(InstrumentId(0), "AAPL");
        (void)made.instruments.add(InstrumentId(1), "EURUSD");
        (void)made.instruments.add(InstrumentId(2), "BTC-PERP");
        (void)made.sources.add(SourceId(0), "synthetic");
        (void)made.sources.add(SourceId(1), "replay");
        (void)made.strategies.add(StrategyId(0), "manual");
        (void)made.strategies.add(StrategyId(1), "ema-cross");
        (void)made.accounts.add(AccountId(0), "paper");
        (void)made.accounts.add(AccountId(1), "live");
        return made;
    }();
    if (size == 0) return 0;
    const model::NounDescription& noun =
        model::description_of(model::all_nouns()[data[0] % model::kNounCount]);
    const std::string_view json(reinterpret_cast<const char*>(data) + 1, size - 1);
    model::NounBuffer value;
    if (!model::read_json(noun, json, names, value.data())) return 0;

    JsonWriter writer;
    model::write_json(noun, value.data(), names, writer);
    model::NounBuffer back;
    MILLRACE_ASSERT(model::read_json(noun, writer.str(), names, back.data()),
                    "what was accepted is refused after writing");
    MILLRACE_ASSERT(std::memcmp(value.data(), back.data(), noun.size) == 0,
                    "what was accepted comes back changed");

    std::vector<std::byte> binary(model::binary_size_max(noun));
    binary.resize(model::write_binary(noun, value.data(), binary));
    MILLRACE_ASSERT(model::read_binary(noun, noun.version, binary, back.data()),
                    "what was accepted has no valid binary form");
    MILLRACE_ASSERT(std::memcmp(value.data(), back.data(), noun.size) == 0,
                    "what was accepted is changed by its binary form");
    return 0;
}
