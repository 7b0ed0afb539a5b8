#include "millrace/core/strategy/indicators/exponential_average.hpp"

#include <gtest/gtest.h>

namespace millrace::indicators {
namespace {

TEST(ExponentialAverage, Is_seeded_with_the_simple_mean_and_then_smooths) {
    ExponentialAverage average(3);  // smoothing 2 / (3 + 1) = 0.5
    average.update(1);
    average.update(2);
    EXPECT_FALSE(average.is_ready());
    EXPECT_DOUBLE_EQ(average.update(6), 3);  // (1 + 2 + 6) / 3
    EXPECT_TRUE(average.is_ready());
    EXPECT_DOUBLE_EQ(average.update(5), 4);  // 3 + 0.5 * (5 - 3)
    EXPECT_DOUBLE_EQ(average.update(0), 2);  // 4 + 0.5 * (0 - 4)
}

TEST(ExponentialAverage, Of_length_one_is_its_input) {
    ExponentialAverage average(1);
    EXPECT_DOUBLE_EQ(average.update(7), 7);
    EXPECT_DOUBLE_EQ(average.update(-2), -2);
}

TEST(ExponentialAverage, Is_saved_whole) {
    ExponentialAverage average(4);
    for (const double value : {1.0, 2.0, 3.0, 4.0, 9.5})
        average.update(value);
    engine::StateWriter writer;
    average.save(writer);
    ExponentialAverage loaded(4);
    engine::StateReader reader(writer.bytes());
    loaded.load(reader);
    EXPECT_TRUE(reader.finish("average"));
    EXPECT_EQ(loaded.update(1.25), average.update(1.25));
}

TEST(ExponentialAverage, Refuses_the_state_of_another_length) {
    engine::StateWriter writer;
    ExponentialAverage(4).save(writer);
    ExponentialAverage other(5);
    engine::StateReader reader(writer.bytes());
    other.load(reader);
    EXPECT_FALSE(reader.finish("average"));
}

TEST(WilderAverage, Is_seeded_with_the_simple_mean_and_smooths_with_one_nth) {
    WilderAverage average(4);
    for (const double value : {1.0, 2.0, 3.0, 6.0})
        average.update(value);
    EXPECT_DOUBLE_EQ(average.value(), 3);     // 12 / 4
    EXPECT_DOUBLE_EQ(average.update(7), 4);   // 3 + (7 - 3) / 4
    EXPECT_DOUBLE_EQ(average.update(-4), 2);  // 4 + (-4 - 4) / 4
}

TEST(RecursiveAverage, Is_seeded_with_the_first_value_alone) {
    RecursiveAverage average(2);
    EXPECT_DOUBLE_EQ(average.update(4), 4);
    EXPECT_FALSE(average.is_ready());
    EXPECT_DOUBLE_EQ(average.update(2), 3);  // 4 + (2 - 4) / 2
    EXPECT_TRUE(average.is_ready());
    engine::StateWriter writer;
    average.save(writer);
    RecursiveAverage loaded(2);
    engine::StateReader reader(writer.bytes());
    loaded.load(reader);
    EXPECT_TRUE(reader.finish("average"));
    EXPECT_DOUBLE_EQ(loaded.update(7), 5);  // 3 + (7 - 3) / 2
}

}  // namespace
}  // namespace millrace::indicators
