// `millrace calendar`: the dates that follow from rules: those of the Gotobi trade, the holidays of
// Japan, and the sessions of a venue.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <ostream>

#include "millrace/base/small_file.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"
#include "millrace/core/market/calendar.hpp"
#include "millrace/core/market/gotobi.hpp"
#include "millrace/core/market/japanese_holidays.hpp"

namespace millrace::cli {
namespace {

using market::GotobiDate;
using market::GotobiHolidays;
using market::GotobiRule;

constexpr std::int64_t kYearMin = 1949;  // the first whole year of Japan's act on holidays
constexpr std::int64_t kYearMax = 2150;
constexpr std::size_t kFileBytesMax = 64 * 1024;

std::string_view name_of(Weekday weekday) {
    constexpr std::array<std::string_view, 7> kNames = {
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    return kNames[static_cast<std::size_t>(weekday) - 1];
}

// Dates, one or more a line; what stands behind a '#' is a remark.
Result<std::vector<Date>> dates_of_file(const std::string& path) {
    auto file = read_small_file(path, kFileBytesMax);
    if (!file) return failure(std::move(file.error()));
    if (!*file)
        return failure(ErrorCode::config, "there is no such file", path, {},
                       "name a file with a date such as 2024-12-30 on each line, or jp, jp-banks "
                       "or none");
    std::string text;
    bool is_remark = false;
    for (const char byte : (*file)->text) {
        if (byte == '#') is_remark = true;
        if (byte == '\n') is_remark = false;
        text += is_remark ? ' ' : byte;
    }
    auto dates = market::parse_dates(text);
    if (!dates) {
        Error error = dates.error();
        error.where = path;
        return failure(std::move(error));
    }
    return dates;
}

Result<GotobiRule> rule_of(Invocation& invocation) {
    GotobiRule rule;
    const std::string holidays = invocation.text("--holidays");
    if (holidays == "jp") {
        rule.holidays = GotobiHolidays::japan;
    } else if (holidays == "jp-banks") {
        rule.holidays = GotobiHolidays::japan_banks;
    } else {
        rule.holidays = GotobiHolidays::none;
        if (holidays != "none") {
            auto dates = dates_of_file(holidays);
            if (!dates) return failure(std::move(dates.error()));
            rule.closed = std::move(*dates);
        }
    }
    auto days = market::parse_month_days(invocation.text("--days"));
    if (!days) return failure(std::move(days.error()));
    rule.base_days = std::move(*days);
    return rule;
}

void print_json(Invocation& invocation, std::int64_t year, const std::vector<GotobiDate>& dates) {
    JsonWriter document = Invocation::document();
    document.member("year", year).member("holidays", invocation.text("--holidays"));
    document.member("count", std::int64_t(dates.size())).key("dates").begin_array();
    for (const GotobiDate& each : dates) {
        document.begin_object().member("date", format_date(each.date));
        document.member("weekday", name_of(weekday_of(each.date)));
        document.member("rolled", each.is_rolled()).key("base_dates").begin_array();
        for (const Date& base : each.base_dates)
            document.text(format_date(base));
        document.end_array().end_object();
    }
    document.end_array().end_object();
    invocation.print(document);
}

int gotobi(Invocation& invocation) {
    auto rule = rule_of(invocation);
    if (!rule) return invocation.fail(rule.error());
    const auto made = market::Gotobi::make(std::move(*rule));
    if (!made) return invocation.fail(made.error());
    const std::int64_t year = invocation.integer("--year");
    const auto dates = made->dates(static_cast<int>(year));
    if (invocation.json()) {
        print_json(invocation, year, dates);
        return 0;
    }
    for (const GotobiDate& each : dates) {
        std::string bases;
        if (each.is_rolled() || each.base_dates.size() > 1)
            for (const Date& base : each.base_dates)
                bases += (bases.empty() ? "  for " : ", ") + format_date(base);
        invocation.out() << fmt::format("{} {}{}\n", format_date(each.date),
                                        name_of(weekday_of(each.date)).substr(0, 3), bases);
    }
    const auto rolled = std::count_if(dates.begin(), dates.end(),
                                      [](const GotobiDate& each) { return each.is_rolled(); });
    invocation.say(fmt::format("{} dates, {} of them rolled", dates.size(), rolled));
    return 0;
}

int holidays(Invocation& invocation) {
    const auto year = static_cast<int>(invocation.integer("--year"));
    JsonWriter document = Invocation::document();
    document.member("year", std::int64_t{year}).key("holidays").begin_array();
    for (int month = 1; month <= 12; ++month) {
        for (int day = 1; day <= days_in_month(year, month); ++day) {
            const Date date{year, month, day};
            const std::string_view name = market::japanese_holiday(date);
            if (name.empty()) continue;
            if (!invocation.json())
                invocation.out() << fmt::format("{} {} {}\n", format_date(date),
                                                name_of(weekday_of(date)).substr(0, 3), name);
            document.begin_object().member("date", format_date(date));
            document.member("weekday", name_of(weekday_of(date)));
            document.member("name", name).end_object();
        }
    }
    document.end_array().end_object();
    if (invocation.json()) invocation.print(document);
    return 0;
}

int sessions(Invocation& invocation) {
    const auto calendar = market::Calendar::find(invocation.text("CALENDAR"));
    if (!calendar) return invocation.fail(calendar.error());
    const auto from = parse_date(invocation.text("--from"));
    if (!from) return invocation.fail(from.error());
    const auto to = invocation.given("--to") ? parse_date(invocation.text("--to")) : from;
    if (!to) return invocation.fail(to.error());
    if (*to < *from || !calendar->covers(*from) || !calendar->covers(*to))
        return invocation.fail(Error{
            ErrorCode::usage, "there are no such days in this calendar", "--from, --to",
            fmt::format("{} knows {} to {}", calendar->name(), format_date(calendar->first_day()),
                        format_date(calendar->last_day())),
            "name days within, the first one first"});
    JsonWriter document = Invocation::document();
    document.member("calendar", calendar->name()).member("zone", calendar->zone().name());
    document.key("sessions").begin_array();
    for (const market::Session& session : calendar->sessions(*from, *to)) {
        if (!invocation.json())
            invocation.out() << fmt::format("{} {} {}\n", format_date(session.date),
                                            format_time(session.open), format_time(session.close));
        document.begin_object().member("date", format_date(session.date));
        document.member("open", format_time(session.open));
        document.member("close", format_time(session.close));
        document.member("closes_early", calendar->closes_early(session.date)).end_object();
    }
    document.end_array().end_object();
    if (invocation.json()) invocation.print(document);
    return 0;
}

std::vector<std::string> calendar_names() {
    const auto names = market::Calendar::names();
    return {names.begin(), names.end()};
}

Option year_option() {
    return {.name = "--year",
            .value_name = "Y",
            .doc = "Which year",
            .kind = Kind::integer,
            .minimum = kYearMin,
            .maximum = kYearMax,
            .required = true};
}

}  // namespace

void add_calendar_commands(Table& table) {
    table.add(Group{.name = "calendar",
                    .section = "Research",
                    .summary = "Trade dates, holidays and sessions, by their rules"});
    table.add(Command{
        .path = "calendar gotobi",
        .summary = "List the trade dates of the Gotobi strategy",
        .description = "Japanese companies settle on the 5th, 10th, 15th, 20th, 25th and 30th; "
                       "where that is a "
                       "weekend or a holiday, on the last working day before. The dates of a year "
                       "include those "
                       "that base days of the next January roll back to.",
        .options = {year_option(),
                    {.name = "--holidays",
                     .value_name = "WHICH",
                     .doc =
                         "jp (national), jp-banks (also 31 December to 3 January), none, or a file "
                         "of dates",
                     .kind = Kind::text,
                     .default_text = "jp"},
                    {.name = "--days",
                     .value_name = "LIST",
                     .doc = "Days of the month that are settled",
                     .kind = Kind::text,
                     .default_text = "5,10,15,20,25,30"}},
        .examples = {{"millrace calendar gotobi --year 2024", "When is it due?"},
                     {"millrace calendar gotobi --year 2024 --holidays none --json",
                      "As if there were no holidays, for a program"}},
        .run = gotobi});
    table.add(Command{.path = "calendar holidays",
                      .summary = "List the national holidays of Japan",
                      .description =
                          "By the law of each year, with substitute and sandwiched days. "
                          "Years to come assume that the law stays as it is.",
                      .options = {year_option()},
                      .examples = {{"millrace calendar holidays --year 2021",
                                    "With the days that moved for the Games"}},
                      .run = holidays});
    table.add(Command{
        .path = "calendar sessions",
        .summary = "List the sessions of a venue",
        .description = "Date, open and close in UTC of every session from one day to another, with "
                       "holidays, short days and clock changes.",
        .arguments = {{.name = "CALENDAR",
                       .doc = "us-equities, us-equities-extended, jp-equities, fx or crypto",
                       .suggest = calendar_names}},
        .options = {{.name = "--from",
                     .value_name = "DATE",
                     .doc = "First trading day",
                     .kind = Kind::text,
                     .required = true},
                    {.name = "--to",
                     .value_name = "DATE",
                     .doc = "Last trading day; the first unless given",
                     .kind = Kind::text}},
        .examples = {{"millrace calendar sessions us-equities --from 2024-07-01 --to 2024-07-05",
                      "The week of Independence Day"}},
        .run = sessions});
}

}  // namespace millrace::cli
