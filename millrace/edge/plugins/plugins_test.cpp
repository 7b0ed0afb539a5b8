#include <fstream>
#include <gtest/gtest.h>

#include "millrace/core/engine/engine.hpp"
#include "millrace/core/strategy/plugin.hpp"
#include "millrace/core/strategy/strategy_host.hpp"
#include "millrace/core/strategy/strategy_trial.hpp"
#include "millrace/edge/plugins/plugin_file.hpp"
#include "millrace/edge/plugins/strategy_source.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::plugins {
namespace {

using strategy::PluginStamp;

std::string sample(const std::string& name) {
    return std::string(MILLRACE_SAMPLES) + "/lib" + name + ".so";
}

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A copy of the sample `one` with other bytes in some place.
class Altered {
  public:
    Altered() : bytes_(bytes_of(sample("one"))) {}

    // In the stamp, at this offset.
    Altered& stamp(std::size_t offset, std::string_view bytes) {
        const std::size_t mark = bytes_.find(strategy::kPluginMark.data(), 0, 16);
        EXPECT_NE(mark, std::string::npos);
        bytes_.replace(mark + offset, bytes.size(), bytes);
        return *this;
    }
    // Everywhere.
    Altered& text(std::string_view from, std::string_view to) {
        std::size_t at = 0;
        int count = 0;
        for (; (at = bytes_.find(from, at)) != std::string::npos; ++count)
            bytes_.replace(at, to.size(), to);
        EXPECT_GT(count, 0);
        return *this;
    }
    [[nodiscard]] Error refused() const {
        TemporaryDirectory folder;
        const std::string path = folder / "libaltered.so";
        std::ofstream(path, std::ios::binary) << bytes_;
        const auto loaded = load_plugin(path);
        EXPECT_FALSE(loaded);
        if (loaded) return {};
        EXPECT_EQ(loaded.error().code, ErrorCode::config);
        EXPECT_EQ(loaded.error().where, path);
        EXPECT_FALSE(loaded.error().mend.empty());
        return loaded.error();
    }

  private:
    std::string bytes_;
};

TEST(PluginFile, Offers_the_strategies_of_a_library) {
    const auto file = load_plugin(sample("one")).value();
    ASSERT_EQ(file.types.size(), 1U);
    EXPECT_EQ(file.types[0].name, "spare-one");
    EXPECT_EQ(file.types[0].summary, "Turns over at each bar.");
    EXPECT_EQ(file.path, sample("one"));
}

TEST(PluginFile, Takes_a_path_without_a_folder) {
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(MILLRACE_SAMPLES);
    const auto file = load_plugin("libone.so");
    std::filesystem::current_path(before);
    EXPECT_EQ(file.value().path, sample("one"));
}

TEST(PluginFile, Refuses_what_is_no_library) {
    TemporaryDirectory folder;
    EXPECT_EQ(load_plugin(folder / "none.so").error().what, "there is no such library");
    EXPECT_EQ(load_plugin(folder.path()).error().why, "it is no regular file");
    std::ofstream(folder / "text.so")
        << "A long text that is no library, whatever its name may be." << std::string(100, '.');
    const Error text = load_plugin(folder / "text.so").error();
    EXPECT_EQ(text.code, ErrorCode::config);
    EXPECT_EQ(text.what, "the file is not a library that can be opened here");
    EXPECT_NE(text.why.find("invalid ELF header"), std::string::npos) << text.why;
    std::ofstream(folder / "cut.so", std::ios::binary) << bytes_of(sample("one")).substr(0, 500);
    EXPECT_EQ(load_plugin(folder / "cut.so").error().what, text.what);
}

TEST(PluginFile, Refuses_a_library_without_strategies) {
    const Error error = load_plugin(sample("silent")).error();
    EXPECT_EQ(error.what, "the library has no strategies");
    EXPECT_EQ(error.why, "it has no function millrace_strategies");
}

TEST(PluginFile, Names_the_symbol_that_this_program_does_not_have) {
    const Error error = load_plugin(sample("unresolved")).error();
    EXPECT_EQ(error.code, ErrorCode::config);
    EXPECT_EQ(error.what, "the library wants something that this millrace does not have");
    EXPECT_NE(error.why.find("millrace_of_the_future"), std::string::npos);
}

TEST(PluginFile, Refuses_what_was_compiled_for_another_program) {
    const std::string version("\x09\0\0\0", 4);
    EXPECT_EQ(Altered().stamp(offsetof(PluginStamp, interface_version), version).refused().why,
              "its interface has version 9, this program's has 3");
    EXPECT_TRUE(Altered()
                    .stamp(offsetof(PluginStamp, layout), "\x01\x02\x03\x04\x05\x06\x07\x08")
                    .refused()
                    .why.starts_with("its types have other shapes: 0807060504030201, here "));
    EXPECT_TRUE(Altered()
                    .stamp(offsetof(PluginStamp, compiler), "GCC 99")
                    .refused()
                    .why.starts_with("it was compiled by GCC 99"));
    EXPECT_EQ(Altered().stamp(0, "something-else!").refused().why,
              "its strategies are not marked as such");
}

TEST(PluginFile, Refuses_names_that_are_taken_or_unsound) {
    EXPECT_EQ(Altered().text("spare-one", "ema-cross").refused().what,
              "the name ema-cross is taken");
    EXPECT_EQ(Altered().text("spare-one", "spare one").refused().what,
              "\"spare one\" is no name for a strategy");
}

TEST(StrategySource, Reads_a_name_a_path_and_a_path_with_a_name) {
    EXPECT_EQ(find_strategy("ema_cross")->name, "ema-cross");
    EXPECT_EQ(find_strategy(sample("one"))->name, "spare-one");
    EXPECT_EQ(find_strategy(sample("several") + ":Throws")->name, "throws");
    EXPECT_EQ(strategies_of(sample("several"))->size(), 4U);
    EXPECT_EQ(strategies_of("buy-and-hold")->size(), 1U);
}

TEST(StrategySource, Says_which_there_are) {
    const Error built_in = find_strategy("ema-cros").error();
    EXPECT_EQ(built_in.code, ErrorCode::config);
    EXPECT_TRUE(built_in.mend.starts_with("did you mean \"ema-cross\"?")) << built_in.mend;
    const Error several = find_strategy(sample("several")).error();
    EXPECT_EQ(several.why, "there are: asserts, throws, unmakeable, namesake");
    EXPECT_EQ(several.mend, "say which: " + sample("several") + ":asserts");
    const Error other = find_strategy(sample("several") + ":throw").error();
    EXPECT_EQ(other.mend, "did you mean \"throws\"?");
    EXPECT_EQ(other.where, sample("several"));
    EXPECT_EQ(find_strategy("nowhere/lib.so:x").error().what, "there is no such library");
}

TEST(StrategySource, Reports_what_a_constructor_throws) {
    const auto made = make_strategy_from(sample("several") + ":unmakeable");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().what, "the strategy unmakeable cannot be made");
    EXPECT_EQ(made.error().why, "no such thing");
}

// One unit at each of three bars; each closes what the one before bought.
TEST(PluginStrategy, Trades_like_a_built_in_one_and_takes_parameters) {
    auto made = make_strategy_from(sample("one")).value();
    ASSERT_TRUE(made->set({{"quantity", "2"}}));
    EXPECT_FALSE(made->set({{"quantity", "11"}}));
    strategy::StrategyTrial trial(std::move(made));
    for (const std::int64_t close : {10, 11, 12})
        trial.bar(Price::whole(close));
    EXPECT_EQ(trial.orders().size(), 5U);
    EXPECT_EQ(trial.position(), Quantity::whole(2));
    trial.restart(make_strategy_from(sample("one")).value());
    trial.bar(Price::whole(13));
    EXPECT_EQ(trial.orders().size(), 7U);
    EXPECT_EQ(trial.orders().back().quantity, Quantity::whole(2)) << "the parameter was saved";
}

TEST(PluginStrategy, Runs_its_own_code_where_a_class_of_the_program_has_the_same_name) {
    strategy::StrategyTrial trial(make_strategy_from(sample("several") + ":namesake").value());
    trial.bar(Price::whole(10));
    ASSERT_EQ(trial.orders().size(), 1U);
    EXPECT_EQ(trial.position(), Quantity::whole(7));
    strategy::StrategyTrial built_in(make_strategy_from("ema-cross").value());
    built_in.bar(Price::whole(10));
    EXPECT_TRUE(built_in.orders().empty());
}

class Nobody : public engine::EffectSink {
    void take(std::span<const engine::Effect> /*effects*/) override {}
};

// What one library's strategy throws stops that one; the other goes on.
TEST(PluginStrategy, Is_stopped_alone_when_it_breaks) {
    std::vector<std::unique_ptr<engine::Component>> components;
    StrategyId number(0);
    for (const char* name : {"asserts", "throws", "namesake"}) {
        auto made = make_strategy_from(sample("several") + ":" + name).value();
        number = StrategyId(static_cast<std::uint16_t>(number.value() + 1));
        components.push_back(std::make_unique<strategy::StrategyHost>(
            std::move(made), strategy::HostOptions{number, AccountId(0), name, {}, {}}));
    }
    engine::Engine engine(std::move(components), 1);
    Nobody nobody;
    model::Bar bar;
    bar.close = Price::whole(10);
    engine.apply({1, engine::record_of(bar)}, nobody);
    engine.apply({2, engine::record_of(bar)}, nobody);
    ASSERT_EQ(engine.stopped().size(), 2U);
    EXPECT_EQ(engine.stopped()[0].name, "asserts");
    EXPECT_TRUE(engine.stopped()[0].report.ends_with("failed: the sample's assertion"));
    EXPECT_EQ(engine.stopped()[1].name, "throws");
    EXPECT_EQ(engine.stopped()[1].report, "the sample's own error");
    EXPECT_EQ(engine.stopped()[1].sequence, 1U);
}

}  // namespace
}  // namespace millrace::plugins
