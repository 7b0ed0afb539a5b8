// Each option is a key of a table (files::table_keys).
#include "millrace/cli/table_options.hpp"

namespace millrace::cli {
namespace {

struct KeyOption {
    std::string_view option;
    std::string_view key;
};
constexpr KeyOption kKeyOptions[] = {{"--columns", "columns"},
                                     {"--delimiter", "delimiter"},
                                     {"--zone", "zone"},
                                     {"--bar-length", "bar-length"},
                                     {"--label", "label"}};

Result<void> set(files::TableOptions& options, std::string_view key, std::string_view value,
                 std::string where) {
    auto done = files::set_table_option(options, key, value);
    if (!done) done.error().where = std::move(where);
    return done;
}

std::vector<std::string> key_names() {
    std::vector<std::string> names;
    for (const files::TableKey& key : files::table_keys())
        names.push_back(std::string(key.key) + "=");
    return names;
}

}  // namespace

std::vector<Option> table_option_list() {
    return {
        {.name = "--columns",
         .value_name = "NAMES",
         .doc = "What the columns are, \"-\" for one to leave out; found unless given",
         .kind = Kind::text},
        {.name = "--delimiter",
         .value_name = "CHARACTER",
         .doc = "What separates the columns, or \"tab\"; found unless given",
         .kind = Kind::text},
        {.name = "--zone",
         .value_name = "ZONE",
         .doc = "Of times that do not name one; the vendor's or UTC unless given",
         .kind = Kind::text},
        {.name = "--bar-length",
         .value_name = "LENGTH",
         .doc = "Of bars that are read; found from their times unless given",
         .kind = Kind::text},
        {.name = "--label",
         .value_name = "END",
         .doc = "What the time of a bar that is read means",
         .kind = Kind::choice,
         .default_text = "open",
         .choices = {"open", "close"}},
        {.name = "--read",
         .value_name = "KEY=VALUE",
         .doc = "How files are read: bad-rows=fail|skip|repair, prices=adjusted, time-format=…; "
                "see docs/reference/formats",
         .kind = Kind::text,
         .repeatable = true,
         .suggest = key_names}};
}

Option price_view_option() {
    return {.name = "--prices",
            .value_name = "VIEW",
            .doc = "As they were, or adjusted: by --actions, else to an adjusted close",
            .kind = Kind::choice,
            .default_text = "raw",
            .choices = {"raw", "adjusted", "total-return", "forward", "backward"}};
}

Result<files::TableOptions> table_options(const Invocation& invocation, const std::string& symbol) {
    files::TableOptions options;
    options.symbol = symbol;
    for (const KeyOption& one : kKeyOptions)
        if (invocation.given(one.option))
            if (auto done =
                    set(options, one.key, invocation.text(one.option), std::string(one.option));
                !done)
                return failure(std::move(done.error()));
    for (const std::string& pair : invocation.texts("--read")) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string::npos || equals == 0)
            return failure(ErrorCode::usage, "\"" + pair.substr(0, 60) + "\" says nothing",
                           "--read", "it is no key with a value", "write --read bad-rows=skip");
        const std::string key = pair.substr(0, equals);
        if (auto done = set(options, key, pair.substr(equals + 1), "--read " + key); !done)
            return failure(std::move(done.error()));
    }
    return options;
}

}  // namespace millrace::cli
