// Builders that the tests of this room share: a folder with a ledger in it, one account that trades
// ACME, and rows of it.
#pragma once

#include <fmt/format.h>

#include "millrace/edge/store/ledger/ledger.hpp"
#include "millrace/edge/store/ledger/reader.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::ledger {

template <class T>
T must(Kept<T> kept) {
    if (!kept) MILLRACE_ASSERT(false, describe(kept.error().error).c_str());
    if constexpr (!std::is_void_v<T>) return std::move(*kept);
}

inline Price price(const char* text) {
    return Price::parse(text).value();
}
inline Quantity quantity(const char* text) {
    return Quantity::parse(text).value();
}
inline Money money(const char* text) {
    return Money::parse(text).value();
}
// 2026-01-05T09:30:00Z and so many seconds.
inline Time second(std::int64_t seconds) {
    return Time::from_ns((1'767'605'400 + seconds) * 1'000'000'000);
}

inline InstrumentRow acme() {
    InstrumentRow row;
    row.symbol = "ACME";
    row.currency = "USD";
    row.price_increment = price("0.01");
    row.quantity_increment = Quantity::whole(1);
    return row;
}
inline AccountRow main_account() {
    AccountRow row;
    row.name = "main";
    row.currency = "USD";
    row.updated_at = second(0);
    return row;
}
inline IntentRow intent(const std::string& key, const std::string& body = "a") {
    IntentRow row;
    row.key = key;
    row.body_hash = std::string(64, body[0]);
    row.account = "main";
    row.strategy = "sma";
    row.symbol = "ACME";
    row.type = model::OrderType::limit;
    row.quantity = quantity("10");
    row.limit_price = price("100.25");
    row.tag = "traderunner";
    row.created_at = row.updated_at = second(0);
    return row;
}
inline OrderRow order(std::int64_t id, const char* size = "10") {
    OrderRow row;
    row.id = id;
    row.client_order_id = fmt::format("m-{}", id);
    row.account = "main";
    row.strategy = "sma";
    row.symbol = "ACME";
    row.quantity = quantity(size);
    row.created_at = row.updated_at = second(id);
    return row;
}
inline ExecutionRow deal(const std::string& ref, std::int64_t order_id, model::Side side,
                         const char* size, const char* at, const char* fee = "0") {
    ExecutionRow row;
    row.exec_ref = ref;
    row.order_id = order_id;
    row.account = "main";
    row.strategy = "sma";
    row.symbol = "ACME";
    row.side = side;
    row.quantity = quantity(size);
    row.price = price(at);
    row.fee = money(fee);
    row.fee_currency = "USD";
    row.ts = second(order_id);
    return row;
}
inline CashRow deposit(const char* amount) {
    CashRow row;
    row.ref = "start";
    row.account = "main";
    row.currency = "USD";
    row.amount = money(amount);
    row.ts = second(0);
    return row;
}
inline AuditRow said(const std::string& action) {
    AuditRow row;
    row.ts = second(1);
    row.actor = "ann";
    row.service = "test";
    row.action = action;
    row.entity = "x";
    return row;
}

// 1,000 in, 10 bought at 20 with a fee of 1, 4 of them sold at 25 without, and the price is 30:
// realised 4 x 5 = 20, unrealised 6 x 10 = 60, cash 1000 - 200 - 1 + 100 = 899, equity 899 + 180.
inline void trade_a_little(Ledger& ledger) {
    Batch batch = must(ledger.begin());
    must(batch.put(acme()));
    must(batch.put(main_account()));
    must(batch.add(deposit("1000")));
    OrderRow bought = order(1);
    bought.filled_quantity = quantity("10");
    OrderRow sold = order(2, "4");
    sold.side = model::Side::sell;
    sold.filled_quantity = quantity("4");
    must(batch.put(bought));
    must(batch.put(sold));
    must(batch.add(deal("e1", 1, model::Side::buy, "10", "20", "1")));
    must(batch.add(deal("e2", 2, model::Side::sell, "4", "25")));
    MarkRow mark;
    mark.symbol = "ACME";
    mark.price = price("30");
    must(batch.put(mark));
    PositionRow position;
    position.account = "main";
    position.symbol = "ACME";
    position.strategy = "sma";
    position.quantity = quantity("6");
    position.average_price = price("20");
    position.currency = "USD";
    position.realised = money("20");
    position.unrealised = money("60");
    position.fees = money("1");
    must(batch.put(position));
    AccountRow account = main_account();
    account.cash = money("899");
    account.equity = money("1079");
    account.realised = money("20");
    account.unrealised = money("60");
    account.fees = money("1");
    must(batch.put(account));
    must(batch.audit(said("begin")));
    must(batch.commit());
}

// One text of one row, as somebody's own tool reads it.
inline std::string answer(const std::string& path, const std::string& sql) {
    auto database = must(Database::open(path, Database::Access::read, 0));
    Statement* statement = must(database->prepare(sql));
    if (!must(statement->step())) return "nothing";
    return statement->is_null(0) ? "NULL" : std::string(statement->text(0));
}

// By force, past the triggers: as a tampering hand would.
inline void force(const std::string& path, const std::string& sql) {
    auto database = must(Database::open(path, Database::Access::write, 0));
    must(database->execute(sql));
}

}  // namespace millrace::ledger
