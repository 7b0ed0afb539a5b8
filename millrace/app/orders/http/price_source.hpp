// PriceSource: made-up prices for what can be traded, as long as it lives. After a restart they go
// on from the last prices of the engine.
#pragma once

#include <memory>

#include "millrace/app/orders/order_service.hpp"
#include "millrace/edge/feeds/synthetic/synthetic_feed.hpp"

namespace millrace::orders {

class PriceSource final : public feeds::QuoteSink {
  public:
    // Null where the settings ask for no prices. The service outlives it.
    [[nodiscard]] static Result<std::unique_ptr<PriceSource>> start(
        OrderService& service, feeds::SyntheticFeed::Clock now);
    PriceSource(const PriceSource&) = delete;
    PriceSource& operator=(const PriceSource&) = delete;

    [[nodiscard]] std::size_t take(std::span<const model::Quote> quotes) override;

    void stop() { feed_->stop(); }
    [[nodiscard]] feeds::SyntheticFeedCounts counts() const { return feed_->counts(); }

  private:
    explicit PriceSource(OrderService& service) : service_(service) {}

    OrderService& service_;
    std::unique_ptr<feeds::SyntheticFeed> feed_;  // ends before what it hands quotes to
};

}  // namespace millrace::orders
