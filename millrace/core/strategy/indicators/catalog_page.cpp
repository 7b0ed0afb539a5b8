// The catalog as JSON, and as docs/reference/indicators.md.
#include <fmt/format.h>

#include "millrace/core/strategy/indicators/catalog.hpp"

namespace millrace::indicators {
namespace {

using strategy::ParameterDescription;

std::string allowed_of(const ParameterDescription& parameter) {
    if (parameter.choices.empty())
        return fmt::format("{} to {}", parameter.minimum_text, parameter.maximum_text);
    std::string words;
    for (const std::string_view choice : parameter.choices)
        words += fmt::format("{}`{}`", words.empty() ? "" : " ", choice);
    return words;
}

std::string inputs_of(const Indicator& indicator) {
    if (!indicator.price()) return "the bar";
    return fmt::format("one price, {} unless `@` names another",
                       kBarPriceNames[static_cast<std::size_t>(*indicator.price())]);
}

std::string section_of(const IndicatorType& type) {
    const auto indicator = type.make();
    indicator->start();
    std::string outputs;
    for (const std::string_view output : indicator->output_names())
        outputs += fmt::format("{}`{}`", outputs.empty() ? "" : " ", output);
    std::string section = fmt::format("\n### {}\n\n`{}`: {}.\n\n{}\n\n", type.name,
                                      text_of(type, *indicator), type.title, type.definition);
    section += fmt::format("Takes {}. Gives {}. ", inputs_of(*indicator), outputs);
    const std::string by_default = std::to_string(indicator->warm_up());
    section += by_default == type.ready
                   ? fmt::format("Ready with bar {}.\n", by_default)
                   : fmt::format("Ready with bar `{}`, by default {}.\n", type.ready, by_default);
    if (indicator->parameters().empty()) return section;
    section += "\n| parameter | default | allowed | meaning |\n|---|---|---|---|\n";
    for (const strategy::Parameter* parameter : indicator->parameters()) {
        const ParameterDescription description = parameter->describe();
        section += fmt::format("| `{}` | {} | {} | {} |\n", description.name,
                               description.default_text, allowed_of(description), description.doc);
    }
    return section;
}

}  // namespace

void write_json(const IndicatorType& type, std::string_view family, JsonWriter& writer) {
    const auto indicator = type.make();
    indicator->start();
    writer.begin_object().member("name", type.name).member("title", type.title);
    writer.member("family", family).member("text", text_of(type, *indicator));
    writer.member("definition", type.definition).member("ready", type.ready);
    writer.member("ready_by_default", indicator->warm_up());
    writer.key("price");
    if (indicator->price())
        writer.text(kBarPriceNames[static_cast<std::size_t>(*indicator->price())]);
    else
        writer.null();
    writer.key("outputs").begin_array();
    for (const std::string_view output : indicator->output_names())
        writer.text(output);
    writer.end_array().key("parameters").begin_array();
    for (const strategy::Parameter* parameter : indicator->parameters())
        strategy::write_json(parameter->describe(), writer);
    writer.end_array().end_object();
}

std::string catalog_markdown() {
    std::string page =
        "# Indicators\n\n"
        "Every indicator, as `millrace indicators --list` knows it. Made by `millrace indicators "
        "--markdown`; a test keeps the two equal.\n\n"
        "An indicator is written `NAME:VALUE:VALUE@PRICE`: the values of its parameters in their "
        "order, of which the last ones may be left out, and the price that it follows, one of";
    for (const std::string_view price : kBarPriceNames)
        page += fmt::format(" `{}`", price);
    page +=
        ". `rsi:14` is `rsi:14:wilder`; `ema:20@hl2` follows the middle of each bar.\n\n"
        "What holds for all:\n\n"
        "- Each bar is taken in once and costs the same whatever the length; those that keep their "
        "values in order say O(log `length`). No memory is taken after the start.\n"
        "- Nothing looks ahead: what is said with a bar hangs on that bar and those before it.\n"
        "- Until it is ready an indicator says nothing; from then on every output is a finite "
        "number. Where a quotient would be zero by zero the definition says what stands instead.\n"
        "- \"rma\", \"ema\", \"sma\", \"wma\", \"atr\" and \"rsi\" mean the indicators of that "
        "name on this page, seeds included.\n"
        "- Sums over a window are kept in twice the precision of a double: a value is added when "
        "it "
        "enters and taken away when it leaves. After ten million bars they are what a fresh sum "
        "is.\n"
        "- Every output is computed from + − × ÷ √ and our own logarithm in a fixed order: the "
        "same "
        "bits on every machine.\n"
        "- An indicator with several outputs gives one column for each: the first is named as the "
        "indicator was written, the others with a point and their name, such as "
        "`bollinger:20:2.upper`.\n";
    for (const IndicatorFamily& family : all_indicators()) {
        page += fmt::format("\n## {}\n", family.name);
        for (const IndicatorType& type : family.types)
            page += section_of(type);
    }
    return page;
}

}  // namespace millrace::indicators
