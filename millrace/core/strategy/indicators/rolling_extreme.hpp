// RollingMaximum, RollingMinimum: the highest or lowest of the last `length` numbers, and how long
// ago it was. A queue of the numbers that may still become the extreme, best first; each enters and
// leaves once, so an update is O(1) on average and never allocates.
#pragma once

#include "millrace/core/strategy/indicators/window.hpp"

namespace millrace::indicators {

enum class Extreme : std::uint8_t { lowest, highest };

template <Extreme kWhich>
class RollingExtreme {
  public:
    explicit RollingExtreme(std::int64_t length) {
        MILLRACE_ASSERT(length >= 1 && length <= kLengthMax + 1, "a window of a wrong length");
        queue_.resize(static_cast<std::size_t>(length));
    }

    void update(double value) {
        MILLRACE_ASSERT(std::isfinite(value), "an indicator was given what is not a number");
        // Of equal numbers the newest stays: it leaves last.
        while (count_ > 0 && !beats(entry(count_ - 1).value, value))
            --count_;
        if (count_ > 0 && entry(0).index <= seen_ - length()) {
            first_ = place(1);
            --count_;
        }
        queue_[place(count_)] = {value, seen_};
        ++count_;
        ++seen_;
    }

    [[nodiscard]] bool is_ready() const { return seen_ >= length(); }
    [[nodiscard]] std::int64_t warm_up() const { return length(); }
    // Of at least one number, and of those seen while the window is not full:
    [[nodiscard]] double value() const { return entry(0).value; }
    // How many updates ago it came, 0 for the newest; of equal numbers the newest.
    [[nodiscard]] std::int64_t age() const { return seen_ - 1 - entry(0).index; }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, length(), seen_, std::uint64_t{count_});
        for (std::size_t i = 0; i < count_; ++i)
            save_parts(writer, entry(i).value, entry(i).index);
    }
    void load(engine::StateReader& reader) {
        const auto length_saved = reader.get<std::int64_t>();
        seen_ = reader.get<std::int64_t>();
        const auto count = reader.get<std::uint64_t>();
        first_ = count_ = 0;
        const bool sound =
            seen_ >= 0 && seen_ < kSeenMax && count <= queue_.size() && (count > 0 || seen_ == 0);
        if (!fits(reader, length_saved == length() && sound)) return;
        std::int64_t least = seen_ - length();
        for (std::size_t i = 0; i < count; ++i) {
            load_parts(reader, queue_[i].value, queue_[i].index);
            // In the window and rising, or the queue would outgrow its room.
            const std::int64_t index = queue_[i].index;
            if (!fits(reader, index >= least && index < seen_)) return;
            least = index + 1;
        }
        count_ = count;
    }

  private:
    static constexpr std::int64_t kSeenMax = std::int64_t{1} << 62;

    struct Entry {
        double value = 0;
        std::int64_t index = 0;  // numbers seen before it
    };

    [[nodiscard]] static bool beats(double a, double b) {
        return kWhich == Extreme::highest ? a > b : a < b;
    }
    [[nodiscard]] std::int64_t length() const { return static_cast<std::int64_t>(queue_.size()); }
    [[nodiscard]] std::size_t place(std::size_t i) const {
        const std::size_t at = first_ + i;
        return at < queue_.size() ? at : at - queue_.size();
    }
    [[nodiscard]] const Entry& entry(std::size_t i) const { return queue_[place(i)]; }

    std::vector<Entry> queue_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
    std::int64_t seen_ = 0;
};

using RollingMaximum = RollingExtreme<Extreme::highest>;
using RollingMinimum = RollingExtreme<Extreme::lowest>;

}  // namespace millrace::indicators
