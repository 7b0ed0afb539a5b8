// Columns by their names, then row by row.
#include "millrace/edge/feeds/files/action_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

#include "millrace/core/model/table_time.hpp"
#include "millrace/edge/feeds/files/line_reader.hpp"
#include "millrace/edge/feeds/files/row_text.hpp"

namespace millrace::files {
namespace {

using model::ActionKind;
using model::CorporateAction;

enum class Column : std::uint8_t {
    symbol,
    date,
    kind,
    ratio,   // our own, EODHD's and Yahoo's: 7:1, 7/1, 1.5
    stored,  // the predecessor's, whose direction is lost
    before,
    after,
    amount,
    currency,
    other,
};
constexpr std::size_t kColumnCount = static_cast<std::size_t>(Column::other);

struct Known {
    std::string_view name;
    Column column;
};
// As in columns of tables: small letters, and '_' for what separates words. Of EODHD's two values
// the one that was paid.
constexpr Known kKnown[] = {
    {"symbol", Column::symbol},
    {"ticker", Column::symbol},
    {"date", Column::date},
    {"ex_date", Column::date},
    {"split_date", Column::date},
    {"kind", Column::kind},
    {"ratio", Column::ratio},
    {"split", Column::ratio},
    {"stock_splits", Column::ratio},
    {"split_ratio", Column::stored},
    {"raw_price_before", Column::before},
    {"raw_price_after", Column::after},
    {"amount", Column::amount},
    {"dividend", Column::amount},
    {"dividends", Column::amount},
    {"unadjusted_value", Column::amount},
    {"currency", Column::currency},
};

std::string plain(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const bool is_word = std::isalnum(static_cast<unsigned char>(c)) != 0;
        name += is_word ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : '_';
    }
    return name;
}

class ActionReader {
  public:
    ActionReader(LineReader lines, const Zone& zone) : lines_(std::move(lines)), zone_(zone) {}

    Result<std::vector<ActionRow>> read() {
        columns_.fill(std::nullopt);
        std::string_view line;
        auto more = lines_.next(line);
        if (!more) return failure(std::move(more.error()));
        if (!*more) return wrong("the file of corporate actions is empty", {}, kForms);
        if (auto done = take_header(line); !done) return failure(std::move(done.error()));
        for (;;) {
            more = lines_.next(line);
            if (!more) return failure(std::move(more.error()));
            if (!*more) break;
            if (line.find_first_not_of(" \t,;") == std::string_view::npos) continue;
            if (auto done = take(line); !done) return failure(std::move(done.error()));
        }
        std::sort(rows_.begin(), rows_.end(), [](const ActionRow& a, const ActionRow& b) {
            return std::tuple(a.action.known_at, model::is_split(a.action),
                              std::string_view(a.symbol)) < std::tuple(b.action.known_at,
                                                                       model::is_split(b.action),
                                                                       std::string_view(b.symbol));
        });
        return std::move(rows_);
    }

  private:
    static constexpr const char* kForms =
        "write symbol,date,kind,ratio,amount; docs/reference/formats/corporate-actions.md lists "
        "the other forms";

    Result<void> take_header(std::string_view line) {
        for (const char delimiter : {',', ';', '\t'})
            if (line.find(delimiter) != std::string_view::npos) {
                delimiter_ = delimiter;
                break;
            }
        split_row(line, delimiter_, fields_);
        for (std::size_t at = 0; at < fields_.size(); ++at) {
            const std::string name = plain(fields_[at]);
            for (const Known& known : kKnown) {
                if (known.name != name) continue;
                auto& column = columns_[static_cast<std::size_t>(known.column)];
                if (column) return wrong("two columns mean the same", name, "keep one of them");
                column = at;
            }
        }
        if (!has(Column::date))
            return wrong("no column says when", "there is none named date, ex_date or split_date",
                         kForms);
        if (!has(Column::ratio) && !has(Column::stored) && !has(Column::amount))
            return wrong("no column says what happened",
                         "there is neither a ratio of a split nor an amount of a dividend", kForms);
        return {};
    }

    [[nodiscard]] bool has(Column column) const {
        return columns_[static_cast<std::size_t>(column)].has_value();
    }
    // Empty where there is no such column or nothing in it.
    [[nodiscard]] std::string_view field(Column column) const {
        const auto at = columns_[static_cast<std::size_t>(column)];
        return at && *at < fields_.size() ? fields_[*at] : std::string_view();
    }

    Result<void> take(std::string_view line) {
        split_row(line, delimiter_, fields_);
        const auto time = model::parse_table_time(field(Column::date), zone_);
        if (!time) return wrong(time.error().what, time.error().why, time.error().mend);
        auto split = split_of_row();
        if (!split) return failure(std::move(split.error()));
        auto dividend = dividend_of_row();
        if (!dividend) return failure(std::move(dividend.error()));
        const std::string kind = plain(field(Column::kind));
        if (!kind.empty() && kind != "split" && kind != "dividend")
            return wrong("\"" + kind + "\" cannot be applied",
                         "splits and cash dividends can; rights, spin-offs and mergers change what "
                         "is held into something else",
                         "take the row out and close the position before that day");
        if ((kind == "split" && (!*split || *dividend)) ||
            (kind == "dividend" && (*split || !*dividend)))
            return wrong("the row is not what its kind says", {},
                         "a split has a ratio, a dividend an amount, and neither has both");
        for (auto& action : {*dividend, *split}) {
            if (!action) continue;
            ActionRow row{std::string(field(Column::symbol)), *action, lines_.where()};
            row.action.known_at = *time;
            if (has(Column::symbol) && row.symbol.empty())
                return wrong("the row names no symbol", {}, "fill it in");
            if (!known_.insert({row.symbol, time->ns(), row.action.kind}).second)
                return wrong("this stands twice", "symbol, date and kind are those of another row",
                             "keep one of them; several dividends of a day are one with their sum");
            if (rows_.size() == kActionsMax)
                return wrong("there are too many rows",
                             "at most " + std::to_string(kActionsMax) + " are read",
                             "keep those of the symbols you need");
            rows_.push_back(std::move(row));
        }
        if (!*split && !*dividend && (!kind.empty() || !has(Column::amount) || !has_ratio()))
            return wrong("nothing happens in this row", {}, "give its ratio or its amount");
        return {};
    }

    [[nodiscard]] bool has_ratio() const { return has(Column::ratio) || has(Column::stored); }

    // Nothing where the row has none: empty, or Yahoo's 0.0.
    Result<std::optional<CorporateAction>> split_of_row() {
        if (!field(Column::ratio).empty()) return split_of(field(Column::ratio));
        if (field(Column::stored).empty()) return std::optional<CorporateAction>();
        auto split = split_of(field(Column::stored));
        if (!split || !*split) return split;
        const bool is_plain = is_number(field(Column::stored));
        if (!is_plain) return split;  // somebody wrote both numbers
        const auto before = Price::parse(field(Column::before));
        const auto after = Price::parse(field(Column::after));
        const bool is_told =
            before && after && *before > Price() && *after > Price() && *before != *after;
        if (!is_told)
            return wrong("it is not known which way the split went",
                         "split_ratio holds the larger number by the smaller one, whichever way",
                         "fill in raw_price_before and raw_price_after, or write it like 7:1");
        const bool is_forward = *after < *before;
        if (is_forward != ((*split)->new_units > (*split)->old_units))
            std::swap((*split)->new_units, (*split)->old_units);
        return split;
    }

    Result<std::optional<CorporateAction>> split_of(std::string_view text) {
        const std::size_t mark = text.find_first_of(":/");
        const auto above = Price::parse(text.substr(0, mark));
        const auto below = mark == std::string_view::npos ? Result<Price>(Price::whole(1))
                                                          : Price::parse(text.substr(mark + 1));
        if (!above || !below || above->is_negative() || below->raw() <= 0)
            return no_ratio(text, "it is neither like 7:1, 7/1 nor like 1.5");
        if (above->is_zero() && mark == std::string_view::npos)
            return std::optional<CorporateAction>();
        const std::int64_t common = std::gcd(above->raw(), below->raw());
        const std::int64_t new_units = above->raw() / common;
        const std::int64_t old_units = below->raw() / common;
        if (new_units == 0 || new_units > model::kSplitUnitsMax ||
            old_units > model::kSplitUnitsMax)
            return no_ratio(
                text, "as whole numbers both are 1 to " + std::to_string(model::kSplitUnitsMax));
        if (new_units == old_units) return no_ratio(text, "it changes nothing");
        CorporateAction split;
        split.kind = ActionKind::split;
        split.new_units = static_cast<std::uint32_t>(new_units);
        split.old_units = static_cast<std::uint32_t>(old_units);
        return split;
    }

    Result<std::optional<CorporateAction>> dividend_of_row() {
        const std::string_view text = field(Column::amount);
        if (text.empty()) return std::optional<CorporateAction>();
        const auto amount = Price::parse(text);
        if (!amount) return wrong(amount.error().what, amount.error().why, amount.error().mend);
        if (amount->is_zero() && has_ratio()) return std::optional<CorporateAction>();
        if (amount->raw() <= 0)
            return wrong("a dividend of " + amount->to_string(), "it is not above zero",
                         "take the row out");
        CorporateAction dividend;
        dividend.kind = ActionKind::dividend;
        dividend.amount = *amount;
        if (!field(Column::currency).empty()) {
            const auto currency = Code::from(field(Column::currency));
            if (!currency)
                return wrong(currency.error().what, currency.error().why, currency.error().mend);
            dividend.currency = *currency;
        }
        return dividend;
    }

    [[nodiscard]] tl::unexpected<Error> no_ratio(std::string_view text, std::string why) const {
        return wrong("\"" + std::string(text.substr(0, 40)) + "\" is no ratio of a split",
                     std::move(why), "write new units, a colon and old ones: 7:1, or 1:10");
    }
    [[nodiscard]] tl::unexpected<Error> wrong(std::string what, std::string why,
                                              std::string mend) const {
        return failure(ErrorCode::data, std::move(what), lines_.where(), std::move(why),
                       std::move(mend));
    }

    LineReader lines_;
    Zone zone_;
    char delimiter_ = ',';
    std::array<std::optional<std::size_t>, kColumnCount> columns_;
    std::vector<std::string_view> fields_;
    std::set<std::tuple<std::string, std::int64_t, ActionKind>> known_;
    std::vector<ActionRow> rows_;
};

}  // namespace

Result<std::vector<ActionRow>> read_actions(const std::string& path, const Zone& zone) {
    auto lines = LineReader::open(path);
    if (!lines) return failure(std::move(lines.error()));
    return ActionReader(std::move(*lines), zone).read();
}

}  // namespace millrace::files
