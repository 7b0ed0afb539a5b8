// Database and Statement: SQLite through its C interface, as far as the ledger needs it. Statements
// are prepared once from text that stands in the program; data reaches them only through bind().
// One thread uses a Database.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "millrace/edge/store/ledger/fault.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace millrace::ledger {

class Database;

class Statement {
  public:
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    // Begins anew: what was bound is gone.
    Statement& reset();
    Statement& bind(std::int64_t value);
    // The bytes must stay until the next step() is over.
    Statement& bind(std::string_view text);
    Statement& bind_null();

    // True when there is a row to read, false after the last.
    [[nodiscard]] Kept<bool> step();
    // step() to the end, for statements that answer nothing.
    [[nodiscard]] Kept<void> run();

    // Of the row; valid until the next step().
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] int columns() const;
    [[nodiscard]] std::string_view column_name(int column) const;

  private:
    friend class Database;
    Statement(Database& database, sqlite3_stmt* statement)
        : database_(database), statement_(statement) {}

    Database& database_;
    sqlite3_stmt* statement_;
    int bound_ = 0;
};

class Database {
  public:
    enum class Access { read, write, create };

    [[nodiscard]] static Kept<std::unique_ptr<Database>> open(const std::string& path,
                                                              Access access,
                                                              std::int64_t busy_wait_ms);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    // Text of the program, never of a user; kept prepared for the next time.
    [[nodiscard]] Kept<Statement*> prepare(std::string_view sql);
    // Several statements one after the other, each run to its end.
    [[nodiscard]] Kept<void> execute(std::string_view sql);
    // The one number that a statement answers.
    [[nodiscard]] Kept<std::int64_t> number(std::string_view sql);

    [[nodiscard]] std::int64_t last_id() const;
    [[nodiscard]] std::int64_t changed_rows() const;
    [[nodiscard]] bool in_transaction() const;

    // A whole copy at this moment, of a database that may be in use; nothing when it fails.
    [[nodiscard]] Kept<void> copy_to(const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }
    // What SQLite said last, as an error of ours.
    [[nodiscard]] LedgerError error_of(int code, std::string_view what) const;

  private:
    Database(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}

    std::string path_;
    sqlite3* handle_;
    std::unordered_map<std::string, std::unique_ptr<Statement>> prepared_;
    friend class Statement;
};

}  // namespace millrace::ledger
