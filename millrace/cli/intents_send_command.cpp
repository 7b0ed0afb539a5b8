// `millrace intents send`: the predecessor's CSV sender, with its counters. Rows go one after the
// other; when the server is lost the rest is counted as errors, and the file can be sent again: its
// keys make that safe.
#include "millrace/cli/intents_send_command.hpp"

#include <fmt/format.h>
#include <ostream>

#include "millrace/app/remote/intent_file.hpp"
#include "millrace/base/fixed_point.hpp"
#include "millrace/cli/remote_call.hpp"

namespace millrace::cli {
namespace {

using remote::IntentRow;
using remote::KeyRecipe;

constexpr std::string_view kDuplicate = "urn:millrace:problem:duplicate-intent";

struct Counters {
    std::uint64_t total = 0;
    std::uint64_t created = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t skipped = 0;
    std::uint64_t errors = 0;
};

// Sends and tells; the first error decides the exit code.
class Sender {
  public:
    Sender(Invocation& invocation, remote::Remote* remote)
        : invocation_(invocation), remote_(remote) {
        rows_.begin_array();
    }

    void take(const IntentRow& row);
    void print(const remote::IntentFile& file);
    [[nodiscard]] int exit_code() const { return exit_code_; }

  private:
    void send(const IntentRow& row);
    void count_error(const IntentRow& row, ErrorCode code, const std::string& reason);
    void write(const IntentRow& row, std::string_view status, const std::string& reason,
               const runs::JsonValue& answer = {});

    Invocation& invocation_;
    remote::Remote* remote_;  // none in a dry run
    Counters counters_;
    JsonWriter rows_;
    bool is_lost_ = false;
    int exit_code_ = 0;
};

void Sender::take(const IntentRow& row) {
    ++counters_.total;
    switch (row.verdict) {
        case IntentRow::Verdict::skip:
            ++counters_.skipped;
            invocation_.say(fmt::format("line {}: skipped: {}", row.line, row.reason));
            return write(row, "skipped", row.reason);
        case IntentRow::Verdict::error: return count_error(row, ErrorCode::data, row.reason);
        case IntentRow::Verdict::send: break;
    }
    if (remote_ == nullptr) return write(row, "not_sent", "");
    if (Invocation::interrupted())
        return count_error(row, ErrorCode::interrupted, "stopped before it was sent");
    if (is_lost_) return count_error(row, ErrorCode::network, "not sent, as the one before");
    send(row);
}

void Sender::send(const IntentRow& row) {
    const remote::Ask ask{.method = net::Method::post,
                          .path = "/api/v1/orderintents",
                          .body = row.body,
                          .idempotency_key = row.key,
                          .is_from_file = true};
    auto reply = remote_->ask(ask, {409});
    if (reply && reply->status == 409 && reply->body["type"].text() != kDuplicate)
        reply = failure(remote::error_of(*reply, ask, remote_->instance()));
    if (!reply) {
        const Error& error = reply.error();
        is_lost_ = error.code != ErrorCode::data;
        std::string reason = error.what;
        if (error.where.starts_with('$')) reason += " at " + error.where;
        if (is_lost_ && !error.mend.empty()) invocation_.say("mend: " + error.mend);
        return count_error(row, error.code, reason);
    }
    if (reply->status == 202) {
        ++counters_.created;
        return write(row, "created", "", reply->body);
    }
    ++counters_.duplicates;
    write(row, "duplicate", "", reply->body);
}

void Sender::count_error(const IntentRow& row, ErrorCode code, const std::string& reason) {
    ++counters_.errors;
    if (exit_code_ == 0) exit_code_ = exit_code_of(code);
    invocation_.say(fmt::format("line {}: error: {}", row.line, reason));
    write(row, "error", reason);
}

void Sender::write(const IntentRow& row, std::string_view status, const std::string& reason,
                   const runs::JsonValue& answer) {
    if (!invocation_.json()) {
        if (remote_ == nullptr && row.verdict == IntentRow::Verdict::send)
            invocation_.out() << fmt::format("{} {}\n", row.key, row.body);
        return;
    }
    rows_.begin_object().member("line", row.line).member("symbol", row.symbol);
    rows_.member("side", row.side).member("status", status);
    if (const auto id = answer["id"].number()) rows_.key("id").raw(answer["id"].text());
    const auto& now = answer["intent"]["status"];
    const std::string server = now.is_null() ? answer["status"].text() : now.text();
    if (!answer["id"].is_null()) rows_.member("intent_status", server);
    if (!row.key.empty()) rows_.member("idempotency_key", row.key);
    if (remote_ == nullptr && !row.body.empty()) rows_.key("body").raw(row.body);
    if (!reason.empty()) rows_.member("reason", reason);
    rows_.end_object();
}

void Sender::print(const remote::IntentFile& file) {
    if (file.undated > 0 && !file.day.empty())
        invocation_.say(
            fmt::format("note: rows without a time ({}) count for {}; --day names another",
                        file.undated, file.day));
    const std::pair<const char*, std::uint64_t> figures[] = {{"total", counters_.total},
                                                             {"created", counters_.created},
                                                             {"duplicates", counters_.duplicates},
                                                             {"skipped", counters_.skipped},
                                                             {"errors", counters_.errors}};
    if (!invocation_.json()) {
        if (remote_ == nullptr) return;  // stdout has the bodies
        for (const auto& [name, count] : figures)
            invocation_.out() << fmt::format("{:<12}{}\n", name, count);
        return;
    }
    JsonWriter document = Invocation::document();
    document.member("file", invocation_.text("FILE")).member("dry_run", remote_ == nullptr);
    for (const auto& [name, count] : figures)
        document.member(name, count);
    document.key("rows").raw(rows_.end_array().str()).end_object();
    invocation_.print(document);
}

Result<remote::IntentFileOptions> file_options(const Invocation& invocation) {
    remote::IntentFileOptions options;
    if (invocation.text("--key-recipe") == "uuid5") options.recipe = KeyRecipe::uuid5;
    if (invocation.given("--day")) {
        const auto day = parse_date(invocation.text("--day"));
        if (!day)
            return failure(ErrorCode::usage, day.error().what, "--day", day.error().why,
                           "write it as 2026-11-20");
        options.day = format_date(*day);
    }
    if (invocation.given("--quantity")) {
        const auto quantity = Quantity::parse(invocation.text("--quantity"));
        if (!quantity || quantity->is_zero() || quantity->is_negative())
            return failure(ErrorCode::usage, "this is no quantity", "--quantity",
                           "a number more than zero is one", "write --quantity 10");
        options.quantity = quantity->to_string();
    }
    options.order_type = invocation.text("--signal-type");
    options.account = invocation.text("--account");
    return options;
}

int send_file(Invocation& invocation) {
    const auto options = file_options(invocation);
    if (!options) return invocation.fail(options.error());
    const auto file = remote::read_intent_file(invocation.text("FILE"), *options);
    if (!file) return invocation.fail(file.error());
    std::optional<remote::Remote> remote;
    if (!invocation.flag("--dry-run")) {
        auto found = remote_of(invocation);
        if (!found) return invocation.fail(found.error());
        remote.emplace(std::move(*found));
    }
    Sender sender(invocation, remote ? &*remote : nullptr);
    for (const IntentRow& row : file->rows)
        sender.take(row);
    sender.print(*file);
    return sender.exit_code();
}

}  // namespace

void add_intents_send_command(Table& table) {
    table.add(Command{
        .path = "intents send",
        .summary = "Send a CSV of intents or signals",
        .description =
            "Sends every row of a file: columns symbol, side, qty, and order_type, price, "
            "timestamp, source where they are there; or signals with long_entry and short_entry, "
            "of which each entry is one intent. Prints total, created, duplicates, skipped (a "
            "limit order without a price) and errors. The file can be sent again: a row's key is "
            "made of all it asks and its time, so a known row is a duplicate and nothing more.",
        .arguments = {{.name = "FILE", .doc = "The CSV, packed or not", .kind = Kind::path}},
        .options = with_url(
            {{.name = "--key-recipe",
              .value_name = "NAME",
              .doc = "content: all that is asked, and when; uuid5: the predecessor's, which leaves "
                     "out price and quantity",
              .kind = Kind::choice,
              .default_text = "content",
              .choices = {"content", "uuid5"}},
             {.name = "--day",
              .value_name = "DAY",
              .doc = "Of rows without a time; that of the file's last change unless given",
              .kind = Kind::text},
             {.name = "--quantity",
              .value_name = "N",
              .doc = "Of each signal, which has none of its own",
              .kind = Kind::text},
             {.name = "--signal-type",
              .value_name = "TYPE",
              .doc = "How signals enter; STP for inside bars and LMT for others unless given",
              .kind = Kind::choice,
              .choices = {"LMT", "STP"}},
             {.name = "--account",
              .value_name = "NAME",
              .doc = "The server's first one unless given",
              .kind = Kind::text},
             {.name = "--dry-run", .doc = "Print keys and bodies; nothing is sent"}}),
        .examples = {{"millrace intents send orders.csv", "What the strategy wrote"},
                     {"millrace intents send current_signals.csv --quantity 10 --dry-run",
                      "What would be sent?"},
                     {"millrace intents send orders.csv --key-recipe uuid5",
                      "While the predecessor still sends the same file"}},
        .run = send_file,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
