// The clients of the simulation: each sends its numbered records in order, keeps a few under way,
// and sends again what was not acknowledged, sometimes without need.
#pragma once

#include <vector>

#include "millrace/base/random.hpp"
#include "millrace/core/engine/input.hpp"

namespace millrace::drivers {

// A record with the memory it refers to.
class OwnedRecord {
  public:
    explicit OwnedRecord(const engine::Record& record);
    [[nodiscard]] engine::Record record() const { return {noun_, words_.data()}; }
    // Byte for byte, padding included: copies of one original are equal.
    bool operator==(const OwnedRecord&) const = default;

  private:
    model::Noun noun_;
    std::vector<std::uint64_t> words_;
};

struct Submission {
    engine::Origin origin = 0;
    std::uint64_t origin_sequence = 0;
    OwnedRecord record;
};

class SimulatedClients {
  public:
    static constexpr engine::Origin kCount = 3;

    explicit SimulatedClients(Random& random);

    // Something a client wants to send now, new or again; or a datum of the market, which nobody
    // repeats.
    Submission next(Time now);

    // The connection was lost: everything not acknowledged is sent again, in order.
    void reconnect();
    void acknowledge(engine::Origin origin, std::uint64_t origin_sequence);
    [[nodiscard]] bool all_acknowledged() const;
    [[nodiscard]] std::uint64_t repeated() const { return repeated_; }
    [[nodiscard]] std::uint64_t acknowledged() const;
    // Of all plans together.
    [[nodiscard]] std::uint64_t intents() const;

  private:
    struct Client {
        std::vector<Submission> plan;  // in order of origin_sequence, from 1
        std::size_t sent = 0;          // of the plan, on this connection
        std::size_t ever_sent = 0;     // of the plan, on any
        std::size_t acknowledged = 0;  // of the plan, from the front
    };

    Submission market_data(Time now);

    Random& random_;
    std::vector<Client> clients_;
    std::uint64_t repeated_ = 0;
};

}  // namespace millrace::drivers
