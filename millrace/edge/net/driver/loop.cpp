// The loop and its timers on Asio.
#include "millrace/edge/net/driver/loop.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "millrace/base/assert.hpp"
#include "millrace/base/log.hpp"
#include "millrace/edge/net/driver/loop_inside.hpp"

namespace millrace::net {

Loop::Loop() : inside_(std::make_unique<Inside>()) {}

Loop::~Loop() {
    stop();
}

void Loop::start() {
    MILLRACE_ASSERT(!inside_->thread.joinable(), "a loop is started once");
    inside_->thread = std::thread([inside = inside_.get()] {
        inside->here = std::this_thread::get_id();
        while (!inside->context.stopped()) {
            // A fault in one connection's work must not end the others.
            try {
                inside->context.run();
            } catch (const std::exception& fault) {
                log::error("net_fault", {{"what", fault.what()}});
            }
        }
    });
}

void Loop::stop() {
    inside_->context.stop();
    if (inside_->thread.joinable()) inside_->thread.join();
}

void Loop::post(std::function<void()> work) {
    boost::asio::post(inside_->context, std::move(work));
}

bool Loop::is_here() const {
    return inside_->here.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

Time Loop::now() {
    return Time::from_ns(std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::steady_clock::now().time_since_epoch())
                             .count());
}

Time Loop::wall_now() {
    return Time::from_ns(std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count());
}

struct Timer::Inside {
    explicit Inside(boost::asio::io_context& context) : timer(context) {}
    boost::asio::steady_timer timer;
    std::function<void()> work;
    std::uint64_t round = 0;  // a wait that had already ended when it was cancelled is old
};

Timer::Timer(Loop& loop) : inside_(std::make_shared<Inside>(loop.inside().context)) {}

Timer::~Timer() {
    cancel();
}

void Timer::start(Duration wait, std::function<void()> work) {
    inside_->work = std::move(work);
    const std::uint64_t round = ++inside_->round;
    inside_->timer.expires_after(std::chrono::nanoseconds(wait.ns()));
    inside_->timer.async_wait([inside = inside_, round](const boost::system::error_code& error) {
        if (error || round != inside->round) return;
        const auto due = std::move(inside->work);
        due();
    });
}

void Timer::cancel() {
    ++inside_->round;
    inside_->timer.cancel();
    inside_->work = nullptr;
}

}  // namespace millrace::net
