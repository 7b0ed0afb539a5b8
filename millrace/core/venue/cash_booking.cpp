// The words of the command are those of core/portfolio.
#include "millrace/core/venue/cash_booking.hpp"

namespace millrace::venue {
namespace {

template <class Names>
void save_names(const Names& names, engine::StateWriter& writer) {
    writer.put(std::uint64_t{names.size()});
    for (const auto& [id, name] : names) {
        writer.put(id);
        writer.put(name);
    }
}

template <class Id>
void load_names(std::map<Id, Text<32>>& names, engine::StateReader& reader) {
    names.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        const auto id = reader.get<Id>();
        names[id] = reader.get<Text<32>>();
    }
}

}  // namespace

model::Command CashBooking::command_for(const CashCharge& charge) const {
    const auto account = accounts_.find(charge.account);
    MILLRACE_ASSERT(account != accounts_.end(), "money moves on an account that nobody defined");
    model::Command command;
    command.known_at = charge.known_at;
    command.name = "book-cash";
    command.actor = "venue";
    command.target = Text<64>::from(account->second.view()).value();
    std::string words(portfolio::kCashReasonNames[static_cast<std::size_t>(charge.reason)]);
    words += " " + charge.amount.to_string() + " " + charge.currency.text();
    // A name of several words could not be told from the words of the command: then the account as
    // a whole pays.
    const auto strategy = strategies_.find(charge.strategy);
    if (strategy != strategies_.end() &&
        strategy->second.view().find(' ') == std::string_view::npos)
        words += " " + std::string(strategy->second.view());
    command.argument = Text<2048>::from(words).value();
    return command;
}

void CashBooking::save(engine::StateWriter& writer) const {
    save_names(accounts_, writer);
    save_names(strategies_, writer);
}

void CashBooking::load(engine::StateReader& reader) {
    load_names(accounts_, reader);
    load_names(strategies_, reader);
}

}  // namespace millrace::venue
