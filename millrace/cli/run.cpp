// From words to an exit code. Every exception of a command ends here.
#include "millrace/cli/run.hpp"

#include <algorithm>
#include <exception>
#include <ostream>

#include "millrace/app/log_options.hpp"
#include "millrace/base/log.hpp"
#include "millrace/cli/command_line.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/completion.hpp"
#include "millrace/cli/help.hpp"
#include "millrace/cli/interrupt.hpp"
#include "millrace/cli/output.hpp"
#include "millrace/cli/reference.hpp"

namespace millrace::cli {
namespace {

// Before the words are understood, a program that asked for JSON must get even their refusal as
// JSON.
bool asks_for(std::span<const std::string> words, std::string_view option) {
    const auto end = std::ranges::find(words, "--");
    return std::find(words.begin(), end, option) != end;
}

Form form_of(std::span<const std::string> words) {
    if (asks_for(words, "--jsonl")) return Form::jsonl;
    return asks_for(words, "--json") ? Form::json : Form::text;
}

int show_help(const Table& table, const CommandLine& line, std::span<const std::string> words,
              Streams& streams) {
    if (form_of(words) == Form::json) {
        const std::string& path = line.command != nullptr ? line.command->path : line.group;
        streams.out << reference_document(table, path).str() << '\n';
        return 0;
    }
    const Paint paint =
        Paint::chosen(streams.out_is_terminal, asks_for(words, "--no-color"), streams.environment);
    streams.out << help_page(table, line.command, line.group, paint);
    return 0;
}

// The logger runs for as long as this lives.
class Logging {
  public:
    Logging() = default;
    ~Logging() { log::stop(); }
    Logging(const Logging&) = delete;
    Logging& operator=(const Logging&) = delete;
};

int run_command(Invocation& invocation, const Streams& streams) {
    const Command& command = invocation.command();
    note_interrupts(command.interrupt == Interrupt::is_asked_for);
    if (!command.logs) return command.run(invocation);
    const auto& config = invocation.configuration();
    if (!config) return invocation.fail(config.error());
    log::Options options = app::log_options(*config);
    options.colour =
        options.file.empty() &&
        Paint::chosen(streams.err_is_terminal, invocation.flag("--no-color"), streams.environment)
            .on();
    const Logging logging;
    if (const auto started = log::start(options); !started) return invocation.fail(started.error());
    return command.run(invocation);
}

int run_words(const Table& table, std::span<const std::string> words, const Paint& err_paint,
              Streams& streams) {
    if (!words.empty() && words.front() == "__complete") {
        streams.out << answer_completion(table, words.subspan(1));
        return 0;
    }
    auto line = read_command_line(table, words);
    if (!line)
        return tell_failure(streams, err_paint, form_of(words),
                            std::span<const Error>(&line.error(), 1));
    if (line->version && !line->help) {
        line->command = table.find("version");
        if (line->command == nullptr) return show_help(table, *line, words, streams);
    } else if (line->help || line->command == nullptr) {
        return show_help(table, *line, words, streams);
    }
    Invocation invocation(table, *line->command, std::move(line->given), streams);
    return run_command(invocation, streams);
}

// The last word on a failure. The output may be the very thing that failed, so nothing here may
// throw.
int tell_last(Streams& streams, const Paint& paint, Form form, const Error& error) noexcept {
    try {
        const int code = tell_failure(streams, paint, form, std::span<const Error>(&error, 1));
        streams.out.flush();
        return code;
    } catch (...) {
        return exit_code_of(error.code);
    }
}

}  // namespace

int run(const Table& table, std::span<const std::string> words, Streams streams) {
    const Form form = form_of(words);
    const Paint err_paint =
        Paint::chosen(streams.err_is_terminal, asks_for(words, "--no-color"), streams.environment);
    const auto internal = [&](const std::string& why) {
        return tell_last(streams, err_paint, form,
                         {ErrorCode::internal, "millrace met a fault of its own", "", why,
                          "report it with these lines and the output of `millrace version`"});
    };
    try {
        const int code = run_words(table, words, err_paint, streams);
        streams.out.flush();
        return code;
    } catch (const OutputClosed&) {
        return 0;  // `millrace … | head -1` got what it wanted
    } catch (const OutputFailed& failed) {
        return tell_last(streams, err_paint, Form::text,
                         {ErrorCode::data, "the output cannot be written", "stdout", failed.what(),
                          "make room on the disk, or write elsewhere"});
    } catch (const std::exception& fault) {
        return internal(fault.what());
    } catch (...) {
        return internal("an exception without a message");
    }
}

int run(std::span<const std::string> words, Streams streams) {
    return run(all_commands(), words, std::move(streams));
}

}  // namespace millrace::cli
