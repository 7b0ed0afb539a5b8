// `millrace db` and `millrace audit`: prove the ledger, copy it, bring it to this version.
#include <filesystem>
#include <fmt/format.h>
#include <ostream>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"
#include "millrace/edge/store/ledger/ledger.hpp"
#include "millrace/edge/store/ledger/reader.hpp"

namespace millrace::cli {
namespace {

using ledger::CheckReport;
using ledger::Reader;

// What --ledger names, or the one that the orders server has: orders.ledger, or that of the data
// directory.
Result<std::string> ledger_path(Invocation& invocation) {
    if (invocation.given("--ledger")) return invocation.text("--ledger");
    const auto& config = invocation.configuration();
    if (!config) return failure(Error(config.error().front()));
    if (const auto path = config->path("orders.ledger"); !path.empty()) return path.string();
    return (config->path("data_dir") / "millrace.db").string();
}

Result<Reader> open_reader(Invocation& invocation) {
    auto path = ledger_path(invocation);
    if (!path) return failure(std::move(path.error()));
    return ledger::result_of(Reader::open(*path));
}

Error damage(std::string what, std::string where, std::string why) {
    return {ErrorCode::data, std::move(what), std::move(where), std::move(why),
            "keep the file, and restore the last backup beside it"};
}

void print_check(Invocation& invocation, const CheckReport& report) {
    auto& out = invocation.out();
    out << fmt::format("{:<14}{}\n", "version", report.version);
    for (const auto& [name, count] : {std::pair{"intents", report.intents},
                                      {"orders", report.orders},
                                      {"deals", report.executions},
                                      {"positions", report.positions},
                                      {"audit rows", report.audit.rows}})
        out << fmt::format("{:<14}{}\n", name, count);
    for (const ledger::Finding& finding : report.findings)
        out << fmt::format("{:<14}{}: {}\n", finding.code, finding.where, finding.what);
    if (report.is_sound())
        out << "the ledger is sound: the books are what the deals make, the audit trail is whole\n";
}

void print_check_json(Invocation& invocation, const CheckReport& report) {
    JsonWriter document = Invocation::document();
    document.member("sound", report.is_sound()).member("version", report.version);
    document.member("intents", report.intents).member("orders", report.orders);
    document.member("executions", report.executions).member("positions", report.positions);
    document.member("audit_rows", report.audit.rows).member("audit_head", report.audit.head);
    document.key("findings").begin_array();
    for (const ledger::Finding& finding : report.findings)
        document.begin_object()
            .member("code", finding.code)
            .member("where", finding.where)
            .member("what", finding.what)
            .end_object();
    document.end_array().end_object();
    invocation.print(document);
}

int check(Invocation& invocation) {
    auto reader = open_reader(invocation);
    if (!reader) return invocation.fail(reader.error());
    auto report = reader->check();
    if (!report) return invocation.fail(report.error().error);
    if (invocation.json())
        print_check_json(invocation, *report);
    else
        print_check(invocation, *report);
    return report->is_sound() ? 0 : exit_code_of(ErrorCode::data);
}

int backup(Invocation& invocation) {
    auto reader = open_reader(invocation);
    if (!reader) return invocation.fail(reader.error());
    const std::string path = invocation.text("FILE");
    if (auto done = ledger::backup(reader->database(), path); !done)
        return invocation.fail(done.error().error);
    std::error_code ignored;
    const std::uint64_t bytes = std::filesystem::file_size(path, ignored);
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("path", path).member("bytes", bytes).end_object();
        invocation.print(document);
    } else {
        invocation.out() << fmt::format("copied and checked: {} ({} bytes)\n", path, bytes);
    }
    return 0;
}

int migrate(Invocation& invocation) {
    auto path = ledger_path(invocation);
    if (!path) return invocation.fail(path.error());
    auto opened = ledger::Ledger::open(*path);
    if (!opened) return invocation.fail(opened.error().error);
    const ledger::MigrationReport& report = opened->migration();
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("path", *path).member("from", report.from).member("to", report.to);
        document.member("backup", report.backup).end_object();
        invocation.print(document);
    } else if (report.from == report.to) {
        invocation.out() << fmt::format("{} is of version {} already\n", *path, report.to);
    } else {
        invocation.out() << fmt::format("{} is now of version {}\n", *path, report.to);
        if (!report.backup.empty())
            invocation.out() << fmt::format("version {} is kept in {}\n", report.from,
                                            report.backup);
    }
    return 0;
}

int verify(Invocation& invocation) {
    auto reader = open_reader(invocation);
    if (!reader) return invocation.fail(reader.error());
    auto report = reader->verify_audit();
    if (!report) return invocation.fail(report.error().error);
    const std::string& file = reader->database().path();
    if (!report->is_whole())
        return invocation.fail(damage(
            fmt::format("row {} of the audit trail is not as it was written", *report->broken_row),
            fmt::format("{}: audit_system_events {}", file, *report->broken_row),
            fmt::format("{}; the {} rows before it are proven", report->why, report->rows)));
    if (invocation.given("--holds")) {
        auto holds = reader->audit_holds(invocation.text("--holds"));
        if (!holds) return invocation.fail(holds.error().error);
        if (!*holds)
            return invocation.fail(damage("the audit trail is another than the one noted", file,
                                          "no row of it has that hash"));
    }
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("whole", true).member("rows", report->rows).member("head", report->head);
        document.end_object();
        invocation.print(document);
    } else {
        invocation.out() << fmt::format("the audit trail is whole: {} rows\n{:<6}{}\n",
                                        report->rows, "head", report->head);
    }
    return 0;
}

Option ledger_option() {
    return {.name = "--ledger",
            .value_name = "FILE",
            .doc = "Another ledger than the one of the orders server",
            .kind = Kind::path};
}

}  // namespace

void add_db_commands(Table& table) {
    table.add(Group{.name = "db",
                    .section = "Engine",
                    .summary = "Check, copy and migrate the ledger of orders and positions"});
    table.add(Command{
        .path = "db check",
        .summary = "Prove that a ledger is sound",
        .description =
            "Checks every byte and reference of the ledger, works out positions, cash and equity "
            "again from its deals and compares them with what is stored, and proves the audit "
            "trail. Changes nothing, and may run beside a server. Exit code 4 when it finds "
            "anything.",
        .options = {ledger_option()},
        .examples = {{"millrace db check", "Are the books right?"},
                     {"millrace db check --ledger copy.db --json", "Is that backup?"}},
        .run = check});
    table.add(Command{
        .path = "db backup",
        .summary = "Copy a ledger that may be in use",
        .description = "Copies the ledger as it is at one moment, while others go on writing. The "
                       "copy is checked and then appears whole, or not at all. A file that exists "
                       "is never overwritten.",
        .arguments = {{.name = "FILE", .doc = "The copy", .kind = Kind::path}},
        .options = {ledger_option()},
        .examples = {{"millrace db backup ledger-monday.db", "Before the week begins"}},
        .run = backup});
    table.add(Command{
        .path = "db migrate",
        .summary = "Bring a ledger to the version of this program",
        .description =
            "Makes the ledger where there is none, and brings an older one to this version, after "
            "a copy of it beside the file. Servers do the same when they start. There is no way "
            "back but that copy; a ledger of a newer program is refused.",
        .options = {ledger_option()},
        .examples = {{"millrace db migrate", "After an update"}},
        .run = migrate});
}

void add_audit_commands(Table& table) {
    table.add(
        Group{.name = "audit", .section = "Engine", .summary = "Prove the trail of who did what"});
    table.add(Command{
        .path = "audit verify",
        .summary = "Prove that the audit trail is whole",
        .description =
            "Works out the hash of every row again. A row that was changed, taken out or cut off "
            "is told by its number, exit code 4. The head that is printed proves all rows up to "
            "now: note it elsewhere, and ask later with --holds whether they are still the same.",
        .options = {ledger_option(),
                    {.name = "--holds",
                     .value_name = "HASH",
                     .doc = "A head that was noted earlier",
                     .kind = Kind::text}},
        .examples = {{"millrace audit verify", "Did nobody change it?"}},
        .run = verify});
}

}  // namespace millrace::cli
