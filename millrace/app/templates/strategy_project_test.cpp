#include "millrace/app/templates/strategy_project.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace millrace::templates {
namespace {

std::vector<std::string> names_of(const StrategyProject& project) {
    std::vector<std::string> names;
    for (const NewFile& file : project.files)
        names.push_back(file.name);
    return names;
}

std::string text_of(const StrategyProject& project, std::string_view name) {
    for (const NewFile& file : project.files)
        if (file.name == name) return file.text;
    ADD_FAILURE() << "no file " << name;
    return {};
}

TEST(StrategyProject, Has_the_files_of_its_template_named_after_it) {
    for (const StrategyTemplate& each : strategy_templates()) {
        const auto project = strategy_project("Golden_Cross", each.name).value();
        EXPECT_EQ(project.name, "golden-cross");
        EXPECT_EQ(project.library, "build/libgolden-cross.so");
        EXPECT_EQ(names_of(project),
                  (std::vector<std::string>{".gitignore", "CMakeLists.txt", "README.md",
                                            "golden_cross.cpp", "golden_cross.hpp",
                                            "golden_cross_test.cpp"}));
        for (const NewFile& file : project.files)
            for (const char* mark : {"@NAME@", "@FILE@", "@CLASS@"})
                EXPECT_EQ(file.text.find(mark), std::string::npos) << file.name;
        const std::string source = text_of(project, "golden_cross.cpp");
        EXPECT_NE(source.find("#include \"golden_cross.hpp\""), std::string::npos);
        EXPECT_NE(source.find("MILLRACE_STRATEGIES({\"golden-cross\", "), std::string::npos);
        EXPECT_NE(source.find("make<strategies::GoldenCross>"), std::string::npos);
        EXPECT_TRUE(text_of(project, "README.md").starts_with("# golden-cross\n"));
    }
}

TEST(StrategyProject, Makes_a_class_of_names_with_digits_and_single_letters) {
    const auto project = strategy_project("x-rsi-2-b", "bars").value();
    EXPECT_NE(text_of(project, "x_rsi_2_b.hpp").find("class XRsi2B final"), std::string::npos);
}

TEST(StrategyProject, Refuses_what_is_no_name) {
    for (const char* bad : {"", "-dip", "2-dip", "dip-", "a--b", "a_-b", "../dip", "dip.so", "d ip",
                            "a-name-of-more-than-thirty-two-bytes"}) {
        const auto project = strategy_project(bad, "bars");
        ASSERT_FALSE(project) << bad;
        EXPECT_EQ(project.error().code, ErrorCode::usage);
        EXPECT_EQ(project.error().mend, "write it like golden-cross");
    }
}

TEST(StrategyProject, Refuses_the_name_of_a_built_in_strategy) {
    for (const char* taken : {"ema-cross", "EMA_Cross"}) {
        const auto project = strategy_project(taken, "bars");
        ASSERT_FALSE(project);
        EXPECT_EQ(project.error().what, "the name ema-cross is taken");
        EXPECT_EQ(project.error().mend, "name yours otherwise: my-ema-cross");
    }
}

TEST(StrategyProject, Shows_commands_that_a_shell_can_take) {
    const auto project = strategy_project("dip", "bars").value();
    EXPECT_EQ(next_commands(project, "it's mine", "/opt/a b"),
              (std::vector<std::string>{
                  "cd 'it'\\''s mine'", "cmake -S . -B build -DMillrace_DIR='/opt/a b'",
                  "cmake --build build && ctest --test-dir build --output-on-failure",
                  "millrace backtest build/libdip.so --data FILE"}));
    EXPECT_EQ(next_commands(project, "try/dip", {})[1], "cmake -S . -B build");
}

TEST(PackageFolder, Lies_beside_an_installed_program_or_in_its_build) {
    const TemporaryDirectory place;
    namespace fs = std::filesystem;
    for (const char* folder : {"/usr/bin", "/usr/lib/cmake/Millrace", "/build/millrace/cli"})
        fs::create_directories(place.path() + folder);
    for (const char* file : {"/usr/bin/millrace", "/usr/lib/cmake/Millrace/MillraceConfig.cmake",
                             "/build/millrace/cli/millrace"})
        std::ofstream(place.path() + file) << ' ';
    const std::string root = fs::canonical(place.path());
    EXPECT_EQ(package_folder(place / "usr/bin/millrace"), root + "/usr/lib/cmake/Millrace");
    EXPECT_EQ(package_folder(place / "build/millrace/cli/millrace"), "");
    std::ofstream(place / "build/MillraceConfig.cmake") << ' ';
    EXPECT_EQ(package_folder(place / "build/millrace/cli/millrace"), root + "/build");
    EXPECT_EQ(package_folder(place / "nowhere/millrace"), "");
}

}  // namespace
}  // namespace millrace::templates
