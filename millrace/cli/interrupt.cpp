// Handlers may only touch lock-free atomics and call _exit.
#include "millrace/cli/interrupt.hpp"

#include <atomic>
#include <signal.h>
#include <unistd.h>

namespace millrace::cli {
namespace {

constexpr int kInterruptedExit = 130;

std::atomic<bool> noted_only{false};
std::atomic<bool> requested{false};
std::atomic<bool> kill_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the handler must not take a lock");

extern "C" void on_stop_signal(int) {
    const bool first = !requested.exchange(true);
    if (!first || !noted_only.load()) _exit(kInterruptedExit);
}

extern "C" void on_kill_signal(int) {
    kill_requested.store(true);
}

}  // namespace

void install_signal_handlers() {
    struct sigaction stop = {};
    stop.sa_handler = on_stop_signal;
    sigemptyset(&stop.sa_mask);
    sigaction(SIGINT, &stop, nullptr);
    sigaction(SIGTERM, &stop, nullptr);
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;  // NOLINT: the system's macro holds an old-style cast
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, nullptr);
    sigaction(SIGXFSZ, &ignore, nullptr);
}

void note_interrupts(bool noted) {
    noted_only.store(noted);
}

void note_kill_signals() {
    struct sigaction kill = {};
    kill.sa_handler = on_kill_signal;
    kill.sa_flags = SA_RESTART;
    sigemptyset(&kill.sa_mask);
    sigaction(SIGUSR1, &kill, nullptr);
}

bool take_kill_signal() {
    return kill_requested.exchange(false);
}

bool interrupt_requested() {
    return requested.load();
}

void forget_interrupt() {
    requested.store(false);
}

}  // namespace millrace::cli
