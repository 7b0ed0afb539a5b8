// Definitions, rates, and the saved form.
#include "millrace/core/execution/price_board.hpp"

#include <algorithm>

namespace millrace::execution {
namespace {

constexpr std::size_t kInstrumentsMax = 1'000'000;

}  // namespace

void PriceBoard::hear(const model::Instrument& instrument) {
    const std::size_t index = instrument.id.value();
    MILLRACE_ASSERT(index < kInstrumentsMax, "an instrument's number is out of range");
    if (index >= instruments_.size()) {
        instruments_.resize(index + 1);
        prices_.resize(index + 1);
    }
    instruments_[index] = instrument;
    note_pair(instrument);
}

void PriceBoard::note_pair(const model::Instrument& instrument) {
    std::erase_if(pairs_, [&](const Pair& pair) { return pair.instrument == instrument.id; });
    const bool is_exchange = instrument.asset_class == model::AssetClass::fx ||
                             instrument.asset_class == model::AssetClass::crypto;
    if (!is_exchange || instrument.inverse) return;
    const auto base = Code::from(instrument.base_currency.view());
    const auto currency = Code::from(instrument.currency.view());
    if (!base || !currency || base->empty() || currency->empty()) return;
    const auto at =
        std::upper_bound(pairs_.begin(), pairs_.end(), instrument.id,
                         [](InstrumentId id, const Pair& pair) { return id < pair.instrument; });
    pairs_.insert(at, {instrument.id, *base, *currency});
}

const model::Instrument* PriceBoard::find(InstrumentId instrument) const {
    if (instrument.value() >= instruments_.size()) return nullptr;
    const model::Instrument& known = instruments_[instrument.value()];
    const bool is_usable = !known.symbol.empty() && known.price_increment.raw() > 0 &&
                           known.quantity_increment.raw() > 0 && known.multiplier.raw() > 0;
    return is_usable ? &known : nullptr;
}

LastPrice PriceBoard::last(InstrumentId instrument) const {
    return instrument.value() < prices_.size() ? prices_[instrument.value()] : LastPrice();
}

Maybe<Money> PriceBoard::converted(Money amount, Code from, Code to) const {
    if (from == to) return amount;
    for (const Pair& pair : pairs_) {
        const bool forward = pair.base == from && pair.currency == to;
        const bool backward = pair.base == to && pair.currency == from;
        if (!forward && !backward) continue;
        const LastPrice price = last(pair.instrument);
        if (!price.bid.has_value() || !price.ask.has_value()) continue;
        const int128 doubled = int128{price.bid.value().raw()} + price.ask.value().raw();
        if (doubled <= 0) continue;
        constexpr int128 kTwo = int128{2} * Price::kOne;
        const int128 raw = forward ? amount.raw() * doubled / kTwo : amount.raw() * kTwo / doubled;
        const auto narrowed = narrow(raw);
        if (narrowed) return Money::from_raw(*narrowed);
    }
    return {};
}

void PriceBoard::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{instruments_.size()});
    for (std::size_t i = 0; i < instruments_.size(); ++i) {
        const bool is_known = !instruments_[i].symbol.empty();
        writer.put(static_cast<std::uint8_t>(is_known ? 1 : 0));
        if (!is_known) continue;
        writer.put_noun(instruments_[i]);
        writer.put(prices_[i].bid);
        writer.put(prices_[i].ask);
    }
}

void PriceBoard::load(engine::StateReader& reader) {
    const auto count = std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left());
    instruments_.assign(count, {});
    prices_.assign(count, {});
    pairs_.clear();
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
        if (reader.get<std::uint8_t>() == 0) continue;
        instruments_[i] = reader.get_noun<model::Instrument>();
        prices_[i].bid = reader.get<Maybe<Price>>();
        prices_[i].ask = reader.get<Maybe<Price>>();
        note_pair(instruments_[i]);
    }
}

}  // namespace millrace::execution
