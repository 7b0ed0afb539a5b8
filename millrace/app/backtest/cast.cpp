// Names to numbers, files to series, with everything checked on the way.
#include "millrace/app/backtest/cast.hpp"

#include <algorithm>
#include <array>

#include "millrace/app/backtest/action_terms.hpp"
#include "millrace/app/backtest/inversion.hpp"
#include "millrace/app/backtest/run_values.hpp"
#include "millrace/core/engine/input.hpp"
#include "millrace/edge/feeds/files/contract_file.hpp"
#include "millrace/edge/plugins/strategy_source.hpp"
#include "millrace/edge/store/tape/series_reader.hpp"

namespace millrace::backtest {
namespace {

constexpr std::size_t kNameMax = 32;
constexpr std::size_t kFilesMax = 1'000;
constexpr std::size_t kStrategiesMax = 200;  // components of one engine
constexpr std::array kTakenNames = {"bars", "guardian", "order-desk", "planner", "portfolio"};

// Files by symbol; the map gives the numbers.
using Files = std::map<std::string, NamedFiles>;

std::string names_of(const auto& map) {
    std::string text;
    for (const auto& [name, value] : map)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

tl::unexpected<Error> refused(std::string what, std::string where, std::string why,
                              std::string mend) {
    return failure(ErrorCode::config, std::move(what), std::move(where), std::move(why),
                   std::move(mend));
}

Result<std::string> symbol_of_data(const DataTerms& terms, const std::string& path) {
    std::string symbol = terms.symbol;
    if (symbol.empty()) {
        const auto file = MarketFile::open(path, terms.table);
        if (!file) return failure(Error(file.error()));
        symbol = symbol_of(*file, path);
    }
    if (symbol.empty() || !Text<32>::from(symbol))
        return refused("the symbol is not usable", symbol, "it has 1 to 32 bytes",
                       "name the data's symbol yourself: --data SYMBOL=FILE");
    return symbol;
}

// A tape holds any number of symbols; each that is not named alone is read by itself.
Result<std::vector<std::string>> paths_of(const DataTerms& terms) {
    std::vector<std::string> paths;
    for (const std::string& file : terms.files) {
        if (!terms.symbol.empty() || !tape::is_tape(file)) {
            paths.push_back(file);
            continue;
        }
        const auto all = tape::series_of(store::posix_disk(), file);
        if (!all) return failure(Error(all.error()));
        for (const tape::SeriesName& one : *all)
            paths.push_back(one.name);
    }
    return paths;
}

Result<Files> files_of(const BacktestSettings& settings) {
    Files files;
    std::size_t count = 0;
    for (const DataTerms& terms : settings.data) {
        const auto paths = paths_of(terms);
        if (!paths) return failure(Error(paths.error()));
        for (const std::string& path : *paths) {
            const auto symbol = symbol_of_data(terms, path);
            if (!symbol) return failure(Error(symbol.error()));
            auto& list = files[*symbol];
            if (std::any_of(list.begin(), list.end(),
                            [&](const auto& known) { return known.first == path; }))
                return refused("the file is named twice", path, {}, "name it once");
            list.emplace_back(path, &terms);
            if (++count > kFilesMax)
                return refused("there are too many files", path,
                               "one run reads at most " + std::to_string(kFilesMax),
                               "join some of them");
        }
    }
    if (files.empty())
        return refused("there is no data to run on", {}, "no file was named", "add --data FILE");
    return files;
}

Result<Code> currency_of(const std::string& name, const std::string& fallback) {
    return Code::from(name.empty() ? fallback : name);
}

Result<model::Instrument> instrument_of(const std::string& symbol, InstrumentId id,
                                        const InstrumentTerms& terms, const Precision& precision,
                                        const std::string& run_currency) {
    model::Instrument made;
    made.known_at = Time::earliest();
    made.id = id;
    made.symbol = Text<32>::from(symbol).value();
    made.asset_class = terms.asset_class.value_or(model::AssetClass::equity);
    const auto currency = Text<8>::from(terms.currency.empty() ? run_currency : terms.currency);
    const auto base = Text<8>::from(terms.base_currency);
    const auto calendar = Text<32>::from(terms.calendar);
    for (const Error* wrong :
         {currency ? nullptr : &currency.error(), base ? nullptr : &base.error(),
          calendar ? nullptr : &calendar.error()})
        if (wrong != nullptr)
            return refused(wrong->what, "instrument." + symbol, wrong->why, wrong->mend);
    made.currency = *currency;
    made.base_currency = *base;
    made.calendar = *calendar;
    made.price_increment = terms.price_increment.value_or(precision.price);
    made.quantity_increment = terms.quantity_increment.value_or(Quantity::from_raw(1));
    if (terms.minimum_quantity) made.minimum_quantity = *terms.minimum_quantity;
    made.multiplier = terms.multiplier;
    made.inverse = terms.inverse;
    if (made.inverse && made.base_currency.empty())
        return refused("an inverse contract needs its base currency", "instrument." + symbol,
                       "it is margined and settled in it", "add base-currency");
    if (auto contract = portfolio::contract_of(made); !contract)
        return refused("the instrument cannot be booked", "instrument." + symbol,
                       portfolio::message_of(contract.error()), "mend its terms");
    return made;
}

// After the accounts: margin of an instrument is of those that have any.
Result<void> add_credit(const BacktestSettings& settings, const std::string& symbol,
                        const CreditTerms& terms, Cast& cast) {
    auto credit = instrument_credit_of(terms);
    if (!credit)
        return refused(credit.error().what, "instrument." + symbol + ", " + credit.error().where,
                       credit.error().why, credit.error().mend);
    const bool has_margin = std::any_of(cast.credit.begin(), cast.credit.end(),
                                        [](const auto& one) { return one.margin.has_value(); });
    if (credit->margin && !has_margin)
        return refused("no account is asked for margin", "instrument." + symbol,
                       "its margin would mean nothing", "add initial-margin to an account");
    if (settings.cash_only && !terms.is_empty())
        return refused("an instrument is on credit where all is for cash", "instrument." + symbol,
                       "it has terms of margin or borrowing", "take them out, or venue.cash-only");
    cast.has_credit = cast.has_credit || !terms.is_empty();
    cast.instrument_credit.push_back(*credit);
    return {};
}

Result<void> make_instruments(const BacktestSettings& settings, const Files& files, Cast& cast) {
    for (const auto& [symbol, terms] : settings.instruments)
        if (!files.contains(symbol))
            return failure(ErrorCode::data, "\"" + symbol + "\" is not in the data",
                           "instrument." + symbol, "there are: " + names_of(files),
                           "name a file for it, or take the table out");
    for (const auto& [symbol, list] : files) {
        const InstrumentId id(static_cast<InstrumentId::Value>(cast.instruments.size()));
        const auto terms = settings.instruments.find(symbol);
        Precision finest;
        for (const auto& [path, data] : list) {
            const auto precision = precision_of(path, table_of(*data));
            if (!precision) return failure(Error(precision.error()));
            finest.price = std::min(finest.price, precision->price);
            if (finest.first.is_zero()) finest.first = precision->first;
            if (precision->has_ticks && !precision->has_sizes) cast.sizes_known = false;
        }
        const InstrumentTerms& known =
            terms == settings.instruments.end() ? settings.every_instrument : terms->second;
        const bool turns = is_inverted(settings, symbol);
        const auto own = turns ? inverted(known, symbol) : Result<InstrumentTerms>(known);
        if (!own) return failure(Error(own.error()));
        cast.turned_at.push_back(turns ? Maybe<Price>(finest.first) : Maybe<Price>());
        auto instrument = instrument_of(symbol, id, *own, finest, settings.currency);
        if (!instrument) return failure(std::move(instrument.error()));
        if (auto added =
                add_actions(list, turns, known.price_increment.has_value(), *instrument, cast);
            !added)
            return added;
        cast.instruments.push_back(*instrument);
        if (auto added = add_credit(settings, symbol, known.credit, cast); !added) return added;
    }
    return {};
}

Result<void> open_data(const Files& files, Cast& cast) {
    InstrumentId::Value number = 0;
    for (const auto& [symbol, list] : files) {
        const InstrumentId id(number++);
        const std::size_t first = cast.data.size();
        for (const auto& [path, data] : list) {
            files::TableOptions options = table_of(*data);
            options.instrument = id;
            auto series = DataSeries::open(path, options, cast.turned_at[id.value()].has_value());
            if (!series) return failure(std::move(series.error()));
            if (const auto& adjuster = cast.adjusters[id.value()]) series->adjust_by(*adjuster);
            const auto same = std::find_if(cast.data.begin() + static_cast<std::ptrdiff_t>(first),
                                           cast.data.end(), [&](const DataSeries& known) {
                                               return known.kind() == series->kind() &&
                                                      known.bar_length() == series->bar_length();
                                           });
            if (same == cast.data.end())
                cast.data.push_back(std::move(*series));
            else
                same->join(std::move(*series));
        }
    }
    return {};
}

Result<void> make_accounts(const BacktestSettings& settings, Cast& cast) {
    std::map<std::string, AccountTerms> accounts = settings.accounts;
    if (accounts.empty()) accounts["main"] = settings.every_account;
    for (const auto& [name, terms] : accounts) {
        model::Account account;
        account.known_at = Time::earliest();
        account.id = AccountId(static_cast<AccountId::Value>(cast.accounts.size()));
        const auto text = Text<32>::from(name);
        const auto currency = currency_of(terms.currency, settings.currency);
        if (!text)
            return refused(text.error().what, "account." + name, text.error().why, "shorten it");
        if (!currency)
            return refused(currency.error().what, "account." + name, currency.error().why,
                           currency.error().mend);
        account.name = *text;
        account.currency = *currency;
        account.mode = terms.mode;
        cast.accounts.push_back(account);
        cast.cash.push_back(terms.cash.value_or(settings.cash));
        if (cast.cash.back().raw() <= 0)
            return refused("an account begins with no money", "account." + name,
                           "its cash is " + cast.cash.back().to_string(), "give it more than zero");
        auto credit = account_credit_of(terms.credit);
        if (!credit)
            return refused(credit.error().what, "account." + name + ", " + credit.error().where,
                           credit.error().why, credit.error().mend);
        if (settings.cash_only && !terms.credit.is_empty())
            return refused("an account trades on credit and for cash only", "account." + name,
                           "it has terms of margin, borrowing or debts",
                           "take them out, or venue.cash-only");
        cast.has_credit = cast.has_credit || !terms.credit.is_empty();
        cast.credit.push_back(*credit);
    }
    return {};
}

Result<AccountId> account_named(const StrategyTerms& terms, const std::string& name,
                                const Cast& cast) {
    if (terms.account.empty() && cast.accounts.size() == 1) return cast.accounts.front().id;
    std::vector<std::string_view> names;
    std::string list;
    for (const model::Account& account : cast.accounts) {
        if (account.name.view() == terms.account) return account.id;
        names.push_back(account.name.view());
        list += (list.empty() ? "" : ", ") + std::string(account.name.view());
    }
    if (terms.account.empty())
        return refused("the strategy does not say on which account it trades", "strategy." + name,
                       "there are: " + list, "add account = \"…\"");
    const std::string_view near = nearest(terms.account, names);
    return refused(
        "there is no account \"" + terms.account + "\"", "strategy." + name, "there are: " + list,
        near.empty() ? "use one of those" : "did you mean \"" + std::string(near) + "\"?");
}

Result<void> choose_symbols(const StrategyTerms& terms, const std::string& name, const Cast& cast,
                            Player& player) {
    for (const std::string& symbol : terms.symbols) {
        const auto known =
            std::find_if(cast.instruments.begin(), cast.instruments.end(),
                         [&](const auto& one) { return one.symbol.view() == symbol; });
        if (known == cast.instruments.end()) {
            std::string list;
            for (const model::Instrument& one : cast.instruments)
                list += (list.empty() ? "" : ", ") + std::string(one.symbol.view());
            return failure(ErrorCode::data, "\"" + symbol + "\" is not in the data",
                           "strategy." + name, "there are: " + list,
                           "use one of those, or name a file for it: --data " + symbol + "=FILE");
        }
        player.options.instruments.push_back(known->id);
    }
    std::sort(player.options.instruments.begin(), player.options.instruments.end());
    for (const model::Instrument& one : cast.instruments)
        if (terms.symbols.empty() || std::binary_search(player.options.instruments.begin(),
                                                        player.options.instruments.end(), one.id))
            player.run.symbols.emplace_back(one.symbol.view());
    return {};
}

// Lots by instrument number, of a strategy that speaks of them.
Result<std::vector<Quantity>> lots_of(const Cast& cast, const portfolio::ContractSizes& sizes) {
    std::vector<Quantity> lots;
    for (const model::Instrument& instrument : cast.instruments) {
        lots.push_back(sizes.lot_of(instrument.symbol.view()));
        const Maybe<Price> turned = cast.turned_at[instrument.id.value()];
        if (!turned.has_value()) continue;
        const auto units = inverted_lot(lots.back(), turned.value());
        if (!units) return failure(Error(units.error()));
        lots.back() = *units;
    }
    return lots;
}

// A strategy whose side is a sign deals the other side of a pair that was turned round.
Result<void> turn_where_inverted(const std::string& name, const Cast& cast, Player& player) {
    std::size_t turned = 0;
    for (const std::string& symbol : player.run.symbols)
        for (const model::Instrument& one : cast.instruments)
            if (one.symbol.view() == symbol && cast.turned_at[one.id.value()].has_value()) ++turned;
    if (turned == 0) return {};
    if (turned < player.run.symbols.size())
        return refused("the strategy trades pairs that are turned round and others",
                       "strategy." + name, "its side cannot be the right one for both",
                       "make two strategies of it, each with its symbols");
    return turn_side(player.strategy->parameters());
}

Result<portfolio::ContractSizes> sizes_of(const BacktestSettings& settings) {
    if (!settings.contracts.empty())
        return files::read_contract_sizes(settings.contracts, settings.fx_lot);
    portfolio::ContractSizes sizes;
    if (settings.fx_lot.has_value()) (void)sizes.set_fx_default(settings.fx_lot.value());
    return sizes;
}

Result<Player> make_player(const std::string& name, const StrategyTerms& terms, StrategyId id,
                           const Cast& cast) {
    if (name.empty() || name.size() > kNameMax ||
        std::find(kTakenNames.begin(), kTakenNames.end(), name) != kTakenNames.end())
        return refused("a strategy cannot have this name", "strategy." + name,
                       "a name has 1 to 32 bytes and is not one of the engine's own",
                       "choose another name");
    Player player;
    auto made = plugins::make_strategy_from(terms.type);
    if (!made) return failure(std::move(made.error()));
    player.strategy = std::move(*made);
    if (auto set = player.strategy->set(terms.parameters); !set)
        return failure(std::move(set.error()));
    const auto account = account_named(terms, name, cast);
    if (!account) return failure(Error(account.error()));
    player.options.strategy = id;
    player.options.account = *account;
    player.options.name = name;
    if (auto chosen = choose_symbols(terms, name, cast, player); !chosen)
        return failure(std::move(chosen.error()));
    if (auto turned = turn_where_inverted(name, cast, player); !turned)
        return failure(std::move(turned.error()));
    player.plan = terms.plan;
    player.plan.strategy = id;
    player.plan.account = *account;
    if (player.strategy->trades_by_signals())
        if (auto sound = execution::check(player.plan); !sound)
            return refused(sound.error().what, "strategy." + name, sound.error().why,
                           sound.error().mend);
    player.run.name = name;
    player.run.type = dashed(terms.type);
    player.run.account = std::string(cast.accounts[account->value()].name.view());
    for (const strategy::Parameter* parameter : player.strategy->parameters())
        player.run.parameters.push_back(
            {std::string(parameter->name()), parameter->describe().kind, parameter->text()});
    return player;
}

// A limit for nobody would be a limit that does not hold.
Result<void> check_limits(const BacktestSettings& settings, const Cast& cast) {
    std::vector<std::string> accounts;
    std::vector<std::string> strategies;
    std::vector<std::string> symbols;
    for (const model::Account& account : cast.accounts)
        accounts.emplace_back(account.name.view());
    for (const auto& [name, terms] : settings.strategies)
        strategies.push_back(name);
    for (const model::Instrument& instrument : cast.instruments)
        symbols.emplace_back(instrument.symbol.view());
    for (const auto& [kind, names] : {std::pair{risk::ScopeKind::account, &accounts},
                                      {risk::ScopeKind::strategy, &strategies},
                                      {risk::ScopeKind::symbol, &symbols}})
        if (auto known = check_names(settings.risk, kind, *names); !known) return known;
    return {};
}

}  // namespace

// Of a library the name behind ':', or that of the file without "lib" and ".so".
std::string player_name_of(std::string_view type) {
    const std::size_t colon = type.rfind(':');
    std::string_view name = type.substr(type.rfind('/') + 1);
    if (colon != std::string_view::npos)
        name = type.substr(colon + 1);
    else if (name.ends_with(".so"))
        name = name.substr(name.starts_with("lib") ? 3 : 0, name.size());
    if (name.ends_with(".so")) name.remove_suffix(3);
    return dashed(name.substr(0, kNameMax));
}

Result<Cast> make_cast(const BacktestSettings& settings) {
    Cast cast;
    if (settings.strategies.empty())
        return refused("there is no strategy to run", {}, {},
                       "name one: millrace backtest ema-cross …");
    if (settings.strategies.size() > kStrategiesMax)
        return refused("there are too many strategies", {},
                       "one run has at most " + std::to_string(kStrategiesMax), "split the run");
    if (auto made = make_accounts(settings, cast); !made) return failure(std::move(made.error()));
    // Before any file is opened: a slip in a name should not wait for the data.
    const auto files = files_of(settings);
    if (!files) return failure(Error(files.error()));
    for (const auto& [name, terms] : settings.strategies)
        if (auto known = plugins::make_strategy_from(terms.type); !known)
            return failure(std::move(known.error()));
        else if (auto set = (*known)->set(terms.parameters); !set)
            return failure(std::move(set.error()));
    if (auto made = make_instruments(settings, *files, cast); !made)
        return failure(std::move(made.error()));
    std::sort(cast.actions.begin(), cast.actions.end(), [](const auto& a, const auto& b) {
        return std::pair(engine::order_key_of(a), model::is_split(a)) <
               std::pair(engine::order_key_of(b), model::is_split(b));
    });
    if (auto known = check_limits(settings, cast); !known) return failure(std::move(known.error()));
    const auto sizes = sizes_of(settings);
    if (!sizes) return failure(Error(sizes.error()));
    for (const auto& [name, terms] : settings.strategies) {
        const StrategyId id(static_cast<StrategyId::Value>(cast.players.size()));
        auto player = make_player(name, terms, id, cast);
        if (!player) return failure(std::move(player.error()));
        if (terms.lots) {
            auto lots = lots_of(cast, *sizes);
            if (!lots) return failure(std::move(lots.error()));
            player->options.lots = std::move(*lots);
        }
        cast.players.push_back(std::move(*player));
    }
    if (auto opened = open_data(*files, cast); !opened) return failure(std::move(opened.error()));
    return cast;
}

}  // namespace millrace::backtest
