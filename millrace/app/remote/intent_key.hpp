// The keys under which rows of a file are asked for. A key must be the same when the same row is
// sent again, and another for any other wish; the predecessor's was not (spec: pains 9).
#pragma once

#include <string>
#include <string_view>

namespace millrace::remote {

// Ours: everything that is asked, and when: symbol, side, quantity, prices, type, tag and the
// moment. `body` is the JSON that is sent, `moment` the row's time or day.
[[nodiscard]] std::string content_key(std::string_view body, std::string_view moment);

// What the predecessor's sender made its key of; price and quantity are no part of it.
struct PredecessorRow {
    std::string_view symbol;
    std::string_view side;
    std::string_view timestamp;  // as it stands in the file; "nan" where the cell is blank
    std::string_view source;
    std::string_view order_type;  // not in capitals when the file has it otherwise
};
// UUID version 5 in the DNS namespace of SYMBOL|SIDE|timestamp|source|order_type.
[[nodiscard]] std::string predecessor_key(const PredecessorRow& row);

// A fresh one, for a wish that stands in no file.
[[nodiscard]] std::string fresh_key();

// UUID version 5 (RFC 9562) of a name in the DNS namespace.
[[nodiscard]] std::string dns_uuid(std::string_view name);

}  // namespace millrace::remote
