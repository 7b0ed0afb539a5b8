// Settings of the orders server: all that it is started with. Whoever reads a configuration or an
// environment fills them; nothing here looks at either. What changes while it runs (limits, kill
// switches, what may be sent) is state of the engine and not found here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/base/zone.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/risk/guardian.hpp"

namespace millrace::orders {

// What happens to an intent that was planned.
enum class Mode : std::uint8_t {
    plan_only,   // nothing is sent
    paper_send,  // to the simulated venue
    live_send,   // to a broker: refused at the start, there is no adapter yet
};
inline constexpr std::array<std::string_view, 3> kModeNames = {"plan-only", "paper-send",
                                                               "live-send"};
[[nodiscard]] constexpr std::string_view name_of(Mode mode) {
    return kModeNames[static_cast<std::size_t>(mode)];
}

struct AccountTerms {
    std::string name = "main";
    std::string currency = "USD";
    Money opening_cash = Money::whole(100'000);
};

// Prices made up from a seed, for whoever runs the feed (http/). A restart goes on from the last
// prices.
struct PriceTerms {
    bool is_on = true;
    std::uint64_t seed = 1;
    double quotes_per_second = 20;  // of all instruments together
};

struct Settings {
    std::string data_directory;  // journal/ and, unless it is named, the ledger are in it
    std::string ledger_path;     // empty: millrace.db in the data directory
    std::vector<std::string> symbols = default_symbols();
    std::vector<AccountTerms> accounts = {{}};
    PriceTerms prices;

    Mode mode = Mode::plan_only;
    bool allows_sending = false;   // ENV_ALLOW_SEND: nothing is sent without it
    bool forbids_sending = false;  // ENV_FORCE_NO_IB: nothing is sent with it
    bool auto_promotes = false;
    bool guards_market = false;

    bool has_default_limits = true;             // those of docs/concept/guardian.md
    std::vector<risk::ConfiguredLimit> limits;  // beside them, or in their place
    Zone zone = Zone::utc();                    // whose midnight begins the guardian's day

    std::uint64_t seed = 1;                    // of the engine
    std::size_t open_requests_max = 4'096;     // taken and not answered; more are refused
    std::uint64_t snapshot_every = 1'000'000;  // inputs
    std::size_t intents_max = 1'000'000;       // keys that are remembered

    // AAPL, MSFT … : the symbols of the predecessors' demos.
    [[nodiscard]] static std::vector<std::string> default_symbols();
    // US shares in dollars, a cent a tick, whole shares.
    [[nodiscard]] static model::Instrument share(const std::string& symbol, InstrumentId id);

    [[nodiscard]] std::string ledger_file() const;
    [[nodiscard]] std::string journal_directory() const;
    // Whether what is ready goes to the venue.
    [[nodiscard]] bool sends() const {
        return mode == Mode::paper_send && allows_sending && !forbids_sending;
    }
    [[nodiscard]] Result<void> check() const;
};

}  // namespace millrace::orders
