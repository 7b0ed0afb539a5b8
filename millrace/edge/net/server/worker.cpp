// Slots of connections, and the sweep that looks at every deadline four times a second: at ten
// thousand connections that is less work than a timer for each.
#include "millrace/edge/net/server/worker.hpp"

#include "millrace/base/assert.hpp"
#include "millrace/base/log.hpp"
#include "millrace/edge/net/retry.hpp"
#include "millrace/edge/net/server/connection.hpp"

namespace millrace::net {
namespace {

constexpr Duration kSweep = Duration::milliseconds(250);
constexpr std::uint64_t kRefusedMax = 256;  // connections that are just being told so

}  // namespace

Worker::Worker(const ServerSetting& setting, std::uint64_t number, std::uint64_t ids_start)
    : setting_(setting), number_(number) {
    surroundings_.ids = RequestIds(ids_start);
    surroundings_.date = format_http_date(Loop::wall_now());
    timer_ = std::make_unique<Timer>(loop_);
}

Worker::~Worker() {
    stop();
}

void Worker::start() {
    loop_.post([this] { sweep(); });
    loop_.start();
}

void Worker::stop() {
    loop_.stop();
    timer_.reset();
    for (Slot& slot : slots_) {
        if (!slot.connection) continue;
        slot.connection->abandon();
        slot.connection.reset();
        setting_.counts.connections.fetch_sub(1, std::memory_order_relaxed);
    }
    slots_.clear();
}

void Worker::take(std::unique_ptr<Stream> stream) {
    setting_.counts.accepted.fetch_add(1, std::memory_order_relaxed);
    if (draining_) return;
    const std::uint64_t most = setting_.options.connections_max;
    const std::uint64_t open = setting_.counts.connections.load(std::memory_order_relaxed);
    const bool full = open >= most;
    if (full) setting_.counts.refused.fetch_add(1, std::memory_order_relaxed);
    if (full && (setting_.options.tls || open >= most + kRefusedMax)) return;
    if (free_.empty()) {
        MILLRACE_ASSERT(slots_.size() < (std::size_t{1} << kSlotBits), "slots are numbered");
        free_.push_back(slots_.size());
        slots_.emplace_back();
    }
    const std::size_t at = free_.back();
    free_.pop_back();
    Slot& slot = slots_[at];
    ++slot.generation;
    const std::uint64_t id =
        number_ << kWorkerShift | (slot.generation & 0xFFFFFFFF) << kSlotBits | std::uint64_t{at};
    setting_.counts.connections.fetch_add(1, std::memory_order_relaxed);
    slot.connection = std::make_unique<Connection>(setting_, *this, id, std::move(stream));
    if (full)
        slot.connection->start_refusing();
    else
        slot.connection->start();
}

Connection* Worker::find(std::uint64_t id) const {
    const std::size_t at = id & ((std::uint64_t{1} << kSlotBits) - 1);
    if (at >= slots_.size()) return nullptr;
    const Slot& slot = slots_[at];
    const std::uint64_t generation = id >> kSlotBits & 0xFFFFFFFF;
    return (slot.generation & 0xFFFFFFFF) == generation ? slot.connection.get() : nullptr;
}

void Worker::remove(std::uint64_t id) {
    if (find(id) == nullptr) return;
    const std::size_t at = id & ((std::uint64_t{1} << kSlotBits) - 1);
    slots_[at].connection.reset();
    free_.push_back(at);
    setting_.counts.connections.fetch_sub(1, std::memory_order_relaxed);
}

void Worker::drain() {
    draining_ = true;
    for (Slot& slot : slots_)
        if (slot.connection) slot.connection->drain();
}

void Worker::sweep() {
    const Time now = Loop::now();
    // By index: what a connection does here may bring others.
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].connection) slots_[i].connection->sweep(now);
    if (now >= next_second_) {
        next_second_ = now + Duration::seconds(1);
        surroundings_.date = format_http_date(Loop::wall_now());
        if (number_ == 0 && setting_.options.each_second) setting_.options.each_second();
    }
    timer_->start(kSweep, [this] { sweep(); });
}

}  // namespace millrace::net
