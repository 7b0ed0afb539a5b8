// LEAN names its files "20140605_aapl_minute_trade.csv", most often each in a zip: day, symbol,
// resolution and kind stand there, and the rows begin with the milliseconds of that day. Prices of
// stocks are whole numbers of 1/10000.
#include <algorithm>
#include <array>

#include "millrace/edge/feeds/files/row_text.hpp"
#include "millrace/edge/feeds/files/table_look.hpp"

namespace millrace::files {
namespace {

using enum ColumnRole;

constexpr int kScaledDecimals = 4;
constexpr std::string_view kMoney[] = {"AUD", "BRL", "CAD", "CHF", "CNH", "CNY", "CZK", "DKK",
                                       "EUR", "GBP", "HKD", "HUF", "INR", "JPY", "KRW", "MXN",
                                       "NOK", "NZD", "PLN", "RUB", "SEK", "SGD", "THB", "TRY",
                                       "TWD", "USD", "XAG", "XAU", "ZAR"};

struct LeanName {
    Date date;
    std::string symbol;
    std::string resolution;
    std::string kind;
};

std::vector<std::string> pieces_of(std::string_view stem) {
    std::vector<std::string> pieces(1);
    for (const char c : stem)
        if (c == '_')
            pieces.emplace_back();
        else
            pieces.back() += c;
    return pieces;
}

std::string in_capitals(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

std::optional<LeanName> parse_name(std::string_view stem) {
    const auto pieces = pieces_of(stem);
    if (pieces.size() < 4 || pieces[0].size() != 8 || !is_digits(pieces[0])) return std::nullopt;
    const auto date = parse_date(pieces[0].substr(0, 4) + "-" + pieces[0].substr(4, 2) + "-" +
                                 pieces[0].substr(6, 2));
    const std::string& resolution = pieces[2];
    const std::string& kind = pieces[3];
    if (!date || (resolution != "tick" && resolution != "second" && resolution != "minute") ||
        (kind != "trade" && kind != "quote"))
        return std::nullopt;
    return LeanName{*date, in_capitals(pieces[1]), resolution, kind};
}

bool is_currency_pair(const std::string& symbol) {
    const auto is_money = [](std::string_view code) {
        return std::find(std::begin(kMoney), std::end(kMoney), code) != std::end(kMoney);
    };
    return symbol.size() == 6 && is_money(symbol.substr(0, 3)) && is_money(symbol.substr(3));
}

std::vector<ColumnRole> columns_of(const LeanName& name, std::size_t fields) {
    if (name.resolution != "tick") {
        if (name.kind == "trade") return {time, open, high, low, close, volume};
        return {};  // bars of both sides; choosing one is the user's
    }
    if (name.kind == "trade") return {time, price, size};
    if (fields <= 4) return {time, bid, ask};
    return {time, bid, bid_size, ask, ask_size};
}

bool has_whole_prices(const TableLook& look, const std::vector<ColumnRole>& columns) {
    for (const TableLook::Fields& row : look.rows)
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i] == time || columns[i] == volume || columns[i] == size ||
                columns[i] == bid_size || columns[i] == ask_size)
                continue;
            const std::string_view text = TableLook::field(row, i);
            if (!text.empty() && !is_digits(text)) return false;
        }
    return true;
}

void settle_zone(TableLook& look, const LeanName& name) {
    if (look.dialect().price_decimals > 0) {
        look.zone_name = "America/New_York";
        look.zone_why = "LEAN keeps stocks, whose prices are whole numbers, in New York time";
    } else if (is_currency_pair(name.symbol) && look.path.find("oanda") == std::string::npos) {
        look.zone_name = "Etc/GMT+5";
        look.zone_why =
            "LEAN keeps currency pairs (of FXCM, its default) five hours behind UTC all year; "
            "those of Oanda are in UTC: --zone UTC";
    } else {
        look.zone_name = "UTC";
        look.zone_why = "LEAN keeps it in UTC";
    }
}

}  // namespace

Result<void> look_at_lean(TableLook& look) {
    const auto name = parse_name(look.stem);
    if (!name || look.dialect().has_header) return {};
    TableDialect& dialect = look.dialect();
    dialect.format = "LEAN";
    dialect.time_format = TimeFormat::day_ms;
    dialect.date = name->date;
    dialect.symbol = name->symbol;
    if (name->resolution != "tick" && !look.options->bar_length)
        dialect.bar_length =
            name->resolution == "minute" ? Duration::minutes(1) : Duration::seconds(1);
    const auto columns = look.options->columns.value_or(columns_of(*name, look.model().size()));
    if (columns.empty())
        return look.unclear(
            "LEAN's bars of quotes have both bid and ask; choose those of the bid "
            "with --columns time,open,high,low,close, or those of the ask with "
            "--columns time,-,-,-,-,-,open,high,low,close");
    dialect.columns = columns;
    if (has_whole_prices(look, columns)) dialect.price_decimals = kScaledDecimals;
    settle_zone(look, *name);
    look.tell("format", "LEAN", "the file is named \"" + look.stem + "\"");
    look.tell("symbol", dialect.symbol, "it stands in that name");
    look.tell("date", format_date(name->date), "it stands in that name");
    if (dialect.price_decimals > 0)
        look.tell("price-decimals", "4",
                  "LEAN writes prices of stocks as whole numbers of 1/10000");
    return {};
}

}  // namespace millrace::files
