// From records to books and back. The order of the cases is that of their frequency.
#include "millrace/core/portfolio/portfolio_component.hpp"

#include <algorithm>
#include <array>

namespace millrace::portfolio {
namespace {

using engine::Context;
using engine::Record;
using model::Noun;

constexpr std::uint64_t kIntervalTimer = 1;
constexpr std::size_t kNamesMax = std::size_t{1} << 16;  // ids of accounts and strategies

// Books that are wrong must stop; the engine takes back what this step had done.
template <class T>
T must(const Booked<T>& booked) {
    if (!booked) [[unlikely]]
        assertion_failed("booked", __FILE__, __LINE__, message_of(booked.error()));
    if constexpr (!std::is_void_v<T>) return *booked;
}

template <class T, class Id>
T& at_number(std::vector<T>& values, Id id) {
    if (id.value() >= values.size()) values.resize(id.value() + std::size_t{1});
    return values[id.value()];
}

[[nodiscard]] std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end != 0) words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

template <class T>
[[nodiscard]] std::size_t place_of(const std::vector<Text<32>>& names, T name) {
    const auto at = std::find_if(names.begin(), names.end(),
                                 [&](const Text<32>& other) { return other.view() == name; });
    return static_cast<std::size_t>(at - names.begin());
}

void alert(Context& context, Text<32> code, std::string_view scope, std::string_view message) {
    model::Alert alert;
    alert.known_at = context.now();
    alert.severity = model::Severity::warning;
    alert.code = code;
    alert.scope = Text<64>::from(scope.substr(0, 64)).value_or(Text<64>());
    alert.message = Text<256>::from(message.substr(0, 256)).value_or(Text<256>());
    context.emit(alert);
}

}  // namespace

PortfolioComponent::PortfolioComponent(PortfolioComponentSettings settings)
    : settings_(std::move(settings)), books_(settings_.books) {
    MILLRACE_ASSERT(settings_.sample.every > 0, "a sample every 0 events");
    MILLRACE_ASSERT(
        settings_.sample.when != SampleRule::When::interval || settings_.sample.interval.ns() > 0,
        "an interval of samples must be positive");
}

engine::NounSet PortfolioComponent::wants() const {
    return {Noun::instrument, Noun::account, Noun::strategy, Noun::order,   Noun::fill,
            Noun::quote,      Noun::trade,   Noun::bar,      Noun::command, Noun::corporate_action};
}

void PortfolioComponent::on_quote(const model::Quote& quote, Context& context) {
    must(books_.mark(quote));
    count_event(false, context);
}

void PortfolioComponent::on_record(const Record& record, Context& context) {
    if (record.noun == Noun::trade) {
        must(books_.mark(record.as<model::Trade>()));
        count_event(false, context);
    } else if (record.noun == Noun::bar) {
        must(books_.mark(record.as<model::Bar>()));
        count_event(true, context);
    } else if (record.noun == Noun::order) {
        const auto& order = record.as<model::Order>();
        if (order.status == model::OrderStatus::pending)
            books_.look_ahead(order.account, order.strategy, order.instrument);
        if (settings_.books.keeps_trades || hedges_) notes_.hear(order);
    } else if (record.noun == Noun::fill) {
        hear(record.as<model::Fill>(), context);
    } else if (record.noun == Noun::instrument) {
        must(books_.define(record.as<model::Instrument>()));
    } else if (record.noun == Noun::account) {
        hear(record.as<model::Account>(), context);
    } else if (record.noun == Noun::strategy) {
        hear(record.as<model::Strategy>());
    } else if (record.noun == Noun::command) {
        hear(record.as<model::Command>(), context);
    } else if (record.noun == Noun::corporate_action) {
        hear(record.as<model::CorporateAction>(), context);
    }
}

void PortfolioComponent::on_timer(std::uint64_t /*token*/, Context& context) {
    sample(context);
    wait_for_interval(context);
}

void PortfolioComponent::hear(const model::Account& account, Context& context) {
    const bool is_new = !books_.has_account(account.id);
    must(books_.define(account));
    hedges_ = hedges_ || account.mode == model::PositionMode::hedging;
    at_number(account_names_, account.id) = account.name;
    if (settings_.sample.when == SampleRule::When::interval && !waits_) {
        waits_ = true;
        wait_for_interval(context);
    }
    if (!is_new) return;
    for (const CashEntry& entry : settings_.opening)
        if (entry.account == account.id) must(books_.book(entry));
    tell_balance(account.id, context);
}

void PortfolioComponent::hear(const model::Strategy& strategy) {
    at_number(strategy_names_, strategy.id) = strategy.name;
}

void PortfolioComponent::hear(const model::Fill& fill, Context& context) {
    books_.look_ahead(fill.account, fill.strategy, fill.instrument);
    const OrderNotes::Meaning meaning = notes_.hear(fill);
    must(books_.apply(fill, meaning.effect, meaning.reason));
    if (settings_.tells_positions)
        tell_positions(fill.account, fill.strategy, fill.instrument, context);
    if (settings_.tells_balance_after_deals) tell_balance(fill.account, context);
    if (sampled_at_ == context.now()) books_.sample(context.now());
}

// What a dividend pays comes as cash.
void PortfolioComponent::hear(const model::CorporateAction& action, Context& context) {
    if (!model::is_split(action)) return;
    must(books_.split(action));
    if (!settings_.tells_positions) return;
    for (const Portfolio::Holder& holder : books_.holders_of(action.instrument))
        tell_positions(holder.account, holder.strategy, action.instrument, context);
}

void PortfolioComponent::tell_positions(AccountId account, StrategyId strategy,
                                        InstrumentId instrument, Context& context) {
    const PositionList positions =
        must(books_.positions(account, strategy, instrument, context.now()));
    for (const model::Position& position : positions)
        context.emit(position);
}

void PortfolioComponent::hear(const model::Command& command, Context& context) {
    if (command.name != Text<32>("book-cash")) return;
    const auto entry = entry_of(command);
    if (!entry) {
        alert(context, "cash_not_booked", command.target.view(), entry.error().what);
        return;
    }
    must(books_.book(*entry));
    tell_balance(entry->account, context);
}

Result<CashEntry> PortfolioComponent::entry_of(const model::Command& command) const {
    const auto wrong = [&](std::string what) {
        return failure(ErrorCode::usage, std::move(what), std::string(command.name.view()), {},
                       "write: reason amount currency [strategy]");
    };
    CashEntry entry;
    const std::size_t account = place_of(account_names_, command.target.view());
    if (account == account_names_.size() || command.target.empty())
        return wrong("the account is not known");
    entry.account = AccountId(static_cast<AccountId::Value>(account));
    const auto words = words_of(command.argument.view());
    if (words.size() < 3 || words.size() > 4)
        return wrong("write: reason amount currency [strategy]");
    const auto reason = std::find(kCashReasonNames.begin(), kCashReasonNames.end(), words[0]);
    if (reason == kCashReasonNames.end()) return wrong("the reason is none of those there are");
    entry.reason = static_cast<CashReason>(reason - kCashReasonNames.begin());
    const auto amount = Money::parse(words[1]);
    if (!amount) return failure(amount.error());
    entry.amount = *amount;
    const auto currency = Code::from(words[2]);
    if (!currency) return failure(currency.error());
    entry.currency = *currency;
    if (words.size() == 3) return entry;
    const std::size_t strategy = place_of(strategy_names_, words[3]);
    if (strategy == strategy_names_.size()) return wrong("the strategy is not known");
    entry.strategy = StrategyId(static_cast<StrategyId::Value>(strategy));
    return entry;
}

inline void PortfolioComponent::count_event(bool is_bar, Context& context) {
    const SampleRule& rule = settings_.sample;
    if (rule.when != SampleRule::When::events && !(is_bar && rule.when == SampleRule::When::bars))
        return;
    if (++counted_ < rule.every) return;
    counted_ = 0;
    sample(context);
}

void PortfolioComponent::sample(Context& context) {
    sampled_at_ = context.now();
    books_.sample(context.now());
    for (std::size_t id = 0; id < books_.account_count(); ++id) {
        const AccountId account(static_cast<AccountId::Value>(id));
        if (books_.has_account(account)) tell_balance(account, context);
    }
}

// A balance that cannot be told for want of a rate is said once, not left out in silence.
void PortfolioComponent::tell_balance(AccountId account, Context& context) {
    const auto balance = books_.balance(account, context.now());
    std::uint8_t& lacks = at_number(lacks_rate_, account);
    if (balance) {
        lacks = 0;
        context.emit(*balance);
        return;
    }
    if (balance.error() != BookError::missing_rate) must(balance);
    if (lacks != 0) return;
    lacks = 1;
    alert(context, "missing_rate", account_names_[account.value()].view(),
          message_of(BookError::missing_rate));
}

void PortfolioComponent::wait_for_interval(Context& context) {
    const std::int64_t interval = settings_.sample.interval.ns();
    const std::int64_t into = context.now().ns() % interval;
    const std::int64_t left = into < 0 ? -into : interval - into;
    context.set_timer(context.now() + Duration::nanoseconds(left), kIntervalTimer);
}

void PortfolioComponent::save(engine::StateWriter& writer) const {
    books_.save(writer);
    notes_.save(writer);
    writer.put(static_cast<std::uint8_t>(hedges_ ? 1 : 0));
    writer.put(static_cast<std::uint8_t>(waits_ ? 1 : 0));
    writer.put(counted_);
    writer.put(sampled_at_);
    for (const auto* names : {&account_names_, &strategy_names_}) {
        writer.put(std::uint64_t{names->size()});
        for (const Text<32>& name : *names)
            writer.put(name);
    }
    writer.put(std::uint64_t{lacks_rate_.size()});
    writer.put_bytes(std::as_bytes(std::span(lacks_rate_)));
}

void PortfolioComponent::load(engine::StateReader& reader) {
    books_.load(reader);
    notes_.load(reader);
    hedges_ = reader.get<std::uint8_t>() != 0;
    waits_ = reader.get<std::uint8_t>() != 0;
    counted_ = reader.get<std::uint64_t>();
    sampled_at_ = reader.get<Time>();
    for (auto* names : {&account_names_, &strategy_names_}) {
        names->clear();
        const auto count = reader.get<std::uint64_t>();
        for (std::uint64_t i = 0; i < count && i < kNamesMax && !reader.failed(); ++i)
            names->push_back(reader.get<Text<32>>());
    }
    lacks_rate_.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && i < kNamesMax && !reader.failed(); ++i)
        lacks_rate_.push_back(reader.get<std::uint8_t>());
}

}  // namespace millrace::portfolio
