// Checking of the tables: what cannot be written in the binary form and read again is refused.
#include "millrace/edge/store/tape/tables.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "millrace/core/model/binary.hpp"

namespace millrace::tape {
namespace {

template <class T>
Result<std::vector<T>> sorted(std::span<const T> rows, std::size_t rows_max) {
    const model::NounDescription& noun = model::kDescription<T>;
    if (rows.size() > rows_max)
        return failure(
            ErrorCode::data, fmt::format("{} rows of {} are too many", rows.size(), noun.name), {},
            fmt::format("a tape holds at most {}", rows_max), "split it into several tapes");
    model::NounBuffer buffer;
    for (const T& row : rows) {
        const std::size_t size = model::write_binary(noun, &row, buffer.bytes);
        T again;
        auto read =
            model::read_binary(noun, noun.version, std::span(buffer.bytes).first(size), &again);
        if (!read) return failure(std::move(read.error()));
    }
    std::vector<T> result(rows.begin(), rows.end());
    std::ranges::sort(result, {}, &T::id);
    const auto twice = std::ranges::adjacent_find(result, {}, &T::id);
    if (twice != result.end())
        return failure(
            ErrorCode::data,
            fmt::format("two rows of {} have the number {}", noun.name, twice->id.value()), {},
            "each must have its own", "number them apart");
    return result;
}

}  // namespace

Result<Tables> Tables::make(std::span<const model::Instrument> instruments,
                            std::span<const model::Source> sources) {
    auto sorted_instruments = sorted(instruments, kInstrumentsMax);
    if (!sorted_instruments) return failure(std::move(sorted_instruments.error()));
    auto sorted_sources = sorted(sources, kSourcesMax);
    if (!sorted_sources) return failure(std::move(sorted_sources.error()));
    Tables tables;
    tables.instruments_ = std::move(*sorted_instruments);
    tables.sources_ = std::move(*sorted_sources);
    for (const model::Source& source : tables.sources_)
        tables.known_sources_.set(source.id.value());
    for (const model::Instrument& instrument : tables.instruments_) {
        const std::int64_t price = instrument.price_increment.raw();
        const std::int64_t quantity = instrument.quantity_increment.raw();
        tables.ids_.push_back(instrument.id.value());
        tables.price_increments_.push_back(price);
        tables.quantity_increments_.push_back(quantity);
        tables.price_increment_most_ = std::max(tables.price_increment_most_, price);
        tables.quantity_increment_most_ = std::max(tables.quantity_increment_most_, quantity);
    }
    return tables;
}

std::optional<std::uint32_t> Tables::place_of(InstrumentId id) const {
    // Dense numbers, which is what they are elsewhere, are their own places.
    if (id.value() < instruments_.size() && instruments_[id.value()].id == id) return id.value();
    const auto found = std::ranges::lower_bound(instruments_, id, {}, &model::Instrument::id);
    if (found == instruments_.end() || found->id != id) return std::nullopt;
    return static_cast<std::uint32_t>(found - instruments_.begin());
}

}  // namespace millrace::tape
