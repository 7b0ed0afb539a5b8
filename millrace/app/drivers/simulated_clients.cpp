// Plans of intents and commands, and when which is sent.
#include "millrace/app/drivers/simulated_clients.hpp"

#include <algorithm>
#include <cstring>

namespace millrace::drivers {
namespace {

constexpr std::size_t kUnderWayMax = 6;

OwnedRecord make_intent(engine::Origin origin, std::uint64_t number, Random& random) {
    model::OrderIntent intent;
    intent.key =
        Text<128>::from("client-" + std::to_string(origin) + "-" + std::to_string(number)).value();
    intent.side = random.one_in(2) ? model::Side::buy : model::Side::sell;
    intent.quantity = Quantity::whole(random.between(1, 1'000));
    intent.limit_price = Price::from_raw(random.between(1, 1'000'000'000'000));
    return OwnedRecord(engine::record_of(intent));
}

// Up to 2 KiB, so that records cover several sectors and can lose one from their middle.
OwnedRecord make_command(Random& random) {
    model::Command command;
    command.name = "note";
    command.actor = "simulation";
    std::string argument(random.below(2'048) + 1, ' ');
    for (char& c : argument)
        c = static_cast<char>('a' + random.below(26));
    command.argument = Text<2048>::from(argument).value();
    return OwnedRecord(engine::record_of(command));
}

}  // namespace

OwnedRecord::OwnedRecord(const engine::Record& record) : noun_(record.noun) {
    const std::size_t size = model::description_of(record.noun).size;
    words_.resize((size + 7) / 8);
    std::memcpy(words_.data(), record.payload, size);
}

SimulatedClients::SimulatedClients(Random& random) : random_(random), clients_(kCount) {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        const auto origin = static_cast<engine::Origin>(i + 1);
        const std::uint64_t count = 10 + random_.below(30);
        for (std::uint64_t number = 1; number <= count; ++number) {
            auto record =
                random_.one_in(4) ? make_command(random_) : make_intent(origin, number, random_);
            clients_[i].plan.push_back({origin, number, std::move(record)});
        }
    }
}

Submission SimulatedClients::next(Time now) {
    Client& client = clients_[random_.below(clients_.size())];
    const bool is_done = client.acknowledged == client.plan.size();
    if (is_done || random_.one_in(3)) return market_data(now);
    const bool may_send_new =
        client.sent < client.plan.size() && client.sent - client.acknowledged < kUnderWayMax;
    const bool repeats = client.sent > client.acknowledged && (!may_send_new || random_.one_in(8));
    if (!repeats && !may_send_new) return market_data(now);
    Submission submission = client.plan[client.acknowledged];
    if (repeats) {
        ++repeated_;
    } else {
        submission = client.plan[client.sent++];
        if (client.sent <= client.ever_sent) ++repeated_;
        client.ever_sent = std::max(client.ever_sent, client.sent);
    }
    return submission;
}

Submission SimulatedClients::market_data(Time now) {
    model::Quote quote;
    quote.known_at = now;
    quote.bid = Price::from_raw(random_.between(1, 1'000'000'000'000));
    quote.ask = Price::from_raw(quote.bid.raw() + random_.between(0, 1'000'000));
    quote.instrument = InstrumentId(static_cast<std::uint32_t>(random_.below(4)));
    return {0, 0, OwnedRecord(engine::record_of(quote))};
}

// Numbers are acknowledged in order, as they are applied in order.
void SimulatedClients::acknowledge(engine::Origin origin, std::uint64_t origin_sequence) {
    Client& client = clients_[origin - std::size_t{1}];
    client.acknowledged = std::max<std::size_t>(client.acknowledged, origin_sequence);
    client.sent = std::max(client.sent, client.acknowledged);
}

void SimulatedClients::reconnect() {
    for (Client& client : clients_)
        client.sent = client.acknowledged;
}

bool SimulatedClients::all_acknowledged() const {
    return std::all_of(clients_.begin(), clients_.end(), [](const Client& client) {
        return client.acknowledged == client.plan.size();
    });
}

std::uint64_t SimulatedClients::acknowledged() const {
    std::uint64_t sum = 0;
    for (const Client& client : clients_)
        sum += client.acknowledged;
    return sum;
}

std::uint64_t SimulatedClients::intents() const {
    std::uint64_t count = 0;
    for (const Client& client : clients_)
        for (const Submission& submission : client.plan)
            count += submission.record.record().noun == model::Noun::order_intent ? 1U : 0U;
    return count;
}

}  // namespace millrace::drivers
