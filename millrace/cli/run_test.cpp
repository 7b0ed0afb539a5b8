#include "millrace/cli/run.hpp"

#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdexcept>

#include "millrace/base/assert.hpp"
#include "millrace/base/log.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/interrupt.hpp"
#include "millrace/cli/output.hpp"
#include "millrace/cli/test_run.hpp"

namespace millrace::cli {
namespace {

int echo(Invocation& invocation) {
    invocation.say("talking");
    invocation.say_detail("in detail");
    invocation.out() << "seeds=" << invocation.integer("--seeds");
    for (const std::string& tag : invocation.texts("--tag"))
        invocation.out() << " tag=" << tag;
    invocation.out() << " mode=" << invocation.text("--mode")
                     << " file=" << invocation.text("FILE");
    for (const std::string& more : invocation.texts("MORE"))
        invocation.out() << " more=" << more;
    invocation.out() << (invocation.flag("--dry-run") ? " dry" : "") << '\n';
    return 0;
}

int throw_it(Invocation&) {
    throw std::runtime_error("the roof fell in");
}
int throw_number(Invocation&) {
    throw 7;
}
int assert_it(Invocation&) {
    MILLRACE_ASSERT(1 + 1 == 3, "sums must hold");
}
int close_it(Invocation&) {
    throw OutputClosed();
}
int refuse(Invocation& invocation) {
    return invocation.fail(
        {ErrorCode::data, "the record is torn", "seg-1:42", "its sum differs", "cut it"});
}
int refuse_twice(Invocation& invocation) {
    const std::vector<Error> errors = {{ErrorCode::config, "first", "", "", ""},
                                       {ErrorCode::config, "second", "", "", ""}};
    return invocation.fail(errors);
}
int wait_for_interrupt(Invocation& invocation) {
    install_signal_handlers();
    raise(SIGINT);
    if (!invocation.interrupted()) return 0;
    forget_interrupt();
    return invocation.fail({ErrorCode::interrupted, "stopped by the operator", "", "", ""});
}

Table small_table() {
    Table table;
    table.add(Group{.name = "tape", .section = "Work", .summary = "Look at tapes"});
    table.add(Command{
        .path = "tape play",
        .summary = "Play a tape",
        .description = "Plays a tape.",
        .arguments = {{.name = "FILE", .doc = "The tape", .kind = Kind::path},
                      {.name = "MORE", .doc = "More", .repeatable = true, .required = false}},
        .options = {{.name = "--seeds",
                     .value_name = "N",
                     .doc = "How many",
                     .kind = Kind::integer,
                     .default_text = "100",
                     .minimum = 1,
                     .maximum = 1000},
                    {.name = "--tag",
                     .value_name = "TEXT",
                     .doc = "A tag",
                     .kind = Kind::text,
                     .repeatable = true},
                    {.name = "--mode",
                     .value_name = "MODE",
                     .doc = "How fast",
                     .kind = Kind::choice,
                     .default_text = "slow",
                     .choices = {"slow", "fast"}},
                    {.name = "--dry-run", .short_name = 'n', .doc = "Only say it"}},
        .run = echo});
    const auto alone = [&](const char* path, int (*run)(Invocation&), Interrupt interrupt) {
        table.add(Command{.path = path,
                          .section = "Faults",
                          .summary = "Go wrong",
                          .description = "Goes wrong.",
                          .run = run,
                          .streams = true,
                          .interrupt = interrupt});
    };
    alone("throw", throw_it, Interrupt::ends_the_process);
    alone("throw-number", throw_number, Interrupt::ends_the_process);
    alone("assert", assert_it, Interrupt::ends_the_process);
    alone("close", close_it, Interrupt::ends_the_process);
    alone("refuse", refuse, Interrupt::ends_the_process);
    alone("refuse-twice", refuse_twice, Interrupt::ends_the_process);
    alone("wait", wait_for_interrupt, Interrupt::is_asked_for);
    return table;
}

Ran ran(const std::vector<std::string>& words) {
    return ran(small_table(), words);
}

TEST(Run, Gives_a_command_its_arguments_options_and_defaults) {
    EXPECT_EQ(ran({"tape", "play", "a.tape"}).out, "seeds=100 mode=slow file=a.tape\n");
    const Ran full = ran({"tape", "play", "--seeds=7", "--tag", "x", "a.tape", "--tag=y=z", "-n",
                          "--mode", "fast", "b", "c"});
    EXPECT_EQ(full.out, "seeds=7 tag=x tag=y=z mode=fast file=a.tape more=b more=c dry\n");
    EXPECT_EQ(full.code, 0);
}

TEST(Run, Takes_the_options_of_every_command_before_and_behind_its_name) {
    EXPECT_EQ(ran({"--profile", "tape", "-q", "tape", "--quiet", "play", "f"}).out,
              "seeds=100 mode=slow file=f\n");
}

TEST(Run, Takes_everything_behind_two_dashes_as_words) {
    EXPECT_EQ(ran({"tape", "play", "-n", "--", "--seeds", "-x"}).out,
              "seeds=100 mode=slow file=--seeds more=-x dry\n");
}

TEST(Run, Takes_brackets_braces_and_empty_texts_as_they_are) {
    EXPECT_EQ(ran({"tape", "play", "--tag", "[a,b]", "--tag={}", "--tag", "", "[c]", ""}).out,
              "seeds=100 tag=[a,b] tag={} tag= mode=slow file=[c] more=\n");
}

TEST(Run, Keeps_talk_on_stderr_and_silences_it_when_asked) {
    EXPECT_EQ(ran({"tape", "play", "f"}).err, "talking\n");
    EXPECT_EQ(ran({"tape", "play", "f", "-v"}).err, "talking\nin detail\n");
    EXPECT_EQ(ran({"tape", "play", "f", "-vq"}).err, "");
}

TEST(Run, Refuses_an_unknown_command_and_names_the_nearest) {
    const Ran refused = ran({"taep", "play"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.out, "");
    EXPECT_EQ(refused.err,
              "error: there is no command `taep`\n"
              "  why: it has tape, throw, throw-number, assert, close, refuse, refuse-twice, wait\n"
              "  mend: did you mean `tape`? see: millrace --help\n");
    EXPECT_EQ(ran({"tape", "pley"}).err,
              "error: `millrace tape` has no verb `pley`\n"
              "  why: it has play\n"
              "  mend: did you mean `play`? see: millrace tape --help\n");
    EXPECT_EQ(ran({""}).code, 2);
}

TEST(Run, Refuses_an_unknown_option_and_names_the_nearest) {
    const Ran refused = ran({"tape", "play", "f", "--sedes=5"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.err,
              "error: `millrace tape play` has no option `--sedes`\n"
              "  mend: did you mean `--seeds`? see: millrace tape play --help\n");
    EXPECT_EQ(ran({"--jsno", "tape", "play", "f"}).code, 2);
    EXPECT_EQ(ran({"--jsno"}).err,
              "error: `millrace` has no option `--jsno`\n"
              "  mend: did you mean `--json`? see: millrace --help\n");
}

TEST(Run, Refuses_a_missing_value_even_when_an_option_follows) {
    const std::string mend = "  mend: see: millrace tape play --help\n";
    const Ran last = ran({"tape", "play", "f", "--seeds"});
    EXPECT_EQ(last.code, 2);
    EXPECT_EQ(last.err, "error: --seeds needs a value\n" + mend);
    EXPECT_EQ(ran({"tape", "play", "f", "--tag", "-n"}).err,
              "error: --tag needs a value\n  why: the next word is the option -n\n" + mend);
    EXPECT_EQ(ran({"tape", "play", "f", "-n=3"}).code, 2);
    EXPECT_EQ(ran({"tape", "play", "f", "--dry-run=3"}).err,
              "error: --dry-run takes no value\n  why: it was given `3`\n" + mend);
}

TEST(Run, Refuses_numbers_that_are_none_or_out_of_range) {
    const std::string rest =
        "\n  why: it takes a whole number, 1 to 1000\n  mend: see: millrace tape play --help\n";
    for (const std::string wrong :
         {"0", "1001", "-5", "ten", "5x", "", "1.5", "99999999999999999999"}) {
        const Ran refused = ran({"tape", "play", "f", "--seeds", wrong});
        EXPECT_EQ(refused.code, 2) << wrong;
        EXPECT_EQ(refused.err, "error: `" + wrong + "` is not a value of --seeds" + rest);
    }
    EXPECT_EQ(ran({"tape", "play", "f", "--seeds", "1000"}).code, 0);
}

TEST(Run, Refuses_a_word_that_is_no_choice_and_a_value_given_twice) {
    EXPECT_EQ(ran({"tape", "play", "f", "--mode", "fats"}).err,
              "error: `fats` is not a value of --mode\n  why: it takes one of slow, fast\n"
              "  mend: did you mean `fast`? see: millrace tape play --help\n");
    EXPECT_EQ(ran({"tape", "play", "f", "--seeds=1", "--seeds=2"}).err,
              "error: --seeds was given more than once\n  why: it takes one value\n"
              "  mend: see: millrace tape play --help\n");
}

TEST(Run, Refuses_missing_and_extra_arguments_with_the_usage) {
    const Ran missing = ran({"tape", "play"});
    EXPECT_EQ(missing.code, 2);
    EXPECT_EQ(missing.err,
              "error: FILE is missing\n  why: The tape\n"
              "  mend: usage: millrace tape play [OPTIONS] FILE [MORE...]\n");
    EXPECT_EQ(ran({"refuse", "now"}).err,
              "error: `now` is one word too many\n  mend: usage: millrace refuse [OPTIONS]\n");
}

TEST(Run, Tells_usage_errors_as_json_when_json_is_asked_for) {
    const Ran refused = ran({"tape", "play", "--json", "f", "--mode", "fats"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.err, "");
    EXPECT_EQ(refused.out, R"({
  "schema_version": 1,
  "error": {
    "code": "usage",
    "what": "`fats` is not a value of --mode",
    "where": "",
    "why": "it takes one of slow, fast",
    "mend": "did you mean `fast`? see: millrace tape play --help"
  }
}
)");
}

TEST(Run, Tells_a_failure_on_stderr_or_as_json_and_exits_with_its_code) {
    const Ran told = ran({"refuse"});
    EXPECT_EQ(told.code, 4);
    EXPECT_EQ(told.out, "");
    EXPECT_EQ(
        told.err,
        "error: the record is torn\n  at: seg-1:42\n  why: its sum differs\n  mend: cut it\n");
    const Ran row = ran({"refuse", "--jsonl"});
    EXPECT_EQ(row.code, 4);
    EXPECT_EQ(row.out, R"({"schema_version":1,"error":{"code":"data","what":"the record is torn",)"
                       R"("where":"seg-1:42","why":"its sum differs","mend":"cut it"}})"
                       "\n");
}

TEST(Run, Tells_every_error_of_several) {
    const Ran told = ran({"refuse-twice", "--quiet"});
    EXPECT_EQ(told.code, 3);
    EXPECT_EQ(told.err, "error: first\nerror: second\n");
    EXPECT_NE(ran({"refuse-twice", "--json"}).out.find("\"errors\": ["), std::string::npos);
}

TEST(Run, Reports_its_own_faults_and_exits_1) {
    const Ran thrown = ran({"throw"});
    EXPECT_EQ(thrown.code, 1);
    EXPECT_EQ(thrown.err,
              "error: millrace met a fault of its own\n  why: the roof fell in\n"
              "  mend: report it with these lines and the output of `millrace version`\n");
    const Ran asserted = ran({"assert"});
    EXPECT_EQ(asserted.code, 1);
    EXPECT_NE(asserted.err.find("`1 + 1 == 3` failed: sums must hold"), std::string::npos);
    EXPECT_EQ(ran({"throw-number"}).code, 1);
    EXPECT_NE(ran({"throw", "--json"}).out.find("\"code\": \"internal\""), std::string::npos);
}

TEST(Run, Ends_quietly_when_nobody_reads_any_more) {
    const Ran closed = ran({"close"});
    EXPECT_EQ(closed.code, 0);
    EXPECT_EQ(closed.err, "");
}

TEST(Run, Lets_a_command_leave_tidily_when_interrupted_and_exits_130) {
    const Ran stopped = ran({"wait"});
    EXPECT_EQ(stopped.code, 130);
    EXPECT_EQ(stopped.err, "error: stopped by the operator\n");
}

TEST(Run, Colours_errors_on_a_terminal_only_and_not_with_no_color) {
    const Table table = small_table();
    const std::string red = "\x1b[31merror:\x1b[0m the record is torn\n";
    EXPECT_TRUE(ran(table, {"refuse"}, {}, true).err.starts_with(red));
    EXPECT_TRUE(ran(table, {"refuse"}, {{"NO_COLOR", ""}}, true).err.starts_with(red));
    EXPECT_TRUE(ran(table, {"refuse"}, {{"NO_COLOR", "1"}}, true).err.starts_with("error:"));
    EXPECT_TRUE(ran(table, {"refuse"}, {{"TERM", "dumb"}}, true).err.starts_with("error:"));
    EXPECT_TRUE(ran(table, {"refuse", "--no-color"}, {}, true).err.starts_with("error:"));
    EXPECT_TRUE(ran(table, {"refuse"}, {}, false).err.starts_with("error:"));
}

int log_it(Invocation&) {
    log::info("tape opened", {{"records", 3}});
    return 0;
}

Table logging_table() {
    Table table;
    table.add(Command{.path = "chatter",
                      .section = "Work",
                      .summary = "Log a line",
                      .description = "Logs a line.",
                      .run = log_it,
                      .logs = true});
    return table;
}

TEST(Run, Starts_the_log_from_the_settings_for_commands_that_log) {
    const std::string file = testing::TempDir() + "millrace-run-test.log";
    std::remove(file.c_str());
    const Ran logged = ran(logging_table(), {"chatter", "--set", "log.file=" + file},
                           {{"MILLRACE_LOG_FORMAT", "json"}});
    EXPECT_EQ(logged.code, 0);
    EXPECT_EQ(logged.err, "");
    std::ifstream lines(file);
    std::string line;
    std::getline(lines, line);
    EXPECT_NE(line.find("tape opened"), std::string::npos) << line;
    EXPECT_NE(line.find("\"records\":3"), std::string::npos) << line;
    std::remove(file.c_str());
}

TEST(Run, Does_not_run_a_command_that_logs_on_wrong_settings) {
    const Ran refused = ran(logging_table(), {"chatter", "--set", "log.levle=info"});
    EXPECT_EQ(refused.code, 3);
    EXPECT_NE(refused.err.find("log.level"), std::string::npos) << refused.err;
    EXPECT_EQ(ran(logging_table(), {"chatter", "--config", "no-such-file.toml"}).code, 3);
}

TEST(Run, Refuses_to_ask_for_an_option_that_the_table_does_not_name) {
    Table table;
    table.add(Command{
        .path = "sloppy",
        .section = "Faults",
        .summary = "Ask wrongly",
        .description = "Asks wrongly.",
        .run = [](Invocation& invocation) { return invocation.flag("--nothing") ? 1 : 0; }});
    EXPECT_EQ(ran(table, {"sloppy"}).code, 1);
}

}  // namespace
}  // namespace millrace::cli
