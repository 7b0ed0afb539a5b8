// Feeds every file of one seed corpus to a fuzz entry point, once, without libFuzzer: see
// fuzz.cmake. An empty or missing corpus fails, because a test that runs nothing proves nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::filesystem::path> seeds_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> seeds;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
        if (entry.is_regular_file()) seeds.push_back(entry.path());
    }
    std::sort(seeds.begin(), seeds.end());
    return seeds;
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count != 2) {
        std::fprintf(stderr, "usage: %s CORPUS_FOLDER\n", arguments[0]);
        return 2;
    }
    const auto seeds = seeds_in(arguments[1]);
    for (const auto& seed : seeds) {
        std::ifstream file(seed, std::ios::binary);
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
        std::printf("%s (%zu bytes)\n", seed.filename().c_str(), bytes.size());
        std::fflush(stdout);  // the last name printed is the seed that broke it
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    if (seeds.empty()) {
        std::fprintf(stderr, "no seed in %s: commit at least one small input there\n",
                     arguments[1]);
        return 1;
    }
    return 0;
}
