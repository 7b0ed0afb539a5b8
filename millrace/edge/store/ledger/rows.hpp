// What the ledger keeps, a struct a table. Names, not numbers: a ledger outlives the process that
// numbered them. An id of 0 is given by the ledger; texts that may be empty are "" and never NULL.
// Names of columns and what each row obeys stand in migrations/.
#pragma once

#include <optional>
#include <string>

#include "millrace/core/model/account.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/order.hpp"
#include "millrace/core/model/signal.hpp"
#include "millrace/core/portfolio/ledger.hpp"

namespace millrace::ledger {

struct InstrumentRow {
    std::int64_t id = 0;
    std::string symbol;
    std::string venue;
    model::AssetClass asset_class{};
    std::string currency;
    std::string base_currency;
    Price price_increment;
    Quantity quantity_increment;
    Maybe<Quantity> minimum_quantity;
    Ratio multiplier = Ratio::whole(1);
    bool inverse = false;
    std::string calendar;
    bool operator==(const InstrumentRow&) const = default;
};

// Money in the account's currency, as of updated_at.
struct AccountRow {
    std::int64_t id = 0;
    std::string name;
    std::string broker;
    std::string currency;
    model::PositionMode mode{};
    std::string status = "active";
    Money cash;
    Money equity;
    Maybe<Money> buying_power;
    Money realised;
    Money unrealised;
    Money fees;
    Time updated_at;
    bool operator==(const AccountRow&) const = default;
};

struct IntentRow {
    std::int64_t id = 0;
    std::string key;        // idempotency key
    std::string body_hash;  // SHA-256 of the canonical body
    std::string account;
    std::string strategy;
    std::string symbol;
    model::Side side{};
    model::OrderType type{};
    model::TimeInForce time_in_force{};
    Quantity quantity;
    Maybe<Price> limit_price;
    Maybe<Price> stop_price;
    Maybe<Price> stop_loss;
    Maybe<Price> take_profit;
    Maybe<Time> expires_at;
    bool reduce_only = false;
    std::string tag;
    std::string status = "pending";
    std::string reason;
    std::int64_t answer_status = 202;  // what the client was told, for the same question again
    std::string answer_body;
    Time created_at;
    Time updated_at;
    bool operator==(const IntentRow&) const = default;
};

struct OrderRow {
    std::int64_t id = 0;  // the engine's number, never 0
    std::string client_order_id;
    std::optional<std::int64_t> intent_id;
    std::optional<std::int64_t> signal_id;
    std::string account;
    std::string strategy;
    std::string symbol;
    model::Side side{};
    model::OrderType type{};
    model::TimeInForce time_in_force{};
    Quantity quantity;
    Maybe<Price> limit_price;
    Maybe<Price> stop_price;
    Quantity filled_quantity;
    Maybe<Price> average_price;
    model::OrderStatus status{};
    model::OrderReason reason{};
    std::string venue_order_id;
    Time created_at;
    Time updated_at;
    bool operator==(const OrderRow&) const = default;
};

struct ExecutionRow {
    std::int64_t id = 0;
    std::string exec_ref;  // the venue's name of the deal, unique
    std::int64_t order_id = 0;
    std::string account;
    std::string strategy;
    std::string symbol;
    model::Side side{};
    Quantity quantity;
    Price price;
    Money fee;
    std::string fee_currency;
    model::Liquidity liquidity{};
    bool closes = false;  // portfolio::PositionEffect::close
    std::string session;
    Time ts;
    bool operator==(const ExecutionRow&) const = default;
};

// As portfolio::Portfolio::positions() tells it.
struct PositionRow {
    std::int64_t id = 0;
    std::string account;
    std::string symbol;
    std::string strategy;
    std::string leg = "net";  // or long, short
    Quantity quantity;
    Maybe<Price> average_price;
    std::string currency;
    Money realised;
    Money unrealised;
    Money fees;
    Time updated_at;
    bool operator==(const PositionRow&) const = default;
};

struct MarkRow {
    std::int64_t id = 0;
    std::string symbol;
    Price price;
    Time ts;
    bool operator==(const MarkRow&) const = default;
};

struct CashRow {
    std::int64_t id = 0;
    std::string ref;  // unique
    std::string account;
    std::string strategy;  // empty: the account as a whole
    std::string currency;
    Money amount;
    portfolio::CashReason reason{};
    std::string note;
    Time ts;
    bool operator==(const CashRow&) const = default;
};

struct EquityRow {
    std::int64_t id = 0;
    std::string account;
    std::optional<std::string> strategy;  // absent: the whole account
    std::string session;
    Money equity;
    Money cash;
    Time ts;
    bool operator==(const EquityRow&) const = default;
};

struct PositionSnapshotRow {
    std::int64_t id = 0;
    std::string account;
    std::string strategy;
    std::string symbol;
    std::string session;
    Quantity quantity;
    Maybe<Price> average_price;
    Maybe<Price> mark_price;
    Money unrealised;
    Time ts;
    bool operator==(const PositionSnapshotRow&) const = default;
};

struct StrategyRow {
    std::int64_t id = 0;
    std::string name;
    std::string type;
    std::string version;
    std::string state = "registered";
    std::string mode = "paper";
    std::string symbols;
    std::string params = "{}";
    Maybe<Money> risk_budget;
    Time created_at;
    Time updated_at;
    bool operator==(const StrategyRow&) const = default;
};

struct SignalRow {
    std::int64_t id = 0;
    std::string key;  // unique
    std::string strategy;
    std::string version;
    std::string symbol;
    model::SignalAction action{};
    Ratio strength;
    Maybe<Price> price;
    Maybe<Price> stop_loss;
    Maybe<Price> take_profit;
    Maybe<Quantity> quantity;
    std::string interval;
    std::string setup;
    Maybe<Ratio> score;
    std::string meta = "{}";
    std::string status = "pending";
    std::string source;
    std::string lab;
    std::string run_id;
    Time ts;
    bool operator==(const SignalRow&) const = default;
};

struct PerformanceRow {
    std::int64_t id = 0;
    std::string strategy;
    Time window_start;
    Time window_end;
    std::int64_t trades = 0;
    std::int64_t wins = 0;
    Money pnl;
    Maybe<Ratio> return_ratio;
    Maybe<Ratio> sharpe;
    Maybe<Ratio> max_drawdown;
    bool operator==(const PerformanceRow&) const = default;
};

struct LimitRow {
    std::int64_t id = 0;
    std::string scope = "global";
    std::string key;
    std::string rule;
    std::string value;
    std::string severity = "CRITICAL";
    std::int64_t version = 0;  // given by the ledger
    bool active = true;
    std::string changed_by;
    std::string reason;
    Time ts;
    bool operator==(const LimitRow&) const = default;
};

struct RiskEventRow {
    std::int64_t id = 0;
    std::string rule;
    std::string scope;
    std::string key;
    std::string value;
    std::string limit_value;
    std::string decision;
    std::optional<std::int64_t> order_id;
    std::string severity = "INFO";
    std::string message;
    Time ts;
    std::optional<std::string> acked_by;
    Maybe<Time> acked_at;
    bool operator==(const RiskEventRow&) const = default;
};

struct KillSwitchRow {
    std::int64_t id = 0;
    std::string scope = "global";
    std::string key;
    bool engaged = false;
    std::string reason;
    std::string actor;
    Time ts;
    bool operator==(const KillSwitchRow&) const = default;
};

struct MonitoringRow {
    std::int64_t id = 0;
    std::string account;
    Money gross;
    Money net;
    Maybe<Money> var95;
    Ratio drawdown;
    Money daily_pnl;
    bool kill_switch = false;
    Time ts;
    bool operator==(const MonitoringRow&) const = default;
};

struct HealthRow {
    std::int64_t id = 0;
    std::string service;
    std::string status = "ok";
    std::int64_t latency_ns = 0;
    std::string details;
    Time ts;
    bool operator==(const HealthRow&) const = default;
};

struct ConfigurationRow {
    std::int64_t id = 0;
    std::string key;
    std::string value;         // never a secret
    std::int64_t version = 0;  // given by the ledger
    std::string changed_by;
    Time ts;
    bool operator==(const ConfigurationRow&) const = default;
};

// What is added to the audit trail; its number and hashes are the ledger's.
struct AuditRow {
    std::int64_t id = 0;
    Time ts;
    std::string actor;
    std::string service;
    std::string action;
    std::string entity;
    std::string before;
    std::string after;
    std::string prev_hash;
    std::string hash;
    bool operator==(const AuditRow&) const = default;
};

}  // namespace millrace::ledger
