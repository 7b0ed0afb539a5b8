// Invocation: one call of one command. It answers what was asked, holds the streams, and ends in
// fail() or an exit code. stdout carries data only; whatever is said to a person goes to stderr.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/config.hpp"
#include "millrace/base/json_writer.hpp"
#include "millrace/base/result.hpp"
#include "millrace/cli/command.hpp"
#include "millrace/cli/paint.hpp"

namespace millrace::cli {

// Everything a run may read or write besides files; tests capture it.
struct Streams {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    std::map<std::string, std::string> environment = {};
};

// The version of every JSON document that millrace prints; it grows when a field changes its
// meaning or goes away.
constexpr int kSchemaVersion = 1;

// What was given for each name: an option under "--seeds", an argument under "FILE".
using Given = std::map<std::string, std::vector<std::string>, std::less<>>;

class Invocation {
  public:
    // `table` and `command` must outlive the invocation.
    Invocation(const Table& table, const Command& command, Given given, Streams& streams);

    // What was asked. A name that the command does not have is our own bug and asserts.
    [[nodiscard]] bool flag(std::string_view option) const;
    [[nodiscard]] bool given(std::string_view name) const;
    [[nodiscard]] std::string text(std::string_view name) const;      // given, or the default
    [[nodiscard]] std::int64_t integer(std::string_view name) const;  // within its stated range
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;

    [[nodiscard]] bool json() const { return json_; }
    [[nodiscard]] bool jsonl() const { return jsonl_; }
    [[nodiscard]] bool quiet() const { return quiet_; }
    [[nodiscard]] int verbosity() const { return verbosity_; }  // how many -v

    // Data for people or programs, and talk. out() throws OutputClosed once nobody reads it (see
    // output.hpp).
    [[nodiscard]] std::ostream& out() { return streams_.out; }
    [[nodiscard]] std::ostream& err() { return streams_.err; }
    [[nodiscard]] std::istream& in() { return streams_.in; }
    [[nodiscard]] const Paint& paint() const { return out_paint_; }
    [[nodiscard]] bool err_is_terminal() const { return streams_.err_is_terminal; }
    [[nodiscard]] const std::map<std::string, std::string>& environment() const {
        return streams_.environment;
    }

    // The settings in force, read at the first call from what --config, --profile, --set and the
    // environment say; or all that is wrong with them, for fail().
    [[nodiscard]] const tl::expected<config::Config, config::Errors>& configuration();

    void say(std::string_view line);         // a line of talk on stderr, unless --quiet
    void say_detail(std::string_view line);  // only with -v

    // A JSON document with its schema_version already in it; the caller adds members, ends the
    // object and prints it.
    [[nodiscard]] static JsonWriter document();
    void print(const JsonWriter& document);
    void print_line(const JsonWriter& row);  // one row of --jsonl

    // Tells the error (with --json as a document on stdout) and answers the exit code to return.
    int fail(const Error& error);
    int fail(std::span<const Error> errors);  // all are told; the first one decides the exit code

    // True once Ctrl-C was pressed; for commands with Interrupt::is_asked_for.
    [[nodiscard]] static bool interrupted();

    [[nodiscard]] const Table& table() const { return table_; }
    [[nodiscard]] const Command& command() const { return command_; }

  private:
    [[nodiscard]] const std::vector<std::string>* find(std::string_view name) const;

    const Table& table_;
    const Command& command_;
    Given given_;
    Streams& streams_;
    Paint out_paint_;
    Paint err_paint_;
    bool json_;
    bool jsonl_;
    bool quiet_;
    int verbosity_;
    std::optional<tl::expected<config::Config, config::Errors>> configuration_;
};

// How a command answers: text for people, one JSON document, or one JSON object a line.
enum class Form { text, json, jsonl };

// The same telling of errors where there is no invocation yet, as for a wrong command line.
int tell_failure(Streams& streams, const Paint& paint, Form form, std::span<const Error> errors);

}  // namespace millrace::cli
