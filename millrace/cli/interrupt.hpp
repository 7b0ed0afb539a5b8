// Ctrl-C and a closed pipe. By default Ctrl-C ends the process with 130 at once; a command that
// must leave tidily asks interrupt_requested() in its loop, and only a second Ctrl-C ends it the
// hard way.
#pragma once

namespace millrace::cli {

// Once, at the start of the process: SIGINT and SIGTERM as above, SIGPIPE and SIGXFSZ (a file
// grew past its limit) as a failed write instead of a death.
void install_signal_handlers();

// Whether the first SIGINT or SIGTERM from now on is only noted for interrupt_requested().
void note_interrupts(bool noted);

[[nodiscard]] bool interrupt_requested();

// From now on SIGUSR1 is noted instead of ending the process; for commands that it tells to stop
// all trading.
void note_kill_signals();
// Whether one came since the last call.
[[nodiscard]] bool take_kill_signal();

// Forgets an earlier interrupt; for tests that raise one.
void forget_interrupt();

}  // namespace millrace::cli
