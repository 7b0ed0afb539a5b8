// One purchase an instrument.
#include "millrace/core/strategy/library/buy_and_hold.hpp"

namespace millrace::strategy {

void BuyAndHold::buy_once(InstrumentId instrument) {
    if (instrument.value() >= bought_.size()) bought_.resize(instrument.value() + std::size_t{1});
    if (bought_[instrument.value()] != 0 || !trading().is_live()) return;
    bought_[instrument.value()] = 1;
    trading().buy(instrument, quantity_.quantity());
}

void BuyAndHold::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{bought_.size()});
    for (const std::uint8_t bought : bought_)
        writer.put(bought);
}

void BuyAndHold::load(engine::StateReader& reader) {
    bought_.resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()));
    for (std::uint8_t& bought : bought_)
        bought = reader.get<std::uint8_t>();
}

}  // namespace millrace::strategy
