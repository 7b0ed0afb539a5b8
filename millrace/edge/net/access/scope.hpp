// Scopes: what a caller may do. Each includes the ones before it: who may trade may read, and an
// administrator may do both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::net {

enum class Scope : std::uint8_t { open, read, trade, admin };  // open: asks for no caller at all

[[nodiscard]] constexpr std::string_view name_of(Scope scope) {
    switch (scope) {
        case Scope::open: return "open";
        case Scope::read: return "read";
        case Scope::trade: return "trade";
        case Scope::admin: return "admin";
    }
    return "open";
}

// read, trade or admin; nothing for any other word.
[[nodiscard]] constexpr std::optional<Scope> scope_named(std::string_view name) {
    for (const Scope scope : {Scope::read, Scope::trade, Scope::admin})
        if (name_of(scope) == name) return scope;
    return std::nullopt;
}

[[nodiscard]] constexpr bool includes(Scope has, Scope needed) {
    return has >= needed;
}

// Who asks.
struct Identity {
    std::string id;    // of the token, or iss/sub of a service; empty: nobody in particular
    std::string name;  // for people
    Scope scope = Scope::open;
};

}  // namespace millrace::net
