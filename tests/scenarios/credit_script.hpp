// What a script says of instruments and of credit: the words of `instrument`, `also` and `credit`.
#pragma once

#include "millrace/core/model/account.hpp"
#include "millrace/core/venue/credit_desk.hpp"

#include "tests/scenarios/script.hpp"

namespace millrace::scenario {

struct Listing {
    model::Instrument instrument;
    venue::InstrumentCredit credit;

    Listing() {
        instrument.symbol = "X";
        instrument.currency = "USD";
        instrument.price_increment = Price::from_raw(10'000'000);  // 0.01
        instrument.quantity_increment = Quantity::whole(1);
        instrument.multiplier = Ratio::whole(1);
    }
};

inline model::AssetClass take_class(Line& line) {
    return line.take_choice<model::AssetClass>(
        {"equity", "etf", "fx", "crypto", "future", "option", "index", "bond", "cfd"});
}

// INITIAL [MAINTENANCE], of both sides.
inline venue::MarginRates take_margin(Line& line) {
    auto rates = venue::MarginRates::of(line.take_number<Ratio>());
    if (!line.empty() && line.peek()[0] >= '0' && line.peek()[0] <= '9')
        rates.maintenance_long = rates.maintenance_short = line.take_number<Ratio>();
    return rates;
}

inline void take_short_margin(Line& line, venue::MarginRates& rates) {
    const venue::MarginRates shorts = take_margin(line);
    rates.initial_short = shorts.initial_short;
    rates.maintenance_short = shorts.maintenance_short;
}

inline void read_listing(Line& line, Listing& listing) {
    model::Instrument& instrument = listing.instrument;
    while (!line.empty()) {
        const std::string what = line.take();
        if (what == "tick")
            instrument.price_increment = line.take_number<Price>();
        else if (what == "lot")
            instrument.quantity_increment = line.take_number<Quantity>();
        else if (what == "minimum")
            instrument.minimum_quantity = line.take_number<Quantity>();
        else if (what == "multiplier")
            instrument.multiplier = line.take_number<Ratio>();
        else if (what == "base")
            instrument.base_currency = Text<8>::from(line.take()).value();
        else if (what == "inverse")
            instrument.inverse = true;
        else if (what == "currency")
            instrument.currency = Text<8>::from(line.take()).value();
        else if (what == "class")
            instrument.asset_class = take_class(line);
        else if (what == "margin")
            listing.credit.margin = take_margin(line);
        else if (what == "short-margin" && listing.credit.margin)
            take_short_margin(line, *listing.credit.margin);
        else if (what == "borrow")
            listing.credit.borrow_rate = line.take_number<Ratio>();
        else if (what == "short-max")
            listing.credit.short_max = line.take_number<Quantity>();
        else
            line.fail("an instrument has no such thing");
    }
}

// The account, and the money it begins with.
struct CreditScript {
    model::Account account;
    Money cash;
    venue::AccountCredit terms;

    void read(Line& line) {
        account.name = "main";
        account.currency = "USD";
        cash = line.take_number<Money>();
        while (!line.empty()) {
            const std::string what = line.take();
            if (what == "currency")
                account.currency = Code::from(line.take()).value();
            else if (what == "margin")
                terms.margin = take_margin(line);
            else if (what == "short-margin" && terms.margin)
                take_short_margin(line, *terms.margin);
            else if (what == "borrow")
                terms.borrow_rate = line.take_number<Ratio>();
            else if (what == "debit")
                terms.debit_rate = line.take_number<Ratio>();
            else if (what == "days")
                terms.days_of_year = static_cast<std::int64_t>(line.take_count());
            else
                line.fail("credit has no such thing");
        }
    }
    [[nodiscard]] std::unique_ptr<venue::CreditDesk> make() const {
        auto desk = std::make_unique<venue::CreditDesk>();
        desk->open(account, terms);
        desk->book({account.id, portfolio::kUnassigned, account.currency, cash,
                    portfolio::CashReason::deposit});
        return desk;
    }
};

}  // namespace millrace::scenario
