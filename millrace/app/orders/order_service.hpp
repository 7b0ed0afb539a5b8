// OrderService: the orders server without its doors. It takes intents and commands from any thread,
// puts them before the engine, and answers when the journal has the input and the ledger what
// became of it. Starting is recovery; whatever was answered is there again.
#pragma once

#include <memory>

#include "millrace/app/drivers/journaled_engine.hpp"
#include "millrace/app/orders/order_view.hpp"
#include "millrace/app/orders/outcome.hpp"
#include "millrace/app/orders/settings.hpp"
#include "millrace/edge/store/ledger/reader.hpp"

namespace millrace::orders {

// A reader of the ledger for as long as it is held; then others have it.
class LeasedReader;

struct StartReport {
    drivers::RecoveryReport recovery;
    std::uint64_t ledger_was_at = 0;  // last input that the ledger had
    std::uint64_t caught_up = 0;      // inputs written to it again
};

class OrderService {
  public:
    // Recovers, or begins, what is in the data directory, then takes requests. The clock may be
    // another one in tests.
    using Clock = std::function<Time()>;
    [[nodiscard]] static Result<std::unique_ptr<OrderService>> start(Settings settings,
                                                                     Clock clock = {});
    OrderService(const OrderService&) = delete;
    OrderService& operator=(const OrderService&) = delete;
    ~OrderService();

    // From any thread. The answer comes once, unless the server ends before the disk has taken
    // the request; then the client asks again, under the same key.
    [[nodiscard]] Submitted submit(const IntentRequest& request, Answer answer);
    [[nodiscard]] Submitted command(const CommandRequest& request, Answer answer);
    // A price, of whoever makes them (http/orders_server starts that by settings().prices); false
    // when there is no room, and it is dropped.
    bool offer(const model::Quote& quote);

    [[nodiscard]] std::shared_ptr<const OrderView> view() const;
    [[nodiscard]] Health health() const;
    // What was answered is in what it reads.
    [[nodiscard]] ledger::Kept<LeasedReader> reader() const;
    [[nodiscard]] const Settings& settings() const;
    [[nodiscard]] const StartReport& started() const;

    // Takes nothing more, answers what was taken, saves a snapshot, closes journal and ledger.
    // Once; the destructor does it when nobody has.
    Result<void> stop();

  private:
    struct Parts;
    explicit OrderService(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

class LeasedReader {
  public:
    LeasedReader(LeasedReader&&) noexcept = default;
    LeasedReader& operator=(LeasedReader&&) = delete;
    ~LeasedReader();
    [[nodiscard]] ledger::Reader& operator*() const { return *reader_; }
    [[nodiscard]] ledger::Reader* operator->() const { return reader_.get(); }

  private:
    friend class OrderService;
    struct Pool;
    LeasedReader(std::shared_ptr<Pool> pool, std::unique_ptr<ledger::Reader> reader)
        : pool_(std::move(pool)), reader_(std::move(reader)) {}
    std::shared_ptr<Pool> pool_;
    std::unique_ptr<ledger::Reader> reader_;
};

}  // namespace millrace::orders
