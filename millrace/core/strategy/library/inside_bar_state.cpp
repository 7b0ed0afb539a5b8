// The state of inside-bar strategies: all of each instrument's track.
#include <algorithm>

#include "millrace/core/strategy/library/inside_bar_strategy.hpp"

namespace millrace::strategy {
namespace {

void put(engine::StateWriter& writer, const market::WindowKey& key) {
    writer.put(key.index);
    writer.put(key.start);
}

void get(engine::StateReader& reader, market::WindowKey& key) {
    key.index = reader.get<std::uint32_t>();
    key.start = reader.get<Time>();
}

void put(engine::StateWriter& writer, bool flag) {
    writer.put(static_cast<std::uint8_t>(flag));
}

}  // namespace

void InsideBarStrategy::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{tracks_.size()});
    for (const auto& track : tracks_) {
        put(writer, track != nullptr);
        if (!track) continue;
        writer.put(track->source_step);
        track->atr.save(writer);
        if (track->frames) track->frames->save(writer);
        put(writer, track->has_mother);
        writer.put(track->mother.bar);
        writer.put_double(track->mother.atr);
        put(writer, track->mother.has_atr);
        put(writer, track->mother.in_window);
        put(writer, track->mother.window);
        put(writer, track->session);
        writer.put(track->trades);
        put(writer, track->ended);
        put(writer, track->has_pattern);
        writer.put(track->pattern_mother);
        writer.put(track->pattern_bar);
        writer.put(track->pattern_age);
        for (const Leg& leg : track->waiting) {
            writer.put(leg.side);
            writer.put(leg.entry);
            writer.put(leg.stop);
            writer.put(leg.target);
            writer.put(leg.quantity);
        }
        writer.put(track->valid_from);
        writer.put(track->valid_to);
        writer.put(track->exit_at);
        put(writer, track->exit_sent);
    }
}

void InsideBarStrategy::load(engine::StateReader& reader) {
    prepare();
    const auto flag = [&reader] { return reader.get<std::uint8_t>() != 0; };
    tracks_.clear();
    const auto count = std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left());
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        if (!flag()) continue;
        const InstrumentId instrument(static_cast<InstrumentId::Value>(i));
        Track& track = track_of(instrument);
        const auto source_step = reader.get<std::uint64_t>();
        const auto step = static_cast<std::uint64_t>(timeframe().ns());
        if (source_step != 0 && indicators::fits(reader, step % source_step == 0))
            hear_bars_of(source_step, instrument, track);
        track.atr.load(reader);
        if (track.frames) track.frames->load(reader);
        track.has_mother = flag();
        track.mother.bar = reader.get<model::Bar>();
        track.mother.atr = reader.get_double();
        track.mother.has_atr = flag();
        track.mother.in_window = flag();
        get(reader, track.mother.window);
        get(reader, track.session);
        track.trades = reader.get<std::int64_t>();
        track.ended = flag();
        track.has_pattern = flag();
        track.pattern_mother = reader.get<model::Bar>();
        track.pattern_bar = reader.get<model::Bar>();
        track.pattern_age = reader.get<std::int64_t>();
        for (Leg& leg : track.waiting) {
            leg.side = reader.get<model::Side>();
            leg.entry = reader.get<Price>();
            leg.stop = reader.get<Price>();
            leg.target = reader.get<Price>();
            leg.quantity = reader.get<Quantity>();
        }
        track.valid_from = reader.get<Time>();
        track.valid_to = reader.get<Time>();
        track.exit_at = reader.get<Time>();
        track.exit_sent = flag();
    }
    tracks_.resize(std::max<std::size_t>(tracks_.size(), count));
}

}  // namespace millrace::strategy
