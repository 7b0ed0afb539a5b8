#include "millrace/core/strategy/plugin.hpp"

#include <bit>
#include <gtest/gtest.h>

MILLRACE_STRATEGIES({"one", "The first.", nullptr}, {"two", "The second.", nullptr})

namespace millrace::strategy {
namespace {

// Where a virtual function stands in the table: a pointer to it is one more than the offset
// (Itanium C++ ABI, 2.3).
template <class Function>
std::size_t place_of(Function function) {
    struct Pointer {
        std::size_t place;
        std::size_t adjustment;
    };
    return (std::bit_cast<Pointer>(function).place - 1) / sizeof(void*);
}

TEST(Plugin, Says_what_it_has) {
    const Plugin* plugin = millrace_strategies();
    EXPECT_EQ(plugin->stamp, kPluginStamp);
    ASSERT_EQ(plugin->count, 2U);
    EXPECT_EQ(plugin->types[0].name, "one");
    EXPECT_EQ(plugin->types[1].summary, "The second.");
}

TEST(Plugin, Has_a_stamp_that_every_version_can_read) {
    EXPECT_EQ(sizeof(PluginStamp), 64U);
    EXPECT_EQ(offsetof(PluginStamp, interface_version), 16U);
    EXPECT_EQ(offsetof(PluginStamp, layout), 24U);
    EXPECT_EQ(offsetof(PluginStamp, compiler), 32U);
    EXPECT_EQ(std::string_view(kPluginStamp.mark.data()), "millrace-plugin");
}

// A test that fails here asks for the next kPluginInterfaceVersion, and then for these numbers.
TEST(Plugin, Has_an_interface_version_for_each_order_of_virtual_functions) {
    EXPECT_EQ(kPluginInterfaceVersion, 3U);
    EXPECT_EQ(place_of(&Strategy::on_start), 3U);
    EXPECT_EQ(place_of(&Strategy::on_bar), 4U);
    EXPECT_EQ(place_of(&Strategy::on_quote), 5U);
    EXPECT_EQ(place_of(&Strategy::on_trade), 6U);
    EXPECT_EQ(place_of(&Strategy::on_book), 7U);
    EXPECT_EQ(place_of(&Strategy::on_fill), 8U);
    EXPECT_EQ(place_of(&Strategy::on_order), 9U);
    EXPECT_EQ(place_of(&Strategy::on_timer), 10U);
    EXPECT_EQ(place_of(&Strategy::on_stop), 11U);
    EXPECT_EQ(place_of(&Strategy::warm_up_bars), 12U);
    EXPECT_EQ(place_of(&Strategy::save), 13U);
    EXPECT_EQ(place_of(&Strategy::load), 14U);
    EXPECT_EQ(place_of(&Strategy::trades_by_signals), 15U);
    EXPECT_EQ(place_of(&Strategy::on_corporate_action), 16U);
    EXPECT_EQ(place_of(&Trading::now), 2U);
    EXPECT_EQ(place_of(&Trading::instruments), 3U);
    EXPECT_EQ(place_of(&Trading::position), 4U);
    EXPECT_EQ(place_of(&Trading::working_orders), 5U);
    EXPECT_EQ(place_of(&Trading::submit), 6U);
    EXPECT_EQ(place_of(&Trading::cancel), 7U);
    EXPECT_EQ(place_of(&Trading::signal), 8U);
    EXPECT_EQ(place_of(&Trading::set_timer), 9U);
    EXPECT_EQ(place_of(&Trading::cancel_timer), 10U);
    EXPECT_EQ(place_of(&Trading::random), 11U);
    EXPECT_EQ(place_of(&Trading::is_live), 12U);
    EXPECT_EQ(place_of(&Trading::new_group), 13U);
    EXPECT_EQ(place_of(&Parameter::describe), 2U);
    EXPECT_EQ(place_of(&Parameter::text), 3U);
    EXPECT_EQ(place_of(&Parameter::set), 4U);
    EXPECT_EQ(place_of(&Parameter::preset), 5U);
}

}  // namespace
}  // namespace millrace::strategy
