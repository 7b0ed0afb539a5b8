// TapeWriter: market data into a tape, in the one total order of events
// (docs/concept/total-order.md). It is written beside its name and takes it, durable, in finish();
// a writer that goes without finish() leaves nothing. Its memory does not grow with the tape.
#pragma once

#include <optional>

#include "millrace/core/engine/input.hpp"
#include "millrace/core/model/datum.hpp"
#include "millrace/edge/store/tape/block_encoder.hpp"
#include "millrace/edge/store/tape/block_index.hpp"

namespace millrace::tape {

class TapeWriter {
  public:
    // A tape of that name, if there is one, stands until finish().
    static Result<std::unique_ptr<TapeWriter>> create(
        store::Disk& disk, const std::string& path, std::span<const model::Instrument> instruments,
        std::span<const model::Source> sources);
    TapeWriter(const TapeWriter&) = delete;
    TapeWriter& operator=(const TapeWriter&) = delete;
    ~TapeWriter();

    // Refuses what comes before the event before it, has a field out of its range, or names an
    // instrument or source that is not in the tables; the tape is as before then. After an error of
    // the disk every call gives that error.
    Result<void> append(const model::Quote& quote) {
        return append_row(0, engine::record_of(quote));
    }
    Result<void> append(const model::Trade& trade) {
        return append_row(1, engine::record_of(trade));
    }
    Result<void> append(const model::Bar& bar) { return append_row(2, engine::record_of(bar)); }
    Result<void> append(const model::Datum& datum);

    // Nothing can be appended after it.
    Result<Counts> finish();

  private:
    TapeWriter(store::Disk& disk, std::string path, Tables tables);

    Result<void> append_row(std::size_t section, const engine::Record& row);
    [[nodiscard]] tl::unexpected<Error> refused(std::string what, std::string why,
                                                std::string mend) const;
    [[nodiscard]] tl::unexpected<Error> out_of_order(const engine::OrderKey& key) const;
    Result<void> end_block();
    Result<void> write_out();
    Result<void> put_in_place();

    store::Disk& disk_;
    std::string path_;
    std::string unfinished_;  // its name until finish()
    Tables tables_;
    std::unique_ptr<store::File> file_;
    BlockEncoder block_;
    engine::StateWriter content_;  // of a block
    engine::StateWriter out_;      // what follows `written_` in the file
    std::uint64_t written_ = 0;
    std::optional<engine::OrderKey> last_;
    End end_;
    BlockIndex index_;
    std::optional<Error> broken_;
    bool finished_ = false;
};

}  // namespace millrace::tape
