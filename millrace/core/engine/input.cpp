// The total order of events, in one place.
#include "millrace/core/engine/input.hpp"

namespace millrace::engine {

std::uint8_t rank_of(Noun noun) {
    switch (noun) {
        case Noun::source:
        case Noun::strategy:
        case Noun::account:
        case Noun::instrument: return 0;
        case Noun::command: return 1;
        case Noun::order:
        case Noun::fill:
        case Noun::position:
        case Noun::balance: return 2;
        // kTimerRank = 3: a timer sees the fills of its moment and closes its bar before the next
        // tick.
        case Noun::bar: return 4;  // tells of the time before it, so it comes before the ticks
        case Noun::book_update:
        case Noun::trade:
        case Noun::quote: return 5;
        case Noun::signal: return 6;
        case Noun::order_intent: return 7;
        case Noun::alert: return 8;
        case Noun::clock:
        case Noun::checkpoint: return 9;
    }
    return 9;
}

OrderKey order_key_of(const Record& record) {
    OrderKey key{record.known_at(), rank_of(record.noun), 0, 0};
    switch (record.noun) {
        case Noun::bar:
            key.step = record.as<model::Bar>().step;
            key.instrument = record.as<model::Bar>().instrument.value();
            break;
        case Noun::book_update:
            key.instrument = record.as<model::BookUpdate>().instrument.value();
            break;
        case Noun::trade: key.instrument = record.as<model::Trade>().instrument.value(); break;
        case Noun::quote: key.instrument = record.as<model::Quote>().instrument.value(); break;
        case Noun::source:
        case Noun::instrument:
        case Noun::command:
        case Noun::order:
        case Noun::fill:
        case Noun::position:
        case Noun::account:
        case Noun::signal:
        case Noun::order_intent:
        case Noun::alert:
        case Noun::clock:
        case Noun::strategy:
        case Noun::balance:
        case Noun::checkpoint: break;
    }
    return key;
}

}  // namespace millrace::engine
