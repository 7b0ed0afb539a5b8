#include "millrace/edge/store/tape/series_reader.hpp"

#include <gtest/gtest.h>

#include "tests/support/tape_bytes.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::tape {
namespace {

using model::Datum;
using model::TableKind;

constexpr std::uint64_t kMinute = 60'000'000'000;

Datum quote_at(std::int64_t ns, std::uint32_t instrument) {
    model::Quote quote;
    quote.known_at = Time::from_ns(ns);
    quote.bid = Price::whole(100);
    quote.ask = Price::whole(101);
    quote.instrument = InstrumentId(instrument);
    quote.source = SourceId(1);
    return quote;
}

Datum bar_at(std::int64_t ns, std::uint32_t instrument, std::uint64_t step = kMinute) {
    model::Bar bar;
    bar.known_at = Time::from_ns(ns);
    bar.open = bar.high = bar.low = bar.close = Price::whole(100);
    bar.step = step;
    bar.instrument = InstrumentId(instrument);
    return bar;
}

class TapeSeries : public testing::Test {
  protected:
    std::string write(std::vector<Datum> events, std::uint32_t instruments) {
        put_in_order(events);
        const std::string path = folder_ / "market.tape";
        const auto counts = write_tape(store::posix_disk(), path, instruments_for_test(instruments),
                                       sources_for_test(2), events);
        EXPECT_TRUE(counts) << describe(counts.error());
        return path;
    }
    // The times, in ns, of what comes out.
    static std::vector<std::int64_t> times(const std::string& name) {
        auto reader = SeriesReader::open(store::posix_disk(), name, InstrumentId(7), SourceId(0));
        EXPECT_TRUE(reader) << describe(reader.error());
        std::vector<std::int64_t> all;
        Datum datum;
        while (reader && reader->next(datum).value())
            std::visit(
                [&](const auto& noun) {
                    EXPECT_EQ(noun.instrument, InstrumentId(7));
                    EXPECT_EQ(noun.source, SourceId(0));
                    all.push_back(noun.known_at.ns());
                },
                datum);
        return all;
    }
    static std::string error_of(const std::string& name) {
        const auto reader =
            SeriesReader::open(store::posix_disk(), name, InstrumentId(0), SourceId(0));
        return reader ? "nothing" : reader.error().what + ": " + reader.error().why;
    }

    TemporaryDirectory folder_;
};

using Times = std::vector<std::int64_t>;

TEST_F(TapeSeries, Of_a_tape_with_one_series_needs_no_choice) {
    const std::string path = write({quote_at(1, 0), quote_at(2, 0), quote_at(2, 0)}, 1);
    EXPECT_TRUE(is_tape(path));
    EXPECT_EQ(times(path), (Times{1, 2, 2}));
    const auto reader = SeriesReader::open(store::posix_disk(), path, InstrumentId(0), SourceId(0));
    EXPECT_EQ(reader->kind(), TableKind::quotes);
    EXPECT_EQ(reader->bar_length(), Duration());
    EXPECT_EQ(reader->symbol(), "SYN0");
    EXPECT_EQ(reader->rows_expected(), 3U);
}

TEST_F(TapeSeries, Is_chosen_by_symbol_and_kind) {
    const std::string path =
        write({quote_at(1, 0), quote_at(2, 1), bar_at(3, 0), quote_at(4, 0), bar_at(5, 1)}, 2);
    EXPECT_EQ(times(path + "#SYN0:quotes"), (Times{1, 4}));
    EXPECT_EQ(times(path + "#SYN1:quotes"), (Times{2}));
    EXPECT_EQ(times(path + "#SYN1:bars"), (Times{5}));
    EXPECT_TRUE(is_tape(path + "#SYN1:bars"));
    EXPECT_EQ(error_of(path), "the tape holds several kinds of data: it has bars and quotes");
    EXPECT_EQ(error_of(path + "#SYN1"),
              "the tape holds several kinds of data: it has bars and quotes");
    EXPECT_EQ(error_of(path + "#SYN9:bars"), "\"SYN9\" is not in the tape: there are: SYN0, SYN1");
    EXPECT_EQ(error_of(path + "#SYN0:trades"), "the tape has no trades of SYN0: ");
}

TEST_F(TapeSeries, Is_named_for_each_instrument) {
    const std::string path = write({quote_at(1, 0), quote_at(2, 1)}, 2);
    const auto all = series_of(store::posix_disk(), path);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ((*all)[1].symbol, "SYN1");
    EXPECT_EQ((*all)[1].name, path + "#SYN1");
    const auto one = series_of(store::posix_disk(), path + "#SYN1");
    ASSERT_EQ(one->size(), 1U);
    EXPECT_EQ(one->front().name, path + "#SYN1");
    EXPECT_EQ(error_of(path), "the tape has several instruments: SYN0, SYN1");
    const auto said =
        SeriesReader::open(store::posix_disk(), path, InstrumentId(0), SourceId(0), "SYN1");
    ASSERT_TRUE(said);
    EXPECT_EQ(said->symbol(), "SYN1");
}

TEST_F(TapeSeries, Of_bars_knows_their_length_and_refuses_another) {
    const std::string path = write({bar_at(1, 0), bar_at(2, 0, 2 * kMinute)}, 1);
    auto reader = SeriesReader::open(store::posix_disk(), path, InstrumentId(0), SourceId(0));
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->bar_length(), Duration::minutes(1));
    Datum datum;
    ASSERT_TRUE(reader->next(datum));
    const auto second = reader->next(datum);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().what, "the bars of the tape have several lengths");
    EXPECT_EQ(second.error().why, "one lasts 2m, those before it 1m");
}

TEST_F(TapeSeries, Of_another_file_is_none) {
    EXPECT_FALSE(is_tape(folder_ / "none"));
    EXPECT_FALSE(is_tape(folder_.path()));
    EXPECT_EQ(error_of(write({}, 1)), "the tape is empty: it has no event");
}

}  // namespace
}  // namespace millrace::tape
