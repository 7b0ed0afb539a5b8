// Skipping to the range, then merging by a heap of one event for each series.
#include "millrace/app/backtest/market_feed.hpp"

#include <algorithm>
#include <tuple>

#include "millrace/core/engine/input.hpp"

namespace millrace::backtest {
namespace {

InstrumentId instrument_of(const model::Datum& datum) {
    return std::visit([](const auto& noun) { return noun.instrument; }, datum);
}

}  // namespace

Result<MarketFeed> MarketFeed::open(std::vector<DataSeries> all, const FeedRange& range) {
    // So that the order of asking leaves no trace.
    std::sort(all.begin(), all.end(), [](const DataSeries& a, const DataSeries& b) {
        return std::tuple(a.instrument(), a.kind(), a.bar_length()) <
               std::tuple(b.instrument(), b.kind(), b.bar_length());
    });
    MarketFeed feed;
    feed.to_ = range.to.value_or(Time::latest());
    for (DataSeries& series : all) {
        feed.rows_expected_ += series.rows_expected();
        const auto some = feed.skip_to_range(series, range);
        if (!some) return failure(Error(some.error()));
        if (*some) feed.cursors_.push_back({std::move(series), {}, true});
    }
    if (feed.cursors_.empty())
        return failure(ErrorCode::data, "there is nothing to run on",
                       all.empty() ? std::string() : all.front().path(),
                       "no row lies between --from and --to, or the files have no rows",
                       "look at the times in the files, or widen the range");
    for (std::uint32_t at = 0; at < feed.cursors_.size(); ++at)
        if (auto first = feed.begin(at); !first) return failure(std::move(first.error()));
    feed.choose_matched();
    return feed;
}

// Whether something is left of it.
Result<bool> MarketFeed::skip_to_range(DataSeries& series, const FeedRange& range) {
    if (range.from) return skip_before(series, range);
    if (range.warm_up_bars > 0 || range.warm_up_span.ns() > 0) return find_warm_up(series, range);
    model::Datum datum;
    auto more = series.next(datum);
    if (!more || !*more) return more;
    series.put_back(datum);
    return known_at(datum) <= to_;
}

// Leaves out what begins before `from`, but for the last of it that warms up.
Result<bool> MarketFeed::skip_before(DataSeries& series, const FeedRange& range) {
    std::deque<model::Datum> before;
    model::Datum datum;
    for (;;) {
        auto more = series.next(datum);
        if (!more) return more;
        if (!*more || known_at(datum) > to_) return false;
        if (begin_of(datum) >= *range.from) break;
        if (range.warm_up_bars > 0) {
            before.push_back(datum);
            if (before.size() > range.warm_up_bars) before.pop_front();
        } else if (range.warm_up_span.ns() > 0 &&
                   begin_of(datum) >= *range.from - range.warm_up_span) {
            before.push_back(datum);
        }
    }
    for (const model::Datum& warm : before)
        series.put_back(warm);
    series.put_back(datum);
    if (!before.empty())
        live_from_ = std::max(live_from_, known_at(before.back()) + Duration::nanoseconds(1));
    return true;
}

// Without `from` the first of the data warms up.
Result<bool> MarketFeed::find_warm_up(DataSeries& series, const FeedRange& range) {
    std::vector<model::Datum> read;
    model::Datum datum;
    for (;;) {
        auto more = series.next(datum);
        if (!more) return more;
        if (!*more || known_at(datum) > to_) break;
        read.push_back(datum);
        const bool is_live = range.warm_up_bars > 0
                                 ? read.size() > range.warm_up_bars
                                 : begin_of(datum) >= begin_of(read.front()) + range.warm_up_span;
        if (is_live) break;
        live_from_ = std::max(live_from_, known_at(datum) + Duration::nanoseconds(1));
    }
    for (const model::Datum& warm : read)
        series.put_back(warm);
    return !read.empty();
}

// The venue deals on ticks where there are any, else on the shortest bars.
void MarketFeed::choose_matched() {
    for (Cursor& cursor : cursors_)
        for (const Cursor& other : cursors_)
            if (cursor.series.has_bars() &&
                instrument_of(cursor.datum) == instrument_of(other.datum) &&
                (!other.series.has_bars() ||
                 other.series.bar_length() < cursor.series.bar_length()))
                cursor.is_matched = false;
}

MarketFeed::Key MarketFeed::key_of(std::uint32_t at, bool is_open) const {
    const model::Datum& datum = cursors_[at].datum;
    const engine::OrderKey key =
        std::visit([](const auto& noun) { return engine::order_key_of(noun); }, datum);
    return {is_open ? begin_of(datum) : key.time, is_open, key.rank, key.step, key.instrument, at};
}

void MarketFeed::push(const Key& key) {
    heap_.push_back(key);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
}

// Reads the series' next datum into its cursor; false when there is no more.
Result<bool> MarketFeed::advance(std::uint32_t at) {
    Cursor& cursor = cursors_[at];
    auto more = cursor.series.next(cursor.datum);
    if (more && *more && known_at(cursor.datum) > to_) *more = false;
    return more;
}

// Queues the first event of the series' next datum.
Result<void> MarketFeed::begin(std::uint32_t at) {
    const auto more = advance(at);
    if (!more) return failure(Error(more.error()));
    if (*more) push(key_of(at, cursors_[at].series.has_bars()));
    return {};
}

std::vector<std::string> MarketFeed::row_notes() const {
    std::vector<std::string> notes;
    for (const Cursor& cursor : cursors_)
        for (std::string& note : cursor.series.row_notes())
            notes.push_back(std::move(note));
    return notes;
}

Result<void> MarketFeed::next_block(std::vector<MarketEvent>& block) {
    block.clear();
    while (!heap_.empty() && block.size() < kBlockEvents) {
        std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
        Key key = heap_.back();
        heap_.pop_back();
        // As long as the same series comes first it does not go through the heap.
        for (bool is_first = true; is_first;) {
            const Cursor& cursor = cursors_[key.series];
            if (!key.is_open || cursor.is_matched)
                block.emplace_back(cursor.datum, key.is_open, cursor.is_matched);
            if (!key.is_open) {
                const auto more = advance(key.series);
                if (!more) return failure(Error(more.error()));
                if (!*more) break;
            }
            key = key_of(key.series, !key.is_open && cursor.series.has_bars());
            is_first = block.size() < kBlockEvents && (heap_.empty() || key < heap_.front());
            if (!is_first) push(key);
        }
    }
    return {};
}

}  // namespace millrace::backtest
