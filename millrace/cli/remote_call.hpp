// What every command that talks to a running instance shares: finding it, asking it, and printing a
// list of what it answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "millrace/app/remote/remote.hpp"
#include "millrace/cli/invocation.hpp"
#include "millrace/cli/text_table.hpp"

namespace millrace::cli {

// --url
[[nodiscard]] Option url_option();
// Own options of a command and --url behind them.
[[nodiscard]] std::vector<Option> with_url(std::vector<Option> own);
// --limit and --before, for lists.
[[nodiscard]] std::vector<Option> with_paging(std::vector<Option> own);

// The instance that --url, the configuration and the data directory lead to.
[[nodiscard]] Result<remote::Remote> remote_of(Invocation& invocation);

// Finds it and asks it once.
[[nodiscard]] Result<remote::Reply> ask_remote(Invocation& invocation, const remote::Ask& ask,
                                               std::initializer_list<int> also = {});

// A GET whose query is what was given of these options: "--status" becomes status=….
[[nodiscard]] remote::Ask list_ask(const Invocation& invocation, std::string path,
                                   const std::vector<std::string>& options);

// A column and the member of the row it shows.
struct ListColumn {
    std::string member;
    TextColumn column;
};

struct Listing {
    std::string name;          // of the array in the document: "orders"
    std::string nothing = {};  // said when there is none: names the next command
    std::vector<ListColumn> columns;
    // Which rows are shown; all, unless given.
    bool (*is_shown)(const runs::JsonValue& row) = nullptr;
};

// As a table, or as a document with the rows as the server wrote them, or one a line.
int print_listing(Invocation& invocation, const remote::Reply& reply, const Listing& listing);

// The answer under `name` in a document: {"schema_version": 1, "intent": {…}}.
void print_reply(Invocation& invocation, std::string_view name, const remote::Reply& reply);

// "name          value" for each member that is there.
void print_members(Invocation& invocation, const runs::JsonValue& value,
                   const std::vector<std::string>& members);

}  // namespace millrace::cli
