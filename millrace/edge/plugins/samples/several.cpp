// A library of several strategies: two that break while they run, one that cannot be made, and one
// whose class is named like a built-in strategy's.
#include <stdexcept>

#include "millrace/core/strategy/plugin.hpp"

namespace millrace::strategy {

// With the names of the program's own class, and other deeds.
class EmaCross : public Strategy {
  public:
    EmaCross() = default;
    void on_bar(const model::Bar& bar) override;
    void save(engine::StateWriter& /*writer*/) const override {}
    void load(engine::StateReader& /*reader*/) override {}
};

void EmaCross::on_bar(const model::Bar& bar) {
    trading().buy(bar.instrument, Quantity::whole(7));
}

}  // namespace millrace::strategy

namespace {

// A type of exception that only this library knows.
class OwnError : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

class Stateless : public millrace::strategy::Strategy {
  public:
    void save(millrace::engine::StateWriter& /*writer*/) const override {}
    void load(millrace::engine::StateReader& /*reader*/) override {}
};

class Asserts : public Stateless {
  public:
    void on_bar(const millrace::model::Bar& bar) override {
        MILLRACE_ASSERT(bar.close.is_zero(), "the sample's assertion");
    }
};

class Throws : public Stateless {
  public:
    void on_bar(const millrace::model::Bar& /*bar*/) override {
        throw OwnError("the sample's own error");
    }
};

class Unmakeable : public Stateless {
  public:
    Unmakeable() { throw OwnError("no such thing"); }
};

}  // namespace

MILLRACE_STRATEGIES({"asserts", "Breaks an assertion.", millrace::strategy::make<Asserts>},
                    {"throws", "Throws its own error.", millrace::strategy::make<Throws>},
                    {"unmakeable", "Throws when made.", millrace::strategy::make<Unmakeable>},
                    {"namesake", "Has a built-in class's name.",
                     millrace::strategy::make<millrace::strategy::EmaCross>})
