// From files to a rule with a source, and from rows to bars.
#include "millrace/app/data/bar_job.hpp"

#include <algorithm>
#include <utility>

#include "millrace/app/backtest/action_terms.hpp"

namespace millrace::data {
namespace {

using market::BarAlignment;
using market::BarRule;
using market::BarSource;

constexpr std::uint64_t kRowsATurn = 8'192;  // between two looks at whether to go on
constexpr std::size_t kFilesMax = 10'000;
const InstrumentId kInstrument(0);  // there is one

tl::unexpected<Error> unusable(std::string what, std::string where, std::string why,
                               std::string mend) {
    return failure(ErrorCode::usage, std::move(what), std::move(where), std::move(why),
                   std::move(mend));
}

backtest::DataTerms terms_of(const BarJobSettings& settings) {
    backtest::DataTerms terms;
    terms.symbol = settings.table.symbol;
    terms.table = settings.table;
    terms.actions = settings.actions;
    terms.prices = settings.prices;
    return terms;
}

// Nobody holds anything here, so actions can only happen to the prices.
Result<void> adjust(const BarJobSettings& settings, const backtest::DataTerms& terms,
                    const std::vector<std::string>& files, backtest::DataSeries& series,
                    std::optional<std::uint64_t>& actions) {
    if (terms.prices == backtest::PriceView::raw) {
        if (terms.actions.empty()) return {};
        return unusable("raw prices are as they were", "--actions",
                        "splits and dividends change nothing in them",
                        "add --prices adjusted, or leave the actions out");
    }
    model::Instrument instrument;
    instrument.id = kInstrument;
    const auto symbol = Text<32>::from(series.symbol());
    const auto calendar = Text<32>::from(settings.calendar);
    if (!symbol) return failure(Error(symbol.error()));
    if (!calendar) return failure(Error(calendar.error()));
    instrument.symbol = *symbol;
    instrument.calendar = *calendar;
    instrument.price_increment = Price::whole(1);  // a finer one is found
    backtest::NamedFiles named;
    for (const std::string& path : files)
        named.emplace_back(path, &terms);
    auto plan = backtest::plan_actions(named, false, instrument);
    if (!plan) return failure(std::move(plan.error()));
    if (plan->adjuster) series.adjust_by(*plan->adjuster);
    if (!terms.actions.empty()) actions = plan->adjusted;
    return {};
}

Result<backtest::DataSeries> open_files(const BarJobSettings& settings,
                                        std::optional<std::uint64_t>& actions) {
    if (settings.files.empty()) return unusable("no file was named", {}, {}, "name a file");
    if (settings.files.size() > kFilesMax)
        return unusable("there are too many files", {},
                        "one call reads at most " + std::to_string(kFilesMax), "join some of them");
    std::vector<std::string> files = settings.files;
    std::sort(files.begin(), files.end());
    if (const auto twice = std::adjacent_find(files.begin(), files.end()); twice != files.end())
        return unusable("the file is named twice", *twice, {}, "name it once");
    const backtest::DataTerms terms = terms_of(settings);
    std::optional<backtest::DataSeries> joined;
    for (const std::string& path : files) {
        auto series = backtest::DataSeries::open(path, backtest::table_of(terms));
        if (!series) return series;
        if (!joined) {
            joined = std::move(*series);
            continue;
        }
        if (series->kind() != joined->kind() || series->bar_length() != joined->bar_length())
            return failure(ErrorCode::data, "the files do not hold the same", path,
                           series->kind() != joined->kind()
                               ? "it has " + std::string(name_of(series->kind())) + ", " +
                                     files.front() + " has " + std::string(name_of(joined->kind()))
                               : "its bars last " + format_duration(series->bar_length()) +
                                     ", those of " + files.front() + " " +
                                     format_duration(joined->bar_length()),
                           "build the bars of each alone");
        joined->join(std::move(*series));
    }
    if (auto adjusted = adjust(settings, terms, files, *joined, actions); !adjusted)
        return failure(std::move(adjusted.error()));
    return std::move(*joined);
}

// Gives a rule that names no source what the files hold, and refuses one that names another.
Result<void> take_source(BarRule& rule, bool is_named, const backtest::DataSeries& series) {
    BarRule wanted = rule;
    switch (series.kind()) {
        case files::TableKind::trades: wanted.source = BarSource::trades; break;
        case files::TableKind::quotes:
            if (!is_named || rule.source == BarSource::trades || rule.source == BarSource::bars)
                wanted.source = BarSource::mid;
            break;
        case files::TableKind::bars: wanted.source = BarSource::bars; break;
    }
    const bool of_bars = wanted.source == BarSource::bars;
    wanted.source_step = of_bars ? static_cast<std::uint64_t>(series.bar_length().ns()) : 0;
    if (is_named && !(wanted == rule))
        return unusable("the rule asks for what the files do not hold",
                        market::format_bar_rule(rule),
                        series.path() + " has " +
                            (of_bars ? "bars of " + format_duration(series.bar_length())
                                     : std::string(name_of(series.kind()))),
                        "leave out what stands behind the @");
    rule = wanted;
    return {};
}

Result<BarRule> rule_for(const BarJobSettings& settings, const backtest::DataSeries& series) {
    auto rule = market::parse_bar_rule(settings.rule);
    Result<void> checked = {};
    if (!rule) {
        checked = failure(std::move(rule.error()));
    } else {
        const bool is_named = settings.rule.find('@') != std::string::npos;
        checked = take_source(*rule, is_named, series);
        if (!settings.calendar.empty()) rule->alignment = BarAlignment::session;
        if (checked) {
            checked = market::check(*rule);
            if (!checked) checked.error().where = market::format_bar_rule(*rule);
        }
        if (checked && rule->alignment == BarAlignment::session && settings.calendar.empty())
            checked = unusable("bars by session need a trading calendar", settings.rule, {},
                               "name it: --session us-equities");
    }
    if (checked) return *rule;
    checked.error().code = ErrorCode::usage;  // whatever is wrong, it was written by the user
    return failure(std::move(checked.error()));
}

Result<std::unique_ptr<market::CalendarPeriods>> periods_for(const std::string& calendar) {
    if (calendar.empty()) return nullptr;
    auto found = market::Calendar::find(calendar);
    if (!found) {
        found.error().code = ErrorCode::usage;
        return failure(std::move(found.error()));
    }
    auto periods = std::make_unique<market::CalendarPeriods>();
    periods->set(kInstrument, *found);
    return periods;
}

}  // namespace

Result<BarJob> BarJob::open(const BarJobSettings& settings) {
    if (auto parsed = market::parse_bar_rule(settings.rule); !parsed) {  // before files are read
        parsed.error().code = ErrorCode::usage;
        return failure(std::move(parsed.error()));
    }
    auto periods = periods_for(settings.calendar);
    if (!periods) return failure(std::move(periods.error()));
    std::optional<std::uint64_t> actions;
    auto series = open_files(settings, actions);
    if (!series) return failure(std::move(series.error()));
    const auto rule = rule_for(settings, *series);
    if (!rule) return failure(Error(rule.error()));
    BarJob job(settings, std::move(*series), std::move(*periods), *rule);
    job.actions_ = actions;
    return job;
}

BarJob::BarJob(const BarJobSettings& settings, backtest::DataSeries series,
               std::unique_ptr<market::CalendarPeriods> periods, const BarRule& rule)
    : from_(settings.from),
      to_(settings.to),
      partial_last_(settings.partial_last),
      series_(std::move(series)),
      periods_(std::move(periods)),
      builder_(kInstrument, rule, periods_.get()) {}

Result<BarJobCounts> BarJob::run(const Sink& sink, const GoOn& go_on) {
    if (auto read = read_all(sink, go_on); !read) return failure(std::move(read.error()));
    if (counts_.rows == 0)
        return failure(ErrorCode::data, "no row lies in the span that was asked for",
                       series_.path(), "the first begins at " + format_time(*first_begin_),
                       "take another --from or --to");
    if (auto ended = end(sink); !ended) return failure(std::move(ended.error()));
    const market::BarCounters& seen = builder_.counters();
    counts_.outside_session = seen.outside_session;
    counts_.late = seen.late;
    counts_.refused = seen.refused;
    counts_.first_was_dropped = seen.partial_dropped > 0;
    return counts_;
}

Result<void> BarJob::read_all(const Sink& sink, const GoOn& go_on) {
    model::Datum datum;
    for (std::uint64_t row = 1;; ++row) {
        auto more = series_.next(datum);
        if (!more) return failure(std::move(more.error()));
        if (!*more) return {};
        if (row % kRowsATurn == 0 && go_on && !go_on(row))
            return failure(ErrorCode::interrupted, "stopped before the end of the data");
        const Time begin = backtest::begin_of(datum);
        if (!first_begin_) first_begin_ = begin;
        if (from_ && begin < *from_) {
            builder_.watch_from(*from_);  // what is left out was there: the first bar is whole
            continue;
        }
        if (to_ && begin >= *to_) return reach_end(sink);
        ++counts_.rows;
        if (auto heard = hear(datum, sink); !heard) return heard;
    }
}

Result<void> BarJob::hear(const model::Datum& datum, const Sink& sink) {
    if (const auto* trade = std::get_if<model::Trade>(&datum))
        return hear(market::observation_of(*trade), trade->known_at, sink);
    if (const auto* bar = std::get_if<model::Bar>(&datum))
        return hear(market::observation_of(*bar), bar->known_at, sink);
    const auto& quote = std::get<model::Quote>(datum);
    const auto priced = market::observation_of(quote, builder_.rule().source);
    if (priced) return hear(*priced, quote.known_at, sink);
    ++counts_.without_price;
    return {};
}

Result<void> BarJob::hear(const market::BarObservation& observation, Time now, const Sink& sink) {
    if (auto passed = pass_time(now, sink); !passed) return passed;
    market::ClosedBar closed;
    while (builder_.close_before(observation, now, closed))
        if (auto given = give(closed, sink); !given) return given;
    (void)builder_.observe(observation);  // it counts what it does not accept
    return pass_time(now, sink);
}

// As the engine's timers do: at each moment at which something is due.
Result<void> BarJob::pass_time(Time now, const Sink& sink) {
    market::ClosedBar closed;
    while (builder_.due() <= now) {
        clock_ = std::max(clock_, builder_.due());
        while (builder_.close_due(clock_, closed))
            if (auto given = give(closed, sink); !given) return given;
    }
    clock_ = std::max(clock_, now);
    return {};
}

// The data go on beyond, so what ends by then is complete, even without its last part.
Result<void> BarJob::reach_end(const Sink& sink) {
    return pass_time(*to_ + builder_.rule().wait + Duration::nanoseconds(1), sink);
}

Result<void> BarJob::end(const Sink& sink) {
    market::ClosedBar closed;
    if (!builder_.flush(clock_, closed)) return {};
    counts_.last_was_dropped = partial_last_ == PartialLast::drop;
    counts_.last_is_partial = !counts_.last_was_dropped;
    return counts_.last_was_dropped ? Result<void>() : give(closed, sink);
}

Result<void> BarJob::give(const market::ClosedBar& closed, const Sink& sink) {
    const MadeBar made{closed.bar, end_of(closed.bar), closed.partial};
    if (counts_.bars == 0) counts_.first_is_partial = closed.partial && !counts_.last_is_partial;
    if (last_end_ && is_gap(closed.bar)) ++counts_.gaps;
    last_end_ = made.end;
    ++counts_.bars;
    return sink(made);
}

Time BarJob::end_of(const model::Bar& bar) const {
    if (bar.basis != model::BarBasis::time) return bar.known_at;
    const auto step = Duration::nanoseconds(static_cast<std::int64_t>(bar.step));
    if (builder_.rule().alignment == BarAlignment::epoch) return bar.open_time + step;
    const auto period = periods_->period_at(kInstrument, bar.open_time, step);
    MILLRACE_ASSERT(period.has_value(), "a bar by session lies in a session");
    return period->end;
}

// By session, nights and holidays are no gaps.
bool BarJob::is_gap(const model::Bar& bar) const {
    if (bar.basis != model::BarBasis::time || bar.open_time == *last_end_) return false;
    if (builder_.rule().alignment == BarAlignment::epoch) return true;
    const auto step = Duration::nanoseconds(static_cast<std::int64_t>(bar.step));
    const auto next = periods_->period_after(kInstrument, *last_end_, step);
    return !next || next->open != bar.open_time;
}

}  // namespace millrace::data
