// Which components, in which hands.
#include "millrace/app/orders/assembly.hpp"

#include "millrace/base/hash.hpp"
#include "millrace/core/venue/paper_venue.hpp"

namespace millrace::orders {
namespace {

constexpr std::size_t kInstrumentsMax = 10'000;

// What a replay hangs on, beside the inputs: under other settings the journal is refused.
std::uint64_t seed_of(const Settings& settings) {
    RunningHash hash(settings.seed);
    hash.add(std::as_bytes(std::span(settings.zone.name())));
    hash.add(std::uint64_t{settings.intents_max});
    return hash.value();
}

portfolio::PortfolioComponentSettings books_settings() {
    portfolio::PortfolioComponentSettings settings;
    settings.books.mark = portfolio::MarkRule::quote;
    settings.books.keeps_trades = false;  // they are in the ledger
    settings.books.keeps_curve = false;
    settings.sample.when = portfolio::SampleRule::When::never;
    settings.tells_balance_after_deals = false;
    settings.tells_positions = false;
    return settings;
}

// Deals at the last quote, as much as is asked: a paper account has no market that runs out.
venue::Settings venue_settings(const Settings& settings) {
    venue::Settings chosen;
    chosen.timing = venue::FillTiming::immediate;
    chosen.sizes_known = false;
    chosen.seed = settings.seed;
    return chosen;
}

}  // namespace

Result<Assembly> assemble(const Settings& settings) {
    auto calendar = market::Calendar::find("us-equities");
    if (!calendar) return failure(std::move(calendar.error()));
    Assembly made;
    made.paper_hours = std::make_unique<PaperHours>(*calendar);
    const auto terms = [hours = made.paper_hours.get()](const model::Instrument&) {
        venue::Terms chosen;
        chosen.hours = hours;
        return chosen;
    };
    auto venue = venue::PaperVenue::make(venue_settings(settings), terms);
    if (!venue) return failure(std::move(venue.error()));

    made.hours = std::make_unique<TradingHours>(*calendar);
    auto books = std::make_unique<portfolio::PortfolioComponent>(books_settings());
    risk::GuardianSettings rules;
    rules.zone = settings.zone;
    // By instrument, of which there may be more later; they all keep the same hours.
    std::vector<venue::Hours*> hours(kInstrumentsMax, &made.hours->hours());
    made.guard =
        std::make_unique<backtest::Guard>(std::move(rules), books->books(), std::move(hours));
    auto intents = std::make_unique<execution::IntentBook>(made.hours.get(), settings.intents_max);
    auto desk = std::make_unique<execution::OrderDesk>(made.guard.get(), venue->get());
    auto guardian = made.guard->component();
    auto watch = std::make_unique<OutcomeWatch>(Watched{*books, *intents, *guardian});
    made.books = books.get();
    made.intents = intents.get();
    made.guardian = guardian.get();
    made.desk = desk.get();
    made.watch = watch.get();

    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::move(*venue));
    components.push_back(std::move(books));
    components.push_back(std::move(intents));
    components.push_back(std::move(guardian));
    components.push_back(std::move(desk));
    components.push_back(std::move(watch));
    made.engine = std::make_unique<engine::Engine>(std::move(components), seed_of(settings));
    return made;
}

}  // namespace millrace::orders
