// The long way, through the shortest text.
#include "millrace/edge/store/parquet/float_decimal.hpp"

#include <charconv>

namespace millrace::parquet {
namespace {

template <class Float>
Result<std::int64_t> parse_text_of(Float value, int scale) {
    char buffer[64];
    const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value);
    const std::string_view text(buffer, static_cast<std::size_t>(end.ptr - buffer));
    return parse_decimal(text, scale, Rounding::half_even);
}

}  // namespace

Result<std::int64_t> parse_shortest(double value, int scale) {
    return parse_text_of(value, scale);
}

Result<std::int64_t> parse_shortest(float value, int scale) {
    return parse_text_of(value, scale);
}

}  // namespace millrace::parquet
