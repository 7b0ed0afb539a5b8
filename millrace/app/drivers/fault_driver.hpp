// The fault driver: an engine with its journal on a simulated disk, fed by clients that repeat what
// they heard no answer to, and crashed at every kind of moment, all from one seed. After each crash
// it is started from its files and compared with an engine that was never interrupted.
//
// What must hold, for every seed: nothing acknowledged is lost; nothing is applied twice; nothing
// is sent to the venue that did not survive, and in the end everything is; the state hash equals
// that of an uninterrupted run over the surviving inputs; a flipped byte in what was durable is
// refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace millrace::drivers {

// The guards under test. All on in production; each switched off must make seeds fail.
struct SimulationGuards {
    bool sync = true;           // a commit waits for the medium
    bool crc = true;            // a record's checksum is compared
    bool cut_torn_tail = true;  // an unfinished record is cut before writing goes on
    bool apply_once = true;     // what a client sends again is not applied again
};

struct SimulationResult {
    std::uint64_t seed = 0;
    std::uint64_t inputs = 0;        // in the journal at the end
    std::uint64_t acknowledged = 0;  // to clients
    std::uint64_t repeated = 0;      // sent again by clients
    std::uint64_t power_cuts = 0;
    std::uint64_t kills = 0;  // of the process alone
    std::uint64_t torn_tails = 0;
    std::uint64_t disk_full = 0;
    std::uint64_t snapshots = 0;
    std::uint64_t state_hash = 0;
    std::optional<std::string> failure;  // the promise that was broken, and where
};

// One run. The same seed and guards give the same result on every machine.
[[nodiscard]] SimulationResult simulate(std::uint64_t seed, const SimulationGuards& guards = {});

}  // namespace millrace::drivers
