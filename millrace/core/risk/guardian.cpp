// Orders, what they reserve, and deals.
#include "millrace/core/risk/guardian.hpp"

#include <algorithm>

#include "millrace/core/risk/guardian_case.hpp"

namespace millrace::risk {
namespace {

using model::Noun;
using model::OrderStatus;

constexpr std::size_t kReserved = 4'096;  // orders and lines before anything is allocated again

constexpr bool is_own(std::uint64_t order_id) {
    return order_id >= Guardian::kOwnNumbersFrom && order_id < Guardian::kOutsideNumbersFrom;
}

template <class Id>
void keep_name(std::vector<Text<32>>& names, Id id, const Text<32>& name) {
    if (id.value() >= names.size()) names.resize(id.value() + std::size_t{1});
    names[id.value()] = name;
}

// Saturates; only the sign of what a trade brings matters.
void add_flow(int128& flow, int128 quantity, int128 price) {
    int128 product = 0;
    constexpr int128 kMost = int128{1} << 120;
    if (__builtin_mul_overflow(quantity, price, &product) || size_of(product) > kMost)
        product = (quantity < 0) == (price < 0) ? kMost : -kMost;
    flow = std::clamp(flow + product, -kMost, kMost);
}

// The price of an inverse contract for which its worth is linear: -1/price, with 18 decimals.
int128 linear_price(const model::Instrument& instrument, Price price) {
    if (!instrument.inverse) return price.raw();
    constexpr int128 kScale = int128{power_of_ten(18)} * Price::kOne;
    return price.raw() == 0 ? 0 : -(kScale / price.raw());
}

}  // namespace

Guardian::Guardian(GuardianSettings settings, const AccountView& accounts, HoursView* hours)
    : settings_(std::move(settings)),
      accounts_(accounts),
      hours_(hours),
      exposures_(accounts),
      recent_(std::max<std::size_t>(settings_.remembered_orders, 1)) {
    MILLRACE_ASSERT(settings_.watch_interval.ns() > 0, "a watch without an interval");
    working_.reserve(kReserved);
    free_.reserve(kReserved);
    working_index_.reserve(kReserved);
    set_configured(ScopeKind::global, {}, 0, Time::earliest());
}

engine::NounSet Guardian::wants() const {
    return {Noun::instrument, Noun::account, Noun::strategy, Noun::quote,   Noun::trade,
            Noun::bar,        Noun::order,   Noun::fill,     Noun::command, Noun::corporate_action};
}

void Guardian::on_record(const engine::Record& record, engine::Context& context) {
    if (record.noun == Noun::quote) [[likely]] {
        const auto& quote = record.as<model::Quote>();
        exposures_.hear(quote.instrument, quote.bid, quote.ask, quote.known_at);
    } else if (record.noun == Noun::bar) {
        const auto& bar = record.as<model::Bar>();
        exposures_.hear(bar.instrument, bar.close, bar.close, bar.known_at);
    } else if (record.noun == Noun::trade) {
        const auto& trade = record.as<model::Trade>();
        exposures_.hear(trade.instrument, trade.price, trade.price, trade.known_at);
    } else if (record.noun == Noun::order) {
        hear(record.as<model::Order>(), context);
    } else if (record.noun == Noun::fill) {
        hear(record.as<model::Fill>(), context);
    } else if (record.noun == Noun::command) {
        hear(record.as<model::Command>(), context);
    } else if (record.noun == Noun::corporate_action) {
        split(record.as<model::CorporateAction>());
    } else if (record.noun == Noun::instrument) {
        const auto& instrument = record.as<model::Instrument>();
        exposures_.define(instrument);
        set_configured(ScopeKind::symbol, instrument.symbol.view(), instrument.id.value(),
                       context.now());
    } else if (record.noun == Noun::strategy) {
        const auto& strategy = record.as<model::Strategy>();
        keep_name(strategy_names_, strategy.id, strategy.name);
        set_configured(ScopeKind::strategy, strategy.name.view(), strategy.id.value(),
                       context.now());
    } else if (record.noun == Noun::account) {
        const auto& account = record.as<model::Account>();
        keep_name(account_names_, account.id, account.name);
        exposures_.define(account);
        set_configured(ScopeKind::account, account.name.view(), account.id.value(), context.now());
        begin(context);
        Party& party = parties_[party_of(account.id, kWholeAccount)];
        if (has_loss_limits(party)) watch(party, &context);
    }
    if (record.known_at() >= next_watch_) [[unlikely]]
        watch(context);
}

void Guardian::begin(engine::Context& context) {
    if (has_begun_) return;
    has_begun_ = true;
    wait_for_day_end(context);
}

void Guardian::hear(const model::Order& order, engine::Context& context) {
    switch (order.status) {
        case OrderStatus::pending: submit(order, context); return;
        case OrderStatus::replace_requested: replace(order, context); return;
        case OrderStatus::cancel_requested: return;  // it can only make things smaller
        case OrderStatus::submitted:
        case OrderStatus::accepted:
        case OrderStatus::triggered:
        case OrderStatus::partially_filled:
        case OrderStatus::filled:
        case OrderStatus::cancelled:
        case OrderStatus::rejected:
        case OrderStatus::expired: follow(order, context); return;
    }
}

model::OrderReason Guardian::reason_against(std::uint64_t order_id) {
    const bool is_judged = judged_ == order_id && order_id != 0;
    judged_ = 0;
    return is_judged ? verdict_.told : model::OrderReason::risk;
}

// Every submission counts, whatever becomes of it.
void Guardian::count_rates(Case& of) {
    const model::Order& order = of.order;
    if (exposures_.currency_of(order.account).empty()) return;
    const bool is_known = exposures_.find(order.instrument) != nullptr;
    if (is_known) of.line = &lines_[line_of(order.account, order.strategy, order.instrument)];
    const LimitSet& limits =
        is_known ? binding_of(*of.line).order : limits_.binding(limits_.place_for(order)).order;
    const std::int64_t of_strategy = limits[Limit::strategy_order_rate];
    const std::int64_t of_account = limits[Limit::account_order_rate];
    if (of_strategy != kUnset)
        of.is_rate_kept = parties_[party_of(order.account, order.strategy.value())].rate.count(
            of.now, of_strategy);
    if (of_account != kUnset)
        of.is_account_rate_kept =
            parties_[party_of(order.account, kWholeAccount)].rate.count(of.now, of_account);
}

void Guardian::submit(const model::Order& order, engine::Context& context) {
    Case of(order, context.now(), verdict_, &context);
    of.identity = order.order_id;
    of.quantity = order.quantity.raw();
    judged_ = order.order_id;
    ++counts_.submitted;
    if (own_due_ > 0 && is_own(order.order_id)) {
        --own_due_;  // it closes what a switch or an operator wants closed
        verdict_ = {};
        verdict_.order_id = order.order_id;
        verdict_.decision = Decision::accept;
        static_cast<void>(accept(of, context));
        return;
    }
    count_rates(of);
    judge(of);
    if (verdict_.passes()) {
        static_cast<void>(accept(of, context));
        return;
    }
    ++counts_.refused;
    ++counts_.refused_by[static_cast<std::size_t>(verdict_.list[0].rule)];
    // The answer to this one must not be taken for one to the order that has the number.
    const std::uint32_t known = working_index_.find(order.order_id);
    if (known != FlatIndex::kNone) ++working_[known].answers_due;
}

// As if the order were new and the old one gone; until the venue answers, the larger is reserved.
void Guardian::replace(const model::Order& order, engine::Context& context) {
    judged_ = order.order_id;
    const std::uint32_t known = working_index_.find(order.order_id);
    Case of(order, context.now(), verdict_, &context);
    ++counts_.submitted;
    count_rates(of);
    const std::int64_t dealt = known == FlatIndex::kNone ? 0 : working_[known].dealt;
    const std::int64_t before = known == FlatIndex::kNone ? 0 : working_[known].open;
    of.quantity = std::max<std::int64_t>(order.quantity.raw() - dealt, 0);
    if (known != FlatIndex::kNone) set_open(working_[known], 0);
    judge(of);
    if (known != FlatIndex::kNone) {
        Reservation& reservation = working_[known];
        const bool passes = verdict_.passes();
        if (passes) {
            reservation.asked = order.quantity.raw();
            reservation.price = std::max(reservation.price, of.price);
            verdict_.reservation_id = order.order_id;
        }
        set_open(reservation, passes ? std::max(before, of.quantity) : before);
    }
    if (verdict_.passes()) {
        ++counts_.accepted;
        return;
    }
    ++counts_.refused;
    ++counts_.refused_by[static_cast<std::size_t>(verdict_.list[0].rule)];
}

std::uint32_t Guardian::accept(Case& of, engine::Context& context) {
    ++counts_.accepted;
    if (of.identity != 0 && !recent_.contains(of.identity)) recent_.add(of.identity);
    const std::uint32_t line =
        of.line != nullptr ? static_cast<std::uint32_t>(of.line - lines_.data())
                           : line_of(of.order.account, of.order.strategy, of.order.instrument);
    const std::uint32_t place = reserve(of.order, line);
    Reservation& reservation = working_[place];
    reservation.price = of.price;
    set_open(reservation, of.quantity);
    verdict_.reservation_id = of.order.order_id;
    if (of.mark_count > 0) warn(of, context);
    return place;
}

std::uint32_t Guardian::reserve(const model::Order& order, std::uint32_t line) {
    auto place = static_cast<std::uint32_t>(working_.size());
    if (free_.empty()) {
        working_.emplace_back();
        free_.reserve(working_.capacity());  // so that releasing allocates nothing
    } else {
        place = free_.back();
        free_.pop_back();
    }
    Reservation& reservation = working_[place];
    reservation = {};
    reservation.order = order;
    reservation.line = line;
    working_index_.put(order.order_id, place);
    return place;
}

void Guardian::set_open(Reservation& reservation, std::int64_t open) {
    const model::Order& order = reservation.order;
    const Line& line = lines_[reservation.line];
    exposures_.open(line.place, order.side, order.reduce_only, open - reservation.open);
    reservation.open = open;
    if (reservation.price == 0) return;
    Fine cash = 0;
    const Knowledge knowledge =
        exposures_.worth(order.instrument, order.account, open, reservation.price, cash);
    if (knowledge != Knowledge::known) cash = open == 0 ? 0 : reservation.cash;
    parties_[line.account_party].cash_reserved += cash - reservation.cash;
    reservation.cash = cash;
}

void Guardian::release(std::uint32_t place, engine::Context& context) {
    Reservation& reservation = working_[place];
    set_open(reservation, 0);
    working_index_.erase(reservation.order.order_id);
    reservation.order.order_id = 0;
    free_.push_back(place);
    for (Stop& stop : stops_) {
        if (!stop.is_kill || stop.is_proven || !stop.scope.holds(reservation.order)) continue;
        if (working_count(stop.scope) > 0) continue;
        stop.is_proven = true;
        alert(context, model::Severity::info, "KILL_SWITCH_PROVEN", text_of(stop.scope),
              "no order works any more; 0 remain");
    }
}

// Deals and reports of the end may come in either order: what was dealt by report but not yet by
// deal stays reserved until the deal comes.
void Guardian::follow(const model::Order& report, engine::Context& context) {
    const std::uint32_t place = working_index_.find(report.order_id);
    if (place == FlatIndex::kNone) return;
    Reservation& reservation = working_[place];
    if (report.status == OrderStatus::rejected && reservation.answers_due > 0) {
        --reservation.answers_due;
        return;
    }
    if (report.reason == model::OrderReason::corporate_action) {
        // All deals of before came before it, and are counted in other units now.
        reservation.dealt = report.filled_quantity.raw();
        reservation.asked = 0;
    }
    if (is_over(report.status)) {
        const std::int64_t due = report.filled_quantity.raw() - reservation.dealt;
        reservation.is_over = true;
        if (due <= 0 || report.status == OrderStatus::rejected)
            release(place, context);
        else
            set_open(reservation, std::min(due, reservation.open));
        return;
    }
    const bool is_answered = report.status != OrderStatus::partially_filled ||
                             report.reason != model::OrderReason::none ||
                             report.quantity.raw() == reservation.asked;
    if (is_answered) reservation.asked = 0;
    const std::int64_t quantity = std::max(report.quantity.raw(), reservation.asked);
    reservation.order.status = report.status;
    reservation.order.quantity = report.quantity;
    reservation.order.limit_price = report.limit_price;
    reservation.order.stop_price = report.stop_price;
    const std::int64_t open = std::max<std::int64_t>(quantity - reservation.dealt, 0);
    if (open != reservation.open) set_open(reservation, open);
}

// What works is told of by the venue, order by order.
void Guardian::split(const model::CorporateAction& split) {
    if (!model::is_split(split) || exposures_.find(split.instrument) == nullptr) return;
    exposures_.split(split);
    for (Reservation& reservation : working_) {
        if (reservation.order.order_id == 0 || reservation.order.instrument != split.instrument)
            continue;
        const auto price = model::price_after(split, reservation.price);
        MILLRACE_ASSERT(price, "a price is out of range");
        reservation.price = *price;
    }
}

void Guardian::hear(const model::Fill& fill, engine::Context& context) {
    if (exposures_.find(fill.instrument) == nullptr) return;  // the books refuse it
    const std::uint32_t place = working_index_.find(fill.order_id);
    const std::uint32_t line = place != FlatIndex::kNone
                                   ? working_[place].line
                                   : line_of(fill.account, fill.strategy, fill.instrument);
    const std::int64_t quantity = fill.quantity.raw();
    count_trade(lines_[line], fill, context);
    exposures_.deal(lines_[line].place, fill.side == model::Side::buy ? quantity : -quantity);
    if (place == FlatIndex::kNone) return;
    Reservation& reservation = working_[place];
    reservation.dealt += quantity;
    set_open(reservation, std::max<std::int64_t>(reservation.open - quantity, 0));
    if (reservation.is_over && reservation.open == 0) release(place, context);
}

// A trade begins when the strategy holds something and ends when it holds nothing, or turns.
void Guardian::count_trade(Line& line, const model::Fill& fill, engine::Context& context) {
    const int128 held = exposures_.holding(line.place.strategy).position;
    const int128 quantity = fill.quantity.raw();
    const int128 change = fill.side == model::Side::buy ? quantity : -quantity;
    const int128 price = linear_price(*exposures_.find(fill.instrument), fill.price);
    if (fill.fee_currency == Code::from(exposures_.find(fill.instrument)->currency.view()))
        static_cast<void>(__builtin_add_overflow(line.fees, fill.fee.raw(), &line.fees));
    const bool grows = held == 0 || (held > 0) == (change > 0);
    if (grows) {
        add_flow(line.flow, -change, price);
        return;
    }
    const int128 closed = size_of(change) < size_of(held) ? change : -held;
    add_flow(line.flow, -closed, price);
    if (closed != -held) return;
    end_trade(line, context);
    if (change != closed) add_flow(line.flow, -(change - closed), price);
}

void Guardian::end_trade(Line& line, engine::Context& context) {
    const model::Instrument& instrument = *exposures_.find(line.instrument);
    const int128 scale = instrument.inverse ? power_of_ten(18) : power_of_ten(9);
    const int128 brought =
        line.flow / scale * instrument.multiplier.raw() / Ratio::kOne - line.fees;
    line.flow = 0;
    line.fees = 0;
    for (const std::uint32_t place : {line.strategy_party, line.account_party}) {
        Party& party = parties_[place];
        if (brought > 0) party.losses_in_row = 0;
        if (brought >= 0) continue;
        ++party.losses_in_row;
        refresh(party);
        const std::int64_t most = party.limits[Limit::consecutive_losses];
        if (most == kUnset || party.losses_in_row <= most) continue;
        const std::int64_t wait = party.limits[Limit::cool_down];
        const Duration cool_down =
            wait == kUnset ? Duration::minutes(30) : Duration::nanoseconds(-wait);
        const bool fits =
            cool_down.ns() < Time::latest().ns() - std::max<std::int64_t>(context.now().ns(), 0);
        party.cool_until = fits ? context.now() + cool_down : Time::latest();
        party.losses_in_row = 0;
        alert(context, model::Severity::warning, "CONSECUTIVE_LOSSES", text_of(scope_of(party)),
              std::to_string(most + 1) +
                  " trades in a row were closed with a loss; nothing is "
                  "opened until " +
                  format_time(party.cool_until));
    }
}

std::uint32_t Guardian::party_of(AccountId account, Owner owner) {
    const std::uint64_t key = std::uint64_t{account.value()} << 17 | owner;
    const std::uint32_t known = party_index_.find(key);
    if (known != FlatIndex::kNone) return known;
    const auto place = static_cast<std::uint32_t>(parties_.size());
    parties_.emplace_back();
    parties_.back().account = account;
    parties_.back().owner = owner;
    party_index_.put(key, place);
    const auto at =
        std::find_if(watch_order_.begin(), watch_order_.end(), [&](std::uint32_t other) {
            return std::pair(parties_[other].account, parties_[other].owner) >
                   std::pair(account, owner);
        });
    watch_order_.insert(at, place);
    return place;
}

const Guardian::Party* Guardian::find_party(AccountId account, Owner owner) const {
    const std::uint32_t known = party_index_.find(std::uint64_t{account.value()} << 17 | owner);
    return known == FlatIndex::kNone ? nullptr : &parties_[known];
}

std::uint32_t Guardian::line_of(AccountId account, StrategyId strategy, InstrumentId instrument) {
    // 16 bits of each, and an instrument's 20: distinct while there are fewer than four billion.
    const std::uint64_t key = std::uint64_t{account.value()} << 48 |
                              std::uint64_t{strategy.value()} << 32 | instrument.value();
    const std::uint32_t known = line_index_.find(key);
    if (known != FlatIndex::kNone) [[likely]]
        return known;
    Line made;
    made.account = account;
    made.strategy = strategy;
    made.instrument = instrument;
    made.place = exposures_.place_of(account, strategy, instrument);
    made.account_party = party_of(account, kWholeAccount);
    made.strategy_party = party_of(account, strategy.value());
    const auto place = static_cast<std::uint32_t>(lines_.size());
    lines_.push_back(made);
    line_index_.put(key, place);
    return place;
}

const BindingLimits& Guardian::binding_of(Line& line) {
    if (line.version != limits_.version()) [[unlikely]] {
        model::Order order;
        order.account = line.account;
        order.strategy = line.strategy;
        order.instrument = line.instrument;
        line.binding = limits_.place_for(order);
        line.version = limits_.version();
    }
    return limits_.binding(line.binding);
}

std::size_t Guardian::working_count(Scope scope) const {
    return static_cast<std::size_t>(std::count_if(
        working_.begin(), working_.end(),
        [&](const Reservation& one) { return one.order.order_id != 0 && scope.holds(one.order); }));
}

Verdict Guardian::foresee(const model::Order& order, Time now) {
    Verdict verdict;
    Case of(order, now, verdict, nullptr);
    of.identity = order.order_id;
    of.quantity = order.quantity.raw();
    of.collects = true;
    judge(of);
    return verdict;
}

}  // namespace millrace::risk
