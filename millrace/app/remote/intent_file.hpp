// IntentFile: a CSV of what somebody wants to trade, as the predecessors write it, row by row: the
// sender's own form (symbol, side, qty), and signals (one row, up to two wishes). A cell that
// cannot be understood makes its row an error and is told; no number is guessed, cut or rounded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"

namespace millrace::remote {

inline constexpr std::size_t kIntentRowsMax = 100'000;

enum class KeyRecipe : std::uint8_t { content, uuid5 };

struct IntentFileOptions {
    KeyRecipe recipe = KeyRecipe::content;
    std::string day = {};         // of rows without a time; empty: the file's last change
    std::string quantity = {};    // of signals, which have none of their own
    std::string order_type = {};  // of signals; empty: STP for inside bars, LMT for the rest
    std::string account = {};     // of all rows; empty: the server's first
};

// One wish: either a body to send under its key, or why none is sent.
struct IntentRow {
    enum class Verdict : std::uint8_t { send, skip, error };
    std::uint64_t line = 0;
    std::string symbol = {};
    std::string side = {};
    std::string body = {};  // JSON
    std::string key = {};
    Verdict verdict = Verdict::send;
    std::string reason = {};  // of skip and error
};

struct IntentFile {
    std::vector<IntentRow> rows;
    bool has_signals = false;
    std::string day;            // that rows without a time count for
    std::uint64_t undated = 0;  // how many there are
};

// Errors that concern the whole file are of code data: `file_not_found`, `missing_columns`.
[[nodiscard]] Result<IntentFile> read_intent_file(const std::string& path,
                                                  const IntentFileOptions& options);

}  // namespace millrace::remote
