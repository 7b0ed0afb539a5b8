// What a library of strategies, compiled outside of this repository, shows to the program: one C
// function that answers with a Plugin. One .cpp of the library says which strategies it has:
//
//   MILLRACE_STRATEGIES({"golden-cross", "Buys the golden cross.",
//                        millrace::strategy::make<GoldenCross>})
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "millrace/base/hash.hpp"
#include "millrace/core/strategy/strategy_type.hpp"

namespace millrace::strategy {

// Raise it when a virtual function of what a strategy meets is added, moved or changes its meaning:
// no size shows that. plugin_test.cpp holds the list and asks for it.
inline constexpr std::uint32_t kPluginInterfaceVersion = 3;

// What program and library must agree on before anything of the library is used. This struct itself
// must never change: it is what an older or newer program can still read.
struct PluginStamp {
    std::array<char, 16> mark;  // kPluginMark
    std::uint32_t interface_version;
    std::uint32_t reserved;
    std::uint64_t layout;           // of every type that crosses the border
    std::array<char, 32> compiler;  // "GCC 12"

    bool operator==(const PluginStamp&) const = default;
};

struct Plugin {
    PluginStamp stamp;
    std::uint64_t count = 0;
    const StrategyType* types = nullptr;
};

inline constexpr std::array<char, 16> kPluginMark = {"millrace-plugin"};
inline constexpr const char* kPluginFunction = "millrace_strategies";
using PluginFunction = const Plugin* (*)();

namespace detail {

template <class T>
constexpr void add_layout(RunningHash& hash) {
    hash.add(sizeof(T));
    hash.add(alignof(T));
}

template <class Noun>
constexpr void add_noun(RunningHash& hash) {
    add_layout<Noun>(hash);
    for (const model::FieldDescription& field : model::kDescription<Noun>.fields) {
        for (const char byte : field.name)
            hash.add(static_cast<std::uint64_t>(byte));
        hash.add(field.offset);
        hash.add(field.size);
        hash.add(field.choices.size());
    }
}

// Sizes of what is handed over, the fields of the nouns, and the standard library's shapes.
constexpr std::uint64_t plugin_layout() {
    RunningHash hash;
    add_noun<model::Instrument>(hash);
    add_noun<model::Quote>(hash);
    add_noun<model::Trade>(hash);
    add_noun<model::Bar>(hash);
    add_noun<model::BookUpdate>(hash);
    add_noun<model::Signal>(hash);
    add_noun<model::Order>(hash);
    add_noun<model::Fill>(hash);
    add_layout<Strategy>(hash);
    add_layout<Trading>(hash);
    add_layout<OrderTerms>(hash);
    add_layout<Integer>(hash);
    add_layout<Decimal>(hash);
    add_layout<Boolean>(hash);
    add_layout<Choice>(hash);
    add_layout<Preset>(hash);
    add_layout<Line>(hash);
    add_layout<Span>(hash);
    add_layout<ParameterDescription>(hash);
    add_layout<StrategyType>(hash);
    add_layout<engine::StateWriter>(hash);
    add_layout<engine::StateReader>(hash);
    add_layout<Random>(hash);
    add_layout<Result<void>>(hash);
    add_layout<std::string>(hash);
    add_layout<std::map<std::string, std::string>>(hash);
    return hash.value();
}

constexpr std::array<char, 32> compiler_text() {
#if defined(__clang__)
    constexpr std::string_view kName = "Clang ";
    constexpr int kMajor = __clang_major__;
#else
    constexpr std::string_view kName = "GCC ";
    constexpr int kMajor = __GNUC__;
#endif
    static_assert(kMajor >= 10 && kMajor < 100, "write the number with as many digits as it has");
    std::array<char, 32> text{};
    std::copy(kName.begin(), kName.end(), text.begin());
    text[kName.size()] = static_cast<char>('0' + kMajor / 10);
    text[kName.size() + 1] = static_cast<char>('0' + kMajor % 10);
    return text;
}

}  // namespace detail

// A constant on both sides, never a function that is called: the loader would bind a call from the
// library to the program's own copy, and the two would always agree.
inline constexpr PluginStamp kPluginStamp = {kPluginMark, kPluginInterfaceVersion, 0,
                                             detail::plugin_layout(), detail::compiler_text()};

}  // namespace millrace::strategy

#define MILLRACE_STRATEGIES(...)                                                                 \
    extern "C" __attribute__((visibility("default"))) const millrace::strategy::Plugin*          \
    millrace_strategies() {                                                                      \
        static constexpr millrace::strategy::StrategyType kTypes[] = {__VA_ARGS__};              \
        static constexpr millrace::strategy::Plugin kPlugin = {millrace::strategy::kPluginStamp, \
                                                               std::size(kTypes), kTypes};       \
        return &kPlugin;                                                                         \
    }
