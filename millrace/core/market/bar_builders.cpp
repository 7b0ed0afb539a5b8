// Which builder hears what, and when timers close bars.
#include "millrace/core/market/bar_builders.hpp"

#include <algorithm>
#include <tuple>

namespace millrace::market {
namespace {

using engine::Noun;

constexpr std::size_t kInstrumentsMax = 1'000'000;  // a damaged number must not claim all memory

bool meet(const BarRequest& a, const BarRequest& b) {
    return !a.instrument || !b.instrument || *a.instrument == *b.instrument;
}

bool is_of_quotes(BarSource source) {
    return source == BarSource::mid || source == BarSource::bid || source == BarSource::ask;
}

auto place_of(const BarRequest& request) {
    return std::tuple(request.rule.basis, request.rule.step,
                      request.instrument ? request.instrument->value() : UINT32_MAX);
}

engine::NounSet wanted_by(const std::vector<BarRequest>& rules) {
    const auto any = [&](auto is) {
        return std::any_of(rules.begin(), rules.end(),
                           [&](const BarRequest& request) { return is(request.rule.source); });
    };
    const bool trades = any([](BarSource source) { return source == BarSource::trades; });
    const bool bars = any([](BarSource source) { return source == BarSource::bars; });
    return {Noun::clock, trades ? Noun::trade : Noun::clock,
            any(is_of_quotes) ? Noun::quote : Noun::clock, bars ? Noun::bar : Noun::clock};
}

}  // namespace

Result<std::unique_ptr<BarBuilders>> BarBuilders::make(std::vector<BarRequest> requests,
                                                       const PeriodEnds* periods) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const BarRule& rule = requests[i].rule;
        if (auto checked = check(rule); !checked) return failure(std::move(checked.error()));
        const std::string text = format_bar_rule(rule);
        if (rule.alignment == BarAlignment::session && periods == nullptr)
            return failure(ErrorCode::config, "bars by session need a trading calendar", text, {},
                           "name the instrument's calendar, or leave out 'session'");
        std::size_t meeting = 0;
        for (std::size_t j = 0; j < requests.size(); ++j) {
            if (!meet(requests[i], requests[j])) continue;
            ++meeting;
            const BarRule& other = requests[j].rule;
            if (i < j && other.basis == rule.basis && other.step == rule.step)
                return failure(ErrorCode::config,
                               "two rules give bars of the same size for one instrument", text,
                               "the other is " + format_bar_rule(other), "keep one of them");
        }
        if (meeting > kRulesMax)
            return failure(ErrorCode::config, "more than 16 bar rules for one instrument", text, {},
                           "leave some out");
    }
    return std::unique_ptr<BarBuilders>(new BarBuilders(std::move(requests), periods));
}

BarBuilders::BarBuilders(std::vector<BarRequest> requests, const PeriodEnds* periods)
    : rules_(std::move(requests)), periods_(periods) {
    std::sort(rules_.begin(), rules_.end(),
              [](const BarRequest& a, const BarRequest& b) { return place_of(a) < place_of(b); });
    wants_ = wanted_by(rules_);
    groups_.resize(rules_.size());
}

void BarBuilders::on_record(const engine::Record& record, engine::Context& context) {
    if (watched_from_ == BarBuilder::kNever) watched_from_ = context.now();
    if (record.noun == Noun::trade) {
        const auto& trade = record.as<model::Trade>();
        hear(trade.instrument, BarSource::trades, nullptr, observation_of(trade), 0, context);
    } else if (record.noun == Noun::quote) {
        const auto& quote = record.as<model::Quote>();
        hear(quote.instrument, BarSource::mid, &quote, {}, 0, context);
    } else if (record.noun == Noun::bar) {
        const auto& bar = record.as<model::Bar>();
        if (bar.basis == BarBasis::time)
            hear(bar.instrument, BarSource::bars, nullptr, observation_of(bar), bar.step, context);
    }
}

// An instrument that is heard of for the first time gets its builders.
BarBuilders::Watched* BarBuilders::watch(InstrumentId instrument) {
    const std::uint32_t number = instrument.value();
    if (number >= instruments_.size()) {
        if (number >= kInstrumentsMax) return nullptr;
        instruments_.resize(number + std::size_t{1});
    }
    Watched& watched = instruments_[number];
    if (watched.known) return &watched;
    watched.known = true;
    for (std::uint32_t i = 0; i < rules_.size(); ++i) {
        if (rules_[i].instrument && *rules_[i].instrument != instrument) continue;
        watched.builders.push_back({i, BarBuilder(instrument, rules_[i].rule, periods_)});
        watched.builders.back().builder.watch_from(watched_from_);
        auto& numbers = groups_[i].instruments;
        numbers.insert(std::lower_bound(numbers.begin(), numbers.end(), number), number);
        groups_[i].ready.reserve(numbers.capacity());
    }
    return &watched;
}

void BarBuilders::hear(InstrumentId instrument, BarSource source, const model::Quote* quote,
                       const BarObservation& observation, std::uint64_t source_step,
                       engine::Context& context) {
    Watched* const watched = watch(instrument);
    if (watched == nullptr) return;
    for (Builder& builder : watched->builders) {
        const BarRule& rule = builder.builder.rule();
        if (quote != nullptr) {
            if (!is_of_quotes(rule.source)) continue;
            if (const auto priced = observation_of(*quote, rule.source))
                feed(builder, instrument, *priced, context);
        } else if (rule.source == source && rule.source_step == source_step) {
            feed(builder, instrument, observation, context);
        }
    }
}

void BarBuilders::feed(Builder& builder, InstrumentId instrument, const BarObservation& observation,
                       engine::Context& context) {
    BarBuilder& bars = builder.builder;
    ClosedBar closed;
    while (bars.close_before(observation, context.now(), closed))
        context.emit(closed.bar);
    if (bars.observe(observation) != BarHeard::accepted) return;
    if (bars.rule().basis != BarBasis::time && bars.close_due(context.now(), closed))
        context.emit(closed.bar);  // any more wait for a timer
    if (const Time due = bars.due(); due != BarBuilder::kNever)
        wait_for(builder.rule, instrument.value(), due, context);
}

BarBuilders::Builder& BarBuilders::builder_of(std::uint32_t rule, std::uint32_t instrument) {
    for (Builder& builder : instruments_[instrument].builders)
        if (builder.rule == rule) return builder;
    MILLRACE_ASSERT(false, "an instrument in the group of a rule that it has not");
    return instruments_[instrument].builders.front();
}

void BarBuilders::wait_for(std::uint32_t rule, std::uint32_t instrument, Time due,
                           engine::Context& context) {
    if (due > context.now()) return arm(rule, due, context);
    std::vector<std::uint32_t>& ready = groups_[rule].ready;
    if (ready.empty()) context.set_timer(context.now(), token_of(rule, Timer::ready));
    const auto at = std::lower_bound(ready.begin(), ready.end(), instrument);
    if (at == ready.end() || *at != instrument) ready.insert(at, instrument);
}

// One timer serves all instruments of a rule: the earliest of their periods' ends.
void BarBuilders::arm(std::uint32_t rule, Time due, engine::Context& context) {
    Group& group = groups_[rule];
    if (due >= group.armed) return;
    group.armed = due;
    context.set_timer(due, token_of(rule, Timer::periods));
}

void BarBuilders::on_timer(std::uint64_t token, engine::Context& context) {
    const auto rule = static_cast<std::uint32_t>(token / 2);
    MILLRACE_ASSERT(rule < rules_.size(), "a timer of no rule");
    if (static_cast<Timer>(token % 2) == Timer::ready)
        close_ready(rule, context);
    else
        close_periods(rule, context);
}

void BarBuilders::close_ready(std::uint32_t rule, engine::Context& context) {
    std::vector<std::uint32_t>& ready = groups_[rule].ready;
    std::size_t done = 0;
    std::size_t bars = 0;
    ClosedBar closed;
    for (; done < ready.size() && bars < kBarsAStep; ++done) {
        BarBuilder& builder = builder_of(rule, ready[done]).builder;
        while (bars < kBarsAStep && builder.close_due(context.now(), closed)) {
            context.emit(closed.bar);
            ++bars;
        }
        const Time due = builder.due();
        if (due <= context.now()) break;  // it has more
        if (due != BarBuilder::kNever) arm(rule, due, context);
    }
    ready.erase(ready.begin(), ready.begin() + static_cast<std::ptrdiff_t>(done));
    if (!ready.empty()) context.set_timer(context.now(), token_of(rule, Timer::ready));
}

void BarBuilders::close_periods(std::uint32_t rule, engine::Context& context) {
    Group& group = groups_[rule];
    if (group.armed <= context.now()) group.armed = BarBuilder::kNever;
    Time next = BarBuilder::kNever;
    std::size_t bars = 0;
    ClosedBar closed;
    for (const std::uint32_t instrument : group.instruments) {
        BarBuilder& builder = builder_of(rule, instrument).builder;
        while (bars < kBarsAStep && builder.close_due(context.now(), closed)) {
            context.emit(closed.bar);
            ++bars;
        }
        next = std::min(next, builder.due());
    }
    if (next != BarBuilder::kNever) arm(rule, next, context);  // at once when there are more
}

void BarBuilders::save(engine::StateWriter& writer) const {
    writer.put_text(rules_text());
    writer.put(watched_from_);
    for (const Group& group : groups_) {
        writer.put(group.armed);
        writer.put(std::uint64_t{group.ready.size()});
        for (const std::uint32_t instrument : group.ready)
            writer.put(instrument);
    }
    std::uint64_t known = 0;
    for (const Watched& watched : instruments_)
        known += watched.known ? 1U : 0U;
    writer.put(known);
    for (std::uint32_t i = 0; i < instruments_.size(); ++i) {
        if (!instruments_[i].known) continue;
        writer.put(i);
        for (const Builder& builder : instruments_[i].builders)
            builder.builder.save(writer);
    }
}

void BarBuilders::load(engine::StateReader& reader) {
    const auto refuse = [&] { (void)reader.take(SIZE_MAX); };  // marks the reader failed
    if (reader.get_text() != rules_text()) return refuse();
    instruments_.clear();
    watched_from_ = reader.get<Time>();
    for (Group& group : groups_) {
        group = Group{};
        group.armed = reader.get<Time>();
        const auto ready = reader.get<std::uint64_t>();
        for (std::uint64_t i = 0; i < ready && !reader.failed(); ++i)
            group.ready.push_back(reader.get<std::uint32_t>());
    }
    const auto known = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < known && !reader.failed(); ++i) {
        Watched* const watched = watch(InstrumentId(reader.get<std::uint32_t>()));
        if (watched == nullptr) return refuse();
        for (Builder& builder : watched->builders)
            builder.builder.load(reader);
    }
    for (const Group& group : groups_)
        if (!std::includes(group.instruments.begin(), group.instruments.end(), group.ready.begin(),
                           group.ready.end()))
            return refuse();
}

std::string BarBuilders::rules_text() const {
    std::string text;
    for (const BarRequest& request : rules_) {
        if (request.instrument) text += std::to_string(request.instrument->value()) + ":";
        text += format_bar_rule(request.rule) + ";";
    }
    return text;
}

BarCounters BarBuilders::counters() const {
    BarCounters sum;
    for (const Watched& watched : instruments_)
        for (const Builder& builder : watched.builders)
            sum += builder.builder.counters();
    return sum;
}

const BarBuilder* BarBuilders::find(InstrumentId instrument, const BarRule& rule) const {
    if (instrument.value() >= instruments_.size()) return nullptr;
    for (const Builder& builder : instruments_[instrument.value()].builders)
        if (builder.builder.rule() == rule) return &builder.builder;
    return nullptr;
}

}  // namespace millrace::market
