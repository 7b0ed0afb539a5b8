// Playing, cutting, comparing.
#include "millrace/app/backtest/lookahead_check.hpp"

#include <algorithm>

#include "millrace/app/backtest/cast.hpp"
#include "millrace/app/backtest/run_probe.hpp"
#include "millrace/base/hash.hpp"
#include "millrace/base/random.hpp"
#include "millrace/core/model/operation.hpp"

namespace millrace::backtest {
namespace {

constexpr std::uint64_t kCutsMax = 1'000;
constexpr std::size_t kDecisionsMax = 5'000'000;

// One decision in few bytes: enough to tell it from another, and to name it.
struct Decision {
    Time time;
    std::uint64_t digest = 0;  // of all that it says
    InstrumentId instrument;
    StrategyId strategy;
    bool is_signal = false;
    std::uint8_t kind = 0;  // of a signal its action, of an order its status
    std::uint8_t side = 0;  // of an order

    bool operator==(const Decision&) const = default;
};

template <class Noun>
std::uint64_t digest_of(const Noun& noun) {
    RunningHash hash;
    hash.add(std::as_bytes(std::span(&noun, 1)));
    return hash.value();
}

Time time_of(const MarketEvent& event) {
    return event.is_open ? begin_of(event.datum) : known_at(event.datum);
}

// Keeps the decisions, and some moments of the data; takes away all that is later than the cut.
class Probe : public RunProbe {
  public:
    Probe(std::optional<Time> cut, std::uint64_t seed, std::size_t moments)
        : cut_(cut), random_(seed), moments_max_(moments) {}

    void on_block(std::vector<MarketEvent>& block) override {
        if (cut_) truncate(block);
        for (const MarketEvent& event : block)
            sample(time_of(event));
    }
    void on_data_end() override { is_over_ = true; }

    [[nodiscard]] const std::vector<Decision>& decisions() const { return decisions_; }
    [[nodiscard]] const std::vector<Time>& moments() const { return moments_; }
    [[nodiscard]] bool is_full() const { return is_full_; }

  protected:
    void hear(const engine::Record& record) override {
        if (is_over_) return;
        if (record.noun == model::Noun::signal) {
            const auto& signal = record.as<model::Signal>();
            keep({signal.known_at, digest_of(signal), signal.instrument, signal.strategy, true,
                  static_cast<std::uint8_t>(signal.action), 0});
        } else if (record.noun == model::Noun::order) {
            using enum model::OrderStatus;
            const auto& order = record.as<model::Order>();
            if (order.status != pending && order.status != cancel_requested &&
                order.status != replace_requested)
                return;  // no wish, but what became of one
            keep({order.known_at, digest_of(order), order.instrument, order.strategy, false,
                  static_cast<std::uint8_t>(order.status), static_cast<std::uint8_t>(order.side)});
        }
    }

  private:
    void keep(const Decision& decision) {
        if (decisions_.size() == kDecisionsMax)
            is_full_ = true;
        else
            decisions_.push_back(decision);
    }
    // Of bars that are still open at the cut only the open is known.
    void truncate(std::vector<MarketEvent>& block) {
        const auto end = std::find_if(block.begin(), block.end(), [&](const MarketEvent& event) {
            return time_of(event) > *cut_;
        });
        block.erase(end, block.end());
        for (MarketEvent& event : block) {
            auto* bar = std::get_if<model::Bar>(&event.datum);
            if (!event.is_open || bar == nullptr || bar->known_at <= *cut_) continue;
            bar->high = bar->low = bar->close = bar->open;
            bar->volume = {};
            bar->vwap = {};
            bar->trade_count = 0;
        }
    }
    // Each moment so far is as likely to be among those kept.
    void sample(Time time) {
        if (moments_max_ == 0) return;
        ++seen_;
        if (moments_.size() < moments_max_)
            moments_.push_back(time);
        else if (const std::uint64_t place = random_.below(seen_); place < moments_max_)
            moments_[place] = time;
    }

    std::optional<Time> cut_;
    Random random_;
    std::size_t moments_max_;
    std::uint64_t seen_ = 0;
    std::vector<Time> moments_;
    std::vector<Decision> decisions_;
    bool is_over_ = false;
    bool is_full_ = false;
};

// "order buy A by cross"; "nothing" past the end.
std::string text_of(const std::vector<Decision>& decisions, std::size_t at,
                    const BacktestResult& run) {
    if (at >= decisions.size()) return "nothing";
    const Decision& decision = decisions[at];
    const std::string_view word = decision.is_signal ? model::kSignalActionNames[decision.kind]
                                                     : model::kSideNames[decision.side];
    std::string text = "signal";
    if (!decision.is_signal)
        text = decision.kind == static_cast<std::uint8_t>(model::OrderStatus::pending)
                   ? "order"
                   : "change of";
    text += " " + std::string(word);
    if (decision.instrument.value() < run.instruments.size())
        text += " " + std::string(run.instruments[decision.instrument.value()].symbol.view());
    if (decision.strategy.value() < run.strategies.size())
        text += " by " + run.strategies[decision.strategy.value()].name;
    return text + " at " + format_time(decision.time);
}

LookaheadCut compare(Time cut, const std::vector<Decision>& whole,
                     const std::vector<Decision>& truncated, const BacktestResult& run) {
    LookaheadCut compared;
    compared.time = cut;
    const auto end = std::find_if(whole.begin(), whole.end(),
                                  [&](const Decision& decision) { return decision.time > cut; });
    for (auto at = whole.begin(); at != end; ++at)
        ++(at->is_signal ? compared.signals : compared.orders);
    const std::vector<Decision> before(whole.begin(), end);
    const auto [left, right] =
        std::mismatch(before.begin(), before.end(), truncated.begin(), truncated.end());
    if (left == before.end() && right == truncated.end()) return compared;
    const auto at = static_cast<std::size_t>(left - before.begin());
    const Time first = std::min(at < before.size() ? before[at].time : Time::latest(),
                                at < truncated.size() ? truncated[at].time : Time::latest());
    LookaheadDifference difference{first, text_of(before, at, run), text_of(truncated, at, run)};
    if (difference.whole == difference.truncated) difference.truncated += ", in other words";
    compared.difference = std::move(difference);
    return compared;
}

// Half from the data, half from the decisions.
std::vector<Time> choose_cuts(const Probe& whole, const LookaheadOptions& options) {
    std::vector<Time> cuts = whole.moments();
    Random random(options.seed);
    const auto& decisions = whole.decisions();
    for (std::uint64_t cut = 0; cut < options.cuts / 2 && !decisions.empty(); ++cut)
        cuts.push_back(decisions[random.below(decisions.size())].time);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    return cuts;
}

// One progress for all the runs: of the cut ones each is half as long on average.
class Sum {
  public:
    Sum(const Progressing& progressing, std::uint64_t runs)
        : progressing_(progressing), runs_(runs) {}
    [[nodiscard]] Progressing of_one() {
        before_ += last_;
        last_ = 0;
        if (!progressing_) return {};
        return [this](const RunProgress& one) {
            last_ = one.done;
            expected_ = std::max(expected_, one.expected);
            return progressing_({before_ + last_, expected_ * (2 + runs_) / 2});
        };
    }

  private:
    const Progressing& progressing_;
    std::uint64_t runs_;
    std::uint64_t before_ = 0;
    std::uint64_t last_ = 0;
    std::uint64_t expected_ = 0;
};

}  // namespace

bool LookaheadReport::is_same() const {
    return std::none_of(cuts.begin(), cuts.end(),
                        [](const LookaheadCut& cut) { return cut.difference.has_value(); });
}

Result<LookaheadReport> check_lookahead(const BacktestSettings& settings,
                                        const LookaheadOptions& options,
                                        const Progressing& progressing) {
    if (options.cuts == 0 || options.cuts > kCutsMax)
        return failure(ErrorCode::usage, "there are too few or too many cuts", {},
                       "allowed: 1 to " + std::to_string(kCutsMax), "ask for a number between");
    Sum sum(progressing, options.cuts);
    Probe whole({}, options.seed, (options.cuts + 1) / 2);
    const auto run = run_backtest(settings, sum.of_one(), &whole);
    if (!run) return failure(Error(run.error()));
    if (whole.is_full())
        return failure(ErrorCode::usage, "there are too many decisions to compare", {},
                       "the run made more than " + std::to_string(kDecisionsMax),
                       "check a part of the data: --from, --to");
    LookaheadReport report;
    report.seed = options.seed;
    report.events = run->input.events;
    for (const Decision& decision : whole.decisions())
        ++(decision.is_signal ? report.signals : report.orders);
    for (const Time cut : choose_cuts(whole, options)) {
        Probe truncated(cut, options.seed, 0);
        const auto again = run_backtest(settings, sum.of_one(), &truncated);
        if (!again) return failure(Error(again.error()));
        report.cuts.push_back(compare(cut, whole.decisions(), truncated.decisions(), *run));
    }
    return report;
}

void write_json(const LookaheadReport& report, JsonWriter& writer) {
    writer.key("lookahead").begin_object().member("same", report.is_same());
    writer.member("seed", report.seed).member("events", report.events);
    writer.member("signals", report.signals).member("orders", report.orders);
    writer.key("cuts").begin_array();
    for (const LookaheadCut& cut : report.cuts) {
        writer.begin_object().member("time", format_time(cut.time));
        writer.member("signals", cut.signals).member("orders", cut.orders);
        writer.member("same", !cut.difference.has_value());
        if (cut.difference) {
            writer.key("difference").begin_object();
            writer.member("time", format_time(cut.difference->time));
            writer.member("whole", cut.difference->whole);
            writer.member("truncated", cut.difference->truncated).end_object();
        }
        writer.end_object();
    }
    writer.end_array().end_object();
}

}  // namespace millrace::backtest
