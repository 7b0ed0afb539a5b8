// OrderDesk: the component through which every order leaves. It checks what strategies submit,
// sends it to the venue, follows its life by the venue's reports, and answers what is refused.
// Nothing else sends to a venue.
#pragma once

#include <vector>

#include "millrace/base/flat_index.hpp"
#include "millrace/core/engine/component.hpp"
#include "millrace/core/execution/order_gate.hpp"
#include "millrace/core/execution/order_route.hpp"

namespace millrace::execution {

class OrderDesk : public engine::Component {
  public:
    struct Counts {
        std::uint64_t submitted = 0;
        std::uint64_t refused = 0;   // by the desk, before they left
        std::uint64_t rejected = 0;  // by the venue
        std::uint64_t filled = 0;    // wholly
        // Reports that no order's life allows: repeated, late, of unknown orders.
        std::uint64_t out_of_step = 0;
        bool operator==(const Counts&) const = default;
    };

    // Gate null: every order passes. Route null: orders leave as effects. Both outlive the desk.
    explicit OrderDesk(OrderGate* gate = nullptr, OrderRoute* route = nullptr)
        : gate_(gate), route_(route) {}

    [[nodiscard]] std::string_view name() const override { return "order-desk"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::execution; }
    [[nodiscard]] engine::NounSet wants() const override {
        return {model::Noun::instrument, model::Noun::order};
    }
    void on_record(const engine::Record& record, engine::Context& context) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

    [[nodiscard]] const Counts& counts() const { return counts_; }
    // How many orders are not over yet.
    [[nodiscard]] std::size_t working_count() const { return index_.size(); }

  private:
    [[nodiscard]] model::OrderReason reason_against(const model::Order& wanted) const {
        return gate_ == nullptr ? model::OrderReason::none : gate_->reason_against(wanted);
    }
    void send(const model::Order& order, engine::Context& context) {
        if (route_ == nullptr) [[likely]]
            context.send(order);
        else
            route_->take(order);
    }
    void submit(const model::Order& wanted, engine::Context& context);
    void request(const model::Order& wanted, engine::Context& context);
    void take_report(const model::Order& report);
    void refuse(const model::Order& order, model::OrderReason reason, engine::Context& context);
    void keep(const model::Order& order);
    void forget(std::uint32_t place);

    OrderGate* gate_;
    OrderRoute* route_;
    std::vector<model::Instrument> instruments_;  // by number; an empty symbol where there is none
    std::vector<model::Order> working_;  // not over yet, where they fell; number 0: a free place
    std::vector<std::uint32_t> free_;    // places in working_
    FlatIndex index_;                    // place by number
    Counts counts_;
    std::uint64_t answers_due_ = 0;  // refusals of this step that have not come past yet
};

}  // namespace millrace::execution
