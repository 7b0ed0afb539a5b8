// Loop: one thread that waits for sockets and timers and runs what is handed to it, one thing at a
// time. What belongs to a loop (streams, timers, sessions) is touched on its thread only; other
// threads use post(). Asio stands behind it and appears in no header.
#pragma once

#include <functional>
#include <memory>

#include "millrace/base/time.hpp"

namespace millrace::net {

class Loop {
  public:
    Loop();
    ~Loop();  // stops
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // Runs in a thread of its own until stop(), which waits for its end. Work that was posted and
    // not begun by then is dropped.
    void start();
    void stop();

    // Any thread; what is posted by one thread runs in its order.
    void post(std::function<void()> work);
    [[nodiscard]] bool is_here() const;  // on the loop's own thread

    // A clock that never goes back, for waits and deadlines; and the time of day.
    [[nodiscard]] static Time now();
    [[nodiscard]] static Time wall_now();

    struct Inside;  // Asio's part, for the driver's own files
    [[nodiscard]] Inside& inside() { return *inside_; }

  private:
    std::unique_ptr<Inside> inside_;
};

// Calls once after a wait, unless cancelled, restarted or destroyed before. Of the loop's thread.
class Timer {
  public:
    explicit Timer(Loop& loop);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void start(Duration wait, std::function<void()> work);
    void cancel();

  private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
};

}  // namespace millrace::net
