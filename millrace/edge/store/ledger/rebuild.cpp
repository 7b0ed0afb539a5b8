// Reader::rebuild(): the deals and the cash of a ledger through the same books that the engine
// keeps (core/portfolio), so that no rule about money stands here. Names are numbered as they come;
// nothing of the numbers leaves.
#include <fmt/format.h>
#include <map>

#include "millrace/core/portfolio/portfolio.hpp"
#include "millrace/edge/store/ledger/reader.hpp"
#include "millrace/edge/store/ledger/walk.hpp"

namespace millrace::ledger {
namespace {

using portfolio::Booked;

LedgerError damaged(std::string where, std::string why) {
    return {Fault::damaged,
            {ErrorCode::data, "the books cannot be rebuilt", std::move(where), std::move(why),
             "restore the last backup"}};
}

// Dense numbers of names, in the order in which they are met.
template <class Number>
class Numbers {
  public:
    Kept<Number> of(const std::string& name) {
        const auto found = numbers_.find(name);
        if (found != numbers_.end()) return Number(found->second);
        using Value = typename Number::Value;
        constexpr auto kMost = std::size_t{std::numeric_limits<Value>::max()} - 1;
        if (names_.size() >= kMost) return lost(damaged(name, "there are too many names"));
        const auto number = static_cast<Value>(names_.size());
        numbers_.emplace(name, number);
        names_.push_back(name);
        return Number(number);
    }
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  private:
    std::map<std::string, typename Number::Value> numbers_;
    std::vector<std::string> names_;
};

class Rebuilding {
  public:
    explicit Rebuilding(Database& database) : database_(database) {
        portfolio::PortfolioSettings settings;
        settings.keeps_trades = false;
        settings.keeps_curve = false;
        books_ = portfolio::Portfolio(settings);
    }

    Kept<Books> run() {
        Kept<void> done =
            walk<InstrumentRow>(database_, [&](const InstrumentRow& row) { return define(row); });
        if (done)
            done = walk<AccountRow>(database_, [&](const AccountRow& row) { return define(row); });
        if (done) done = walk<CashRow>(database_, [&](const CashRow& row) { return book(row); });
        if (done)
            done =
                walk<ExecutionRow>(database_, [&](const ExecutionRow& row) { return apply(row); });
        if (done) done = walk<MarkRow>(database_, [&](const MarkRow& row) { return mark(row); });
        if (!done) return lost(std::move(done.error()));
        return tell();
    }

  private:
    template <class T>
    static Kept<void> checked(const Booked<T>& booked, std::string where) {
        if (booked) return {};
        return lost(damaged(std::move(where), portfolio::message_of(booked.error())));
    }

    template <std::size_t N>
    static bool take(Text<N>& into, const std::string& text) {
        auto taken = Text<N>::from(text);
        if (taken) into = *taken;
        return taken.has_value();
    }

    static Kept<Code> code(const std::string& text, const std::string& where) {
        auto code = Code::from(text);
        if (code) return *code;
        return lost(damaged(where, std::move(code.error().what)));
    }

    Kept<void> define(const InstrumentRow& row) {
        const std::string where = "trading_instruments " + row.symbol;
        auto id = instruments_.of(row.symbol);
        if (!id) return lost(std::move(id.error()));
        model::Instrument instrument;
        instrument.id = *id;
        instrument.asset_class = row.asset_class;
        instrument.price_increment = row.price_increment;
        instrument.quantity_increment = row.quantity_increment;
        instrument.minimum_quantity = row.minimum_quantity;
        instrument.multiplier = row.multiplier;
        instrument.inverse = row.inverse;
        if (!take(instrument.symbol, row.symbol) || !take(instrument.currency, row.currency) ||
            !take(instrument.base_currency, row.base_currency))
            return lost(damaged(where, "a name is too long"));
        return checked(books_.define(instrument), where);
    }

    Kept<void> define(const AccountRow& row) {
        const std::string where = "trading_accounts " + row.name;
        auto id = accounts_.of(row.name);
        if (!id) return lost(std::move(id.error()));
        auto currency = code(row.currency, where);
        if (!currency) return lost(std::move(currency.error()));
        model::Account account;
        account.id = *id;
        account.currency = *currency;
        account.mode = row.mode;
        if (!take(account.name, row.name)) return lost(damaged(where, "a name is too long"));
        account_rows_.push_back(row);
        return checked(books_.define(account), where);
    }

    Kept<void> book(const CashRow& row) {
        const std::string where = fmt::format("trading_cash {}", row.id);
        portfolio::CashEntry entry;
        auto account = accounts_.of(row.account);
        if (!account) return lost(std::move(account.error()));
        if (!row.strategy.empty()) {
            auto strategy = strategies_.of(row.strategy);
            if (!strategy) return lost(std::move(strategy.error()));
            entry.strategy = *strategy;
        }
        auto currency = code(row.currency, where);
        if (!currency) return lost(std::move(currency.error()));
        entry.account = *account;
        entry.currency = *currency;
        entry.amount = row.amount;
        entry.reason = row.reason;
        return checked(books_.book(entry), where);
    }

    Kept<void> apply(const ExecutionRow& row) {
        const std::string where = fmt::format("trading_executions {}", row.id);
        auto account = accounts_.of(row.account);
        if (!account) return lost(std::move(account.error()));
        auto strategy = strategies_.of(row.strategy);
        if (!strategy) return lost(std::move(strategy.error()));
        auto instrument = instruments_.of(row.symbol);
        if (!instrument) return lost(std::move(instrument.error()));
        auto currency = code(row.fee_currency, where);
        if (!currency) return lost(std::move(currency.error()));
        model::Fill fill;
        fill.known_at = row.ts;
        fill.fill_id = static_cast<std::uint64_t>(row.id);
        fill.order_id = static_cast<std::uint64_t>(row.order_id);
        fill.quantity = row.quantity;
        fill.price = row.price;
        fill.fee = row.fee;
        fill.fee_currency = *currency;
        fill.instrument = *instrument;
        fill.strategy = *strategy;
        fill.account = *account;
        fill.side = row.side;
        fill.liquidity = row.liquidity;
        const auto effect =
            row.closes ? portfolio::PositionEffect::close : portfolio::PositionEffect::automatic;
        return checked(books_.apply(fill, effect), where);
    }

    Kept<void> mark(const MarkRow& row) {
        auto instrument = instruments_.of(row.symbol);
        if (!instrument) return lost(std::move(instrument.error()));
        model::Trade trade;
        trade.known_at = row.ts;
        trade.price = row.price;
        trade.size = Quantity::whole(1);
        trade.instrument = *instrument;
        return checked(books_.mark(trade), "trading_marks " + row.symbol);
    }

    Kept<Books> tell() {
        Books told;
        for (std::size_t a = 0; a < account_rows_.size(); ++a) {
            const AccountId account(static_cast<std::uint16_t>(a));
            AccountRow row = account_rows_[a];
            if (auto balance = books_.balance(account, Time{})) {
                row.cash = balance->cash;
                row.equity = balance->equity;
                row.realised = balance->realised;
                row.unrealised = balance->unrealised;
                row.fees = balance->fees;
            } else {
                told.unknown.push_back(
                    fmt::format("{}: {}", row.name, portfolio::message_of(balance.error())));
            }
            told.accounts.push_back(std::move(row));
            for (std::size_t s = 0; s < strategies_.names().size(); ++s)
                for (std::size_t i = 0; i < instruments_.names().size(); ++i)
                    if (auto done = tell_position(told, a, s, i); !done)
                        return lost(std::move(done.error()));
        }
        return told;
    }

    Kept<void> tell_position(Books& told, std::size_t a, std::size_t s, std::size_t i) {
        const AccountId account(static_cast<std::uint16_t>(a));
        const StrategyId strategy(static_cast<std::uint16_t>(s));
        const InstrumentId instrument(static_cast<std::uint32_t>(i));
        if (books_.position(account, strategy, instrument) == nullptr) return {};
        const std::string& name = accounts_.names()[a];
        const auto legs = books_.positions(account, strategy, instrument, Time{});
        if (!legs) return checked(legs, "positions of " + name);
        const bool is_hedging = books_.mode_of(account) == model::PositionMode::hedging;
        std::string_view leg = is_hedging ? "long" : "net";
        for (const model::Position& position : *legs) {
            PositionRow row;
            row.account = name;
            row.symbol = instruments_.names()[i];
            row.strategy = strategies_.names()[s];
            row.leg = leg;
            row.quantity = position.quantity;
            row.average_price = position.average_price;
            row.currency = position.currency.text();
            row.realised = position.realised;
            row.unrealised = position.unrealised;
            row.fees = position.fees;
            told.positions.push_back(std::move(row));
            leg = "short";
        }
        return {};
    }

    Database& database_;
    portfolio::Portfolio books_;
    Numbers<InstrumentId> instruments_;
    Numbers<AccountId> accounts_;
    Numbers<StrategyId> strategies_;
    std::vector<AccountRow> account_rows_;
};

}  // namespace

Kept<Books> Reader::rebuild() {
    return Rebuilding(*database_).run();
}

}  // namespace millrace::ledger
