// Conversions, exact or refused.
#include "millrace/edge/store/parquet/parquet_cells.hpp"

#include <fmt/format.h>

namespace millrace::parquet {
namespace {

constexpr std::size_t kShownText = 40;

bool take(const Result<std::int64_t>& parsed, std::string_view cell, std::int64_t& raw,
          std::string& why) {
    if (parsed) {
        raw = *parsed;
        return true;
    }
    why = fmt::format("\"{}\": {}", cell.substr(0, kShownText),
                      parsed.error().why.empty() ? parsed.error().what : parsed.error().why);
    return false;
}

// An integer of `from` decimals in `to` of them.
bool rescale(std::int64_t value, int from, int to, std::int64_t& raw, std::string& why) {
    const auto scaled =
        from <= to ? multiply_divide(value, power_of_ten(to - from), 1, Rounding::half_even)
                   : multiply_divide(value, 1, power_of_ten(from - to), Rounding::half_even);
    if (scaled) {
        raw = *scaled;
        return true;
    }
    why = fmt::format("{} is out of range", format_decimal(value, from));
    return false;
}

bool from_epoch_of(std::int64_t count, EpochUnit unit, Time& time, std::string& why) {
    const auto found = from_epoch(count, unit);
    if (found) {
        time = *found;
        return true;
    }
    why = fmt::format("{}: {}", count,
                      found.error().why.empty() ? found.error().what : found.error().why);
    return false;
}

}  // namespace

bool read_any_number(const ReadColumn& column, const DuckColumn& cells, std::size_t row, int scale,
                     std::int64_t& raw, std::string& why) {
    if (cells.is_null(row)) {
        why = "it is null";
        return false;
    }
    switch (column.type) {
        case CellType::float64: {
            const auto value = cells.at<double>(row);
            return take(parse_shortest(value, scale), fmt::format("{}", value), raw, why);
        }
        case CellType::float32: {
            const auto value = cells.at<float>(row);
            return take(parse_shortest(value, scale), fmt::format("{}", value), raw, why);
        }
        case CellType::text: {
            const std::string_view text = cells.text(row);
            return take(parse_decimal(text, scale, Rounding::half_even), text, raw, why);
        }
        case CellType::integer:
        case CellType::decimal:
            return rescale(cells.at<std::int64_t>(row), column.scale, scale, raw, why);
        case CellType::date:
        case CellType::seconds:
        case CellType::milliseconds:
        case CellType::microseconds:
        case CellType::nanoseconds: break;
    }
    MILLRACE_ASSERT(false, "the layout gives numbers no such type");
    return false;
}

bool TimeCells::read(const ReadColumn& column, const DuckColumn& cells, std::size_t row, Time& time,
                     std::string& why) {
    if (cells.is_null(row)) {
        why = "it is null";
        return false;
    }
    EpochUnit unit = EpochUnit::nanoseconds;
    switch (column.type) {
        case CellType::seconds: unit = EpochUnit::seconds; break;
        case CellType::milliseconds: unit = EpochUnit::milliseconds; break;
        case CellType::microseconds: unit = EpochUnit::microseconds; break;
        case CellType::nanoseconds: break;
        case CellType::date:
            return from_epoch_of(cells.at<std::int32_t>(row) * kSecondsPerDay, EpochUnit::seconds,
                                 time, why) &&
                   in_zone(false, time, why);
        case CellType::integer: return read_integer(cells.at<std::int64_t>(row), time, why);
        case CellType::text: return read_text(cells.text(row), time, why);
        case CellType::float64:
        case CellType::float32:
        case CellType::decimal: MILLRACE_ASSERT(false, "the layout gives times no such type");
    }
    return from_epoch_of(cells.at<std::int64_t>(row), unit, time, why) &&
           in_zone(column.is_utc, time, why);
}

// 20260131 is a date, as it is in a table of text; any other number is a count since 1970.
bool TimeCells::read_integer(std::int64_t count, Time& time, std::string& why) {
    constexpr std::int64_t kDateMin = 10'000'000;
    constexpr std::int64_t kDateMax = 99'999'999;
    if (count >= kDateMin && count <= kDateMax) return read_text(std::to_string(count), time, why);
    return from_epoch_of(count, guess_epoch_unit(count), time, why);
}

bool TimeCells::read_text(std::string_view text, Time& time, std::string& why) {
    const auto found = texts_.read(text, {});
    if (found) {
        time = *found;
        return true;
    }
    why = fmt::format("\"{}\": {}", text.substr(0, kShownText), found.error().what);
    return false;
}

// `time` was read as if its wall clock showed UTC.
bool TimeCells::in_zone(bool is_instant, Time& time, std::string& why) const {
    if (is_instant || is_utc_) return true;
    const auto found = zone_.to_time(utc_date_time(time));
    if (found) {
        time = *found;
        return true;
    }
    why = fmt::format("{}: {}", format_time(time), found.error().what);
    return false;
}

}  // namespace millrace::parquet
