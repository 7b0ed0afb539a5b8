// What must hold between its parameters.
#include "millrace/core/strategy/library/confirmed_breakout.hpp"

namespace millrace::strategy {

Result<void> ConfirmedBreakout::check() const {
    if (least_.ratio() > most_.ratio())
        return failure(ErrorCode::config, "no range is within the bounds",
                       "parameters range_ratio_min, range_ratio_max",
                       least_.text() + " is above " + most_.text(), "exchange them");
    return InsideBarStrategy::check();
}

}  // namespace millrace::strategy
