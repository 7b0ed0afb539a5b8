// Where to look, in order. A run.json whose process is gone was left by a crash: nothing runs.
#include "millrace/app/remote/instance.hpp"

#include <cerrno>
#include <csignal>
#include <optional>

#include "millrace/app/runs/json_value.hpp"
#include "millrace/base/small_file.hpp"
#include "millrace/edge/net/access/token_store.hpp"

namespace millrace::remote {
namespace {

constexpr std::size_t kFileBytesMax = 64 * 1024;
constexpr std::string_view kFlag = "--url";

tl::unexpected<Error> nothing_runs(const std::string& where, std::string why) {
    return failure(ErrorCode::not_running, "no running Millrace is known", where, std::move(why),
                   "start one: " + std::string(kStartCommand) + "; or name one by --url");
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host.starts_with("127.") || host == "::1";
}

Result<net::Url> base_url(const std::string& text, const std::string& said_by) {
    const auto refused = [&](std::string why) {
        return failure(said_by == kFlag ? ErrorCode::usage : ErrorCode::config,
                       "this is no address of a running Millrace", said_by, std::move(why),
                       "write it as http://127.0.0.1:8080");
    };
    auto url = net::parse_url(text);
    if (!url) return refused(url.error().what);
    if (url->scheme != "http" && url->scheme != "https")
        return refused("it begins with http:// or https://");
    if (!url->user_info.empty()) return refused("a secret has no place in an address");
    if (url->target.find_first_of("?#") != std::string::npos) return refused("it has no query");
    while (url->target.ends_with('/'))
        url->target.pop_back();
    return url;
}

// Whether the process that wrote the file is surely gone.
bool is_gone(const runs::JsonValue& pid) {
    const auto number = pid.number();
    if (!number || *number < 1 || *number > 4'194'304) return false;
    return ::kill(static_cast<pid_t>(*number), 0) != 0 && errno == ESRCH;
}

Result<Instance> from_run_file(const std::filesystem::path& data_dir) {
    const std::string path = (data_dir / kRunFile).string();
    auto file = read_small_file(path, kFileBytesMax);
    if (!file) return failure(std::move(file.error()));
    if (!*file) return nothing_runs(path, "there is no such file, as a server writes it");
    auto document = runs::JsonValue::parse((*file)->text, path);
    if (!document) return failure(std::move(document.error()));
    if (is_gone((*document)["pid"]))
        return nothing_runs(path, "its process " + (*document)["pid"].text() + " is gone");
    auto url = base_url((*document)["url"].text(), path);
    if (!url) return failure(std::move(url.error()));
    Instance instance;
    instance.url = std::move(*url);
    instance.found_by = path;
    instance.is_local = true;
    return instance;
}

Result<Instance> locate(const config::Config& config, std::string_view url) {
    std::string text(url);
    std::string said_by(kFlag);
    if (text.empty()) {
        text = config.text("client.url");
        said_by = config.origin("client.url");
    }
    if (text.empty()) return from_run_file(config.path("data_dir"));
    auto base = base_url(text, said_by);
    if (!base) return failure(std::move(base.error()));
    Instance instance;
    instance.url = std::move(*base);
    instance.found_by = std::move(said_by);
    instance.is_local = is_loopback(instance.url.host);
    return instance;
}

Result<void> take_local_token(const std::filesystem::path& data_dir, Instance& instance) {
    const std::filesystem::path path = data_dir / net::kLocalTokenFile;
    auto file = read_small_file(path, kFileBytesMax);
    if (!file) return failure(std::move(file.error()));
    if (!*file) return {};  // reading may be open to everybody
    SmallFile& found = **file;
    auto checked = check_private(found, path);
    if (checked) {
        std::string_view text = found.text;
        while (text.ends_with('\n') || text.ends_with('\r'))
            text.remove_suffix(1);
        instance.token = Secret::from_configuration(text);
        instance.token_from = path.string();
    }
    wipe(found.text);
    return checked;
}

}  // namespace

std::string Instance::address() const {
    return url.scheme + "://" + url.authority() + url.target;
}

Result<Instance> find_instance(const config::Config& config, std::string_view url) {
    auto instance = locate(config, url);
    if (!instance) return instance;
    if (config.origin("client.token") != "default") {
        auto token = config.resolve("client.token");
        if (!token) return failure(std::move(token.error()));
        instance->token = std::move(*token);
        instance->token_from = config.origin("client.token");
    } else if (instance->is_local) {
        if (auto taken = take_local_token(config.path("data_dir"), *instance); !taken)
            return failure(std::move(taken.error()));
    }
    return instance;
}

}  // namespace millrace::remote
