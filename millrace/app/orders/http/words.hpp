// The words in which orders are asked for over HTTP: those of the predecessors, which brokers use,
// too. Answers have one word for each meaning; requests may say it in two ways.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "millrace/core/model/order.hpp"

namespace millrace::orders {

enum class SideWord : std::uint8_t { buy, sell, long_side, short_side };
inline constexpr std::array<std::string_view, 4> kSideWords = {"BUY", "SELL", "LONG", "SHORT"};

enum class TypeWord : std::uint8_t { limit, market, stop, stop_limit, stop_limit_of_brokers };
inline constexpr std::array<std::string_view, 5> kTypeWords = {"LMT", "MKT", "STP", "STP_LMT",
                                                               "STP LMT"};

inline constexpr std::array<std::string_view, 5> kLifeWords = {"DAY", "GTC", "GTD", "IOC", "FOK"};
enum class LifeWord : std::uint8_t { day, gtc, gtd, ioc, fok };

// A boolean of a request that may be left out, and then means a third thing.
enum class Answerable : std::uint8_t { no, yes, unsaid };

[[nodiscard]] constexpr model::Side side_of(SideWord word) {
    return word == SideWord::buy || word == SideWord::long_side ? model::Side::buy
                                                                : model::Side::sell;
}
[[nodiscard]] constexpr model::OrderType type_of(TypeWord word) {
    switch (word) {
        case TypeWord::limit: return model::OrderType::limit;
        case TypeWord::market: return model::OrderType::market;
        case TypeWord::stop: return model::OrderType::stop;
        case TypeWord::stop_limit:
        case TypeWord::stop_limit_of_brokers: return model::OrderType::stop_limit;
    }
    return model::OrderType::limit;
}
[[nodiscard]] constexpr model::TimeInForce life_of(LifeWord word) {
    return static_cast<model::TimeInForce>(word);
}

[[nodiscard]] constexpr std::string_view word_of(model::Side side) {
    return kSideWords[static_cast<std::size_t>(side)];
}
[[nodiscard]] constexpr std::string_view word_of(model::TimeInForce life) {
    return kLifeWords[static_cast<std::size_t>(life)];
}
[[nodiscard]] constexpr std::string_view word_of(model::OrderType type) {
    switch (type) {
        case model::OrderType::limit: return "LMT";
        case model::OrderType::market: return "MKT";
        case model::OrderType::stop: return "STP";
        case model::OrderType::stop_limit: return "STP_LMT";
        case model::OrderType::market_if_touched:
        case model::OrderType::limit_if_touched:
        case model::OrderType::trailing_stop:
        case model::OrderType::trailing_stop_limit:
        case model::OrderType::market_on_open:
        case model::OrderType::limit_on_open:
        case model::OrderType::market_on_close:
        case model::OrderType::limit_on_close: break;
    }
    return model::name_of(type);  // no request asks for these
}

}  // namespace millrace::orders

namespace millrace::model {

template <>
inline constexpr std::span<const std::string_view> kChoices<orders::SideWord> = orders::kSideWords;
template <>
inline constexpr std::span<const std::string_view> kChoices<orders::TypeWord> = orders::kTypeWords;
template <>
inline constexpr std::span<const std::string_view> kChoices<orders::LifeWord> = orders::kLifeWords;

template <>
struct detail::KindOf<orders::Answerable> {
    static constexpr FieldKind kind = FieldKind::boolean;
};

}  // namespace millrace::model
