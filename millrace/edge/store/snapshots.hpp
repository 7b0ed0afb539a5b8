// Snapshots: the engine's state beside its journal, so that a start replays only what came after. A
// snapshot is written under another name, synced and renamed, so it is there whole or not at all;
// the two newest are kept.
#pragma once

#include <string>
#include <vector>

#include "millrace/edge/store/disk.hpp"

namespace millrace::store {

class Snapshots {
  public:
    Snapshots(Disk& disk, std::string directory) : disk_(disk), directory_(std::move(directory)) {}

    // The journal must be durable up to `sequence` before this is called, or a crash could leave
    // the state ahead of it.
    Result<void> save(std::uint64_t sequence, std::span<const std::byte> bytes);

    // Sequences of the snapshots there are, newest first.
    Result<std::vector<std::uint64_t>> list();
    Result<std::vector<std::byte>> load(std::uint64_t sequence);

  private:
    [[nodiscard]] std::string path_of(std::uint64_t sequence) const;

    Disk& disk_;
    std::string directory_;
};

}  // namespace millrace::store
