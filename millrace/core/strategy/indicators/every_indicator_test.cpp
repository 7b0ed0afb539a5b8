// What holds for every indicator of the catalog, whatever it computes.
#include <cmath>
#include <gtest/gtest.h>

#include "millrace/core/strategy/indicators/test_candles.hpp"

#include "tests/support/counting_allocator.hpp"

namespace millrace::indicators {
namespace {

std::unique_ptr<Indicator> made(const std::string& text) {
    auto asked = parse_indicator(text);
    EXPECT_TRUE(asked) << text;
    return std::move(asked->indicator);
}

TEST(EveryIndicator, Is_ready_with_the_bar_it_says_and_finite_from_then_on) {
    const auto bars = random_bars(1, 400);
    for (const std::string& text : sample_texts()) {
        const auto indicator = made(text);
        for (std::size_t i = 0; i < bars.size(); ++i) {
            indicator->update(bars[i]);
            const auto seen = static_cast<std::int64_t>(i + 1);
            ASSERT_EQ(indicator->is_ready(), seen >= indicator->warm_up()) << text << " " << seen;
            if (!indicator->is_ready()) continue;
            for (const double value : outputs_of(*indicator))
                ASSERT_TRUE(std::isfinite(value)) << text << " " << seen;
        }
        EXPECT_TRUE(indicator->is_ready()) << text;
    }
}

TEST(EveryIndicator, Goes_on_from_a_saved_state_bit_by_bit) {
    const auto bars = random_bars(2, 400);
    for (const std::string& text : sample_texts()) {
        for (const std::size_t cut : {std::size_t{3}, std::size_t{137}, std::size_t{250}}) {
            const auto whole = made(text);
            for (std::size_t i = 0; i < cut; ++i)
                whole->update(bars[i]);
            engine::StateWriter saved;
            whole->save(saved);
            const auto loaded = made(text);
            engine::StateReader reader(saved.bytes());
            loaded->load(reader);
            ASSERT_TRUE(reader.finish(text));
            for (std::size_t i = cut; i < bars.size(); ++i) {
                whole->update(bars[i]);
                loaded->update(bars[i]);
                ASSERT_EQ(whole->is_ready(), loaded->is_ready()) << text;
                if (whole->is_ready()) {
                    ASSERT_EQ(outputs_of(*whole), outputs_of(*loaded)) << text;
                }
            }
            engine::StateWriter at_end;
            engine::StateWriter loaded_at_end;
            whole->save(at_end);
            loaded->save(loaded_at_end);
            EXPECT_TRUE(std::ranges::equal(at_end.bytes(), loaded_at_end.bytes())) << text;
        }
    }
}

TEST(EveryIndicator, Refuses_a_state_that_is_cut_short) {
    const auto bars = random_bars(3, 150);
    for (const std::string& text : sample_texts()) {
        const auto indicator = made(text);
        for (const model::Bar& bar : bars)
            indicator->update(bar);
        engine::StateWriter saved;
        indicator->save(saved);
        const auto loaded = made(text);
        engine::StateReader reader(saved.bytes().first(saved.bytes().size() - 1));
        loaded->load(reader);
        EXPECT_FALSE(reader.finish(text)) << text;
        loaded->update(bars[0]);  // and is still in one piece
    }
}

TEST(EveryIndicator, Survives_any_bytes_as_a_state) {
    const auto bars = random_bars(4, 120);
    Random random(5);
    for (const std::string& text : sample_texts()) {
        const auto indicator = made(text);
        for (const model::Bar& bar : bars)
            indicator->update(bar);
        engine::StateWriter saved;
        indicator->save(saved);
        for (int round = 0; round < 20; ++round) {
            std::vector<std::byte> bytes(saved.bytes().begin(), saved.bytes().end());
            for (int flips = 0; flips < 4; ++flips)
                bytes[random.below(bytes.size())] = static_cast<std::byte>(random.below(256));
            const auto loaded = made(text);
            engine::StateReader reader(bytes);
            loaded->load(reader);
            try {
                for (const model::Bar& bar : bars)
                    loaded->update(bar);
            } catch (const AssertionFailed&) {
                continue;  // a number that is none was met, and said so
            }
        }
    }
}

TEST(EveryIndicator, Takes_nothing_from_the_heap_after_the_start) {
    const auto bars = random_bars(6, 1'000);
    for (const std::string& text : sample_texts()) {
        const auto indicator = made(text);
        double sum = 0;
        const std::uint64_t before = allocation_count();
        for (const model::Bar& bar : bars) {
            indicator->update(bar);
            if (!indicator->is_ready()) continue;
            for (std::size_t i = 0; i < indicator->output_names().size(); ++i)
                sum += indicator->output(i);
        }
        EXPECT_EQ(allocation_count() - before, 0U) << text;
        EXPECT_TRUE(std::isfinite(sum)) << text;
    }
}

TEST(EveryIndicator, Begins_anew_at_start) {
    const auto bars = random_bars(7, 300);
    for (const std::string& text : sample_texts()) {
        const auto used = made(text);
        for (const model::Bar& bar : bars)
            used->update(bar);
        used->start();
        const auto fresh = made(text);
        for (const model::Bar& bar : bars) {
            used->update(bar);
            fresh->update(bar);
        }
        EXPECT_EQ(outputs_of(*used), outputs_of(*fresh)) << text;
    }
}

// Cutting the future off changes nothing: the outputs of bar i hang on bars up to i.
TEST(EveryIndicator, Forgets_nothing_and_foresees_nothing) {
    const auto bars = random_bars(8, 260);
    const auto others = random_bars(9, 260);
    for (const std::string& text : sample_texts()) {
        const auto one = made(text);
        const auto other = made(text);
        for (std::size_t i = 0; i < 200; ++i) {
            one->update(bars[i]);
            other->update(bars[i]);
        }
        ASSERT_TRUE(one->is_ready()) << text;
        const auto then = outputs_of(*one);
        other->update(others[200]);
        EXPECT_EQ(outputs_of(*one), then) << text;
    }
}

// Twice all prices, or all volumes, is exact in binary: an output is then exactly twice, or just
// the same.
enum class Growth { none, with_price, with_volume };

Growth growth_of(std::string_view name, std::string_view output) {
    if (name == "obv") return Growth::with_volume;
    const std::vector<std::string_view> prices = {
        "sma",      "ema",    "wma",   "hma",       "dema",    "tema",     "kama",    "rma",
        "vwap",     "macd",   "atr",   "bollinger", "keltner", "donchian", "psar",    "supertrend",
        "ichimoku", "linreg", "stdev", "min",       "max",     "median",   "quantile"};
    const std::vector<std::string_view> ratios = {"place", "width", "direction", "r2"};
    const auto has = [](const auto& list, std::string_view word) {
        return std::find(list.begin(), list.end(), word) != list.end();
    };
    return has(prices, name) && !has(ratios, output) ? Growth::with_price : Growth::none;
}

TEST(EveryIndicator, Doubles_with_the_prices_or_does_not_care_about_their_scale) {
    const auto bars = random_bars(10, 300);
    for (const IndicatorFamily& family : all_indicators()) {
        for (const IndicatorType& type : family.types) {
            const auto one = made(std::string(type.name));
            const auto twice = made(std::string(type.name));
            const auto more = made(std::string(type.name));
            for (model::Bar bar : bars) {
                one->update(bar);
                bar.volume = Quantity::from_raw(bar.volume.raw() * 2);
                more->update(bar);
                for (Price* price : {&bar.open, &bar.high, &bar.low, &bar.close})
                    *price = Price::from_raw(price->raw() * 2);
                twice->update(bar);
                if (!one->is_ready()) continue;
                for (std::size_t i = 0; i < one->output_names().size(); ++i) {
                    const Growth growth = growth_of(type.name, one->output_names()[i]);
                    const double value = one->output(i);
                    ASSERT_EQ(twice->output(i), growth == Growth::none ? value : 2 * value)
                        << type.name << " " << one->output_names()[i];
                    ASSERT_EQ(more->output(i), growth == Growth::with_volume ? 2 * value : value)
                        << type.name << " " << one->output_names()[i];
                }
            }
        }
    }
}

}  // namespace
}  // namespace millrace::indicators
