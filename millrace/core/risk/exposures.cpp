// Holdings, their worth, and the sums.
#include "millrace/core/risk/exposures.hpp"

#include <algorithm>

namespace millrace::risk {
namespace {

constexpr std::size_t kInstrumentsMax = 1'000'000;

std::uint64_t key_of(AccountId account, Owner owner) {
    return std::uint64_t{account.value()} << 17 | owner;
}

std::uint64_t key_of(AccountId account, Owner owner, InstrumentId instrument) {
    static_assert(kInstrumentsMax < 1U << 31);
    return key_of(account, owner) << 31 | instrument.value();
}

// Saturates: a quantity beyond all numbers is out of range wherever it is used.
void grow(std::int64_t& amount, std::int64_t by) {
    if (__builtin_add_overflow(amount, by, &amount)) amount = by < 0 ? -INT64_MAX : INT64_MAX;
}

Fine round_up(Fine value, std::int64_t by) {
    return (value + by - 1) / by;
}

}  // namespace

void Exposures::define(const model::Instrument& instrument) {
    const std::size_t index = instrument.id.value();
    MILLRACE_ASSERT(index < kInstrumentsMax, "an instrument's number is out of range");
    if (index >= instruments_.size()) {
        instruments_.resize(index + 1);
        contracts_.resize(index + 1);
        last_.resize(index + 1);
        dirty_.reserve(index + 1);
    }
    instruments_[index] = instrument;
    Contract& contract = contracts_[index];
    contract.multiplier = std::max<std::int64_t>(instrument.multiplier.raw(), 1);
    contract.whole = contract.multiplier % Ratio::kOne == 0 ? contract.multiplier / Ratio::kOne : 0;
    contract.inverse = instrument.inverse;
    const auto& currency = instrument.inverse ? instrument.base_currency : instrument.currency;
    contract.currency = Code::from(currency.view()).value_or(Code());
    for (std::uint32_t at = last_[index].first_cell; at != kNone; at = cells_[at].next)
        note_change(at);
}

void Exposures::define(const model::Account& account) {
    if (account.id.value() >= currencies_.size())
        currencies_.resize(account.id.value() + std::size_t{1});
    if (currencies_[account.id.value()] == account.currency) return;
    currencies_[account.id.value()] = account.currency;
    // Deals may have come before it was known what they are measured in.
    foreign_.clear();
    for (std::uint32_t at = 0; at < cells_.size(); ++at) {
        const Cell& cell = cells_[at];
        if (contracts_[cell.instrument.value()].currency != currency_of(books_[cell.book].account))
            foreign_.push_back(at);
        note_change(at);
    }
}

void Exposures::hear_one_side(Last& last, Price bid, Price ask, Time now) {
    std::int64_t sum = 0;
    if (bid.raw() == 0 && ask.raw() == 0) return;
    last.bid = bid.raw() == 0 ? ask.raw() : bid.raw();
    last.ask = ask.raw() == 0 ? bid.raw() : ask.raw();
    last.at = now;
    last.is_known = !__builtin_add_overflow(last.bid, last.ask, &sum) && sum != 0;
    if (last.is_watched && !last.is_dirty)
        mark_dirty(static_cast<std::uint32_t>(&last - last_.data()));
}

void Exposures::mark_dirty(std::uint32_t instrument) {
    last_[instrument].is_dirty = true;
    dirty_.push_back(instrument);
}

void Exposures::note_change(std::uint32_t cell) {
    if (!keeps_accounts_ && !keeps_strategies_) return;
    Last& last = last_[cells_[cell].instrument.value()];
    last.is_watched = true;
    if (!last.is_dirty) mark_dirty(cells_[cell].instrument.value());
}

void Exposures::keep_totals(bool of_accounts, bool of_strategies) {
    keeps_accounts_ = of_accounts;
    keeps_strategies_ = of_strategies;
    for (Last& last : last_)
        last.is_watched = false;
    for (std::uint32_t at = 0; at < cells_.size(); ++at)
        note_change(at);
}

LastQuote Exposures::last(InstrumentId instrument) const {
    if (instrument.value() >= last_.size()) return {};
    const Last& last = last_[instrument.value()];
    return {last.bid, last.ask, last.at, last.is_known};
}

Exposures::Place Exposures::place_of(AccountId account, StrategyId strategy,
                                     InstrumentId instrument) {
    return {cell_of(account, kWholeAccount, instrument),
            cell_of(account, strategy.value(), instrument)};
}

std::uint32_t Exposures::cell_of(AccountId account, Owner owner, InstrumentId instrument) {
    const std::uint64_t key = key_of(account, owner, instrument);
    const std::uint32_t known = cell_index_.find(key);
    if (known != FlatIndex::kNone) [[likely]]
        return known;
    MILLRACE_ASSERT(instrument.value() < last_.size(), "a holding of an unknown instrument");
    const auto place = static_cast<std::uint32_t>(cells_.size());
    Cell made;
    made.instrument = instrument;
    made.book = book_of(account, owner);
    ++books_[made.book].cells_by_knowledge[0];
    made.next = last_[instrument.value()].first_cell;
    if (contracts_[instrument.value()].currency != currency_of(account)) foreign_.push_back(place);
    last_[instrument.value()].first_cell = place;
    cells_.push_back(made);
    cell_index_.put(key, place);
    return place;
}

std::uint32_t Exposures::book_of(AccountId account, Owner owner) {
    const std::uint64_t key = key_of(account, owner);
    const std::uint32_t known = book_index_.find(key);
    if (known != FlatIndex::kNone) return known;
    const auto place = static_cast<std::uint32_t>(books_.size());
    books_.push_back({{}, {}, account, owner});
    book_index_.put(key, place);
    return place;
}

void Exposures::deal(const Place& place, std::int64_t change) {
    for (const std::uint32_t cell : {place.account, place.strategy}) {
        grow(cells_[cell].holding.position, change);
        note_change(cell);
    }
}

// An account holds what its strategies do.
void Exposures::split(const model::CorporateAction& split) {
    Last& last = last_[split.instrument.value()];
    for (std::int64_t* price : {&last.bid, &last.ask}) {
        const auto after = model::price_after(split, *price);
        MILLRACE_ASSERT(after, "a price is out of range");
        *price = *after;
    }
    for (std::uint32_t at = last.first_cell; at != kNone; at = cells_[at].next) {
        const Book& book = books_[cells_[at].book];
        if (book.owner == kWholeAccount) continue;
        Holding& own = cells_[at].holding;
        const auto after = model::quantity_after(split, own.position);
        MILLRACE_ASSERT(after, "a position is out of range");
        const std::int64_t change = *after - own.position;
        deal({cell_of(book.account, kWholeAccount, split.instrument), at}, change);
    }
}

void Exposures::open(const Place& place, model::Side side, bool reduces, std::int64_t change) {
    for (const std::uint32_t cell : {place.account, place.strategy}) {
        Holding& holding = cells_[cell].holding;
        if (side == model::Side::buy)
            grow(reduces ? holding.closing_buy : holding.open_buy, change);
        else
            grow(reduces ? holding.closing_sell : holding.open_sell, change);
        note_change(cell);
    }
}

Knowledge Exposures::worth(InstrumentId instrument, AccountId account, int128 quantity,
                           std::int64_t doubled, Fine& worth) const {
    const Contract& contract = contracts_[instrument.value()];
    const int128 size = size_of(quantity);
    if (size > INT64_MAX) return Knowledge::out_of_range;
    const int128 price = size_of(doubled);
    if (price == 0) return Knowledge::no_price;
    if (contract.inverse) {
        // In money, then in fine units: the only division on the way.
        Fine numerator = 0;
        if (__builtin_mul_overflow(size, Fine{contract.multiplier} * 2, &numerator))
            return Knowledge::out_of_range;
        worth = ((numerator + price - 1) / price) * kFinePerMoney;
    } else if (contract.whole != 0) [[likely]] {
        if (__builtin_mul_overflow(size * price, Fine{contract.whole}, &worth))
            return Knowledge::out_of_range;
    } else if (__builtin_mul_overflow(round_up(size * price, Ratio::kOne),
                                      Fine{contract.multiplier}, &worth)) {
        return Knowledge::out_of_range;
    }
    if (worth > kFineMax || worth < 0) return Knowledge::out_of_range;
    const Code currency = currency_of(account);
    if (contract.currency == currency) [[likely]]
        return Knowledge::known;
    const std::int64_t money = money_of(worth);
    if (money == INT64_MAX) return Knowledge::out_of_range;
    const auto converted = accounts_.convert(Money::from_raw(money), contract.currency, currency);
    if (!converted.has_value()) return Knowledge::no_rate;
    // A conversion rounds to nearest: one unit more errs on the side of more.
    worth = (Fine{converted.value().raw()} + 1) * kFinePerMoney;
    return Knowledge::known;
}

Knowledge Exposures::worth_of(const Cell& cell, int128 quantity, Fine& worth) const {
    worth = 0;
    if (quantity == 0) return Knowledge::known;
    const Last& last = last_[cell.instrument.value()];
    if (!last.is_known) return Knowledge::no_price;
    return this->worth(cell.instrument, books_[cell.book].account, quantity, last.bid + last.ask,
                       worth);
}

void Exposures::move_totals(Book& book, const Cell& cell, int direction) {
    book.totals.gross += direction * cell.gross;
    book.totals.highest += direction * cell.highest;
    book.totals.lowest += direction * cell.lowest;
    if (direction > 0)
        ++book.cells_by_knowledge[static_cast<std::size_t>(cell.knowledge)];
    else
        --book.cells_by_knowledge[static_cast<std::size_t>(cell.knowledge)];
}

void Exposures::revalue(std::uint32_t place) {
    Cell& cell = cells_[place];
    Book& book = books_[cell.book];
    if (!keeps(book)) return;
    move_totals(book, cell, -1);
    const int128 highest = cell.holding.highest();
    const int128 lowest = cell.holding.lowest();
    Fine high = 0;
    Fine low = 0;
    cell.knowledge = worth_of(cell, highest, high);
    if (lowest == highest)
        low = high;
    else if (cell.knowledge == Knowledge::known)
        cell.knowledge = worth_of(cell, lowest, low);
    cell.highest = highest < 0 ? -high : high;
    cell.lowest = lowest < 0 ? -low : low;
    cell.gross = std::max(high, low);
    if (cell.knowledge != Knowledge::known) cell.gross = cell.highest = cell.lowest = 0;
    move_totals(book, cell, 1);
}

void Exposures::flush() {
    for (const std::uint32_t instrument : dirty_) {
        Last& last = last_[instrument];
        last.is_dirty = false;
        bool is_idle = true;
        for (std::uint32_t at = last.first_cell; at != kNone; at = cells_[at].next) {
            revalue(at);
            is_idle = is_idle && cells_[at].holding.is_idle();
        }
        last.is_watched = !is_idle;
    }
    dirty_.clear();
    for (const std::uint32_t cell : foreign_)
        revalue(cell);
}

Totals Exposures::totals(AccountId account, Owner owner) {
    flush();
    const std::uint32_t place = book_index_.find(key_of(account, owner));
    if (place == FlatIndex::kNone) return {};
    Totals totals = books_[place].totals;
    for (std::size_t kind = 1; kind < 4; ++kind)
        if (books_[place].cells_by_knowledge[kind] > 0)
            totals.knowledge = static_cast<Knowledge>(kind);
    return totals;
}

Forecast Exposures::forecast(std::uint32_t place, model::Side side, bool reduces,
                             std::int64_t quantity, Depth depth) {
    const Cell& cell = cells_[place];
    Forecast forecast;
    Holding then = cell.holding;
    std::int64_t& open = side == model::Side::buy ? reduces ? then.closing_buy : then.open_buy
                         : reduces                ? then.closing_sell
                                                  : then.open_sell;
    grow(open, quantity);
    const int128 high_now = cell.holding.highest();
    const int128 low_now = cell.holding.lowest();
    forecast.highest = then.highest();
    forecast.lowest = then.lowest();
    forecast.largest_now = std::max(size_of(high_now), size_of(low_now));
    forecast.largest = std::max(size_of(forecast.highest), size_of(forecast.lowest));
    if (forecast.largest > INT64_MAX) forecast.knowledge = Knowledge::out_of_range;
    if (depth == Depth::quantities || forecast.knowledge != Knowledge::known) return forecast;
    Fine high = 0;
    Fine low = 0;
    forecast.knowledge = worth_of(cell, forecast.highest, high);
    if (forecast.highest == forecast.lowest)
        low = high;
    else if (forecast.knowledge == Knowledge::known)
        forecast.knowledge = worth_of(cell, forecast.lowest, low);
    forecast.worth = std::max(high, low);
    if (depth == Depth::worth) return forecast;
    forecast.now = totals(books_[cell.book].account, books_[cell.book].owner);
    forecast.then = forecast.now;
    forecast.then.gross += forecast.worth - cell.gross;
    forecast.then.highest += (forecast.highest < 0 ? -high : high) - cell.highest;
    forecast.then.lowest += (forecast.lowest < 0 ? -low : low) - cell.lowest;
    return forecast;
}

std::vector<Exposures::Held> Exposures::held_by_strategies() const {
    std::vector<Held> held;
    for (const Cell& cell : cells_) {
        const Book& book = books_[cell.book];
        if (book.owner != kWholeAccount && !cell.holding.is_idle())
            held.push_back({book.account, StrategyId(static_cast<StrategyId::Value>(book.owner)),
                            cell.instrument, cell.holding});
    }
    std::sort(held.begin(), held.end(), [](const Held& a, const Held& b) {
        return std::tuple(a.account, a.strategy, a.instrument) <
               std::tuple(b.account, b.strategy, b.instrument);
    });
    return held;
}

void Exposures::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{currencies_.size()});
    for (const Code currency : currencies_)
        writer.put(currency.packed());
    writer.put(std::uint64_t{instruments_.size()});
    for (std::size_t i = 0; i < instruments_.size(); ++i) {
        const bool is_defined = !instruments_[i].symbol.empty();
        writer.put(static_cast<std::uint8_t>(is_defined ? 1 : 0));
        if (!is_defined) continue;
        writer.put_noun(instruments_[i]);
        writer.put(static_cast<std::uint8_t>(last_[i].is_known ? 1 : 0));
        writer.put(last_[i].bid);
        writer.put(last_[i].ask);
        writer.put(last_[i].at);
    }
    // Sums are worked out again, and an account is the sum of its strategies.
    const auto held = held_by_strategies();
    writer.put(std::uint64_t{held.size()});
    for (const Held& one : held) {
        writer.put(one.account);
        writer.put(one.strategy);
        writer.put(one.instrument);
        for (const std::int64_t amount :
             {one.holding.position, one.holding.open_buy, one.holding.open_sell,
              one.holding.closing_buy, one.holding.closing_sell})
            writer.put(amount);
    }
}

void Exposures::load(engine::StateReader& reader) {
    const bool of_accounts = keeps_accounts_;
    const bool of_strategies = keeps_strategies_;
    currencies_.assign(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()), {});
    for (Code& currency : currencies_)
        currency = Code::from_packed(reader.get<std::uint64_t>());
    const auto instruments = std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left());
    for (auto* tables : {&dirty_, &foreign_})
        tables->clear();
    cells_.clear();
    books_.clear();
    cell_index_.clear();
    book_index_.clear();
    instruments_.clear();
    contracts_.clear();
    last_.clear();
    for (std::uint64_t i = 0; i < instruments && !reader.failed(); ++i) {
        if (reader.get<std::uint8_t>() == 0) continue;
        const auto instrument = reader.get_noun<model::Instrument>();
        if (reader.failed() || instrument.id.value() != i) return;
        define(instrument);
        last_[i].is_known = reader.get<std::uint8_t>() != 0;
        last_[i].bid = reader.get<std::int64_t>();
        last_[i].ask = reader.get<std::int64_t>();
        last_[i].at = reader.get<Time>();
    }
    const auto held = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < held && !reader.failed(); ++i) {
        const auto account = reader.get<AccountId>();
        const auto strategy = reader.get<StrategyId>();
        const auto instrument = reader.get<InstrumentId>();
        if (instrument.value() >= last_.size()) return;
        const Place place = place_of(account, strategy, instrument);
        deal(place, reader.get<std::int64_t>());
        for (const bool reduces : {false, true})
            for (const model::Side side : {model::Side::buy, model::Side::sell})
                open(place, side, reduces, reader.get<std::int64_t>());
    }
    keep_totals(of_accounts, of_strategies);
}

}  // namespace millrace::risk
