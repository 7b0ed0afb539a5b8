#include <gtest/gtest.h>

#include "millrace/base/random.hpp"
#include "millrace/core/model/field_access.hpp"

#include "tests/support/random_nouns.hpp"
#include "tests/support/tape_bytes.hpp"
#include "tests/support/test_disks.hpp"

namespace millrace::tape {
namespace {

using model::Datum;

constexpr const char* kPath = "market.tape";

std::vector<Datum> some_events(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    std::vector<Datum> events;
    std::int64_t ns = 1'767'225'600'000'000'000;
    for (std::size_t i = 0; i < count; ++i) {
        ns += random.between(0, 50);
        model::Quote quote;
        quote.known_at = Time::from_ns(ns);
        quote.bid = Price::whole(random.between(90, 110));
        quote.ask = quote.bid;
        quote.instrument = InstrumentId(static_cast<std::uint32_t>(random.below(3)));
        model::Trade trade;
        trade.known_at = quote.known_at;
        trade.price = quote.bid;
        trade.size = Quantity::whole(1);
        trade.trade_id = i;
        trade.source = SourceId(static_cast<std::uint16_t>(random.below(2)));
        model::Bar bar;
        bar.known_at = quote.known_at;
        bar.step = 1;
        if (random.one_in(2)) bar.vwap = quote.bid;
        switch (random.below(3)) {
            case 0: events.emplace_back(quote); break;
            case 1: events.emplace_back(trade); break;
            default: events.emplace_back(bar); break;
        }
    }
    put_in_order(events);
    return events;
}

class DamagedTape : public testing::Test {
  protected:
    [[nodiscard]] std::vector<std::byte> tape_of(const std::vector<Datum>& events) {
        auto written =
            write_tape(disk_, kPath, instruments_for_test(3), sources_for_test(2), events);
        EXPECT_TRUE(written) << describe(written.error());
        return store::read_whole(disk_, kPath);
    }
    [[nodiscard]] Result<std::vector<Datum>> read(std::span<const std::byte> bytes) {
        store::write_whole(disk_, kPath, bytes, false);
        return read_tape(disk_, kPath);
    }

    store::SimulatedDisk disk_{1};
};

TEST_F(DamagedTape, With_any_byte_changed_is_refused_with_its_place) {
    const std::vector<Datum> events = some_events(12, 1);
    std::vector<std::byte> bytes = tape_of(events);
    ASSERT_EQ(read(bytes).value(), events);
    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (const auto change : {std::byte{0x01}, std::byte{0x80}, std::byte{0xff}}) {
            bytes[at] ^= change;
            const auto back = read(bytes);
            bytes[at] ^= change;
            ASSERT_FALSE(back) << "byte " << at;
            ASSERT_EQ(back.error().code, ErrorCode::data);
            ASSERT_TRUE(back.error().where.starts_with(kPath)) << back.error().where;
            if (at >= 8) {  // before, it is no tape
                ASSERT_NE(back.error().where.find(", byte "), std::string::npos)
                    << "byte " << at << ": " << describe(back.error());
            }
            ASSERT_FALSE(back.error().mend.empty());
        }
}

TEST_F(DamagedTape, Names_the_block_that_is_damaged_and_gives_those_before_it) {
    const std::vector<Datum> events = some_events(4'096 + 10, 2);
    std::vector<std::byte> bytes = tape_of(events);
    std::uint32_t header = 0;
    std::memcpy(&header, bytes.data() + 12, sizeof header);
    std::uint32_t first_block = 0;
    std::memcpy(&first_block, bytes.data() + header + 4, sizeof first_block);
    bytes[header + first_block + 60] ^= std::byte{4};
    store::write_whole(disk_, kPath, bytes, false);
    auto reader = TapeReader::open(disk_, kPath).value();
    Datum datum;
    for (std::size_t i = 0; i < 4'096; ++i) {
        ASSERT_TRUE(reader.next(datum).value());
        ASSERT_TRUE(datum == events[i]);
    }
    for (int again = 0; again < 2; ++again) {
        const Error error = reader.next(datum).error();
        EXPECT_EQ(error.what, "the tape is damaged");
        EXPECT_EQ(error.why, "the sum of the block does not match");
        EXPECT_EQ(error.where,
                  std::string(kPath) + ", byte " + std::to_string(header + first_block));
    }
    ASSERT_TRUE(reader.seek(Time::from_ns(0)));
    ASSERT_TRUE(reader.next(datum).value());
    EXPECT_TRUE(datum == events[0]);
}

TEST_F(DamagedTape, Cut_anywhere_is_refused_with_the_place_and_the_mend) {
    const std::vector<std::byte> bytes = tape_of(some_events(12, 3));
    for (std::size_t size = 32; size < bytes.size(); ++size) {
        const Error error = read(std::span(bytes).first(size)).error();
        ASSERT_EQ(error.what, "the tape is cut");
        ASSERT_EQ(error.where, std::string(kPath) + ", byte " + std::to_string(size));
        ASSERT_EQ(error.mend, "copy the file again, or write it again from its source");
    }
    for (std::size_t size = 0; size < 32; ++size)
        ASSERT_EQ(read(std::span(bytes).first(size)).error().what, "this is no tape");
}

TEST_F(DamagedTape, With_bytes_after_its_end_is_refused) {
    std::vector<std::byte> bytes = tape_of(some_events(12, 4));
    bytes.push_back(std::byte{0});
    EXPECT_EQ(read(bytes).error().what, "the tape is cut");
    std::vector<std::byte> doubled = tape_of(some_events(12, 4));
    const std::vector<std::byte> once = doubled;
    doubled.insert(doubled.end(), once.begin(), once.end());
    EXPECT_EQ(read(doubled).error().why, "its end is out of bounds");
}

TEST_F(DamagedTape, Of_a_newer_format_is_told_so) {
    std::vector<std::byte> bytes = tape_of(some_events(3, 5));
    bytes[8] = std::byte{2};
    put_sums_right(bytes);
    const Error error = read(bytes).error();
    EXPECT_EQ(error.what, "format 2 of tapes is unknown");
    EXPECT_EQ(error.mend, "use a newer Millrace");
}

TEST_F(DamagedTape, With_its_sums_put_right_stays_what_it_was) {
    const std::vector<Datum> events = some_events(200, 6);
    std::vector<std::byte> bytes = tape_of(events);
    const std::vector<std::byte> before = bytes;
    put_sums_right(bytes);
    EXPECT_EQ(bytes, before);
}

// Whoever writes the sums as well can write other events, but none that the engine would refuse.
TEST_F(DamagedTape, With_right_sums_over_wrong_bytes_gives_sound_events_or_an_error) {
    int refused = 0;
    int given = 0;
    for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Random random(seed);
        std::vector<std::byte> bytes = tape_of(some_events(1 + random.below(40), seed));
        for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes)
            bytes[random.below(bytes.size())] = static_cast<std::byte>(random.below(256));
        put_sums_right(bytes);
        const auto back = read(bytes);
        ++(back ? given : refused);
        if (!back) continue;
        const auto reader = TapeReader::open(disk_, kPath).value();
        engine::OrderKey last{Time::from_ns(INT64_MIN), 0, 0, 0};
        for (const Datum& event : *back) {
            const engine::Record record = record_of(event);
            ASSERT_LE(last, engine::order_key_of(record));
            last = engine::order_key_of(record);
            ASSERT_TRUE(std::ranges::binary_search(
                reader.instruments(), InstrumentId(last.instrument), {}, &model::Instrument::id));
            for (const auto& field : model::description_of(record.noun).fields)
                ASSERT_TRUE(model::is_allowed(field, model::load_integer(field, record.payload)))
                    << field.name;
        }
    }
    EXPECT_GT(refused, 100);
    EXPECT_GT(given, 100);
}

}  // namespace
}  // namespace millrace::tape
