// BookView: a book of levels (L2) or orders (L3) as the venue looks at it. The venue walks it and
// remembers itself what it has taken; the book shows what the feed told, nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/market_data.hpp"

namespace millrace::venue {

struct BookRung {
    std::int64_t price = 0;
    std::int64_t size = 0;
};

// Where an order of the book stands: what of its level is served before it.
struct BookPlace {
    model::BookSide side{};
    std::int64_t price = 0;
    std::int64_t size = 0;
    std::int64_t ahead = 0;
};

class BookView {
  public:
    virtual ~BookView() = default;

    // False when the update does not fit the book, which is then as it was.
    virtual bool apply(const model::BookUpdate& update) = 0;
    // The best levels, best first, as many as there are and fit; says how many.
    virtual std::size_t rungs(model::BookSide side, std::span<BookRung> rungs) const = 0;
    [[nodiscard]] virtual Quantity size_at(model::BookSide side, Price price) const = 0;
    // Nothing in a book of levels, or without this order.
    [[nodiscard]] virtual std::optional<BookPlace> place_of(std::uint64_t order_id) const = 0;

    virtual void save(engine::StateWriter& writer) const = 0;
    virtual void load(engine::StateReader& reader) = 0;
};

// The book of core/market, of single orders or of whole levels.
[[nodiscard]] std::unique_ptr<BookView> make_book(InstrumentId instrument, Price price_increment,
                                                  bool of_orders);

}  // namespace millrace::venue
