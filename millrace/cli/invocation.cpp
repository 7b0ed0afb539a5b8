// Looking up what was given, and telling errors to people and to programs.
#include "millrace/cli/invocation.hpp"

#include <algorithm>
#include <charconv>
#include <ostream>

#include "millrace/app/settings.hpp"
#include "millrace/base/assert.hpp"
#include "millrace/cli/interrupt.hpp"

namespace millrace::cli {
namespace {

const Option* option_of(const Command& command, std::string_view name) {
    for (const Option* option : options_of(command))
        if (option->name == name) return option;
    return nullptr;
}

const Argument* argument_of(const Command& command, std::string_view name) {
    for (const Argument& argument : command.arguments)
        if (argument.name == name) return &argument;
    return nullptr;
}

bool was_given(const Given& given, std::string_view name) {
    return given.contains(name);
}

void write_error(JsonWriter& writer, const Error& error) {
    writer.begin_object()
        .member("code", name_of(error.code))
        .member("what", error.what)
        .member("where", error.where)
        .member("why", error.why)
        .member("mend", error.mend)
        .end_object();
}

}  // namespace

Invocation::Invocation(const Table& table, const Command& command, Given given, Streams& streams)
    : table_(table),
      command_(command),
      given_(std::move(given)),
      streams_(streams),
      out_paint_(Paint::chosen(streams.out_is_terminal, was_given(given_, "--no-color"),
                               streams.environment)),
      err_paint_(Paint::chosen(streams.err_is_terminal, was_given(given_, "--no-color"),
                               streams.environment)),
      json_(was_given(given_, "--json")),
      jsonl_(was_given(given_, "--jsonl")),
      quiet_(was_given(given_, "--quiet")),
      verbosity_(static_cast<int>(texts("--verbose").size())) {}

const std::vector<std::string>* Invocation::find(std::string_view name) const {
    MILLRACE_ASSERT(option_of(command_, name) != nullptr || argument_of(command_, name) != nullptr,
                    "a command may only ask for what its table entry names");
    const auto found = given_.find(name);
    return found == given_.end() ? nullptr : &found->second;
}

bool Invocation::flag(std::string_view option) const {
    return find(option) != nullptr;
}

bool Invocation::given(std::string_view name) const {
    return find(name) != nullptr;
}

std::string Invocation::text(std::string_view name) const {
    if (const auto* values = find(name)) return values->back();
    if (const Option* option = option_of(command_, name)) return option->default_text;
    return argument_of(command_, name)->default_text;
}

std::int64_t Invocation::integer(std::string_view name) const {
    const std::string digits = text(name);
    std::int64_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, fault] = std::from_chars(digits.data(), end, number);
    // What was given is checked already, so only a default in the table can be wrong here.
    MILLRACE_ASSERT(fault == std::errc() && stop == end,
                    "an integer option has an integer default");
    return number;
}

std::vector<std::string> Invocation::texts(std::string_view name) const {
    const auto* values = find(name);
    return values == nullptr ? std::vector<std::string>() : *values;
}

const tl::expected<config::Config, config::Errors>& Invocation::configuration() {
    if (!configuration_) {
        config::Sources sources;
        // Where the command has an option of its own by that name, it says nothing of settings.
        const auto is_global = [&](std::string_view name) {
            return std::ranges::none_of(command_.options,
                                        [&](const Option& own) { return own.name == name; });
        };
        if (is_global("--config") && given("--config")) sources.file = text("--config");
        sources.profile = text("--profile");
        sources.environment = streams_.environment;
        if (is_global("--set")) sources.overrides = texts("--set");
        configuration_ = config::load(app::settings(), sources);
    }
    return *configuration_;
}

void Invocation::say(std::string_view line) {
    if (!quiet_) streams_.err << line << '\n' << std::flush;
}

void Invocation::say_detail(std::string_view line) {
    if (verbosity_ > 0) say(line);
}

JsonWriter Invocation::document() {
    JsonWriter writer(JsonWriter::Style::indented);
    writer.begin_object().member("schema_version", kSchemaVersion);
    return writer;
}

void Invocation::print(const JsonWriter& document) {
    streams_.out << document.str() << '\n';
}

void Invocation::print_line(const JsonWriter& row) {
    MILLRACE_ASSERT(row.str().find('\n') == std::string::npos, "a row is one line");
    streams_.out << row.str() << '\n';
}

int Invocation::fail(const Error& error) {
    return fail(std::span<const Error>(&error, 1));
}

int Invocation::fail(std::span<const Error> errors) {
    const Form form = jsonl_ ? Form::jsonl : (json_ ? Form::json : Form::text);
    return tell_failure(streams_, err_paint_, form, errors);
}

bool Invocation::interrupted() {
    return interrupt_requested();
}

int tell_failure(Streams& streams, const Paint& paint, Form form, std::span<const Error> errors) {
    MILLRACE_ASSERT(!errors.empty(), "a failure has an error");
    if (form != Form::text) {
        JsonWriter document(form == Form::json ? JsonWriter::Style::indented
                                               : JsonWriter::Style::compact);
        document.begin_object().member("schema_version", kSchemaVersion).key("error");
        write_error(document, errors.front());
        if (errors.size() > 1) {
            document.key("errors").begin_array();
            for (const Error& error : errors)
                write_error(document, error);
            document.end_array();
        }
        document.end_object();
        streams.out << document.str() << '\n';
        return exit_code_of(errors.front().code);
    }
    for (const Error& error : errors) {
        std::string text = describe(error);
        constexpr std::string_view kLabel = "error:";
        if (paint.on() && text.starts_with(kLabel))
            text = paint.bad(kLabel) + text.substr(kLabel.size());
        streams.err << text << '\n';
    }
    streams.err << std::flush;
    return exit_code_of(errors.front().code);
}

}  // namespace millrace::cli
