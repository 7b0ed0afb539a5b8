// What the planner hears besides signals and orders, what it can be asked, and its saved form.
#include <algorithm>

#include "millrace/core/execution/planner.hpp"

namespace millrace::execution {

using model::Noun;

namespace {

// The settings belong to the state: a loaded plan with others would be another one.
void save_settings(const PlanSettings& settings, engine::StateWriter& writer) {
    writer.put(settings.strategy);
    writer.put(settings.account);
    writer.put(settings.sizing);
    writer.put(settings.quantity);
    writer.put(settings.share);
    writer.put(settings.quantity_max);
    writer.put(settings.notional_max);
    writer.put(settings.equity_share_max);
    writer.put(settings.entry);
    writer.put(settings.time_in_force);
    writer.put(settings.valid_for);
    writer.put(settings.strength_min);
    writer.put(settings.live_from);
    writer.put(
        static_cast<std::uint8_t>((settings.reverses ? 1 : 0) + (settings.pyramids ? 2 : 0)));
}

// Reads beyond the end unless these very settings were saved, so that the load fails.
void expect_settings(const PlanSettings& settings, engine::StateReader& reader) {
    engine::StateWriter expected;
    save_settings(settings, expected);
    const auto bytes = reader.take(expected.bytes().size());
    if (!std::ranges::equal(bytes, expected.bytes())) (void)reader.take(reader.left() + 1);
}

}  // namespace

Planner::Planner(const std::vector<PlanSettings>& plans) {
    for (const PlanSettings& settings : plans) {
        MILLRACE_ASSERT(check(settings), "the settings of a plan contradict themselves");
        const bool is_new = followed_.emplace(settings.strategy, Followed{settings, 0, {}}).second;
        MILLRACE_ASSERT(is_new, "a strategy has two plans");
    }
}

engine::NounSet Planner::wants() const {
    return {Noun::instrument, Noun::account, Noun::quote, Noun::trade,   Noun::bar,
            Noun::signal,     Noun::order,   Noun::fill,  Noun::balance, Noun::corporate_action};
}

// In the order of their frequency.
void Planner::on_record(const engine::Record& record, engine::Context& context) {
    if (record.noun == Noun::quote) {
        const auto& quote = record.as<model::Quote>();
        board_.hear(quote.instrument, quote.bid, quote.ask);
    } else if (record.noun == Noun::trade) {
        const auto& trade = record.as<model::Trade>();
        board_.hear(trade.instrument, trade.price, trade.price);
    } else if (record.noun == Noun::bar) {
        const auto& bar = record.as<model::Bar>();
        board_.hear(bar.instrument, bar.close, bar.close);
    } else if (record.noun == Noun::balance) {
        hear(record.as<model::Balance>());
    } else if (record.noun == Noun::order) {
        hear(record.as<model::Order>(), context);
    } else if (record.noun == Noun::fill) {
        hear(record.as<model::Fill>(), context);
    } else if (record.noun == Noun::signal) {
        hear(record.as<model::Signal>(), context);
    } else if (record.noun == Noun::instrument) {
        board_.hear(record.as<model::Instrument>());
    } else if (record.noun == Noun::account) {
        hear(record.as<model::Account>());
    } else if (record.noun == Noun::corporate_action) {
        hear(record.as<model::CorporateAction>());
    }
}

Planner::Funds& Planner::funds_of(AccountId account) {
    if (account.value() >= funds_.size()) funds_.resize(account.value() + std::size_t{1});
    return funds_[account.value()];
}

void Planner::hear(const model::Account& account) {
    funds_of(account.id).currency = account.currency;
}

void Planner::hear(const model::CorporateAction& action) {
    const model::Instrument* instrument = board_.find(action.instrument);
    if (!model::is_split(action) || instrument == nullptr) return;
    const LastPrice last = board_.last(action.instrument);
    if (last.bid.has_value() && last.ask.has_value()) {
        const auto bid = model::price_after(action, last.bid.value());
        const auto ask = model::price_after(action, last.ask.value());
        MILLRACE_ASSERT(bid && ask, "a price is out of range");
        board_.hear(action.instrument, *bid, *ask);
    }
    for (auto& [key, plan] : plans_)
        if (key.second == action.instrument) plan.split(action, *instrument);
}

void Planner::hear(const model::Balance& balance) {
    funds_of(balance.account) = {balance.currency, balance.cash, balance.equity};
}

const PlanCounts& Planner::counts(StrategyId strategy) const {
    const auto found = followed_.find(strategy);
    MILLRACE_ASSERT(found != followed_.end(), "counts of a strategy that is not planned");
    return found->second.counts;
}

PlanCounts Planner::counts() const {
    PlanCounts sum;
    for (const auto& [strategy, followed] : followed_) {
        const PlanCounts& counts = followed.counts;
        for (std::size_t i = 0; i < counts.outcomes.size(); ++i)
            sum.outcomes[i] += counts.outcomes[i];
        sum.entries += counts.entries;
        sum.protections += counts.protections;
        sum.closes += counts.closes;
        sum.cancels += counts.cancels;
        sum.cut += counts.cut;
        sum.lapsed += counts.lapsed;
        sum.closes_failed += counts.closes_failed;
        sum.protections_lost += counts.protections_lost;
    }
    return sum;
}

Quantity Planner::position(StrategyId strategy, InstrumentId instrument) const {
    const auto found = plans_.find({strategy, instrument});
    return found == plans_.end() ? Quantity() : found->second.position();
}

void Planner::save(engine::StateWriter& writer) const {
    board_.save(writer);
    writer.put(std::uint64_t{funds_.size()});
    for (const Funds& funds : funds_) {
        writer.put(funds.currency);
        writer.put(funds.cash);
        writer.put(funds.equity);
    }
    writer.put(std::uint64_t{followed_.size()});
    for (const auto& [strategy, followed] : followed_) {
        save_settings(followed.settings, writer);
        writer.put(followed.orders);
        writer.put(followed.counts);
    }
    writer.put(std::uint64_t{plans_.size()});
    for (const auto& [key, plan] : plans_) {
        writer.put(key.first);
        writer.put(key.second);
        plan.save(writer);
    }
}

void Planner::load(engine::StateReader& reader) {
    board_.load(reader);
    funds_.resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()));
    for (Funds& funds : funds_) {
        funds.currency = reader.get<Code>();
        funds.cash = reader.get<Maybe<Money>>();
        funds.equity = reader.get<Maybe<Money>>();
    }
    if (reader.get<std::uint64_t>() != followed_.size()) (void)reader.take(reader.left() + 1);
    for (auto& [strategy, followed] : followed_) {
        expect_settings(followed.settings, reader);
        followed.orders = reader.get<std::uint64_t>();
        followed.counts = reader.get<PlanCounts>();
    }
    plans_.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        const auto strategy = reader.get<StrategyId>();
        const auto instrument = reader.get<InstrumentId>();
        plans_[{strategy, instrument}].load(reader);
    }
}

}  // namespace millrace::execution
