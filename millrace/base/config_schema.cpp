// The checks that a schema makes of itself, and the questions it answers about names.
#include "millrace/base/config_schema.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "millrace/base/assert.hpp"
#include "millrace/base/config_value.hpp"
#include "millrace/base/nearest.hpp"

namespace millrace::config {
namespace {

constexpr std::size_t kWordLengthMax = 64;

bool is_lower_word(std::string_view word) {
    return is_bare_word(word) &&
           std::ranges::none_of(word, [](char c) { return c == '-' || (c >= 'A' && c <= 'Z'); });
}

bool is_well_formed(const Key& key) {
    std::string_view rest = key.name;
    if (key.is_open()) rest.remove_suffix(2);
    for (;;) {
        const auto dot = rest.find('.');
        if (!is_lower_word(rest.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        rest.remove_prefix(dot + 1);
    }
}

// "log" of "log.level"; empty for a name at the top.
std::string_view table_of(std::string_view name) {
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

std::string_view last_word(std::string_view name) {
    return name.substr(name.rfind('.') + 1);
}

bool lies_in(std::string_view name, std::string_view table) {
    return table.empty() ||
           (name.size() > table.size() && name.starts_with(table) && name[table.size()] == '.');
}

}  // namespace

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::text: return "text";
        case Kind::boolean: return "boolean";
        case Kind::integer: return "integer";
        case Kind::decimal: return "decimal";
        case Kind::duration: return "duration";
        case Kind::size: return "size";
        case Kind::path: return "path";
        case Kind::choice: return "choice";
        case Kind::secret_reference: return "secret reference";
    }
    return "text";
}

std::string_view name_of(Reload reload) {
    return reload == Reload::hot ? "hot" : "restart";
}

bool is_bare_word(std::string_view word) {
    return !word.empty() && word.size() <= kWordLengthMax && std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

std::string variable_of(std::string_view key_name) {
    std::string variable(kVariablePrefix);
    for (const char c : key_name) {
        if (c == '.' || c == '-')
            variable += '_';
        else
            variable += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return variable;
}

Schema::Schema(std::vector<Key> keys) : keys_(std::move(keys)) {
    std::set<std::string> variables = {std::string(kFileVariable), std::string(kProfileVariable)};
    for (const Key& key : keys_) {
        MILLRACE_ASSERT(is_well_formed(key), key.name.c_str());
        MILLRACE_ASSERT(!lies_in(key.name, kProfileTable), key.name.c_str());
        MILLRACE_ASSERT(!is_table(key.name), key.name.c_str());
        MILLRACE_ASSERT(key.is_open() || variables.insert(variable_of(key.name)).second,
                        key.name.c_str());
        MILLRACE_ASSERT((key.kind == Kind::choice) == !key.choices.empty(), key.name.c_str());
        MILLRACE_ASSERT(!key.is_open() || key.default_value.empty(), key.name.c_str());
        MILLRACE_ASSERT(
            key.is_open() || parse_value(key, key.default_value, Source::file).has_value(),
            key.name.c_str());
        MILLRACE_ASSERT(std::ranges::count(keys_, key.name, &Key::name) == 1, key.name.c_str());
    }
}

const Key* Schema::find(std::string_view name) const {
    for (const Key& key : keys_) {
        if (key.name == name && !key.is_open()) return &key;
    }
    const std::string pattern = std::string(table_of(name)) + ".*";
    if (!is_bare_word(last_word(name))) return nullptr;
    const auto open = std::ranges::find(keys_, pattern, &Key::name);
    return open == keys_.end() ? nullptr : &*open;
}

bool Schema::is_table(std::string_view name) const {
    return std::ranges::any_of(keys_, [&](const Key& key) { return lies_in(key.name, name); });
}

std::vector<std::string> Schema::members_of(std::string_view table) const {
    std::vector<std::string> members;
    for (const Key& key : keys_) {
        if (!lies_in(key.name, table)) continue;
        std::string_view rest = key.name;
        if (!table.empty()) rest.remove_prefix(table.size() + 1);
        const std::string member(rest.substr(0, rest.find('.')));
        if (std::ranges::find(members, member) == members.end()) members.push_back(member);
    }
    return members;
}

std::string Schema::nearest_to(std::string_view name) const {
    std::vector<std::string> names;
    for (const Key& key : keys_) {
        if (!key.is_open()) names.push_back(key.name);
        for (auto table = table_of(key.name); !table.empty(); table = table_of(table))
            names.emplace_back(table);
    }
    // In the same table first, so that a short word is not compared with the length of its path.
    const std::string_view table = table_of(name);
    std::vector<std::string> members = members_of(table);
    std::erase(members, "*");
    if (const auto best = nearest(last_word(name), members); !best.empty())
        return table.empty() ? std::string(best) : std::string(table) + "." + std::string(best);
    if (const auto best = nearest(name, names); !best.empty()) return std::string(best);
    // The right word in the wrong table.
    for (const std::string& known : names) {
        if (last_word(known) == last_word(name)) return known;
    }
    return {};
}

}  // namespace millrace::config
