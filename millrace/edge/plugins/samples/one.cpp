// A library of one strategy. It calls code of the program, among it some that the program itself
// has no use for.
#include "millrace/base/deterministic_math.hpp"
#include "millrace/core/strategy/plugin.hpp"

namespace {

class One : public millrace::strategy::Strategy {
  public:
    void on_bar(const millrace::model::Bar& bar) override {
        average_ = millrace::deterministic_log(bar.close.to_double());
        trading().close(bar.instrument);
        trading().buy(bar.instrument, quantity_.quantity());
    }
    void save(millrace::engine::StateWriter& writer) const override { writer.put_double(average_); }
    void load(millrace::engine::StateReader& reader) override { average_ = reader.get_double(); }

  private:
    millrace::strategy::Decimal quantity_{*this, "quantity", "1", {"1", "10"}, "How much."};
    double average_ = 0;
};

}  // namespace

MILLRACE_STRATEGIES({"spare-one", "Turns over at each bar.", millrace::strategy::make<One>})
