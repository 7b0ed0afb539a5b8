// What a server may be started with, and what the predecessors' demos traded.
#include "millrace/app/orders/settings.hpp"

#include <filesystem>
#include <set>

#include "millrace/core/execution/intent_book.hpp"

namespace millrace::orders {
namespace {

constexpr std::size_t kSymbolsMax = 10'000;
constexpr std::size_t kAccountsMax = 100;

tl::unexpected<Error> refused(std::string what, std::string where, std::string why,
                              std::string mend) {
    return failure(ErrorCode::config, std::move(what), std::move(where), std::move(why),
                   std::move(mend));
}

Result<void> check_names(const std::vector<std::string>& names, const std::string& where,
                         std::size_t most) {
    if (names.empty() || names.size() > most)
        return refused("the list is empty or too long", where,
                       std::to_string(names.size()) + " names",
                       "name 1 to " + std::to_string(most));
    std::set<std::string> seen;
    for (const std::string& name : names) {
        if (name.empty() || name.size() > 32 || name.find_first_of(" :\t\n") != std::string::npos)
            return refused("this is no name", where, name,
                           "1 to 32 bytes without spaces and colons");
        if (!seen.insert(name).second)
            return refused("a name stands twice", where, name, "name it once");
    }
    return {};
}

}  // namespace

std::vector<std::string> Settings::default_symbols() {
    return {"AAPL", "MSFT", "AMZN", "GOOG", "GOOGL", "TSLA", "NVDA", "META", "NFLX", "AMD", "INTC"};
}

model::Instrument Settings::share(const std::string& symbol, InstrumentId id) {
    model::Instrument share;
    share.id = id;
    share.symbol = Text<32>::from(symbol).value();
    share.asset_class = model::AssetClass::equity;
    share.currency = "USD";
    share.price_increment = Price::from_raw(Price::kOne / 100);
    share.quantity_increment = Quantity::whole(1);
    share.minimum_quantity = Quantity::whole(1);
    share.multiplier = Ratio::whole(1);
    share.calendar = "us-equities";
    return share;
}

std::string Settings::ledger_file() const {
    if (!ledger_path.empty()) return ledger_path;
    return (std::filesystem::path(data_directory) / "millrace.db").string();
}

std::string Settings::journal_directory() const {
    return (std::filesystem::path(data_directory) / "journal").string();
}

Result<void> Settings::check() const {
    if (data_directory.empty())
        return refused("there is no data directory", "data_dir", {}, "name one");
    if (mode == Mode::live_send)
        return refused("orders cannot be sent to a broker", "orders.mode",
                       "there is no adapter of a broker in this version",
                       "use paper-send, which deals on the simulated venue, or plan-only");
    if (auto fine = check_names(symbols, "orders.symbols", kSymbolsMax); !fine) return fine;
    std::vector<std::string> names;
    for (const AccountTerms& account : accounts) {
        names.push_back(account.name);
        if (!Code::from(account.currency) || account.currency.empty())
            return refused("this is no currency", "orders.accounts", account.currency,
                           "write its three letters");
        if (account.opening_cash < Money())
            return refused("an account cannot begin with a debt", "orders.accounts", account.name,
                           "give it 0 or more");
    }
    if (auto fine = check_names(names, "orders.accounts", kAccountsMax); !fine) return fine;
    if (open_requests_max == 0 || open_requests_max > 1'000'000 || intents_max == 0 ||
        intents_max > execution::IntentBook::kIntentsMax || snapshot_every == 0)
        return refused("a bound is out of range", "orders", {}, "see the reference");
    return {};
}

}  // namespace millrace::orders
