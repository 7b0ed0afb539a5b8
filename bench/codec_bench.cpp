// Codec: numbers, times, JSON, binary form, checksum and hash. One item is one value or one noun,
// out of a thousand different ones that fit the first cache; with their results in memory that is
// used again, except where a std::string is the result (to_json), whose allocation counts.
#include <benchmark/benchmark.h>

#include "millrace/base/crc32c.hpp"
#include "millrace/base/hash.hpp"
#include "millrace/base/zone.hpp"
#include "millrace/core/model/binary.hpp"
#include "millrace/core/model/json.hpp"

#include "bench/quotes.hpp"

namespace millrace::bench {
namespace {

constexpr std::size_t kValues = 1'024;
constexpr std::uint32_t kInstruments = 64;

const std::vector<model::Quote>& quotes() {
    static const std::vector<model::Quote> kMade = make_quotes(kValues, kInstruments);
    return kMade;
}

std::vector<model::Trade> make_trades() {
    std::vector<model::Trade> trades(kValues);
    for (std::size_t i = 0; i < kValues; ++i) {
        const model::Quote& quote = quotes()[i];
        trades[i].known_at = quote.known_at;
        trades[i].price = quote.ask;
        trades[i].size = quote.ask_size;
        trades[i].trade_id = 7'000'000 + i;
        trades[i].instrument = quote.instrument;
        trades[i].aggressor = model::Aggressor::buyer;
    }
    return trades;
}

std::vector<model::OrderIntent> make_intents() {
    std::vector<model::OrderIntent> intents(kValues);
    for (std::size_t i = 0; i < kValues; ++i) {
        const model::Quote& quote = quotes()[i];
        intents[i].known_at = quote.known_at;
        intents[i].key = Text<128>::from("intent-" + std::to_string(7'000'000 + i)).value();
        intents[i].instrument = quote.instrument;
        intents[i].quantity = quote.ask_size;
        intents[i].limit_price = quote.bid;
        intents[i].stop_loss = Price::from_raw(quote.bid.raw() - Price::kOne);
    }
    return intents;
}

const model::Names& names() {
    static const model::Names kNames = [] {
        model::Names made;
        bool taken = made.sources.add(SourceId(0), "synthetic").has_value();
        taken &= made.strategies.add(StrategyId(0), "ema_cross").has_value();
        taken &= made.accounts.add(AccountId(0), "paper").has_value();
        for (std::uint32_t i = 0; i < kInstruments; ++i)
            taken &= made.instruments.add(InstrumentId(i), "SYN" + std::to_string(i)).has_value();
        MILLRACE_ASSERT(taken, "the names differ");
        return made;
    }();
    return kNames;
}

// `work` on each of the values in turn.
template <class Value, class Work>
void each(benchmark::State& state, const std::vector<Value>& values, Work work) {
    std::size_t next = 0;
    for (auto _ : state) {
        auto result = work(values[next++ % kValues]);
        benchmark::DoNotOptimize(result);
    }
    state.SetItemsProcessed(state.iterations());
}

template <class Make>
auto vector_of(Make make) {
    std::vector<decltype(make(quotes().front()))> made;
    for (const model::Quote& quote : quotes())
        made.push_back(make(quote));
    return made;
}

// Numbers

void price_parse(benchmark::State& state) {
    const auto texts = vector_of([](const model::Quote& quote) { return quote.bid.to_string(); });
    each(state, texts, [](const std::string& text) { return Price::parse(text)->raw(); });
}
BENCHMARK(price_parse)->Name("Codec/price_parse");

void price_format(benchmark::State& state) {
    std::array<char, kDecimalTextMax> buffer;
    each(state, quotes(), [&](const model::Quote& quote) {
        return format_decimal(quote.bid.raw(), Price::kScale, buffer).size();
    });
}
BENCHMARK(price_format)->Name("Codec/price_format");

void notional_of_quote(benchmark::State& state) {
    each(state, quotes(),
         [](const model::Quote& quote) { return notional(quote.bid, quote.bid_size)->raw(); });
}
BENCHMARK(notional_of_quote)->Name("Codec/notional");

void multiply_divide_of_quote(benchmark::State& state) {
    each(state, quotes(), [](const model::Quote& quote) {
        return *multiply_divide(quote.bid.raw(), quote.bid_size.raw(), quote.ask.raw(),
                                Rounding::half_even);
    });
}
BENCHMARK(multiply_divide_of_quote)->Name("Codec/multiply_divide");

void inverse_of_price(benchmark::State& state) {
    each(state, quotes(), [](const model::Quote& quote) { return inverse(quote.bid)->raw(); });
}
BENCHMARK(inverse_of_price)->Name("Codec/inverse");

// Times

void time_parse(benchmark::State& state) {
    const auto texts =
        vector_of([](const model::Quote& quote) { return format_time(quote.known_at); });
    each(state, texts, [](const std::string& text) { return parse_time(text)->ns(); });
}
BENCHMARK(time_parse)->Name("Codec/time_parse");

void time_format(benchmark::State& state) {
    std::array<char, 32> buffer;
    each(state, quotes(),
         [&](const model::Quote& quote) { return format_time(quote.known_at, buffer).size(); });
}
BENCHMARK(time_format)->Name("Codec/time_format");

void zone_to_local(benchmark::State& state) {
    const auto zone = Zone::find("America/New_York");
    if (!zone) return state.SkipWithError("this machine has no tzdata");
    each(state, quotes(),
         [&](const model::Quote& quote) { return zone->to_local(quote.known_at).offset; });
}
BENCHMARK(zone_to_local)->Name("Codec/zone_to_local");

// JSON

template <class T>
void json_write(benchmark::State& state, const std::vector<T>& nouns) {
    each(state, nouns, [](const T& noun) { return model::to_json(noun, names()); });
}
BENCHMARK_CAPTURE(json_write, quote, quotes())->Name("Codec/json_write_quote");
BENCHMARK_CAPTURE(json_write, trade, make_trades())->Name("Codec/json_write_trade");
BENCHMARK_CAPTURE(json_write, intent, make_intents())->Name("Codec/json_write_order_intent");

template <class T>
void json_read(benchmark::State& state, const std::vector<T>& nouns) {
    std::vector<std::string> texts;
    for (const T& noun : nouns)
        texts.push_back(model::to_json(noun, names()));
    const auto back = model::from_json<T>(texts.back(), names());
    if (!back || !(*back == nouns.back())) return state.SkipWithError("JSON lost something");
    each(state, texts,
         [](const std::string& text) { return model::from_json<T>(text, names())->known_at; });
}
BENCHMARK_CAPTURE(json_read, quote, quotes())->Name("Codec/json_read_quote");
BENCHMARK_CAPTURE(json_read, trade, make_trades())->Name("Codec/json_read_trade");
BENCHMARK_CAPTURE(json_read, intent, make_intents())->Name("Codec/json_read_order_intent");

// Binary form

template <class T>
void binary_write(benchmark::State& state, const std::vector<T>& nouns) {
    model::NounBuffer buffer;
    each(state, nouns, [&](const T& noun) {
        return model::write_binary(model::kDescription<T>, &noun, buffer.bytes);
    });
}
BENCHMARK_CAPTURE(binary_write, quote, quotes())->Name("Codec/binary_write_quote");
BENCHMARK_CAPTURE(binary_write, intent, make_intents())->Name("Codec/binary_write_order_intent");

template <class T>
void binary_read(benchmark::State& state, const std::vector<T>& nouns) {
    constexpr const model::NounDescription& kNoun = model::kDescription<T>;
    std::vector<std::vector<std::byte>> written;
    for (const T& noun : nouns) {
        std::vector<std::byte>& bytes = written.emplace_back(model::binary_size_max(kNoun));
        bytes.resize(model::write_binary(kNoun, &noun, bytes));
    }
    T noun;
    each(state, written, [&](const std::vector<std::byte>& bytes) {
        const bool sound = model::read_binary(kNoun, kNoun.version, bytes, &noun).has_value();
        MILLRACE_ASSERT(sound, "what was written can be read");
        return noun.known_at;
    });
}
BENCHMARK_CAPTURE(binary_read, quote, quotes())->Name("Codec/binary_read_quote");
BENCHMARK_CAPTURE(binary_read, intent, make_intents())->Name("Codec/binary_read_order_intent");

// Digests: 48 bytes is a quote, 88 its journal record, 128 two cache lines.

void checksum(benchmark::State& state) {
    const auto size = static_cast<std::size_t>(state.range(0));
    const std::vector<std::byte> bytes(size + kValues, std::byte{7});
    std::size_t next = 0;
    for (auto _ : state) {
        std::uint32_t sum = crc32c(std::span(bytes).subspan(next++ % kValues, size));
        benchmark::DoNotOptimize(sum);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(checksum)->Name("Codec/crc32c")->Arg(48)->Arg(88)->Arg(128);

void running_hash(benchmark::State& state) {
    RunningHash hash;
    each(state, quotes(), [&](const model::Quote& quote) {
        hash.add(std::as_bytes(std::span(&quote, 1)));
        return hash.value();
    });
}
BENCHMARK(running_hash)->Name("Codec/running_hash_of_quote");

}  // namespace
}  // namespace millrace::bench
