#include <gtest/gtest.h>

#include "millrace/base/random.hpp"
#include "millrace/edge/store/tape/block_index.hpp"
#include "millrace/edge/store/tape/column_decoder.hpp"
#include "millrace/edge/store/tape/column_encoder.hpp"

namespace millrace::tape {
namespace {

using Numbers = std::vector<std::int64_t>;

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

constexpr model::FieldDescription kAnyNumber = [] {
    model::FieldDescription field;
    field.kind = model::FieldKind::decimal;
    field.size = 8;
    field.minimum = kLowest;
    return field;
}();

// Bytes of the numbers, without the head's.
Numbers stored_bytes(const engine::StateWriter& out) {
    Numbers numbers;
    for (const std::byte byte : out.bytes().subspan(sizeof(ColumnHead)))
        numbers.push_back(std::to_integer<std::int64_t>(byte));
    return numbers;
}

ColumnHead encoded(const ColumnInput& input, engine::StateWriter& out) {
    ColumnEncoder encoder;
    return encoder.encode(input, out);
}

struct Decoded {
    Numbers values;
    bool sound = false;
};

// What was encoded from this input comes back; `relative` is the other field of the row.
Decoded decoded(std::span<const std::byte> bytes, const ColumnInput& input,
                const model::FieldDescription& field = kAnyNumber) {
    struct Row {
        std::int64_t value = 0;
        std::int64_t relative = 0;
    };
    engine::StateReader reader(bytes);
    auto column = ColumnDecoder::take(reader, field, input.values.size());
    if (!column) return {};
    if (column->head().reference == Reference::first)
        column->count_from_firsts({input.firsts, {kLowest, kHighest}});
    if (column->head().by_increment != 0)
        column->count_in_increments({input.increments, {1, kHighest}});
    if (column->head().reference == Reference::field)
        column->count_from_field(8, {kLowest, kHighest});
    if (!column->prepare()) return {};
    std::vector<Row> rows(input.values.size());
    for (std::size_t i = 0; i < input.relative.size(); ++i)
        rows[i].relative = input.relative[i];
    const Rows into{std::as_writable_bytes(std::span(rows)).data(), sizeof(Row),
                    input.slots.data()};
    const std::size_t middle = rows.size() / 2;
    column->decode(0, middle, into);
    column->decode(middle, rows.size(), into);
    Decoded result{{}, column->is_sound()};
    for (const Row& row : rows)
        result.values.push_back(row.value);
    return result;
}

TEST(Column, Of_one_value_takes_no_bytes_a_row) {
    const Numbers values = {kLowest, kLowest, kLowest};
    engine::StateWriter out;
    const ColumnHead head = encoded({.values = values}, out);
    EXPECT_EQ(head, (ColumnHead{0, Reference::none, 0, {}, kLowest, 1, 0}));
    EXPECT_EQ(stored_bytes(out), Numbers{});
    EXPECT_EQ(decoded(out.bytes(), {.values = values}).values, values);
}

TEST(Column, Is_counted_in_the_greatest_common_unit) {
    const Numbers values = {5'000, 5'300, 4'700, 5'000};  // 4,700 + 300 · {1, 2, 0, 1}
    engine::StateWriter out;
    const ColumnHead head = encoded({.values = values}, out);
    EXPECT_EQ(head, (ColumnHead{1, Reference::none, 0, {}, 4'700, 300, 0}));
    EXPECT_EQ(stored_bytes(out), (Numbers{1, 2, 0, 1, 0, 0, 0, 0}));
    EXPECT_EQ(decoded(out.bytes(), {.values = values}).values, values);
}

TEST(Column, Of_times_is_counted_from_the_row_before) {
    const Numbers values = {1'000'000, 1'000'010, 1'000'025, 1'000'030};  // +10 +15 +5
    engine::StateWriter out;
    const ColumnHead head = encoded({.values = values, .by_previous = true}, out);
    // From their least they are 0, 10, 25, 30 = 5 · {0, 2, 5, 6}: a byte too, and tried first.
    EXPECT_EQ(head, (ColumnHead{1, Reference::none, 0, {}, 1'000'000, 5, 0}));

    const Numbers even = {7, 107, 207, 307};
    engine::StateWriter out_even;
    const ColumnHead head_even = encoded({.values = even, .by_previous = true}, out_even);
    EXPECT_EQ(head_even, (ColumnHead{0, Reference::previous, 0, {}, 100, 1, 7}));
    EXPECT_EQ(decoded(out_even.bytes(), {.values = even, .by_previous = true}).values, even);
}

TEST(Column, Of_two_instruments_is_counted_from_the_first_of_each_in_its_own_increments) {
    // Slot 0 moves around 100,000 by 7, slot 1 around 3 by 1000.
    const std::vector<std::uint16_t> slots = {0, 1, 0, 1, 0, 1, 0, 1};
    const Numbers firsts = {100'000, 3};
    const Numbers increments = {7, 1'000};
    Numbers values;
    for (const std::int64_t steps : {0, 1, 2, 255})
        for (std::size_t slot : {0U, 1U})
            values.push_back(firsts[slot] + steps * increments[slot]);
    ColumnInput input;
    input.values = values;
    input.slots = slots;
    input.firsts = firsts;
    input.increments = increments;
    // Alone, the numbers differ by up to 255,000 in a unit of 1: four bytes a row, 32 in all;
    // from the firsts in increments one byte a row, 8, and 4 more for each of the two firsts.
    engine::StateWriter out;
    const ColumnHead head = encoded(input, out);
    EXPECT_EQ(head, (ColumnHead{1, Reference::first, 1, {}, 0, 0, 0}));
    EXPECT_EQ(stored_bytes(out), (Numbers{0, 0, 1, 1, 2, 2, 255, 255}));
    EXPECT_EQ(decoded(out.bytes(), input).values, values);
}

TEST(Column, Counted_from_another_field_takes_the_narrower_width) {
    const Numbers bids = {1'000'000, 2'000'000, 9'000'000'000};
    const Numbers asks = {1'000'001, 2'000'003, 9'000'000'002};
    engine::StateWriter out;
    const ColumnHead head = encoded({.values = asks, .relative = bids}, out);
    EXPECT_EQ(head, (ColumnHead{1, Reference::field, 0, {}, 1, 1, 0}));
    EXPECT_EQ(stored_bytes(out), (Numbers{0, 2, 1, 0, 0, 0, 0, 0}));
    EXPECT_EQ(decoded(out.bytes(), {.values = asks, .relative = bids}).values, asks);
}

TEST(Column, Keeps_any_numbers_whatever_they_are_counted_from) {
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Random random(seed);
        const std::size_t rows = 1 + random.below(40);
        const std::size_t instruments = 1 + random.below(5);
        const auto number = [&random] {
            switch (random.below(6)) {
                case 0: return kLowest;
                case 1: return kHighest;
                case 2: return random.between(kLowest, kHighest);
                default: return 1'000 * random.between(-3, 3'000);
            }
        };
        Numbers values(rows);
        Numbers relative(rows);
        Numbers firsts(instruments);
        Numbers increments(instruments);
        std::vector<std::uint16_t> slots(rows);
        std::ranges::generate(values, number);
        std::ranges::generate(relative, number);
        std::ranges::generate(firsts, number);
        for (std::int64_t& increment : increments)
            increment = random.one_in(3) ? random.between(1, kHighest) : 500;
        for (std::uint16_t& slot : slots)
            slot = static_cast<std::uint16_t>(random.below(instruments));
        ColumnInput input;
        input.values = values;
        input.by_previous = random.one_in(2);
        input.slots = slots;
        if (random.one_in(2)) input.relative = relative;
        if (random.one_in(2)) input.firsts = firsts;
        if (random.one_in(2)) input.increments = increments;
        engine::StateWriter out;
        (void)encoded(input, out);
        const Decoded result = decoded(out.bytes(), input);
        EXPECT_TRUE(result.sound);
        EXPECT_EQ(result.values, values);
    }
}

TEST(Column, With_a_value_beyond_its_field_is_not_sound) {
    model::FieldDescription size = kAnyNumber;
    size.minimum = 0;
    const Numbers values = {3, -1, 4};
    engine::StateWriter out;
    (void)encoded({.values = values}, out);
    EXPECT_FALSE(decoded(out.bytes(), {.values = values}, size).sound);
    const Numbers sound = {3, 0, 4};
    engine::StateWriter out_sound;
    (void)encoded({.values = sound}, out_sound);
    EXPECT_TRUE(decoded(out_sound.bytes(), {.values = sound}, size).sound);
}

TEST(Column, With_a_head_that_none_has_is_not_taken) {
    const auto is_taken = [](const ColumnHead& head, std::uint16_t field_size) {
        model::FieldDescription field = kAnyNumber;
        field.size = field_size;
        engine::StateWriter out;
        out.put(head);
        out.put(std::uint64_t{0});
        engine::StateReader reader(out.bytes());
        return ColumnDecoder::take(reader, field, 1).has_value();
    };
    ColumnHead head;
    head.width = 8;
    EXPECT_TRUE(is_taken(head, 8));
    head.width = 3;
    EXPECT_FALSE(is_taken(head, 8));
    head.width = 1;
    head.zeros[4] = 1;
    EXPECT_FALSE(is_taken(head, 8));
    head.zeros[4] = 0;
    head.by_increment = 2;
    EXPECT_FALSE(is_taken(head, 8));
    head.by_increment = 0;
    head.reference = static_cast<Reference>(4);
    EXPECT_FALSE(is_taken(head, 8));
    head.reference = Reference::previous;
    EXPECT_TRUE(is_taken(head, 8));
    EXPECT_FALSE(is_taken(head, 2));
}

TEST(BlockIndex, Stays_small_and_evenly_spread_over_any_number_of_blocks) {
    BlockIndex index;
    for (std::uint64_t block = 0; block < 10'000; ++block)
        index.add({block, static_cast<std::int64_t>(block)});
    // Full at 4,096 of every block, at 4,096 of every second (8,192 blocks); now every fourth.
    ASSERT_EQ(index.entries().size(), 2'500U);
    for (std::size_t i = 0; i < index.entries().size(); ++i)
        ASSERT_EQ(index.entries()[i], (IndexEntry{4 * i, static_cast<std::int64_t>(4 * i)}));
}

}  // namespace
}  // namespace millrace::tape
