// The rules of names, and the three words that a template leaves open.
#include "millrace/app/templates/strategy_project.hpp"

#include <algorithm>
#include <array>

#include "millrace/app/templates/embedded.hpp"
#include "millrace/base/assert.hpp"
#include "millrace/core/strategy/library/registry.hpp"

namespace millrace::templates {
namespace {

constexpr StrategyTemplate kTemplates[] = {
    {"bars", "trades at the market when a bar closes"},
    {"quotes", "rests limit orders around the best bid and offer"},
    {"signals", "gives signals and leaves the orders to a plan"},
};
constexpr std::string_view kEvery = "every/";
constexpr std::string_view kEnding = ".in";
constexpr std::string_view kStem = "strategy";

struct Word {
    std::string_view mark;
    std::string text;
};
using Words = std::array<Word, 3>;

// "golden-cross" as a file's stem, golden_cross, and as a class, GoldenCross.
Words words_of(const std::string& name) {
    std::string file = name;
    std::replace(file.begin(), file.end(), '-', '_');
    std::string type;
    bool begins = true;
    for (const char byte : name) {
        const bool is_letter = byte >= 'a' && byte <= 'z';
        if (byte != '-') type += begins && is_letter ? static_cast<char>(byte - 'a' + 'A') : byte;
        begins = byte == '-';
    }
    return {{{"@NAME@", name}, {"@FILE@", file}, {"@CLASS@", type}}};
}

std::string filled(std::string_view text, const Words& words) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const auto word = std::ranges::find_if(
            words, [&](const Word& each) { return text.substr(at).starts_with(each.mark); });
        if (word == words.end()) {
            result += text[at++];
        } else {
            result += word->text;
            at += word->mark.size();
        }
    }
    return result;
}

// "strategy_test.cpp.in" -> "golden_cross_test.cpp"; "gitignore.in" -> ".gitignore"
std::string file_name(std::string_view path, const Words& words) {
    std::string_view name = path.substr(path.find('/') + 1);
    MILLRACE_ASSERT(name.ends_with(kEnding), "a template file's name ends in .in");
    name.remove_suffix(kEnding.size());
    if (name == "gitignore") return ".gitignore";
    if (!name.starts_with(kStem)) return std::string(name);
    return words[1].text + std::string(name.substr(kStem.size()));
}

Result<std::string> checked_name(std::string_view text) {
    const std::string name = strategy::plain_strategy_name(text);
    if (!strategy::is_strategy_name(name))
        return failure(ErrorCode::usage, "\"" + name + "\" is no name for a strategy", {},
                       "a name is letters, digits, '-' and '_', begins with a letter, has no two "
                       "marks together or at its end, and at most 32 bytes",
                       "write it like golden-cross");
    if (strategy::find_strategy(strategy::all_strategies(), name))
        return failure(ErrorCode::usage, "the name " + name + " is taken", {},
                       "a built-in strategy is called so", "name yours otherwise: my-" + name);
    return name;
}

// As a word of a POSIX shell.
std::string quoted(const std::string& text) {
    const bool plain = std::ranges::all_of(text, [](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
               (byte >= '0' && byte <= '9') ||
               std::string_view("-_./").find(byte) != std::string_view::npos;
    });
    if (plain) return text;
    std::string result = "'";
    for (const char byte : text)
        result += byte == '\'' ? std::string("'\\''") : std::string(1, byte);
    return result + "'";
}

}  // namespace

std::span<const StrategyTemplate> strategy_templates() {
    return kTemplates;
}

Result<StrategyProject> strategy_project(std::string_view name, std::string_view from) {
    const bool is_known = std::ranges::any_of(
        kTemplates, [&](const StrategyTemplate& each) { return each.name == from; });
    MILLRACE_ASSERT(is_known, "a template that there is not");
    const auto plain = checked_name(name);
    if (!plain) return failure(plain.error());
    const Words words = words_of(*plain);
    StrategyProject project;
    project.name = *plain;
    project.library = "build/lib" + *plain + ".so";
    const std::string own = std::string(from) + "/";
    for (const EmbeddedFile& file : embedded_files())
        if (file.path.starts_with(own) || file.path.starts_with(kEvery))
            project.files.push_back({file_name(file.path, words), filled(file.text, words)});
    std::ranges::sort(project.files, {}, &NewFile::name);
    return project;
}

std::filesystem::path package_folder(const std::filesystem::path& program) {
    std::error_code trouble;
    const auto folder = std::filesystem::canonical(program, trouble).parent_path();
    if (trouble) return {};
    // Installed: bin/millrace. Built: millrace/cli/millrace.
    for (const auto& place :
         {folder.parent_path() / "lib/cmake/Millrace", folder.parent_path().parent_path()})
        if (std::filesystem::exists(place / "MillraceConfig.cmake", trouble)) return place;
    return {};
}

std::vector<std::string> next_commands(const StrategyProject& project,
                                       const std::filesystem::path& folder,
                                       const std::filesystem::path& package) {
    std::string configure = "cmake -S . -B build";
    if (!package.empty()) configure += " -DMillrace_DIR=" + quoted(package.string());
    return {"cd " + quoted(folder.string()), configure,
            "cmake --build build && ctest --test-dir build --output-on-failure",
            "millrace backtest " + project.library + " --data FILE"};
}

}  // namespace millrace::templates
