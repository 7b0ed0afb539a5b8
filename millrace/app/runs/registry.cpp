// Folders, looked through each time: there is no index that could be out of step with them.
#include "millrace/app/runs/registry.hpp"

#include <algorithm>

#include "millrace/app/runs/metrics_document.hpp"
#include "millrace/app/runs/run_files.hpp"
#include "millrace/edge/store/sha256.hpp"

namespace millrace::runs {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRunsMax = 100'000;
constexpr std::size_t kHashDigits = 64;

bool is_hash(std::string_view name) {
    return name.size() == kHashDigits && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

// Names of the folders in the registry that a run may have.
std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with('.') && names.size() < kRunsMax) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

tl::unexpected<Error> unknown(const std::string& name) {
    return failure(ErrorCode::usage, "there is no kept run \"" + name + "\"", {},
                   "a run is named by the beginning of its hash or of its run id",
                   "see them with: millrace runs ls");
}

tl::unexpected<Error> ambiguous(const std::string& name, const std::vector<std::string>& hits) {
    std::string list;
    for (std::size_t at = 0; at < hits.size() && at < 5; ++at)
        list += (at == 0 ? "" : ", ") + hits[at];
    return failure(ErrorCode::usage,
                   "\"" + name + "\" is the beginning of " + std::to_string(hits.size()) + " runs",
                   {}, list + (hits.size() > 5 ? " …" : ""), "write more of it");
}

}  // namespace

std::string KeptRun::symbols() const {
    std::vector<std::string> all;
    for (const JsonValue& strategy : result["strategies"].items())
        for (const JsonValue& symbol : strategy["symbols"].items())
            if (std::find(all.begin(), all.end(), symbol.text()) == all.end())
                all.push_back(symbol.text());
    std::sort(all.begin(), all.end());
    std::string text;
    for (std::size_t at = 0; at < all.size() && at < 3; ++at)
        text += (at == 0 ? "" : ", ") + all[at];
    if (all.size() > 3) text += " +" + std::to_string(all.size() - 3);
    return text;
}

Result<KeptRun> read_run(const fs::path& folder) {
    KeptRun run;
    run.folder = folder;
    for (const auto& [into, name] : {std::pair{&run.result, "run_result.json"},
                                     {&run.manifest, "run_manifest.json"},
                                     {&run.meta, "run_meta.json"}}) {
        auto document = JsonValue::read((folder / name).string());
        if (!document) {
            if (into == &run.manifest && run.result["status"].text() == "failed")
                return failure(ErrorCode::data, "the run failed, so there is nothing to see",
                               folder.string(), run.result["error"]["what"].text(),
                               "mend that and run it again");
            document.error().code = ErrorCode::data;
            return failure(std::move(document.error()));
        }
        *into = std::move(*document);
    }
    run.hash = run.manifest["content_hash"].text();
    if (!is_hash(run.hash) || run.result["content_hash"].text() != run.hash)
        return failure(ErrorCode::data, "the documents of the run do not belong together",
                       folder.string(), "run_result and run_manifest name different runs",
                       "remove the run and keep it again");
    run.metrics = metrics_of(run.result);
    return run;
}

Result<void> verify(const KeptRun& run) {
    for (const JsonValue& artifact : run.manifest["artifacts"].items()) {
        const std::string path = (run.folder / artifact["name"].text()).string();
        const auto digest = store::sha256_of_file(path);
        if (!digest) return failure(Error(digest.error()));
        if (digest->sha256 != artifact["sha256"].text())
            return failure(ErrorCode::data, "the file is not as it was written", path,
                           "its sha256 is not that of the manifest",
                           "remove the run and keep it again");
    }
    return {};
}

Listing Registry::list() const {
    Listing listing;
    for (const std::string& name : names_in(folder_)) {
        auto run = read_run(folder_ / name);
        if (run && run->hash != name)
            run = failure(ErrorCode::data, "the folder has another run's name",
                          (folder_ / name).string(), "it holds " + run->hash, "remove it");
        if (run)
            listing.runs.push_back(std::move(*run));
        else
            listing.damaged.push_back({name, std::move(run.error())});
    }
    std::sort(listing.runs.begin(), listing.runs.end(), [](const KeptRun& a, const KeptRun& b) {
        return std::pair(b.kept_at(), a.hash) < std::pair(a.kept_at(), b.hash);
    });
    return listing;
}

Result<KeptRun> Registry::find(const std::string& name) const {
    std::error_code error;
    if (name.find('/') != std::string::npos ||
        fs::exists(fs::path(name) / "run_result.json", error))
        return read_run(name);
    const auto folder = folder_of(name);
    if (!folder) return failure(Error(folder.error()));
    return read_run(*folder);
}

Result<fs::path> Registry::folder_of(const std::string& name) const {
    const auto names = names_in(folder_);
    std::vector<std::string> hits;
    for (const std::string& one : names)
        if (!name.empty() && one.starts_with(name)) hits.push_back(one);
    if (hits.empty() && !name.empty())
        for (const std::string& one : names) {
            const auto result = JsonValue::read((folder_ / one / "run_result.json").string());
            if (result && (*result)["run_id"].text().starts_with(name)) hits.push_back(one);
        }
    if (hits.empty()) return unknown(name);
    if (hits.size() > 1) return ambiguous(name, hits);
    return folder_ / hits.front();
}

Result<void> Registry::remove(const fs::path& run) const {
    // First out of sight by one rename, so that no half of it is ever seen.
    std::error_code error;
    const fs::path aside = folder_ / ("." + run.filename().string() + ".removed");
    fs::rename(run, aside, error);
    if (!error) fs::remove_all(aside, error);
    if (error)
        return failure(ErrorCode::data, "the run cannot be removed", run.string(), error.message(),
                       "check the right to write there");
    return {};
}

}  // namespace millrace::runs
