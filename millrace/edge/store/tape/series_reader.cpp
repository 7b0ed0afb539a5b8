// Choosing a series, and picking its events out of the runs.
#include "millrace/edge/store/tape/series_reader.hpp"

#include <cstring>
#include <filesystem>
#include <fmt/format.h>

namespace millrace::tape {
namespace {

constexpr std::string_view kMagic = "MILLTAPE";

struct Choice {
    std::string path;
    std::string symbol;                    // empty: there is only one
    std::optional<model::TableKind> kind;  // absent: there is only one
};

// A file of the whole name is meant when there is one.
Choice choice_of(const std::string& name) {
    std::error_code ignored;
    const std::size_t hash = name.rfind('#');
    if (hash == std::string::npos || std::filesystem::exists(name, ignored)) return {name, {}, {}};
    Choice choice{name.substr(0, hash), name.substr(hash + 1), {}};
    const std::size_t colon = choice.symbol.rfind(':');
    if (colon == std::string::npos) return choice;
    for (std::size_t kind = 0; kind < model::kTableKindNames.size(); ++kind)
        if (choice.symbol.substr(colon + 1) == model::kTableKindNames[kind])
            choice.kind = static_cast<model::TableKind>(kind);
    if (choice.kind) choice.symbol.resize(colon);
    return choice;
}

std::string symbols_of(const TapeReader& reader) {
    constexpr std::size_t kShownMax = 12;
    std::string text;
    for (std::size_t i = 0; i < std::min(kShownMax, reader.instruments().size()); ++i)
        text += (i == 0 ? "" : ", ") + std::string(reader.instruments()[i].symbol.view());
    if (reader.instruments().size() > kShownMax)
        text += fmt::format(" and {} more", reader.instruments().size() - kShownMax);
    return text;
}

Result<const model::Instrument*> instrument_of(const TapeReader& reader, const Choice& choice) {
    const auto& instruments = reader.instruments();
    if (choice.symbol.empty() && instruments.size() == 1) return &instruments.front();
    for (const model::Instrument& instrument : instruments)
        if (!choice.symbol.empty() && instrument.symbol.view() == choice.symbol) return &instrument;
    if (instruments.empty())
        return failure(ErrorCode::data, "the tape has no instruments", choice.path, {},
                       "name a tape with market data");
    const std::string example = choice.path + "#" + std::string(instruments.front().symbol.view());
    if (choice.symbol.empty())
        return failure(ErrorCode::data, "the tape has several instruments", choice.path,
                       symbols_of(reader), "name the one you mean: " + example);
    return failure(ErrorCode::data, fmt::format("\"{}\" is not in the tape", choice.symbol),
                   choice.path, "there are: " + symbols_of(reader),
                   "write, for example, " + example);
}

Result<model::TableKind> kind_of(const TapeReader& reader, const Choice& choice) {
    if (choice.kind) return *choice.kind;
    const Counts& counts = reader.counts();
    std::vector<model::TableKind> kinds;
    if (counts.bars > 0) kinds.push_back(model::TableKind::bars);
    if (counts.quotes > 0) kinds.push_back(model::TableKind::quotes);
    if (counts.trades > 0) kinds.push_back(model::TableKind::trades);
    if (kinds.size() == 1) return kinds.front();
    if (kinds.empty())
        return failure(ErrorCode::data, "the tape is empty", choice.path, "it has no event",
                       "name a tape with market data");
    std::string list;
    for (const model::TableKind kind : kinds)
        list += (list.empty() ? "" : " and ") + std::string(name_of(kind));
    return failure(ErrorCode::data, "the tape holds several kinds of data", choice.path,
                   "it has " + list,
                   fmt::format("name the one you mean: {}#{}:{}", choice.path,
                               reader.instruments().front().symbol.view(), name_of(kinds.front())));
}

std::uint64_t count_of(const Counts& counts, model::TableKind kind) {
    switch (kind) {
        case model::TableKind::bars: return counts.bars;
        case model::TableKind::quotes: return counts.quotes;
        case model::TableKind::trades: return counts.trades;
    }
    return 0;
}

}  // namespace

bool is_tape(const std::string& name) {
    auto file = store::posix_disk().open(choice_of(name).path, store::Disk::Access::read);
    std::array<std::byte, kMagic.size()> begin{};
    if (!file) return false;
    const auto got = (*file)->read_at(0, begin);
    return got && *got == begin.size() &&
           std::memcmp(begin.data(), kMagic.data(), begin.size()) == 0;
}

Result<std::vector<SeriesName>> series_of(store::Disk& disk, const std::string& name) {
    const Choice choice = choice_of(name);
    auto reader = TapeReader::open(disk, choice.path);
    if (!reader) return failure(std::move(reader.error()));
    if (!choice.symbol.empty() || reader->instruments().size() < 2) {
        const auto one = instrument_of(*reader, choice);
        if (!one) return failure(Error(one.error()));
        return std::vector<SeriesName>{{std::string((*one)->symbol.view()), name}};
    }
    std::vector<SeriesName> all;
    for (const model::Instrument& instrument : reader->instruments()) {
        const std::string symbol(instrument.symbol.view());
        all.push_back({symbol, choice.path + "#" + symbol});
    }
    return all;
}

Result<SeriesReader> SeriesReader::open(store::Disk& disk, const std::string& name,
                                        InstrumentId instrument, SourceId source,
                                        const std::string& symbol) {
    Choice choice = choice_of(name);
    auto opened = TapeReader::open(disk, choice.path);
    if (!opened) return failure(std::move(opened.error()));
    if (choice.symbol.empty() && opened->instruments().size() > 1) choice.symbol = symbol;
    const auto kind = kind_of(*opened, choice);
    if (!kind) return failure(Error(kind.error()));
    const auto chosen = instrument_of(*opened, choice);
    if (!chosen) return failure(Error(chosen.error()));
    SeriesReader reader(std::move(*opened));
    reader.kind_ = *kind;
    reader.chosen_ = (*chosen)->id;
    reader.symbol_ = std::string((*chosen)->symbol.view());
    reader.instrument_ = instrument;
    reader.source_ = source;
    reader.rows_expected_ =
        count_of(reader.reader_.counts(), *kind) / reader.reader_.instruments().size();
    reader.name_ = choice.path;
    if (auto begun = reader.begin(name); !begun) return failure(std::move(begun.error()));
    return reader;
}

// Reads the first event, which says how long the bars are.
Result<void> SeriesReader::begin(const std::string& name) {
    model::Datum datum;
    const auto some = find(datum);
    if (!some) return failure(Error(some.error()));
    if (!*some)
        return failure(ErrorCode::data,
                       fmt::format("the tape has no {} of {}", name_of(kind_), symbol_), name, {},
                       "choose another symbol or kind");
    first_ = datum;
    if (const auto* bar = std::get_if<model::Bar>(&datum)) {
        if (bar->basis != model::BarBasis::time)
            return failure(ErrorCode::data, "these bars have no length", name,
                           fmt::format("they were closed by {}", name_of(bar->basis)),
                           "name a tape with bars of time");
        bar_length_ = Duration::nanoseconds(static_cast<std::int64_t>(bar->step));
    }
    return {};
}

template <class T>
bool SeriesReader::take(model::Datum& datum) {
    const std::span<const T> rows = run_.as<T>();
    while (at_ < rows.size() && rows[at_].instrument != chosen_)
        ++at_;
    if (at_ == rows.size()) return false;
    T& taken = datum.emplace<T>(rows[at_++]);
    taken.instrument = instrument_;
    taken.source = source_;
    return true;
}

Result<bool> SeriesReader::find(model::Datum& datum) {
    for (;;) {
        switch (kind_) {
            case model::TableKind::bars:
                if (run_.noun == model::Noun::bar && take<model::Bar>(datum)) return true;
                break;
            case model::TableKind::quotes:
                if (run_.noun == model::Noun::quote && take<model::Quote>(datum)) return true;
                break;
            case model::TableKind::trades:
                if (run_.noun == model::Noun::trade && take<model::Trade>(datum)) return true;
                break;
        }
        auto more = reader_.next_run(run_);
        if (!more || !*more) return more;
        at_ = 0;
    }
}

Result<bool> SeriesReader::next(model::Datum& datum) {
    if (first_) {
        datum = *first_;
        first_.reset();
    } else {
        auto more = find(datum);
        if (!more || !*more) return more;
    }
    ++rows_;
    const auto* bar = std::get_if<model::Bar>(&datum);
    if (bar != nullptr && bar->step != static_cast<std::uint64_t>(bar_length_.ns()))
        return failure(ErrorCode::data, "the bars of the tape have several lengths",
                       fmt::format("{}, row {}", name_, rows_),
                       fmt::format("one lasts {}, those before it {}",
                                   format_duration(
                                       Duration::nanoseconds(static_cast<std::int64_t>(bar->step))),
                                   format_duration(bar_length_)),
                       "keep bars of each length in a tape of their own");
    return true;
}

}  // namespace millrace::tape
