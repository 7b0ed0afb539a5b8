// Decimal text: what is accepted is printed and read back equal, and all roundings agree with each
// other. The first byte is the scale.
#include <array>

#include "millrace/base/assert.hpp"
#include "millrace/base/decimal.hpp"

using namespace millrace;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const int scale = data[0] % (kDecimalScaleMax + 1);
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto exact = parse_decimal(text, scale);
    if (exact) {
        const auto back = parse_decimal(format_decimal(*exact, scale), scale);
        MILLRACE_ASSERT(back && *back == *exact, "a decimal does not come back from its text");
    }
    const auto floor = parse_decimal(text, scale, Rounding::floor);
    const auto ceiling = parse_decimal(text, scale, Rounding::ceiling);
    MILLRACE_ASSERT(!exact || (floor && ceiling && *floor == *exact && *ceiling == *exact),
                    "an exact decimal was rounded");
    for (const Rounding rounding : {Rounding::half_even, Rounding::half_away, Rounding::toward_zero,
                                    Rounding::away_from_zero, Rounding::floor, Rounding::ceiling}) {
        const auto rounded = parse_decimal(text, scale, rounding);
        if (!rounded || !floor || !ceiling) continue;
        MILLRACE_ASSERT(*rounded == *floor || *rounded == *ceiling,
                        "a rounding left the two neighbours");
        MILLRACE_ASSERT(*ceiling - *floor <= 1, "the neighbours are apart");
    }
    return 0;
}
