// Forms that vendors write, by their signs. A form settles what the columns alone leave open: the
// zone, which of two volumes, what an empty field means.
#include <algorithm>

#include "millrace/edge/feeds/files/row_text.hpp"
#include "millrace/edge/feeds/files/table_look.hpp"

namespace millrace::files {
namespace {

constexpr const char* kEasternStandard = "Etc/GMT+5";

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return made;
}

bool has_name(const TableLook& look, std::string_view wanted) {
    return std::any_of(look.names.begin(), look.names.end(),
                       [&](std::string_view name) { return lower(name) == wanted; });
}

std::string_view time_text(const TableLook& look) {
    const int place = look.place_of(ColumnRole::time);
    return place < 0 ? std::string_view()
                     : TableLook::field(look.model(), static_cast<std::size_t>(place));
}

void is_of(TableLook& look, std::string format, std::string why) {
    look.dialect().format = std::move(format);
    look.tell("format", look.dialect().format, std::move(why));
}

void in_zone(TableLook& look, std::string name, std::string why) {
    look.zone_name = std::move(name);
    look.zone_why = std::move(why);
}

// "DAT_ASCII_EURUSD_M1_2012", as HistData names its files.
void take_histdata_name(TableLook& look) {
    constexpr std::string_view kBegins[] = {"DAT_ASCII_", "DAT_NT_", "DAT_MT_"};
    for (const std::string_view begin : kBegins) {
        if (!look.stem.starts_with(begin)) continue;
        const std::string rest = look.stem.substr(begin.size());
        look.dialect().symbol = rest.substr(0, rest.find('_'));
        look.tell("symbol", look.dialect().symbol, "it stands in the file's name");
    }
}

// Whether it is "20120201 000000" or, with milliseconds, "20120201 000000123".
bool is_histdata_time(std::string_view text, std::size_t digits) {
    return text.size() == 9 + digits && is_digits(text.substr(0, 8)) && text[8] == ' ' &&
           is_digits(text.substr(9));
}

bool take_histdata(TableLook& look) {
    const TableDialect& dialect = look.dialect();
    const std::string_view time = time_text(look);
    const bool are_bars =
        dialect.kind == TableKind::bars && dialect.delimiter == ';' && is_histdata_time(time, 6);
    const bool are_ticks = dialect.kind == TableKind::quotes && is_histdata_time(time, 9);
    const bool is_named = look.stem.starts_with("DAT_");
    if (dialect.has_header || (!are_bars && !are_ticks && !is_named)) return false;
    is_of(look, "HistData",
          are_ticks || are_bars ? "times such as \"" + std::string(time) + "\" and no header"
                                : "the file is named \"" + look.stem + "\"");
    in_zone(look, kEasternStandard,
            "HistData keeps Eastern standard time, five hours behind UTC all year");
    take_histdata_name(look);
    return true;
}

bool take_truefx(TableLook& look) {
    const std::string_view time = time_text(look);
    const TableDialect& dialect = look.dialect();
    const bool has_form = time.size() == 21 && time[8] == ' ' && time[11] == ':' && time[17] == '.';
    if (dialect.has_header || dialect.kind != TableKind::quotes || !has_form ||
        look.place_of(ColumnRole::symbol) != 0)
        return false;
    is_of(look, "TrueFX", "a symbol, times such as \"" + std::string(time) + "\", bid and ask");
    in_zone(look, "UTC", "TrueFX keeps GMT");
    return true;
}

// Of <TICKVOL> and <VOL> the second is the real one, where the market tells it.
void choose_metatrader_volume(TableLook& look) {
    auto& columns = look.dialect().columns;
    std::size_t ticks = columns.size();
    std::size_t real = columns.size();
    for (std::size_t i = 0; i < std::min(columns.size(), look.names.size()); ++i) {
        if (lower(look.names[i]) == "<tickvol>") ticks = i;
        if (lower(look.names[i]) == "<vol>") real = i;
    }
    if (ticks == columns.size() || real == columns.size()) return;
    const bool has_real = std::any_of(look.rows.begin(), look.rows.end(), [&](const auto& row) {
        const std::string_view text = TableLook::field(row, real);
        return !text.empty() && text != "0";
    });
    columns[has_real ? ticks : real] = ColumnRole::ignored;
    look.tell("volume", has_real ? "<VOL>" : "<TICKVOL>",
              has_real ? "it is the real volume" : "<VOL> is zero throughout");
}

constexpr const char* kServerTime =
    "MetaTrader writes the clock of the broker's server, which the file does not tell: taken as "
    "UTC; say --zone";

bool take_metatrader(TableLook& look) {
    if (has_name(look, "<date>") &&
        (has_name(look, "<tickvol>") || has_name(look, "<bid>") || has_name(look, "<spread>"))) {
        is_of(look, "MetaTrader 5", "the header has <DATE> and its kin");
        if (!look.options->columns) choose_metatrader_volume(look);
        if (look.dialect().kind == TableKind::quotes) {
            look.dialect().empty_is_unchanged = true;
            look.tell("empty fields", "unchanged",
                      "MetaTrader leaves out a side that did not move");
        }
        in_zone(look, "UTC", kServerTime);
        return true;
    }
    const std::string_view time = time_text(look);
    if (look.dialect().has_header || look.dialect().kind != TableKind::bars || time.size() != 10 ||
        time[4] != '.' || time[7] != '.' || look.place_of(ColumnRole::time_of_day) < 0)
        return false;
    is_of(look, "MetaTrader 4", "dates such as \"" + std::string(time) + "\", clocks, no header");
    in_zone(look, "UTC", kServerTime);
    return true;
}

// By the names of the header alone.
struct NamedForm {
    const char* format;
    std::initializer_list<std::string_view> names;
    const char* zone;
    const char* zone_why;
};
const NamedForm kNamedForms[] = {
    {"EODHD", {"timestamp", "gmtoffset", "datetime"}, "UTC", "EODHD keeps UTC"},
    {"EODHD", {"date", "adjusted_close"}, "UTC", "days of the exchange, each begun at 00:00 UTC"},
    {"Yahoo", {"date", "adj close"}, "UTC", "days of the exchange, each begun at 00:00 UTC"},
    {"Backtrader", {"volume", "openinterest"}, "", ""},
    {"Dukascopy", {"gmt time"}, "UTC", "the header says GMT"},
    {"Stooq", {"<ticker>", "<per>"}, "", ""},
};

void take_named(TableLook& look) {
    for (const NamedForm& form : kNamedForms) {
        std::string list;
        for (const std::string_view name : form.names)
            list += (list.empty() ? "" : ", ") + std::string(name);
        if (!std::all_of(form.names.begin(), form.names.end(),
                         [&](std::string_view name) { return has_name(look, name); }))
            continue;
        is_of(look, form.format, "the header has " + list);
        in_zone(look, form.zone, form.zone_why);
        return;
    }
}

}  // namespace

void look_at_vendor(TableLook& look) {
    if (!look.dialect().format.empty()) return;
    if (!take_histdata(look) && !take_truefx(look) && !take_metatrader(look)) take_named(look);
    if (!look.dialect().format.empty()) return;
    look.dialect().format = "CSV";
}

}  // namespace millrace::files
