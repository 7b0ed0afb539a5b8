// From orders.csv of the run: which orders, at which sizes and prices, in which columns.
#include "millrace/app/runs/order_export.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>

#include "millrace/app/runs/run_files.hpp"
#include "millrace/base/date.hpp"
#include "millrace/core/market/calendar.hpp"

namespace millrace::runs {
namespace {

constexpr std::size_t kOrdersMax = 1'000'000;

// One order as the artifact has it; what may be empty is Maybe.
struct KeptOrder {
    std::string id;
    std::string key;
    std::string oco;
    std::string strategy;
    std::string version;
    std::string symbol;
    std::string type;
    std::string parent;
    std::string time_in_force;
    bool is_buy = false;
    Quantity quantity;
    Maybe<Price> limit;
    Maybe<Price> stop;
    Maybe<Price> target;
    Time from;
    Maybe<Time> to;
};

constexpr std::array<std::string_view, 16> kColumns = {"order_id",
                                                       "idempotency_key",
                                                       "oco_id",
                                                       "strategy",
                                                       "strategy_version",
                                                       "symbol",
                                                       "side",
                                                       "qty",
                                                       "limit_price",
                                                       "stop_price",
                                                       "take_profit_price",
                                                       "valid_from",
                                                       "valid_to",
                                                       "time_in_force",
                                                       "order_type",
                                                       "parent_id"};

template <class T>
Result<void> read(Maybe<T>& into, const std::string& text) {
    if (text.empty()) return {};
    const auto value = T::parse(text);
    if (!value) return failure(Error(value.error()));
    into = *value;
    return {};
}

Result<KeptOrder> order_of(std::span<const std::string> cells) {
    KeptOrder order{
        cells[0],  cells[1],          cells[2], cells[3], cells[4], cells[5], cells[14], cells[15],
        cells[13], cells[6] == "BUY", {},       {},       {},       {},       {},        {}};
    const auto quantity = Quantity::parse(cells[7]);
    if (!quantity) return failure(Error(quantity.error()));
    order.quantity = *quantity;
    for (const auto& [into, text] : {std::pair{&order.limit, &cells[8]},
                                     {&order.stop, &cells[9]},
                                     {&order.target, &cells[10]}})
        if (auto done = read(*into, *text); !done) return failure(std::move(done.error()));
    const auto from = parse_time(cells[11]);
    if (!from) return failure(Error(from.error()));
    order.from = *from;
    if (cells[12].empty()) return order;
    const auto to = parse_time(cells[12]);
    if (!to) return failure(Error(to.error()));
    order.to = *to;
    return order;
}

class Exporter {
  public:
    Exporter(const KeptRun& run, const ExportTerms& terms, market::Calendar calendar)
        : run_(run), terms_(terms), calendar_(calendar) {}

    Result<ExportedOrders> write() {
        const auto read = read_csv((run_.folder / "orders.csv").string(), kColumns,
                                   [&](std::span<const std::string> cells) { return take(cells); });
        if (!read) return failure(Error(read.error()));
        ExportedOrders exported;
        line(exported.csv, terms_.format == ExportFormat::orders ? header() : basket_header());
        for (const KeptOrder& order : orders_) {
            if (!order.parent.empty()) continue;
            if (auto done = write_group(order, exported); !done)
                return failure(std::move(done.error()));
        }
        return exported;
    }

  private:
    Result<bool> take(std::span<const std::string> cells) {
        auto order = order_of(cells);
        if (!order) return failure(std::move(order.error()));
        const bool is_meant = (terms_.strategy.empty() || order->strategy == terms_.strategy) &&
                              (!terms_.from || order->from >= *terms_.from);
        if (!is_meant) return true;
        if (orders_.size() == kOrdersMax)
            return failure(ErrorCode::data, "there are too many orders to export",
                           run_.folder.string(), "at most " + std::to_string(kOrdersMax),
                           "choose some with --from or --strategy");
        if (!order->parent.empty()) children_[order->parent].push_back(orders_.size());
        orders_.push_back(std::move(*order));
        return true;
    }

    Result<void> write_group(const KeptOrder& entry, ExportedOrders& exported) {
        const auto sized = size_of(entry);
        if (!sized) return failure(Error(sized.error()));
        if (sized->is_zero()) {
            ++exported.dropped;
            return {};
        }
        const auto known = children_.find(entry.id);
        const auto write = [&](const KeptOrder& order) {
            KeptOrder one = order;
            one.quantity = *sized;
            for (Maybe<Price>* price : {&one.limit, &one.stop, &one.target})
                round(*price);
            ++exported.orders;
            return terms_.format == ExportFormat::orders ? write_order(one, exported.csv)
                                                         : write_basket(one, entry, exported.csv);
        };
        if (auto done = write(entry); !done) return done;
        if (known != children_.end()) {
            for (const std::size_t at : known->second)
                if (auto done = write(orders_[at]); !done) return done;
        } else if (terms_.format == ExportFormat::ib_basket) {
            // An entry without an exit of its own is left at the close (spec A5).
            KeptOrder exit = entry;
            exit.is_buy = !entry.is_buy;
            exit.parent = entry.id;
            exit.id = entry.id + "-exit";
            exit.type = "market_on_close";
            exit.time_in_force = "DAY";
            exit.limit = exit.stop = exit.target = {};
            return write(exit);
        }
        return {};
    }

    void round(Maybe<Price>& price) const {
        if (!price.has_value() || !terms_.tick_size.has_value()) return;
        const auto rounded =
            round_to(price.value(), terms_.tick_size.value(), terms_.price_rounding);
        if (rounded) price = *rounded;
    }

    // The price at which an entry is expected to deal.
    static Maybe<Price> entry_price(const KeptOrder& order) {
        return order.limit.has_value() ? order.limit : order.stop;
    }

    // The stop loss of a bracket.
    [[nodiscard]] Maybe<Price> stop_of(const KeptOrder& entry) const {
        const auto known = children_.find(entry.id);
        if (known != children_.end())
            for (const std::size_t at : known->second)
                if (orders_[at].stop.has_value()) return orders_[at].stop;
        return {};
    }

    [[nodiscard]] tl::unexpected<Error> unsized(const KeptOrder& order, std::string why) const {
        return failure(ErrorCode::usage, "the order cannot be sized",
                       "order " + order.id + " of " + order.symbol, std::move(why),
                       "keep the run's own sizes: --sizing kept");
    }

    Result<Quantity> size_of(const KeptOrder& entry) const {
        if (terms_.sizing == ExportSizing::kept) return entry.quantity;
        const auto whole = [](double units) {
            return Quantity::whole(static_cast<std::int64_t>(units));
        };
        constexpr double kUnitsMax = 1e9;
        const double size = terms_.size.to_double();
        if (terms_.sizing == ExportSizing::fixed) return whole(size);
        const Maybe<Price> price = entry_price(entry);
        if (!price.has_value() || price.value().raw() <= 0)
            return unsized(entry, "it has no price: it is a market order");
        const double entry_at = price.value().to_double();
        const double equity = terms_.equity.to_double();
        const double most =
            (terms_.notional_max.has_value() ? terms_.notional_max.value() : terms_.equity)
                .to_double();
        const double cap = std::floor(most / entry_at);
        if (terms_.sizing == ExportSizing::pct_of_equity)
            return whole(std::min(std::floor(equity * size / 100 / entry_at), kUnitsMax));
        const Maybe<Price> stop = stop_of(entry);
        if (!stop.has_value()) return unsized(entry, "it has no stop, so its risk is not known");
        const double risk = std::abs(entry_at - stop.value().to_double());
        if (risk <= 0) return unsized(entry, "its stop is at its entry");
        const double wanted = equity * size / 100 / risk;
        const double rounded = terms_.price_rounding == Rounding::floor ? std::floor(wanted)
                               : terms_.price_rounding == Rounding::ceiling
                                   ? std::ceil(wanted)
                                   : std::nearbyint(wanted);
        const double least = terms_.quantity_min.to_double();
        if (cap < least) return Quantity();  // not even the least may be held
        return whole(std::min({std::max(rounded, least), cap, kUnitsMax}));
    }

    // When an order that is asked for at `time` lapses.
    Result<Maybe<Time>> end_of(const KeptOrder& order) const {
        if (order.to.has_value()) return order.to;
        if (terms_.expire == ExpirePolicy::good_till_cancel) return Maybe<Time>();
        const auto session = calendar_.session_at(order.from);
        const auto next = session ? session : calendar_.next_session(order.from);
        if (!next)
            return failure(ErrorCode::data, "no session is known for the order",
                           "order " + order.id, format_time(order.from),
                           "let orders work on: --expire-policy good_till_cancel");
        return Maybe<Time>(next->close);
    }

    [[nodiscard]] std::string life_of(const KeptOrder& order) const {
        if (!terms_.time_in_force.empty()) return terms_.time_in_force;
        return order.time_in_force;
    }

    static std::string text_of(const Maybe<Price>& price) {
        return price.has_value() ? price.value().to_string() : std::string();
    }

    static void line(std::string& csv, std::span<const std::string> cells) {
        for (std::size_t at = 0; at < cells.size(); ++at) {
            if (at > 0) csv += ',';
            append_csv_cell(csv, cells[at]);
        }
        csv += '\n';
    }

    static std::vector<std::string> header() {
        return {"order_id",   "idempotency_key",  "oco_id",     "run_id",
                "strategy",   "strategy_version", "symbol",     "side",
                "qty",        "limit_price",      "stop_price", "take_profit_price",
                "valid_from", "valid_to",         "session",    "time_in_force",
                "source",     "created_at"};
    }

    Result<void> write_order(const KeptOrder& order, std::string& csv) const {
        const auto end = end_of(order);
        if (!end) return failure(Error(end.error()));
        const std::vector<std::string> cells = {order.id,
                                                order.key,
                                                order.oco,
                                                run_.run_id(),
                                                order.strategy,
                                                order.version,
                                                order.symbol,
                                                order.is_buy ? "BUY" : "SELL",
                                                order.quantity.to_string(),
                                                text_of(order.limit),
                                                text_of(order.stop),
                                                text_of(order.target),
                                                format_time(order.from),
                                                end->has_value() ? format_time(end->value()) : "",
                                                "",  // Millrace's runs have no session of this kind
                                                life_of(order),
                                                "backtest",
                                                format_time(order.from)};
        line(csv, cells);
        return {};
    }

    static std::vector<std::string> basket_header() {
        return {"Date",          "TradeID",     "Strategy", "Side",     "IsExit",    "OrderId",
                "ParentId",      "OcaId",       "RTSym",    "Symbol",   "Expiry",    "SecType",
                "Currency",      "Exchange",    "Action",   "Quantity", "OrderType", "TimeInForce",
                "GoodAfterTime", "GoodTilDate", "AllHours", "LmtPrice", "AuxPrice",  "Account",
                "FaGroup",       "FaProfile",   "FaMethod"};
    }

    static std::string basket_type(const std::string& type) {
        static const std::map<std::string, std::string> kTypes = {
            {"market", "MKT"},
            {"limit", "LMT"},
            {"stop", "STP"},
            {"stop_limit", "STP LMT"},
            {"market_if_touched", "MIT"},
            {"limit_if_touched", "LIT"},
            {"trailing_stop", "TRAIL"},
            {"trailing_stop_limit", "TRAIL LIMIT"},
            {"market_on_open", "MKT"},
            {"limit_on_open", "LMT"},
            {"market_on_close", "MOC"},
            {"limit_on_close", "LOC"}};
        const auto known = kTypes.find(type);
        return known == kTypes.end() ? type : known->second;
    }

    // "20240131 16:00:00 America/New_York"
    [[nodiscard]] std::string local_text(Time time) const {
        const LocalDateTime local = terms_.zone.to_local(time).local;
        const std::int64_t second = local.ns_of_day / kNanosecondsPerSecond;
        return fmt::format("{:04}{:02}{:02} {:02}:{:02}:{:02} {}", local.date.year,
                           local.date.month, local.date.day, second / 3'600, second % 3'600 / 60,
                           second % 60, terms_.zone_name);
    }

    Result<void> write_basket(const KeptOrder& order, const KeptOrder& entry,
                              std::string& csv) const {
        const bool is_exit = !order.parent.empty();
        const auto end = end_of(order);
        if (!end) return failure(Error(end.error()));
        const bool at_open = order.type.ends_with("_on_open");
        const bool is_dated = end->has_value() && !is_exit && !at_open &&
                              (order.time_in_force == "DAY" || order.time_in_force == "GTC" ||
                               order.time_in_force == "GTD");
        std::string life = terms_.time_in_force;
        if (life.empty()) life = at_open ? "OPG" : is_dated ? "GTD" : life_of(order);
        const std::vector<std::string> cells = {local_text(order.from).substr(0, 8),
                                                entry.id,
                                                order.strategy,
                                                entry.is_buy ? "1" : "-1",
                                                is_exit ? "1" : "0",
                                                order.id,
                                                order.parent,
                                                is_exit ? entry.id : order.oco,
                                                order.symbol,
                                                order.symbol,
                                                "",
                                                terms_.security_type,
                                                terms_.currency,
                                                terms_.exchange,
                                                order.is_buy ? "BUY" : "SELL",
                                                order.quantity.to_string(),
                                                basket_type(order.type),
                                                life,
                                                "",
                                                life == "GTD" ? local_text(end->value()) : "",
                                                "",
                                                text_of(order.limit),
                                                text_of(order.stop),
                                                "",
                                                "",
                                                "",
                                                ""};
        line(csv, cells);
        return {};
    }

    const KeptRun& run_;
    const ExportTerms& terms_;
    market::Calendar calendar_;
    std::vector<KeptOrder> orders_;
    std::map<std::string, std::vector<std::size_t>> children_;  // by their parent
};

}  // namespace

Result<ExportedOrders> export_orders(const KeptRun& run, const ExportTerms& terms) {
    const auto calendar = market::Calendar::find("us-equities");
    if (!calendar) return failure(Error(calendar.error()));
    return Exporter(run, terms, *calendar).write();
}

}  // namespace millrace::runs
