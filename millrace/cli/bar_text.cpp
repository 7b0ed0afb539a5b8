// The three forms. A document of any number of bars is glued together from its pieces, because a
// JsonWriter would hold it whole.
#include "millrace/cli/bar_text.hpp"

#include "millrace/cli/invocation.hpp"

namespace millrace::cli {
namespace {

std::string_view time_name(BarEdge edge) {
    return edge == BarEdge::left ? "time" : "close_time";
}

}  // namespace

BarText::BarText(BarForm form, BarEdge edge, const market::BarRule& rule)
    : form_(form), edge_(edge), rule_(rule) {}

std::string_view BarText::head(std::string_view symbol) {
    text_.clear();
    if (form_ == BarForm::csv) {
        text_ += time_name(edge_);
        text_ += ",open,high,low,close,volume,vwap,trades\n";
    } else if (form_ == BarForm::json) {
        JsonWriter document = Invocation::document();
        document.member("symbol", symbol).member("every", market::format_bar_rule(rule_));
        document.member("label", edge_ == BarEdge::left ? "left" : "right");
        document.key("bars").begin_array();
        text_ = document.str();
    }
    return text_;
}

std::string_view BarText::row(const data::MadeBar& made) {
    const Time time = edge_ == BarEdge::left ? made.bar.open_time : made.end;
    text_.clear();
    if (form_ == BarForm::csv) {
        write_csv(made.bar, time);
    } else {
        if (form_ == BarForm::json) text_ += is_first_ ? "\n    " : ",\n    ";
        write_json(made.bar, time);
        if (form_ == BarForm::jsonl) text_ += '\n';
    }
    is_first_ = false;
    return text_;
}

std::string_view BarText::tail(const data::BarJobCounts& counts) {
    text_.clear();
    if (form_ != BarForm::json) return text_;
    JsonWriter rest(JsonWriter::Style::indented);
    rest.begin_object().key("counts").begin_object();
    rest.member("rows", counts.rows).member("bars", counts.bars).member("gaps", counts.gaps);
    rest.member("outside_session", counts.outside_session)
        .member("without_price", counts.without_price)
        .member("late", counts.late)
        .member("refused", counts.refused)
        .end_object();
    rest.member("first_is_partial", counts.first_is_partial)
        .member("last_is_partial", counts.last_is_partial)
        .end_object();
    text_ += is_first_ ? "]," : "\n  ],";
    text_ += std::string_view(rest.str()).substr(1);  // it goes on in the object of the head
    text_ += '\n';
    return text_;
}

void BarText::write_csv(const model::Bar& bar, Time time) {
    std::array<char, 32> clock{};
    text_ += format_time(time, clock);
    std::array<char, kDecimalTextMax> digits{};
    for (const Price price : {bar.open, bar.high, bar.low, bar.close}) {
        text_ += ',';
        text_ += format_decimal(price.raw(), Price::kScale, digits);
    }
    text_ += ',';
    text_ += format_decimal(bar.volume.raw(), Quantity::kScale, digits);
    text_ += ',';
    if (bar.vwap.has_value())
        text_ += format_decimal(bar.vwap.value().raw(), Price::kScale, digits);
    text_ += ',';
    if (knows_trades(bar)) text_ += std::to_string(bar.trade_count);
    text_ += '\n';
}

void BarText::write_json(const model::Bar& bar, Time time) {
    std::array<char, 32> clock{};
    std::array<char, kDecimalTextMax> digits{};
    const auto price = [&](std::string_view name, Price value) {
        json_.member(name, format_decimal(value.raw(), Price::kScale, digits));
    };
    json_.clear();
    json_.begin_object().member(time_name(edge_), format_time(time, clock));
    price("open", bar.open);
    price("high", bar.high);
    price("low", bar.low);
    price("close", bar.close);
    json_.member("volume", format_decimal(bar.volume.raw(), Quantity::kScale, digits));
    if (bar.vwap.has_value())
        price("vwap", bar.vwap.value());
    else
        json_.key("vwap").null();
    json_.key("trades");
    if (knows_trades(bar))
        json_.unsigned_integer(bar.trade_count);
    else
        json_.null();
    json_.end_object();
    text_ += json_.str();
}

bool BarText::knows_trades(const model::Bar& bar) const {
    return rule_.source != market::BarSource::bars || bar.trade_count > 0 || bar.volume.is_zero();
}

}  // namespace millrace::cli
