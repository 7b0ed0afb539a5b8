#include <gtest/gtest.h>

#include "tests/support/counting_allocator.hpp"
#include "tests/support/random_nouns.hpp"
#include "tests/support/tape_bytes.hpp"
#include "tests/support/test_disks.hpp"

namespace millrace::tape {
namespace {

using model::Datum;

constexpr std::int64_t kStart = 1'767'225'600'000'000'000;  // 2026-01-01T00:00:00Z
constexpr std::int64_t kCent = Price::kOne / 100;

model::Quote quote_at(std::int64_t ns, std::uint32_t instrument = 0, std::int64_t cents = 10'000) {
    model::Quote quote;
    quote.known_at = Time::from_ns(kStart + ns);
    quote.bid = Price::from_raw(cents * kCent);
    quote.ask = Price::from_raw((cents + 1) * kCent);
    quote.bid_size = Quantity::whole(100);
    quote.ask_size = Quantity::whole(200);
    quote.instrument = InstrumentId(instrument);
    return quote;
}

model::Trade trade_at(std::int64_t ns, std::uint32_t instrument = 0) {
    model::Trade trade;
    trade.known_at = Time::from_ns(kStart + ns);
    trade.price = Price::whole(100);
    trade.size = Quantity::whole(1);
    trade.instrument = InstrumentId(instrument);
    return trade;
}

model::Bar bar_at(std::int64_t ns, std::uint64_t step = 60'000'000'000) {
    model::Bar bar;
    bar.known_at = Time::from_ns(kStart + ns);
    bar.open = bar.high = bar.low = bar.close = Price::whole(100);
    bar.step = step;
    return bar;
}

class Tape : public store::OnEachDisk {
  protected:
    [[nodiscard]] std::string path() const { return OnEachDisk::path("market.tape"); }
    Result<Counts> write(std::span<const Datum> events, std::uint32_t instruments = 3,
                         std::uint16_t sources = 2) {
        return write_tape(disk(), path(), instruments_for_test(instruments),
                          sources_for_test(sources), events);
    }
    void expect_back(const std::vector<Datum>& events) {
        const auto counts = write(events);
        ASSERT_TRUE(counts) << describe(counts.error());
        EXPECT_EQ(counts->events(), events.size());
        const auto back = read_tape(disk(), path());
        ASSERT_TRUE(back) << describe(back.error());
        ASSERT_EQ(back->size(), events.size());
        for (std::size_t i = 0; i < events.size(); ++i)
            ASSERT_TRUE((*back)[i] == events[i]) << "event " << i;
    }
    [[nodiscard]] TapeReader opened() {
        auto reader = TapeReader::open(disk(), path());
        EXPECT_TRUE(reader) << describe(reader.error());
        return std::move(*reader);
    }
};
MILLRACE_ON_EACH_DISK(Tape);

template <class T>
Datum random_noun(Random& random) {
    T noun;
    model::fill_randomly(model::kDescription<T>, random, &noun);
    return noun;
}

TEST_P(Tape, Keeps_every_field_of_every_noun) {
    for (const std::size_t count : {0U, 1U, 2U, 255U, 256U, 257U, 4'096U, 4'097U, 9'000U}) {
        SCOPED_TRACE("seed " + std::to_string(count));
        Random random(count);
        std::vector<Datum> events;
        for (std::size_t i = 0; i < count; ++i) {
            switch (random.below(3)) {
                case 0: events.push_back(random_noun<model::Quote>(random)); break;
                case 1: events.push_back(random_noun<model::Trade>(random)); break;
                default: events.push_back(random_noun<model::Bar>(random)); break;
            }
        }
        put_in_order(events);
        expect_back(events);
    }
}

TEST_P(Tape, Keeps_prices_that_are_no_multiples_of_the_increment) {
    std::vector<Datum> events;
    for (std::int64_t i = 0; i < 5'000; ++i) {
        model::Quote quote = quote_at(i, static_cast<std::uint32_t>(i % 3), 10'000 + i % 50);
        quote.bid = Price::from_raw(quote.bid.raw() + (i % 1'000 == 7 ? 1 : 0));
        quote.bid_size = Quantity::from_raw(1 + i % 7);
        events.emplace_back(quote);
    }
    put_in_order(events);
    expect_back(events);
}

TEST_P(Tape, Keeps_its_tables_sorted_by_number) {
    std::vector<model::Instrument> instruments = instruments_for_test(3);
    instruments[0].id = InstrumentId(4'000'000'000);
    instruments[1].id = InstrumentId(7);
    instruments[2].id = InstrumentId(0);
    std::vector<model::Source> sources = sources_for_test(2);
    sources[0].id = SourceId(65'535);
    model::Quote quote = quote_at(0, 4'000'000'000);
    quote.source = SourceId(65'535);
    ASSERT_TRUE(write_tape(disk(), path(), instruments, sources, std::vector<Datum>{quote}));
    TapeReader reader = opened();
    EXPECT_EQ(reader.instruments(), (std::vector{instruments[2], instruments[1], instruments[0]}));
    EXPECT_EQ(reader.sources(), (std::vector{sources[1], sources[0]}));
    Datum back;
    ASSERT_TRUE(reader.next(back).value());
    EXPECT_TRUE(back == Datum(quote));
}

TEST_P(Tape, Gives_events_in_runs_of_one_noun) {
    // At one moment bars come first, then ticks by instrument.
    const std::vector<Datum> events = {quote_at(0, 0), quote_at(0, 1), bar_at(5),
                                       trade_at(5, 0), quote_at(5, 0), quote_at(6, 0),
                                       trade_at(6, 1)};
    ASSERT_TRUE(write(events));
    TapeReader reader = opened();
    EXPECT_EQ(reader.counts(), (Counts{4, 2, 1}));
    EXPECT_EQ(reader.first_time(), Time::from_ns(kStart));
    EXPECT_EQ(reader.last_time(), Time::from_ns(kStart + 6));
    TapeRun run;
    ASSERT_TRUE(reader.next_run(run).value());
    ASSERT_EQ(run.as<model::Quote>().size(), 2U);
    EXPECT_EQ(run.as<model::Quote>()[1], quote_at(0, 1));
    ASSERT_TRUE(reader.next_run(run).value());
    ASSERT_EQ(run.as<model::Bar>().size(), 1U);
    EXPECT_EQ(run.as<model::Bar>()[0], bar_at(5));
    ASSERT_TRUE(reader.next_run(run).value());
    ASSERT_EQ(run.as<model::Trade>().size(), 1U);
    Datum single;
    ASSERT_TRUE(reader.next(single).value());
    EXPECT_TRUE(single == Datum(quote_at(5, 0)));
    ASSERT_TRUE(reader.next_run(run).value());
    ASSERT_EQ(run.as<model::Quote>().size(), 1U);
    EXPECT_EQ(run.as<model::Quote>()[0], quote_at(6, 0));
    ASSERT_TRUE(reader.next_run(run).value());
    EXPECT_EQ(run.as<model::Trade>()[0], trade_at(6, 1));
    EXPECT_FALSE(reader.next_run(run).value());
    EXPECT_FALSE(reader.next(single).value());
}

TEST_P(Tape, Is_sought_forth_and_back) {
    // Ten events at each of a thousand moments, so that moments lie across the blocks' borders.
    std::vector<Datum> events;
    for (std::int64_t moment = 0; moment < 1'000; ++moment)
        for (std::uint32_t i = 0; i < 10; ++i)
            events.emplace_back(i < 5 ? Datum(quote_at(100 * moment, i % 3))
                                      : trade_at(100 * moment));
    put_in_order(events);
    ASSERT_TRUE(write(events));
    TapeReader reader = opened();
    const auto expect_at = [&](std::int64_t ns, std::size_t event) {
        SCOPED_TRACE(ns);
        const auto sought = reader.seek(Time::from_ns(kStart + ns));
        ASSERT_TRUE(sought) << describe(sought.error());
        Datum datum;
        std::size_t left = 0;
        while (reader.next(datum).value()) {
            EXPECT_TRUE(left > 0 || datum == events[event]);
            ++left;
        }
        EXPECT_EQ(left, events.size() - event);
    };
    expect_at(50'000, 5'000);
    expect_at(49'901, 5'000);
    expect_at(99'900, 9'990);
    expect_at(99'901, 10'000);
    expect_at(0, 0);
    expect_at(-1'000'000, 0);
    for (std::int64_t moment = 400; moment < 420; ++moment)  // event 4,096 is of moment 409
        expect_at(100 * moment, static_cast<std::size_t>(10 * moment));
}

TEST_P(Tape, Of_a_thousand_instruments_takes_less_than_twelve_bytes_a_quote) {
    constexpr std::size_t kQuotes = 40'960;
    Random random(1);
    std::vector<std::int64_t> cents(1'024, 10'000);
    std::vector<Datum> events;
    std::int64_t ns = 0;
    for (std::size_t i = 0; i < kQuotes; ++i) {
        const auto instrument = static_cast<std::uint32_t>(random.below(1'024));
        cents[instrument] += random.between(-3, 3);
        ns += random.between(1, 2'000);
        model::Quote quote = quote_at(ns, instrument, cents[instrument]);
        quote.bid_size = Quantity::whole(random.between(1, 500));
        quote.ask_size = Quantity::whole(random.between(1, 500));
        events.emplace_back(quote);
    }
    ASSERT_TRUE(write(events, 1'024));
    const std::size_t header = 100 * 1'024;
    EXPECT_LT(store::read_whole(disk(), path()).size(), header + 12 * kQuotes);
}

TEST_P(Tape, Is_read_without_taking_memory_block_by_block) {
    std::vector<Datum> events;
    for (std::int64_t i = 0; i < 60'000; ++i)
        events.emplace_back(i % 3 == 0 ? Datum(trade_at(i)) : quote_at(i, i % 3 == 1 ? 1 : 2));
    put_in_order(events);
    ASSERT_TRUE(write(events));
    TapeReader reader = opened();
    Datum datum;
    for (int i = 0; i < 10'000; ++i)
        ASSERT_TRUE(reader.next(datum).value());
    const std::uint64_t before = allocation_count();
    std::uint64_t events_left = 0;
    while (reader.next(datum).value())
        ++events_left;
    EXPECT_EQ(allocation_count(), before);
    EXPECT_EQ(events_left, 50'000U);
}

void expect_refused(const Result<void>& refused, const std::string& what, const std::string& why) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::data);
    EXPECT_EQ(refused.error().what, what);
    EXPECT_EQ(refused.error().why, why);
    EXPECT_FALSE(refused.error().mend.empty());
}

TEST_P(Tape, Refuses_what_does_not_belong_in_it_and_goes_on) {
    auto writer =
        TapeWriter::create(disk(), path(), instruments_for_test(3), sources_for_test(1)).value();
    ASSERT_TRUE(writer->append(quote_at(1'000'000'000, 1)));
    const auto early = writer->append(quote_at(999'999'999, 1));
    expect_refused(early, "the events are not in order",
                   "it is of 2026-01-01T00:00:00.999999999Z, the one before it of "
                   "2026-01-01T00:00:01Z");
    EXPECT_EQ(early.error().where, path() + ", event 2");
    const std::string ties =
        "at 2026-01-01T00:00:01Z bars come before ticks, short bars before long ones, then the "
        "lower instrument";
    expect_refused(writer->append(quote_at(1'000'000'000, 0)), "the events are not in order", ties);
    expect_refused(writer->append(bar_at(1'000'000'000)), "the events are not in order", ties);
    expect_refused(writer->append(quote_at(2'000'000'000, 3)), "instrument 3 is not in the tape",
                   "its tables are written first");
    model::Quote foreign = quote_at(2'000'000'000);
    foreign.source = SourceId(1);
    expect_refused(writer->append(foreign), "source 1 is not in the tape",
                   "its tables are written first");
    model::Trade empty = trade_at(2'000'000'000);
    empty.size = Quantity();
    expect_refused(writer->append(empty), "the size of a trade is out of its range",
                   "a tape holds only what the engine would take");
    model::Quote reserved = quote_at(2'000'000'000);
    reserved.reserved.zeros[1] = 1;
    expect_refused(writer->append(reserved), "the reserved of a quote is out of its range",
                   "a tape holds only what the engine would take");
    ASSERT_TRUE(writer->append(trade_at(1'000'000'000, 1)));
    ASSERT_TRUE(writer->finish());
    const auto back = read_tape(disk(), path()).value();
    ASSERT_EQ(back.size(), 2U);
    EXPECT_TRUE(back[0] == Datum(quote_at(1'000'000'000, 1)));
    EXPECT_TRUE(back[1] == Datum(trade_at(1'000'000'000, 1)));
}

TEST_P(Tape, Refuses_tables_with_a_number_twice_or_a_value_out_of_range) {
    std::vector<model::Instrument> twice = instruments_for_test(2);
    twice[1].id = twice[0].id;
    EXPECT_EQ(write_tape(disk(), path(), twice, sources_for_test(1), {}).error().what,
              "two rows of instrument have the number 0");
    std::vector<model::Instrument> flat = instruments_for_test(1);
    flat[0].price_increment = Price();
    EXPECT_EQ(write_tape(disk(), path(), flat, sources_for_test(1), {}).error().where,
              "instrument.price_increment");
    EXPECT_EQ(write_tape(disk(), path(), {}, sources_for_test(1), {}).value().events(), 0U);
    EXPECT_TRUE(read_tape(disk(), path()).value().empty());
}

TEST_P(Tape, Takes_its_name_only_when_it_is_finished) {
    ASSERT_TRUE(write(std::vector<Datum>{quote_at(0)}));
    {
        auto writer =
            TapeWriter::create(disk(), path(), instruments_for_test(1), sources_for_test(1))
                .value();
        ASSERT_TRUE(writer->append(trade_at(0)));
        EXPECT_TRUE(read_tape(disk(), path()).value() == std::vector<Datum>{quote_at(0)});
    }
    EXPECT_EQ(disk().list(directory()).value(), std::vector<std::string>{"market.tape"});
    ASSERT_TRUE(write(std::vector<Datum>{trade_at(0)}));
    EXPECT_TRUE(read_tape(disk(), path()).value() == std::vector<Datum>{trade_at(0)});
    EXPECT_EQ(disk().list(directory()).value(), std::vector<std::string>{"market.tape"});
}

TEST_P(Tape, That_is_not_there_or_is_none_is_told_so) {
    EXPECT_EQ(read_tape(disk(), path()).error().why, "No such file or directory");
    store::write_whole(disk(), path(), store::bytes_of("time,bid,ask\n1,2,3\n"));
    const Error none = read_tape(disk(), path()).error();
    EXPECT_EQ(none.what, "this is no tape");
    EXPECT_EQ(none.where, path());
}

TEST(TapeOnAFullDisk, Ends_in_the_disk_s_error_again_and_again) {
    store::SimulatedDisk disk(1);
    auto writer =
        TapeWriter::create(disk, "market.tape", instruments_for_test(1), sources_for_test(1))
            .value();
    ASSERT_TRUE(writer->append(quote_at(0)));
    disk.set_full(true);
    const Error full = writer->finish().error();
    disk.set_full(false);
    EXPECT_EQ(writer->append(quote_at(1)).error().what, full.what);
    EXPECT_EQ(writer->finish().error().what, full.what);
}

TEST(TapeWithoutPower, Is_the_old_one_or_the_new_one) {
    const std::vector<Datum> first = {quote_at(0)};
    const std::vector<Datum> second = {quote_at(1), trade_at(2)};
    const std::string path = "tapes/market.tape";
    int replaced = 0;
    std::uint64_t calls = 1;
    for (bool survived = false; !survived; ++calls) {
        SCOPED_TRACE("power fails at call " + std::to_string(calls));
        store::SimulatedDisk disk(calls);
        ASSERT_TRUE(disk.make_directory("tapes"));
        ASSERT_TRUE(write_tape(disk, path, instruments_for_test(1), sources_for_test(1), first));
        disk.fail_power_after(calls);
        survived = write_tape(disk, path, instruments_for_test(1), sources_for_test(1), second)
                       .has_value();
        disk.restore_power();
        const auto back = read_tape(disk, path);
        ASSERT_TRUE(back) << describe(back.error());
        if (*back == second) ++replaced;
        ASSERT_TRUE(*back == second || (*back == first && !survived));
    }
    EXPECT_GE(calls, 5U);  // create, write, sync, rename, sync of the directory
    EXPECT_GE(replaced, 1);
}

}  // namespace
}  // namespace millrace::tape
