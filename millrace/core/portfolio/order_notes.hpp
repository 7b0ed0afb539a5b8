// OrderNotes: what the books must know of an order when its deals come: whether it may only close,
// and why a trade that it ends has ended. An order is forgotten when it is over and all its deals
// have come, in whichever order the two are told.
#pragma once

#include <vector>

#include "millrace/base/flat_index.hpp"
#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/order.hpp"
#include "millrace/core/portfolio/trade_list.hpp"

namespace millrace::portfolio {

class OrderNotes {
  public:
    static constexpr std::size_t kOpenMax = 1'000'000;

    struct Meaning {
        PositionEffect effect = PositionEffect::automatic;
        ExitReason reason = ExitReason::unknown;
    };

    void hear(const model::Order& order);
    // Nothing is known of an order that nobody told of.
    Meaning hear(const model::Fill& fill);

    [[nodiscard]] std::size_t size() const { return index_.size(); }

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    struct Note {
        std::uint64_t order_id = 0;
        Quantity dealt;   // by the deals that came
        Quantity filled;  // by what the order says
        model::OrderType type{};
        bool may_only_close = false;
        bool is_over = false;
        bool is_liquidation = false;  // the venue's own
        bool is_fraction = false;     // that too: what a split left over
        model::Reserved<3> reserved;
    };

    [[nodiscard]] std::uint32_t take_place(std::uint64_t order_id);
    void forget_if_done(std::uint32_t place);

    std::vector<Note> notes_;
    std::vector<std::uint32_t> free_;  // places in notes_
    FlatIndex index_;                  // place by order id
};

}  // namespace millrace::portfolio
