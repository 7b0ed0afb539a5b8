// dlopen, and everything that can be wrong with what it opens. What the loader says is passed on as
// the reason: it names the symbol or the byte that it stumbled over.
#include "millrace/edge/plugins/plugin_file.hpp"

#include <algorithm>
#include <dlfcn.h>
#include <set>

#include "millrace/core/strategy/library/registry.hpp"
#include "millrace/core/strategy/plugin.hpp"

namespace millrace::plugins {
namespace {

using strategy::Plugin;
using strategy::PluginStamp;
using strategy::StrategyType;

constexpr std::uint64_t kTypesMax = 256;
constexpr const char* kRebuild =
    "compile it again, with the headers of this millrace and its compiler";

tl::unexpected<Error> refuse(const std::string& path, std::string what, std::string why,
                             std::string mend) {
    return failure(ErrorCode::config, std::move(what), path, std::move(why), std::move(mend));
}

Result<std::string> regular_file(const std::filesystem::path& path) {
    std::error_code trouble;
    const auto absolute = std::filesystem::absolute(path, trouble);
    const auto status = std::filesystem::status(absolute, trouble);
    if (status.type() == std::filesystem::file_type::not_found)
        return refuse(path.string(), "there is no such library", "the file does not exist",
                      "build it first, or correct the path");
    if (!std::filesystem::is_regular_file(status))
        return refuse(path.string(), "this is not a library",
                      trouble ? trouble.message() : "it is no regular file", "name a .so file");
    return absolute.string();
}

Result<void*> open_library(const std::string& path) {
    // All symbols at once, so that none is found missing in the middle of a run; and none of them
    // seen by other libraries.
    if (void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
    const char* reason = ::dlerror();
    const std::string why = reason == nullptr ? "the loader gives no reason" : reason;
    if (why.find("undefined symbol") != std::string::npos)
        return refuse(path, "the library wants something that this millrace does not have", why,
                      kRebuild);
    return refuse(path, "the file is not a library that can be opened here", why,
                  "build it for this machine");
}

std::string_view text_of(const std::array<char, 32>& text) {
    return {text.data(),
            static_cast<std::size_t>(std::find(text.begin(), text.end(), '\0') - text.begin())};
}

Result<void> check_stamp(const std::string& path, const PluginStamp& stamp) {
    const PluginStamp& ours = strategy::kPluginStamp;
    const std::string what = "the library was compiled for another millrace";
    if (stamp.mark != ours.mark)
        return refuse(path, what, "its strategies are not marked as such",
                      "declare them with MILLRACE_STRATEGIES");
    if (stamp.interface_version != ours.interface_version)
        return refuse(path, what,
                      "its interface has version " + std::to_string(stamp.interface_version) +
                          ", this program's has " + std::to_string(ours.interface_version),
                      kRebuild);
    if (stamp.compiler != ours.compiler)
        return refuse(path, what,
                      "it was compiled by " + std::string(text_of(stamp.compiler)) +
                          ", this program by " + std::string(text_of(ours.compiler)),
                      kRebuild);
    if (stamp.layout != ours.layout)
        return refuse(path, what,
                      "its types have other shapes: " + hash_text(stamp.layout) + ", here " +
                          hash_text(ours.layout),
                      kRebuild);
    return {};
}

Result<void> check_types(const std::string& path, std::span<const StrategyType> types) {
    std::set<std::string_view> seen;
    for (const StrategyType& type : types) {
        const std::string name(type.name.substr(0, 2 * strategy::kStrategyNameMax));
        if (!strategy::is_strategy_name(type.name))
            return refuse(path, "\"" + name + "\" is no name for a strategy",
                          "a name is words of small letters and digits joined by '-', at most 32 "
                          "bytes",
                          "give it another name in MILLRACE_STRATEGIES");
        if (type.make == nullptr)
            return refuse(path, "the strategy " + name + " cannot be made",
                          "its row has no function that makes it",
                          "write millrace::strategy::make<Class> in its row");
        if (strategy::find_strategy(strategy::all_strategies(), name))
            return refuse(path, "the name " + name + " is taken",
                          "a built-in strategy is called so",
                          "give yours another name in MILLRACE_STRATEGIES");
        if (!seen.insert(type.name).second)
            return refuse(path, "the name " + name + " is taken",
                          "the library has two strategies of that name",
                          "give one another name in MILLRACE_STRATEGIES");
    }
    return {};
}

}  // namespace

Result<PluginFile> load_plugin(const std::filesystem::path& path) {
    const auto file = regular_file(path);
    if (!file) return failure(file.error());
    const auto library = open_library(*file);
    if (!library) return failure(library.error());
    const auto function =
        reinterpret_cast<strategy::PluginFunction>(::dlsym(*library, strategy::kPluginFunction));
    if (function == nullptr)
        return refuse(*file, "the library has no strategies",
                      "it has no function " + std::string(strategy::kPluginFunction),
                      "write MILLRACE_STRATEGIES(…) in one of its .cpp files");
    const Plugin* plugin = function();
    if (plugin == nullptr)
        return refuse(*file, "the library has no strategies", "its function answers nothing",
                      "declare them with MILLRACE_STRATEGIES");
    if (auto fits = check_stamp(*file, plugin->stamp); !fits) return failure(fits.error());
    if (plugin->count == 0 || plugin->count > kTypesMax || plugin->types == nullptr)
        return refuse(*file, "the library has no strategies",
                      "it says that there are " + std::to_string(plugin->count),
                      "declare 1 to 256 with MILLRACE_STRATEGIES");
    PluginFile opened{*file, {plugin->types, plugin->count}};
    if (auto sound = check_types(*file, opened.types); !sound) return failure(sound.error());
    return opened;
}

}  // namespace millrace::plugins
