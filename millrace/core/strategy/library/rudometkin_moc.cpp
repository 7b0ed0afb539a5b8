// Measures, setups, and the ranking of a day.
#include "millrace/core/strategy/library/rudometkin_moc.hpp"

#include <algorithm>

#include "millrace/core/strategy/indicators/momentum.hpp"
#include "millrace/core/strategy/indicators/trend.hpp"
#include "millrace/core/strategy/library/price_steps.hpp"

namespace millrace::strategy {
namespace {

using indicators::Smoothing;
using model::Side;

}  // namespace

struct RudometkinMoc::Measures {
    Measures(std::int64_t trend, std::int64_t adx_length, std::int64_t volume_length)
        : mean(trend), adx(adx_length, Smoothing::recursive), volume(volume_length) {}

    void update(const model::Bar& bar) {
        const indicators::Candle candle = indicators::candle_of(bar);
        mean.update(candle.close);
        adx.update(candle);
        atr2.update(candle);
        atr10.update(candle);
        atr40.update(candle);
        change.update(candle.close);
        crsi.update(candle.close);
        volume.update(candle.volume);
        ++bars;
    }
    void save(engine::StateWriter& writer) const {
        indicators::save_parts(writer, mean, adx, atr2, atr10, atr40, change, crsi, volume, bars);
    }
    void load(engine::StateReader& reader) {
        indicators::load_parts(reader, mean, adx, atr2, atr10, atr40, change, crsi, volume, bars);
    }

    indicators::SimpleAverage mean;
    indicators::Adx adx;
    indicators::AverageTrueRange atr2{2, Smoothing::recursive};
    indicators::AverageTrueRange atr10{10, Smoothing::recursive};
    indicators::AverageTrueRange atr40{40, Smoothing::recursive};
    indicators::RateOfChange change{5};
    indicators::ConnorsRsi crsi{2, 2, 100};
    indicators::SimpleAverage volume;
    std::int64_t bars = 0;
};

RudometkinMoc::RudometkinMoc() = default;
RudometkinMoc::~RudometkinMoc() = default;

std::uint64_t RudometkinMoc::warm_up_bars() const {
    return static_cast<std::uint64_t>(
        std::max({bars_min_.value(), trend_length_.value(), volume_length_.value()}));
}

void RudometkinMoc::on_start() {
    measures_.clear();
    longs_.clear();
    shorts_.clear();
    day_ = Time::earliest();
}

RudometkinMoc::Measures& RudometkinMoc::measures_of(InstrumentId instrument) {
    if (instrument.value() >= measures_.size())
        measures_.resize(instrument.value() + std::size_t{1});
    auto& measures = measures_[instrument.value()];
    if (!measures)
        measures = std::make_unique<Measures>(trend_length_.value(), adx_length_.value(),
                                              volume_length_.value());
    return *measures;
}

void RudometkinMoc::on_bar(const model::Bar& bar) {
    if (bar.known_at > day_) begin_day(bar.known_at);
    Measures& measures = measures_of(bar.instrument);
    measures.update(bar);
    if (!trading().is_live()) return;
    close_leftovers(bar.instrument);
    if (is_in_universe(bar, measures)) consider(bar, measures);
}

// What was entered for the day that is over lapses with it.
void RudometkinMoc::begin_day(Time day) {
    day_ = day;
    for (auto* list : {&longs_, &shorts_}) {
        for (const Candidate& candidate : *list)
            trading().cancel(candidate.order);
        list->clear();
    }
}

// A position that outlived its day, because the venue had no close for it.
void RudometkinMoc::close_leftovers(InstrumentId instrument) {
    if (trading().position(instrument).is_zero()) return;
    trading().cancel_all(instrument);
    trading().close(instrument);
}

bool RudometkinMoc::is_in_universe(const model::Bar& bar, const Measures& measures) const {
    return measures.bars >= bars_min_.value() && measures.mean.is_ready() &&
           measures.volume.is_ready() && measures.atr40.is_ready() && measures.adx.is_ready() &&
           bar.close.to_double() >= price_min_.value() &&
           measures.volume.value() >= volume_min_.value();
}

RudometkinMoc::Setup RudometkinMoc::long_setup(const model::Bar& bar,
                                               const Measures& measures) const {
    const double open = bar.open.to_double();
    const double close = bar.close.to_double();
    if (!(close > measures.mean.value()) || !(measures.adx.adx() > adx_min_.value()) ||
        !((open - close) / open > drop_min_.value()))
        return {};
    const Price limit =
        times(bar.close, Ratio::from_raw(Ratio::kOne - long_discount_.ratio().raw()));
    return {true, on_step(limit, price_step_of(trading(), bar.instrument), Rounding::floor),
            measures.atr10.value() / close};
}

RudometkinMoc::Setup RudometkinMoc::short_setup(const model::Bar& bar,
                                                const Measures& measures) const {
    if (!measures.crsi.is_ready() || !measures.change.is_ready()) return {};
    const double close = bar.close.to_double();
    const double slow = measures.atr40.value() / close;
    const double fast = measures.atr2.value() / close;
    if (!(measures.adx.adx() > adx_min_.value()) || !(measures.crsi.value() > crsi_min_.value()) ||
        slow < atr40_min_.value() || slow > atr40_max_.value() || fast < atr2_min_.value() ||
        fast > atr2_max_.value())
        return {};
    const Price limit =
        times(bar.close, Ratio::from_raw(Ratio::kOne + short_premium_.ratio().raw()));
    return {true, on_step(limit, price_step_of(trading(), bar.instrument), Rounding::ceiling),
            measures.change.value()};
}

Quantity RudometkinMoc::size_of(const model::Bar& bar, const Measures& measures) const {
    const double risk = measures.atr40.value();
    if (!(risk > 0)) return {};
    const double units = std::min(1e9, allocation_.value() * risk_fraction_.value() / risk);
    const auto raw = static_cast<std::int64_t>(units * static_cast<double>(Quantity::kOne));
    const std::int64_t step = quantity_step_of(trading(), bar.instrument).raw();
    return Quantity::from_raw(raw / step * step);
}

// One side a share: where both setups are there, the long one.
void RudometkinMoc::consider(const model::Bar& bar, const Measures& measures) {
    const Quantity size = size_of(bar, measures);
    if (size.is_zero()) return;
    if (sides_.index() != 2)
        if (const Setup setup = long_setup(bar, measures); setup.is_there) {
            rank(bar, Side::buy, setup, size);
            return;
        }
    if (sides_.index() != 1)
        if (const Setup setup = short_setup(bar, measures); setup.is_there)
            rank(bar, Side::sell, setup, size);
}

// Among equals the one that came first, which is the lower instrument.
void RudometkinMoc::rank(const model::Bar& bar, Side side, const Setup& setup, Quantity size) {
    model::Signal signal;
    signal.instrument = bar.instrument;
    signal.action = side == Side::buy ? model::SignalAction::buy : model::SignalAction::sell;
    signal.strength = Ratio::whole(1);
    signal.price = setup.limit;
    signal.quantity = size;
    trading().signal(signal);

    auto& list = side == Side::buy ? longs_ : shorts_;
    const auto place = std::find_if(list.begin(), list.end(), [&](const Candidate& other) {
        return other.score < setup.score;
    });
    const auto index = place - list.begin();
    if (index >= candidates_.value() || index >= positions_max_.value()) return;
    OrderTerms terms;
    terms.type = model::OrderType::limit;
    terms.limit_price = setup.limit;
    terms.time_in_force = model::TimeInForce::day;
    const OrderId order = trading().submit(bar.instrument, side, size, terms);
    OrderTerms exit;
    exit.type = model::OrderType::market_on_close;
    exit.parent_id = order;
    exit.reduce_only = true;
    trading().submit(bar.instrument, side == Side::buy ? Side::sell : Side::buy, size, exit);
    list.insert(place, {bar.instrument, order, setup.score});
    if (static_cast<std::int64_t>(list.size()) > candidates_.value()) give_up_worst(list);
    if (static_cast<std::int64_t>(longs_.size() + shorts_.size()) > positions_max_.value())
        give_up_worst(longs_.size() > shorts_.size() ? longs_ : shorts_);
}

// Should its cancel come too late, the child for the close is its exit all the same.
void RudometkinMoc::give_up_worst(std::vector<Candidate>& list) {
    trading().cancel(list.back().order);
    list.pop_back();
}

void RudometkinMoc::save(engine::StateWriter& writer) const {
    writer.put(day_);
    for (const auto* list : {&longs_, &shorts_}) {
        writer.put(std::uint64_t{list->size()});
        for (const Candidate& candidate : *list) {
            writer.put(candidate.instrument);
            writer.put(candidate.order);
            writer.put_double(candidate.score);
        }
    }
    writer.put(std::uint64_t{measures_.size()});
    for (const auto& measures : measures_) {
        writer.put(static_cast<std::uint8_t>(measures != nullptr));
        if (measures) measures->save(writer);
    }
}

void RudometkinMoc::load(engine::StateReader& reader) {
    day_ = reader.get<Time>();
    for (auto* list : {&longs_, &shorts_}) {
        list->resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()));
        for (Candidate& candidate : *list) {
            candidate.instrument = reader.get<InstrumentId>();
            candidate.order = reader.get<OrderId>();
            candidate.score = reader.get_double();
        }
    }
    measures_.clear();
    const auto count = std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left());
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i)
        if (reader.get<std::uint8_t>() != 0)
            measures_of(InstrumentId(static_cast<InstrumentId::Value>(i))).load(reader);
    measures_.resize(std::max<std::size_t>(measures_.size(), count));
}

}  // namespace millrace::strategy
