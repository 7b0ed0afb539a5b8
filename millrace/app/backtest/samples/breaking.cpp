// A library whose strategy buys at its first bar and breaks an assertion at its third.
#include "millrace/core/strategy/plugin.hpp"

namespace {

class Breaking : public millrace::strategy::Strategy {
  public:
    void on_bar(const millrace::model::Bar& bar) override {
        MILLRACE_ASSERT(++bars_ < 3, "this one breaks at its third bar");
        if (bars_ == 1) trading().buy(bar.instrument, millrace::Quantity::whole(1));
    }
    void save(millrace::engine::StateWriter& writer) const override { writer.put(bars_); }
    void load(millrace::engine::StateReader& reader) override {
        bars_ = reader.get<std::int64_t>();
    }

  private:
    std::int64_t bars_ = 0;
};

}  // namespace

MILLRACE_STRATEGIES({"breaking", "Breaks soon.", millrace::strategy::make<Breaking>})
