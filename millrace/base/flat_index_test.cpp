#include "millrace/base/flat_index.hpp"

#include <gtest/gtest.h>
#include <map>

#include "millrace/base/random.hpp"

namespace millrace {
namespace {

TEST(FlatIndex, Agrees_with_a_map_through_growth_and_removal) {
    FlatIndex index;
    std::map<std::uint64_t, std::uint32_t> expected;
    Random random(3);
    for (int i = 0; i < 50'000; ++i) {
        const std::uint64_t key = random.below(4'000) * 1'024 + 1;  // keys that like to collide
        if (random.one_in(2)) {
            const auto value = static_cast<std::uint32_t>(random.below(1'000'000));
            index.put(key, value);
            expected[key] = value;
        } else {
            index.erase(key);
            expected.erase(key);
        }
        const auto at = expected.find(key);
        ASSERT_EQ(index.find(key), at == expected.end() ? FlatIndex::kNone : at->second);
    }
    EXPECT_EQ(index.size(), expected.size());
    for (const auto& [key, value] : expected)
        ASSERT_EQ(index.find(key), value);
}

}  // namespace
}  // namespace millrace
