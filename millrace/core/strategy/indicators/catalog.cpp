// Finding indicators by name and reading their text form.
#include "millrace/core/strategy/indicators/catalog.hpp"

#include <algorithm>

#include "millrace/base/nearest.hpp"
#include "millrace/core/strategy/indicators/catalog_types.hpp"

namespace millrace::indicators {
namespace {

std::string quoted(std::string_view text) {
    return "\"" + std::string(text.substr(0, kIndicatorTextMax)) + "\"";
}

std::string plain_name(std::string_view text) {
    std::string plain(text);
    for (char& byte : plain) {
        if (byte == '-') byte = '_';
        if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
    }
    return plain;
}

std::vector<std::string_view> split(std::string_view text, char mark) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t at = text.find(mark);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

template <class Names>
std::string listed(const Names& names) {
    std::string list;
    for (const std::string_view name : names)
        list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

template <class Names>
std::string mend(std::string_view word, const Names& names) {
    const std::string_view near = nearest(word, names);
    return near.empty() ? "use one of those" : "did you mean \"" + std::string(near) + "\"?";
}

Result<const IndicatorType*> find(std::string_view name) {
    const std::string plain = plain_name(name);
    std::vector<std::string_view> names;
    for (const IndicatorFamily& family : all_indicators()) {
        for (const IndicatorType& type : family.types) {
            if (type.name == plain) return &type;
            names.push_back(type.name);
        }
    }
    std::sort(names.begin(), names.end());
    return failure(ErrorCode::config, "there is no indicator " + quoted(name), {},
                   "there are: " + listed(names), mend(plain, names));
}

Result<void> set_price(Indicator& indicator, const IndicatorType& type, std::string_view name) {
    if (!indicator.price())
        return failure(ErrorCode::config, std::string(type.name) + " does not follow one price", {},
                       "it needs several prices of the bar",
                       "leave out \"@" + std::string(name) + "\"");
    const auto found = std::find(kBarPriceNames.begin(), kBarPriceNames.end(), name);
    if (found == kBarPriceNames.end())
        return failure(ErrorCode::config, "there is no price " + quoted(name), {},
                       "there are: " + listed(kBarPriceNames), mend(name, kBarPriceNames));
    indicator.set_price(static_cast<BarPrice>(found - kBarPriceNames.begin()));
    return {};
}

Result<void> set_values(Indicator& indicator, const IndicatorType& type,
                        std::span<const std::string_view> values) {
    const auto parameters = indicator.parameters();
    if (values.size() > parameters.size()) {
        std::vector<std::string_view> names;
        for (const strategy::Parameter* parameter : parameters)
            names.push_back(parameter->name());
        return failure(ErrorCode::config, std::string(type.name) + " is given too many values", {},
                       names.empty() ? "it takes none" : "it takes: " + listed(names),
                       "leave out what is too much");
    }
    std::map<std::string, std::string> named;
    for (std::size_t i = 0; i < values.size(); ++i)
        named.emplace(parameters[i]->name(), values[i]);
    return indicator.set(named);
}

Result<AskedIndicator> read_indicator(std::string_view text) {
    const std::size_t at = text.find('@');
    const auto words = split(text.substr(0, at), ':');
    const auto type = find(words[0]);
    if (!type) return failure(type.error());
    AskedIndicator asked{std::string(text), *type, (*type)->make()};
    const auto values = std::span(words).subspan(1);
    if (auto set = set_values(*asked.indicator, **type, values); !set)
        return failure(std::move(set.error()));
    if (at != std::string_view::npos)
        if (auto set = set_price(*asked.indicator, **type, text.substr(at + 1)); !set)
            return failure(std::move(set.error()));
    asked.indicator->start();
    return asked;
}

}  // namespace

std::span<const IndicatorFamily> all_indicators() {
    static const std::array kFamilies = {
        IndicatorFamily{"Averages", average_types()},
        IndicatorFamily{"Momentum", momentum_types()},
        IndicatorFamily{"Ranges and bands", range_types()},
        IndicatorFamily{"Trend", trend_types()},
        IndicatorFamily{"Volume", volume_types()},
        IndicatorFamily{"Statistics", statistic_types()},
    };
    return kFamilies;
}

std::string AskedIndicator::column(std::size_t output) const {
    if (output == 0) return text;
    return text + "." + std::string(indicator->output_names()[output]);
}

Result<AskedIndicator> parse_indicator(std::string_view text) {
    const std::string where = "indicator " + quoted(text);
    if (text.empty() || text.size() > kIndicatorTextMax)
        return failure(ErrorCode::config, "an indicator has 1 to 128 characters", where,
                       "it has " + std::to_string(text.size()), "write it like rsi:14");
    auto asked = read_indicator(text);
    if (asked) return asked;
    Error& error = asked.error();
    error.where = error.where.empty() ? where : where + ", " + error.where;
    return asked;
}

Result<std::vector<AskedIndicator>> parse_indicators(std::string_view text) {
    std::vector<AskedIndicator> all;
    for (const std::string_view word : split(text, ',')) {
        if (all.size() == kIndicatorsAskedMax)
            return failure(ErrorCode::config, "these are too many indicators", {},
                           "at most 64 are computed at once", "ask for fewer");
        auto asked = parse_indicator(word);
        if (!asked) return failure(std::move(asked.error()));
        for (const AskedIndicator& other : all)
            if (other.text == asked->text)
                return failure(ErrorCode::config, "the indicator " + quoted(word) + " stands twice",
                               {}, "two columns would have the same name", "leave out one");
        all.push_back(std::move(*asked));
    }
    return all;
}

std::string text_of(const IndicatorType& type, const Indicator& indicator) {
    std::string text(type.name);
    for (const strategy::Parameter* parameter : indicator.parameters())
        text += ":" + parameter->text();
    if (indicator.price() && *indicator.price() != type.make()->price())
        text += "@" + std::string(kBarPriceNames[static_cast<std::size_t>(*indicator.price())]);
    return text;
}

}  // namespace millrace::indicators
