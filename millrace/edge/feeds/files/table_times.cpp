// The format of times is decided from all of the sample, and where day and month remain open from
// as many more rows as it takes.
#include <algorithm>

#include "millrace/base/decimal.hpp"
#include "millrace/edge/feeds/files/row_text.hpp"
#include "millrace/edge/feeds/files/table_look.hpp"

namespace millrace::files {
namespace {

constexpr std::uint64_t kLinesForOrder = 20'000'000;  // read at most to tell day from month

struct DayMonth {
    int first = 0;
    int second = 0;
    char separator = '\0';
};

// The first two numbers of "31.01.2026"; nothing when the year stands first.
std::optional<DayMonth> day_month_of(std::string_view text) {
    const auto number = [&](std::size_t at, std::size_t end) {
        int value = 0;
        for (; at < end; ++at)
            value = value * 10 + (text[at] - '0');
        return value;
    };
    const std::size_t one = text.find_first_not_of("0123456789");
    if (one == std::string_view::npos || one == 0 || one > 2) return std::nullopt;
    if (text[one] != '.' && text[one] != '/' && text[one] != '-') return std::nullopt;
    const std::size_t two = text.find_first_not_of("0123456789", one + 1);
    if (two == std::string_view::npos || two == one + 1 || two > one + 3) return std::nullopt;
    return DayMonth{number(0, one), number(one + 1, two), text[one]};
}

// What the rows say about which of two numbers is the day.
class OrderVote {
  public:
    void hear(const DayMonth& seen, std::string_view text) {
        if (seen.first > 12 && seen.second <= 12 && day_first_.empty()) day_first_ = text;
        if (seen.second > 12 && seen.first <= 12 && month_first_.empty()) month_first_ = text;
    }
    [[nodiscard]] bool is_decided() const { return day_first_.empty() != month_first_.empty(); }
    [[nodiscard]] bool contradicts_itself() const {
        return !day_first_.empty() && !month_first_.empty();
    }
    [[nodiscard]] bool is_day_first() const { return !day_first_.empty(); }
    [[nodiscard]] const std::string& witness() const {
        return day_first_.empty() ? month_first_ : day_first_;
    }

  private:
    std::string day_first_;  // a date that can only be so
    std::string month_first_;
};

class TimeLook {
  public:
    TimeLook(TableLook& look, LineReader& lines)
        : look_(look),
          lines_(lines),
          place_(static_cast<std::size_t>(look.place_of(ColumnRole::time))) {}

    Result<void> run() {
        if (auto format = find_format(); !format) return format;
        return find_zone();
    }

  private:
    [[nodiscard]] std::string_view text_of(const TableLook::Fields& row) const {
        return TableLook::field(row, place_);
    }
    [[nodiscard]] std::string_view model() const { return text_of(look_.model()); }

    void decide(TimeFormat format, std::string why) {
        look_.dialect().time_format = format;
        look_.tell("time-format", std::string(name_of(format)), std::move(why));
    }

    [[nodiscard]] tl::unexpected<Error> unclear(std::string why, std::string mend) const {
        return failure(ErrorCode::data, "the times of the file are not clear", look_.path,
                       std::move(why), std::move(mend));
    }

    Result<void> find_format() {
        if (look_.options->date) look_.dialect().date = *look_.options->date;
        if (look_.options->time_format) {
            decide(*look_.options->time_format, "as said");
            return check_date();
        }
        if (look_.dialect().time_format == TimeFormat::day_ms) {
            decide(TimeFormat::day_ms, "LEAN counts milliseconds since midnight");
            return {};
        }
        if (day_month_of(model())) return find_order();
        if (is_date(model()) || is_date_and_clock(model())) {
            decide(TimeFormat::year_first, "such as \"" + std::string(model()) + "\"");
            return {};
        }
        return find_epoch();
    }

    // Milliseconds of a day need the day.
    Result<void> check_date() {
        if (look_.dialect().time_format == TimeFormat::day_ms && !look_.options->date &&
            look_.dialect().date == Date{})
            return unclear("the times are milliseconds since midnight, of a day that is not told",
                           "say it: --read date=2014-06-05");
        return {};
    }

    Result<void> find_epoch() {
        const auto count = parse_decimal(model(), 0, Rounding::toward_zero);
        if (!count) {  // the reader will say so, with the line
            decide(TimeFormat::year_first,
                   "such as \"" + std::string(model().substr(0, 40)) + "\"");
            return {};
        }
        if (!is_epoch(model()))
            return unclear("\"" + std::string(model()) + "\" is too small to count from 1970",
                           "say what it is: --read time-format=day-ms --read date=2014-06-05, or "
                           "epoch-s and its kin");
        const EpochUnit unit = guess_epoch_unit(*count);
        for (const TableLook::Fields& row : look_.rows) {
            const auto other = parse_decimal(text_of(row), 0, Rounding::toward_zero);
            if (other && guess_epoch_unit(*other) != unit)
                return unclear("\"" + std::string(model()) + "\" and \"" +
                                   std::string(text_of(row)) + "\" count in different units",
                               "say it: --read time-format=epoch-ms, or its kin");
        }
        const auto format =
            static_cast<TimeFormat>(static_cast<int>(TimeFormat::epoch_s) + static_cast<int>(unit));
        decide(format, "\"" + std::string(model()) + "\" counts from 1970");
        return {};
    }

    Result<void> find_order() {
        OrderVote vote;
        char separator = '\0';
        for (const TableLook::Fields& row : look_.rows)
            if (const auto seen = day_month_of(text_of(row))) {
                vote.hear(*seen, text_of(row));
                separator = seen->separator;
            }
        std::uint64_t rows = look_.rows.size();
        if (!vote.is_decided() && separator != '.')
            if (auto read = read_on(vote, rows); !read) return read;
        if (vote.contradicts_itself())
            return unclear("some dates have the day first, some the month",
                           "say it: --read time-format=day-first (or month-first)");
        if (vote.is_decided()) {
            decide(vote.is_day_first() ? TimeFormat::day_first : TimeFormat::month_first,
                   "\"" + vote.witness() + "\" can be nothing else");
            return {};
        }
        if (separator == '.') {
            decide(TimeFormat::day_first, "dates with points have the day first");
            return {};
        }
        return unclear("\"" + std::string(model()) +
                           "\" may have the day or the month first, and so may all of " +
                           std::to_string(rows) + " rows",
                       "say it: --read time-format=day-first (or month-first)");
    }

    // Until a date tells, behind the sample.
    Result<void> read_on(OrderVote& vote, std::uint64_t& rows) {
        TableLook::Fields fields;
        std::string_view line;
        while (!vote.is_decided() && rows < kLinesForOrder) {
            const auto more = lines_.next(line);
            if (!more) return failure(Error(more.error()));
            if (!*more) return {};
            ++rows;
            split_row(line, look_.dialect().delimiter, fields);
            if (const auto seen = day_month_of(text_of(fields))) vote.hear(*seen, text_of(fields));
        }
        return {};
    }

    // Whether the times carry their zone: "…Z", "…+01:00", "… GMT".
    [[nodiscard]] bool names_zone() const {
        const int clock = look_.place_of(ColumnRole::time_of_day);
        const std::string_view text =
            clock < 0 ? model() : TableLook::field(look_.model(), static_cast<std::size_t>(clock));
        const std::size_t colon = text.find(':');
        return colon != std::string_view::npos &&
               text.find_first_of("Zz+-GU", colon) != std::string_view::npos;
    }

    Result<void> use_zone(std::string_view name, std::string why) {
        const auto zone = Zone::find(name);
        if (!zone) return failure(Error(zone.error()));
        look_.dialect().zone = *zone;
        look_.tell("zone", std::string(name), std::move(why));
        return {};
    }

    Result<void> find_zone() {
        const auto format = look_.dialect().time_format;
        const bool is_epoch = format == TimeFormat::epoch_s || format == TimeFormat::epoch_ms ||
                              format == TimeFormat::epoch_us || format == TimeFormat::epoch_ns;
        const std::string_view name = TableLook::field(look_.names, place_);
        if (look_.options->zone) {
            look_.dialect().zone = *look_.options->zone;
            look_.tell("zone", std::string(look_.dialect().zone.name()), "as said");
        } else if (is_epoch) {
            look_.tell("zone", "UTC", "times that count from 1970 are in UTC");
        } else if (names_zone()) {
            look_.tell("zone", "UTC", "the times name their own zone");
        } else if (model::names_utc(name)) {
            look_.tell("zone", "UTC", "the header says so: \"" + std::string(name) + "\"");
        } else if (!look_.zone_name.empty()) {
            if (look_.zone_name != "UTC") return use_zone(look_.zone_name, look_.zone_why);
            look_.tell("zone", "UTC", look_.zone_why);
        } else {
            look_.tell("zone", "UTC", "nothing in the file names another; say --zone if it is not");
        }
        return {};
    }

    TableLook& look_;
    LineReader& lines_;
    std::size_t place_;
};

}  // namespace

Result<void> look_at_times(TableLook& look, LineReader& lines) {
    return TimeLook(look, lines).run();
}

}  // namespace millrace::files
