// Orders of a kept run as a file for somebody who sends them: OrderSchema rows, or a basket of
// Interactive Brokers (spec A5). Sizes may be worked out anew; what comes to nothing is left out
// and counted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "millrace/app/runs/registry.hpp"
#include "millrace/base/fixed_point.hpp"
#include "millrace/base/maybe.hpp"
#include "millrace/base/zone.hpp"

namespace millrace::runs {

enum class ExportFormat { orders, ib_basket };
enum class ExportSizing { kept, fixed, pct_of_equity, risk };
enum class ExpirePolicy { session_end, good_till_cancel };

struct ExportTerms {
    ExportFormat format = ExportFormat::orders;
    std::string strategy;  // empty: all
    std::optional<Time> from;
    Maybe<Price> tick_size;
    Rounding price_rounding = Rounding::half_even;  // and that of sizes by risk
    std::string time_in_force;                      // empty: as it was
    ExpirePolicy expire = ExpirePolicy::session_end;
    std::string security_type = "STK";
    std::string exchange = "SMART";
    std::string currency = "USD";
    std::string zone_name = "America/New_York";
    Zone zone = Zone::utc();
    ExportSizing sizing = ExportSizing::kept;
    Ratio size = Ratio::whole(1);  // units, or percent
    Money equity = Money::whole(10'000);
    Maybe<Money> notional_max;  // absent: the equity
    Quantity quantity_min = Quantity::whole(1);
};

struct ExportedOrders {
    std::string csv;
    std::uint64_t orders = 0;   // rows
    std::uint64_t dropped = 0;  // entries whose size came to nothing
};

[[nodiscard]] Result<ExportedOrders> export_orders(const KeptRun& run, const ExportTerms& terms);

}  // namespace millrace::runs
