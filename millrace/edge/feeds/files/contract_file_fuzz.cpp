// Whatever text is accepted as lot sizes holds only positive ones; nothing breaks on the others.
#include <string_view>

#include "millrace/base/assert.hpp"
#include "millrace/edge/feeds/files/contract_file.hpp"

using namespace millrace;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto sizes = files::parse_contract_sizes(text, "contracts.json", Quantity::whole(1'000));
    if (!sizes) {
        MILLRACE_ASSERT(!sizes.error().what.empty(), "a refusal without a reason");
        return 0;
    }
    MILLRACE_ASSERT(sizes->lot_of("USDJPY").raw() > 0, "a lot that is not positive");
    MILLRACE_ASSERT(sizes->lot_of(text.substr(0, 64)).raw() > 0, "a lot that is not positive");
    return 0;
}
