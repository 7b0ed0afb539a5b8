// What is inside a loop, for the files of this room only: this header shows Asio.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "millrace/edge/net/driver/loop.hpp"

namespace millrace::net {

struct Loop::Inside {
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        context.get_executor()};
    std::thread thread;
    std::atomic<std::thread::id> here;
    std::array<char, 64 * 1024> scratch{};  // every read of every stream goes here first
};

}  // namespace millrace::net
