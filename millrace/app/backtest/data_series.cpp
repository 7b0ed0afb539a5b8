// Reading ahead, and looking at the first rows.
#include "millrace/app/backtest/data_series.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "millrace/app/backtest/inversion.hpp"

namespace millrace::backtest {
namespace {

constexpr std::uint64_t kSampleRows = 200;

// The largest power of ten, at most one, of which every value seen is a multiple.
template <class T>
void refine(T& step, T value) {
    while (step.raw() > 1 && value.raw() % step.raw() != 0)
        step = T::from_raw(step.raw() / 10);
}

Price first_price(const model::Datum& datum) {
    struct Visitor {
        Price operator()(const model::Bar& bar) const { return bar.open; }
        Price operator()(const model::Quote& quote) const { return quote.bid; }
        Price operator()(const model::Trade& trade) const { return trade.price; }
    };
    return std::visit(Visitor{}, datum);
}

}  // namespace

Time known_at(const model::Datum& datum) {
    return std::visit([](const auto& noun) { return noun.known_at; }, datum);
}

Time begin_of(const model::Datum& datum) {
    const auto* bar = std::get_if<model::Bar>(&datum);
    return bar != nullptr ? bar->open_time : known_at(datum);
}

Result<bool> DataSeries::read(MarketFile& file, const std::string& path, bool inverts,
                              model::Datum& datum) {
    auto more = file.next(datum);
    if (!inverts || !more || !*more) return more;
    auto turned = invert(datum);
    if (turned) return true;
    turned.error().where = path + ", row " + std::to_string(file.rows());
    return failure(std::move(turned.error()));
}

Result<DataSeries> DataSeries::open(const std::string& path, const files::TableOptions& options,
                                    bool inverts) {
    auto file = MarketFile::open(path, options);
    if (!file) return failure(std::move(file.error()));
    model::Datum first;
    const auto some = read(*file, path, inverts, first);
    if (!some) return failure(Error(some.error()));
    if (!*some)
        return failure(ErrorCode::data, "the file has no rows", path, "only a header, or nothing",
                       "name a file with market data");
    DataSeries series;
    series.inverts_ = inverts;
    series.rows_expected_ = file->rows_expected();
    series.parts_.push_back({path, std::move(*file), first, false});
    return series;
}

void DataSeries::join(DataSeries&& other) {
    for (Part& part : other.parts_)
        parts_.push_back(std::move(part));
    rows_expected_ += other.rows_expected_;
    std::sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) {
        return std::pair(begin_of(a.first), std::string_view(a.path)) <
               std::pair(begin_of(b.first), std::string_view(b.path));
    });
}

InstrumentId DataSeries::instrument() const {
    return std::visit([](const auto& noun) { return noun.instrument; }, parts_.front().first);
}

Result<bool> DataSeries::next(model::Datum& datum) {
    if (!waiting_.empty()) {
        datum = waiting_.front();
        waiting_.pop_front();
        return true;
    }
    for (; at_ < parts_.size(); ++at_) {
        Part& part = parts_[at_];
        auto more = next_of(part, datum);
        if (!more || !adjuster_ || !*more) {
            if (!more || *more) return more;
            continue;
        }
        auto adjusted = adjuster_->adjust(datum);
        if (adjusted) return true;
        adjusted.error().where = part.path + ", row " + std::to_string(part.file.rows());
        return failure(std::move(adjusted.error()));
    }
    return false;
}

Result<bool> DataSeries::next_of(Part& part, model::Datum& datum) {
    if (!part.is_begun) {
        part.is_begun = true;
        datum = part.first;
    } else {
        auto more = read(part.file, part.path, inverts_, datum);
        if (!more || !*more) return more;
    }
    if (begin_of(datum) < last_known_)
        return failure(ErrorCode::data,
                       has_bars() ? "a bar begins before the one before it has ended"
                                  : "a row is older than one that came before it",
                       part.path + ", row " + std::to_string(part.file.rows()),
                       "it begins at " + format_time(begin_of(datum)) +
                           ", the one before ended at " + format_time(last_known_),
                       has_bars()
                           ? "files of one symbol must not overlap; or say how long the bars "
                             "are with bar-length"
                           : "files of one symbol must not overlap");
    last_known_ = known_at(datum);
    return true;
}

model::RowFindings DataSeries::findings() const {
    model::RowFindings all;
    for (const Part& part : parts_)
        all.add(part.file.findings());
    return all;
}

std::vector<std::string> DataSeries::row_notes() const {
    std::vector<std::string> notes;
    for (const Part& part : parts_)
        if (const model::RowFindings& findings = part.file.findings(); !findings.empty())
            notes.push_back(part.path + ": " + findings.describe() + "; first " +
                            findings.first().front().why);
    return notes;
}

Result<Precision> precision_of(const std::string& path, const files::TableOptions& options) {
    auto file = MarketFile::open(path, options);
    if (!file) return failure(std::move(file.error()));
    Precision found;
    model::Datum datum;
    for (std::uint64_t row = 0; row < kSampleRows; ++row) {
        auto more = file->next(datum);
        if (!more) return failure(std::move(more.error()));
        if (!*more) break;
        if (row == 0) found.first = first_price(datum);
        found.has_ticks = !std::holds_alternative<model::Bar>(datum);
        if (const auto* bar = std::get_if<model::Bar>(&datum)) {
            for (const Price price : {bar->open, bar->high, bar->low, bar->close})
                refine(found.price, price);
        } else if (const auto* quote = std::get_if<model::Quote>(&datum)) {
            refine(found.price, quote->bid);
            refine(found.price, quote->ask);
            found.has_sizes = found.has_sizes || quote->bid_size.raw() > 0;
        } else if (const auto* trade = std::get_if<model::Trade>(&datum)) {
            refine(found.price, trade->price);
            found.has_sizes = found.has_sizes || trade->size.raw() > 0;
        }
    }
    return found;
}

}  // namespace millrace::backtest
