// The command table: what millrace can be asked, described once. Parsing, help, shell completion
// and the reference page are all made from it. To add a command: one Command entry and one function
// in <noun>_commands.cpp.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::cli {

class Invocation;

enum class Kind { flag, text, integer, choice, path };

// Names that exist at this moment (settings, journals …), offered by shell completion.
using Suggest = std::vector<std::string> (*)();

struct Option {
    std::string name = {};        // "--seeds"
    char short_name = '\0';       // 'v' for -v
    std::string value_name = {};  // "N"; empty for a flag
    std::string doc = {};         // one phrase, without a full stop
    Kind kind = Kind::flag;
    std::string default_text = {};          // what text() and integer() answer when it is not given
    std::vector<std::string> choices = {};  // the words a choice may be
    std::int64_t minimum = std::numeric_limits<std::int64_t>::min();
    std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
    bool repeatable = false;
    bool required = false;
    bool hidden = false;
    bool replaces_global = false;  // it has the name of a global option, and takes its place
    Suggest suggest = nullptr;
};

struct Argument {
    std::string name = {};  // "FILE"
    std::string doc = {};
    Kind kind = Kind::text;
    std::string default_text = {};
    std::vector<std::string> choices = {};
    std::int64_t minimum = std::numeric_limits<std::int64_t>::min();
    std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
    bool repeatable = false;  // only the last argument may be
    bool required = true;
    Suggest suggest = nullptr;
};

struct Example {
    std::string line = {};  // "millrace journal verify millrace-data/journal"
    std::string doc = {};
};

// What a running command may need from its surroundings, so that run() prepares it only then.
enum class Interrupt {
    ends_the_process,  // Ctrl-C ends it at once; right for whatever only reads
    is_asked_for,  // it asks interrupted() in its loop and leaves tidily; a second Ctrl-C ends it
                   // at once
};

struct Command {
    std::string path = {};         // "journal verify", or a noun alone: "doctor"
    std::string section = {};      // the heading in `millrace --help`; only for a noun alone
    std::string summary = {};      // one line, imperative, without a full stop
    std::string description = {};  // one paragraph
    std::vector<Argument> arguments = {};
    std::vector<Option> options = {};
    std::vector<Example> examples = {};
    int (*run)(Invocation&) = nullptr;
    bool streams = false;  // prints rows: has --jsonl
    bool logs = false;     // starts the logger from the configuration before it runs
    Interrupt interrupt = Interrupt::ends_the_process;
};

// A noun with verbs: "journal" for `journal inspect`, `journal verify`.
struct Group {
    std::string name = {};
    std::string section = {};
    std::string summary = {};
};

// A row of the top-level help.
struct Noun {
    std::string name;
    std::string section;
    std::string summary;
};

class Table {
  public:
    // Both assert that the entry is well formed and new: a faulty table is our own bug.
    void add(Group group);
    void add(Command command);

    [[nodiscard]] const std::vector<Command>& commands() const { return commands_; }
    [[nodiscard]] const std::vector<Noun>& nouns() const { return nouns_; }

    // The command of exactly these words; nullptr when there is none.
    [[nodiscard]] const Command* find(std::string_view path) const;
    [[nodiscard]] const Group* find_group(std::string_view name) const;

    // The commands of a group, in table order.
    [[nodiscard]] std::vector<const Command*> verbs_of(std::string_view group) const;

  private:
    std::vector<Command> commands_;
    std::vector<Group> groups_;
    std::vector<Noun> nouns_;
};

// The options that every command has: --config, --profile, --set, --json, --quiet, -v, --no-color,
// --help, --version.
[[nodiscard]] const std::vector<Option>& global_options();
// Whether this is one of them, and no command's own.
[[nodiscard]] bool is_global(const Option& option);

// The options that `command` answers to: its own, --jsonl when it streams, and the global ones
// whose names it does not use itself.
[[nodiscard]] std::vector<const Option*> options_of(const Command& command);

// "verify" of "journal verify"; the noun itself for a noun alone.
[[nodiscard]] std::string_view last_word(std::string_view path);

}  // namespace millrace::cli
