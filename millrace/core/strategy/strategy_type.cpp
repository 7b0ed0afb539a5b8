// The rule for names, and the search by name.
#include "millrace/core/strategy/strategy_type.hpp"

#include <algorithm>
#include <vector>

#include "millrace/base/nearest.hpp"

namespace millrace::strategy {
namespace {

bool is_small_letter(char byte) {
    return byte >= 'a' && byte <= 'z';
}

}  // namespace

bool is_strategy_name(std::string_view name) {
    if (name.empty() || name.size() > kStrategyNameMax) return false;
    if (!is_small_letter(name.front()) || name.back() == '-') return false;
    if (name.find("--") != std::string_view::npos) return false;
    return std::all_of(name.begin(), name.end(), [](char byte) {
        return is_small_letter(byte) || (byte >= '0' && byte <= '9') || byte == '-';
    });
}

std::string plain_strategy_name(std::string_view text) {
    std::string plain(text.substr(0, 2 * kStrategyNameMax));
    for (char& byte : plain) {
        if (byte == '_') byte = '-';
        if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
    }
    return plain;
}

Result<StrategyType> find_strategy(std::span<const StrategyType> types, std::string_view name,
                                   std::string where) {
    const std::string plain = plain_strategy_name(name);
    std::vector<std::string_view> names;
    std::string list;
    for (const StrategyType& type : types) {
        if (type.name == plain) return type;
        names.push_back(type.name);
        list += (list.empty() ? "" : ", ") + std::string(type.name);
    }
    const std::string_view near = nearest(plain, names);
    return failure(
        ErrorCode::config, "there is no strategy \"" + plain + "\"", std::move(where),
        "there are: " + list,
        near.empty() ? "use one of those" : "did you mean \"" + std::string(near) + "\"?");
}

}  // namespace millrace::strategy
