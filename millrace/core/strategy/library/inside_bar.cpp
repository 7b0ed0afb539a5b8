// The published versions. Each row stands for one value that the version states; 1.0.0 states the
// defaults, and every other version is the one before it with what it changes.
#include "millrace/core/strategy/library/inside_bar.hpp"

namespace millrace::strategy {
namespace {

constexpr std::string_view kVersionNames[] = {"1.0.0", "1.0.1", "1.0.2",
                                              "1.0.3", "2.0.0", "original"};

constexpr PresetValue kRows[] = {
    {"1.0.0", "atr_period", "15"},
    {"1.0.0", "risk_reward_ratio", "1"},
    {"1.0.0", "stop_distance_cap_ticks", "0"},
    {"1.0.0", "breakout_confirmation", "true"},
    {"1.0.0", "timeframe_minutes", "5"},
    {"1.0.0", "inside_bar_definition_mode", "mb_range_hl__ib_hl"},
    {"1.0.0", "session_filter", "09:30-11:00,14:00-15:00"},
    {"1.0.1", "atr_period", "8"},
    {"1.0.2", "atr_period", "12"},
    {"1.0.2", "risk_reward_ratio", "1.5"},
    {"1.0.2", "stop_distance_cap_ticks", "90"},
    {"1.0.2", "breakout_confirmation", "false"},
    {"1.0.3", "atr_period", "12"},
    {"1.0.3", "risk_reward_ratio", "1.5"},
    {"1.0.3", "stop_distance_cap_ticks", "20"},
    {"1.0.3", "breakout_confirmation", "false"},
    {"1.0.3", "timeframe_minutes", "15"},
    {"1.0.3", "inside_bar_definition_mode", "mb_range_hl__ib_hl"},
    {"2.0.0", "atr_period", "12"},
    {"2.0.0", "risk_reward_ratio", "1.5"},
    {"2.0.0", "stop_distance_cap_ticks", "20"},
    {"2.0.0", "breakout_confirmation", "false"},
    {"2.0.0", "timeframe_minutes", "15"},
    {"2.0.0", "inside_bar_definition_mode", "mb_body_oc__ib_body"},
    {"2.0.0", "session_filter", "09:30-16:00"},
    {"2.0.0", "exit_order", "on_close"},
    {"original", "entry", "breakout"},
    {"original", "risk_reward_ratio", "2"},
    {"original", "session_mode", "all"},
    {"original", "session_filter", "00:00-24:00"},
    {"original", "position_exit", "never"},
    {"original", "max_trades_per_session", "1000"},
    {"original", "min_mother_body_fraction", "0"},
    {"original", "min_inside_body_fraction", "0"},
};

}  // namespace

const std::span<const std::string_view> InsideBar::kVersions = kVersionNames;
const std::span<const PresetValue> InsideBar::kVersionRows = kRows;

}  // namespace millrace::strategy
