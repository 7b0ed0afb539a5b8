// BlockDecoder: the content of a block as plain structs, in memory that is used again for the next.
// After a success the events are as sound as if they had just been checked one by one: in order,
// every field in its range, every instrument and source in the tables.
#pragma once

#include <vector>

#include "millrace/core/engine/input.hpp"
#include "millrace/edge/store/tape/column_decoder.hpp"
#include "millrace/edge/store/tape/tape_frame.hpp"

namespace millrace::tape {

class BlockDecoder {
  public:
    Result<void> decode(const BlockHead& head, std::span<const std::byte> content,
                        const Tables& tables, const Place& place);

    void clear() { events_ = 0; }

    [[nodiscard]] std::size_t events() const { return events_; }
    // The section of each event; empty when there is only one, `only_section()`.
    [[nodiscard]] std::span<const std::uint8_t> order() const { return order_; }
    [[nodiscard]] std::size_t only_section() const { return only_section_; }
    // One row of a section.
    [[nodiscard]] engine::Record record(std::size_t section, std::size_t row) const;

  private:
    Result<void> take_order(const BlockHead& head, engine::StateReader& bytes, const Place& place);
    // The rest say why not; an empty text when all is well.
    std::string_view decode_section(std::size_t section, std::size_t rows, const Tables& tables,
                                    engine::StateReader& bytes);
    std::string_view take_instruments(std::size_t rows, const Tables& tables,
                                      engine::StateReader& bytes);
    std::string_view take_slots(std::size_t rows, engine::StateReader& bytes);
    std::string_view take_column(const SectionRules& rules, std::size_t column, std::size_t rows,
                                 const Tables& tables, engine::StateReader& bytes);
    std::string_view take_firsts(const ColumnRule& rule, std::vector<std::int64_t>& firsts,
                                 const Tables& tables, engine::StateReader& bytes,
                                 ColumnDecoder& column);
    std::string_view decode_rows(std::size_t section, std::size_t count, const Tables& tables);
    [[nodiscard]] bool has_known_sources(const SectionRules& rules, std::size_t count,
                                         const Rows& rows, const Tables& tables) const;
    [[nodiscard]] std::string_view check_order(const BlockHead& head) const;
    // The increments of the section's instruments; nothing for Increment::none.
    std::optional<Table> increments_of(Increment increment, const Tables& tables);
    // Whether the field has that value in all rows already, from blocks before.
    bool is_kept(std::size_t section, std::size_t column, std::size_t rows);
    std::byte* make_rows(std::size_t section, std::size_t count);

    // What the rows of a column have in common since it was last decoded.
    struct Kept {
        std::int64_t value = 0;
        std::size_t rows = 0;
    };

    // Never made shorter: rows of earlier blocks keep their constants.
    std::vector<model::Quote> quotes_;
    std::vector<model::Trade> trades_;
    std::vector<model::Bar> bars_;
    std::vector<std::uint8_t> order_;
    std::size_t events_ = 0;
    std::size_t only_section_ = 0;
    std::array<std::vector<Kept>, kNouns.size()> kept_;  // by section and column

    // of the section that is being decoded
    std::vector<ColumnDecoder> columns_;
    std::vector<ColumnDecoder*> moving_;          // those of them that are not kept
    std::vector<std::int64_t> places_;            // by slot, in the tables
    std::vector<std::uint16_t> slots_;            // by row
    std::vector<std::uint16_t> each_slot_;        // 0, 1, 2 …
    std::vector<std::uint32_t> ids_;              // by slot
    std::vector<std::int64_t> price_increments_;  // by slot; empty until they are asked for
    std::vector<std::int64_t> quantity_increments_;
    std::vector<std::vector<std::int64_t>> firsts_;  // by column and slot
};

}  // namespace millrace::tape
