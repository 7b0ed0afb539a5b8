// A library whose strategy looks ahead, for the test that must find it out: it remembers the closes
// of every earlier run in the same process, and buys before a rise that it has seen there.
#include <map>

#include "millrace/core/strategy/plugin.hpp"

namespace {

using namespace millrace;

class Peeking : public strategy::Strategy {
  public:
    void on_bar(const model::Bar& bar) override {
        static std::map<Time, Price> closes;
        closes[bar.known_at] = bar.close;
        const auto next = closes.upper_bound(bar.known_at);
        if (next != closes.end() && next->second > bar.close)
            trading().buy(bar.instrument, Quantity::whole(1));
    }
    void save(engine::StateWriter& /*writer*/) const override {}
    void load(engine::StateReader& /*reader*/) override {}
};

}  // namespace

MILLRACE_STRATEGIES({"peeking", "Has seen the future.", millrace::strategy::make<Peeking>})
