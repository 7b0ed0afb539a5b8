// BlockEncoder: gathers events in their order and writes them as the content of a block: a section
// of columns for each noun, and which noun comes when, if there are several.
#pragma once

#include <vector>

#include "millrace/edge/store/tape/column_encoder.hpp"
#include "millrace/edge/store/tape/tape_frame.hpp"

namespace millrace::tape {

class BlockEncoder {
  public:
    explicit BlockEncoder(const Tables& tables);

    // `row` is of the noun kNouns[section], sound, and in order; its instrument stands at `place`
    // in the tables.
    void add(std::size_t section, const void* row, std::uint32_t place);
    [[nodiscard]] std::size_t events() const { return order_.size(); }

    // The content of a block with all events added, which are forgotten then.
    BlockHead encode(engine::StateWriter& out);

  private:
    struct Section {
        std::vector<std::byte> rows;
        std::vector<std::uint32_t> places;  // by row, in the tables
    };

    void encode_section(std::size_t section, engine::StateWriter& out);
    // Fills places_ and slots_.
    void number_instruments(const Section& section);
    void encode_field(const SectionRules& rules, std::size_t column, engine::StateWriter& out);
    [[nodiscard]] std::span<const std::int64_t> increments_of(Increment increment) const;

    const Tables& tables_;
    std::array<Section, kNouns.size()> sections_;
    std::vector<std::uint8_t> order_;  // section by event

    // of the section that is being encoded
    ColumnEncoder encoder_;
    std::vector<std::uint16_t> slot_of_place_;
    std::vector<std::int64_t> places_;  // by slot
    std::vector<std::uint16_t> slots_;  // by row
    std::vector<std::int64_t> price_increments_;
    std::vector<std::int64_t> quantity_increments_;
    std::vector<std::vector<std::int64_t>> values_;  // by column and row
    std::vector<std::int64_t> firsts_;
    std::vector<std::uint16_t> each_slot_;  // 0, 1, 2 …
};

}  // namespace millrace::tape
