// The place of a record of any kind in the total order.
#include "millrace/core/engine/input.hpp"

namespace millrace::engine {

OrderKey order_key_of(const Record& record) {
    switch (record.noun) {
        case Noun::bar: return order_key_of(record.as<model::Bar>());
        case Noun::book_update: return order_key_of(record.as<model::BookUpdate>());
        case Noun::trade: return order_key_of(record.as<model::Trade>());
        case Noun::quote: return order_key_of(record.as<model::Quote>());
        case Noun::corporate_action: return order_key_of(record.as<model::CorporateAction>());
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
    return {record.known_at(), rank_of(record.noun), 0, 0};
}

}  // namespace millrace::engine
