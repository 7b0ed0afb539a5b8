// Tables: the instruments and sources that the events of a tape refer to, as its header holds them.
#pragma once

#include <bitset>
#include <optional>
#include <span>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/core/model/nouns.hpp"

namespace millrace::tape {

inline constexpr std::size_t kInstrumentsMax = 65'536;
inline constexpr std::size_t kSourcesMax = 65'536;

class Tables {
  public:
    // Sorts both by number. An error when there are too many, one number is given twice, or a
    // field is out of its range.
    static Result<Tables> make(std::span<const model::Instrument> instruments,
                               std::span<const model::Source> sources);

    [[nodiscard]] const std::vector<model::Instrument>& instruments() const { return instruments_; }
    [[nodiscard]] const std::vector<model::Source>& sources() const { return sources_; }

    // Its place in instruments(), or nothing.
    [[nodiscard]] std::optional<std::uint32_t> place_of(InstrumentId id) const;
    [[nodiscard]] bool knows(SourceId id) const { return known_sources_[id.value()]; }

    // By place: what blocks need of every instrument, apart from the rest, for the cache's sake.
    [[nodiscard]] const std::vector<std::uint32_t>& ids() const { return ids_; }
    [[nodiscard]] const std::vector<std::int64_t>& price_increments() const {
        return price_increments_;
    }
    [[nodiscard]] const std::vector<std::int64_t>& quantity_increments() const {
        return quantity_increments_;
    }
    [[nodiscard]] std::int64_t price_increment_most() const { return price_increment_most_; }
    [[nodiscard]] std::int64_t quantity_increment_most() const { return quantity_increment_most_; }

  private:
    Tables() = default;

    std::vector<model::Instrument> instruments_;
    std::vector<model::Source> sources_;
    std::bitset<kSourcesMax> known_sources_;
    std::vector<std::uint32_t> ids_;
    std::vector<std::int64_t> price_increments_;
    std::vector<std::int64_t> quantity_increments_;
    std::int64_t price_increment_most_ = 0;
    std::int64_t quantity_increment_most_ = 0;
};

}  // namespace millrace::tape
