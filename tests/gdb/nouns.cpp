// Constants for printers_test.py to print: GDB reads them from the file, without running it.
#include <cstdint>

#include "millrace/base/fixed_point.hpp"
#include "millrace/base/id.hpp"
#include "millrace/base/maybe.hpp"
#include "millrace/base/text.hpp"
#include "millrace/base/time.hpp"

constinit millrace::Price price = millrace::Price::from_raw(101'250'000'000);
constinit millrace::Price small_price = millrace::Price::from_raw(-5);
constinit millrace::Money money = millrace::Money::whole(-1'000);
constinit millrace::Duration delay = millrace::Duration::milliseconds(1'500);
constinit millrace::InstrumentId instrument{7};
constinit millrace::Text<16> symbol{"BRK.B"};
constinit millrace::Maybe<millrace::Price> no_stop;
constinit millrace::Maybe<millrace::Price> stop = millrace::Price::from_raw(99'500'000'000);
constinit millrace::Time closed = millrace::Time::from_ns(1'700'000'000'123'000'000);

int main() {
    return 0;
}
