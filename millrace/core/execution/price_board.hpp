// PriceBoard: the instruments, the last price of each, and the rates between currencies that these
// prices give. It hears every price, so hearing one is two stores and nothing else.
#pragma once

#include <vector>

#include "millrace/base/code.hpp"
#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/nouns.hpp"

namespace millrace::execution {

// The last quote; of a trade or bar both are its price.
struct LastPrice {
    Maybe<Price> bid;
    Maybe<Price> ask;
};

class PriceBoard {
  public:
    void hear(const model::Instrument& instrument);
    void hear(InstrumentId instrument, Price bid, Price ask) {
        if (instrument.value() >= prices_.size()) return;
        prices_[instrument.value()] = {bid, ask};
    }

    // Null when nobody defined it, or when its numbers cannot be rounded to.
    [[nodiscard]] const model::Instrument* find(InstrumentId instrument) const;
    [[nodiscard]] LastPrice last(InstrumentId instrument) const;
    // By the pair of the two currencies with the lowest number that has a price, at the middle of
    // its quote, rounded toward zero; absent when there is none.
    [[nodiscard]] Maybe<Money> converted(Money amount, Code from, Code to) const;

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    struct Pair {
        InstrumentId instrument;
        Code base;
        Code currency;
    };
    void note_pair(const model::Instrument& instrument);

    std::vector<model::Instrument> instruments_;  // by number; an empty symbol where there is none
    std::vector<LastPrice> prices_;               // by number
    std::vector<Pair> pairs_;                     // by number of the instrument
};

}  // namespace millrace::execution
