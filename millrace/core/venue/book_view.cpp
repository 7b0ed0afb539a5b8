// The order book of core/market behind the venue's interface.
#include "millrace/core/venue/book_view.hpp"

#include <algorithm>
#include <array>

#include "millrace/core/market/order_book.hpp"

namespace millrace::venue {

namespace {

class MarketBook final : public BookView {
  public:
    MarketBook(InstrumentId instrument, Price price_increment, market::BookKind kind)
        : book_(instrument, price_increment, kind) {}

    bool apply(const model::BookUpdate& update) override {
        return book_.apply(update).is_applied();
    }

    std::size_t rungs(model::BookSide side, std::span<BookRung> rungs) const override {
        std::array<market::BookLevel, kDepthMax> levels;
        const std::size_t wanted = std::min(rungs.size(), kDepthMax);
        const std::size_t count = book_.depth(side, std::span(levels).first(wanted));
        for (std::size_t i = 0; i < count; ++i)
            rungs[i] = {levels[i].price.raw(), levels[i].size.raw()};
        return count;
    }
    Quantity size_at(model::BookSide side, Price price) const override {
        return book_.size_at(side, price);
    }
    std::optional<BookPlace> place_of(std::uint64_t order_id) const override {
        if (book_.kind() != market::BookKind::orders) return std::nullopt;
        const auto order = book_.find_order(order_id);
        const auto position = book_.queue_position(order_id);
        if (!order || !position) return std::nullopt;
        return BookPlace{order->side, order->price.raw(), order->size.raw(), position->ahead.raw()};
    }

    void save(engine::StateWriter& writer) const override { book_.save(writer); }
    void load(engine::StateReader& reader) override { book_.load(reader); }

  private:
    static constexpr std::size_t kDepthMax = 64;

    market::OrderBook book_;
};

}  // namespace

std::unique_ptr<BookView> make_book(InstrumentId instrument, Price price_increment,
                                    bool of_orders) {
    return std::make_unique<MarketBook>(
        instrument, price_increment,
        of_orders ? market::BookKind::orders : market::BookKind::levels);
}

}  // namespace millrace::venue
