// Checking and making journals.
#include "millrace/app/drivers/journal_tools.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <variant>
#include <vector>

#include "millrace/app/drivers/journaled_engine.hpp"
#include "millrace/app/drivers/order_echo.hpp"

namespace millrace::drivers {
namespace {

using Components = std::vector<std::unique_ptr<engine::Component>>;

ReplayEngine engine_of(Components components, std::uint64_t seed) {
    ReplayEngine made;
    auto census = std::make_unique<engine::Census>();
    made.census = census.get();
    components.push_back(std::move(census));
    made.engine = std::make_unique<engine::Engine>(std::move(components), seed);
    return made;
}

class Nobody : public EffectHandler {
  public:
    void handle(const engine::Effect& /*effect*/, std::uint64_t /*sequence*/) override {}
};

// A random walk of eight instruments.
class SyntheticMarket {
  public:
    explicit SyntheticMarket(std::uint64_t seed) : random_(seed) {
        for (auto& price : prices_)
            price = random_.between(10'000, 100'000);
    }

    // Submits the next record; false when the journal wants a commit first, and then the same
    // record comes again.
    bool submit_next(JournaledEngine& system) {
        if (!pending_) choose();
        pending_ = !std::visit(
            [&](const auto& noun) { return system.submit(engine::record_of(noun)); }, next_);
        return !pending_;
    }

  private:
    static constexpr std::size_t kInstruments = 8;
    static constexpr std::int64_t kCent = Price::kOne / 100;

    void choose() {
        ++count_;
        if (count_ == 1) {
            model::Source source;
            source.known_at = now_;
            source.name = "synthetic";
            next_ = source;
        } else if (count_ <= 1 + kInstruments) {
            next_ = instrument(static_cast<std::uint32_t>(count_ - 2));
        } else if (count_ == 2 + kInstruments) {
            model::Account account;
            account.known_at = now_;
            account.name = "paper";
            account.currency = "USD";
            next_ = account;
        } else if (count_ == 3 + kInstruments) {
            model::Strategy strategy;
            strategy.known_at = now_;
            strategy.name = "coin-toss";
            next_ = strategy;
        } else {
            now_ = now_ + Duration::milliseconds(1);
            const std::uint64_t draw = random_.below(1'000);
            if (draw < 2)
                next_ = intent();
            else if (draw < 10)
                next_ = bar();
            else if (draw < 300)
                next_ = trade();
            else
                next_ = quote();
        }
    }

    model::Instrument instrument(std::uint32_t number) const {
        model::Instrument instrument;
        instrument.known_at = now_;
        instrument.id = InstrumentId(number);
        instrument.symbol = Text<32>::from("SYN" + std::to_string(number)).value();
        instrument.currency = "USD";
        instrument.price_increment = Price::from_raw(kCent);
        instrument.quantity_increment = Quantity::whole(1);
        instrument.multiplier = Ratio::whole(1);
        return instrument;
    }

    std::uint32_t any_instrument() {
        return static_cast<std::uint32_t>(random_.below(kInstruments));
    }
    Quantity any_size() { return Quantity::whole(random_.between(1, 500)); }
    Price step(std::uint32_t instrument) {
        std::int64_t& price = prices_[instrument];
        price = std::max<std::int64_t>(100, price + random_.between(-3, 3));
        return Price::from_raw(price * kCent);
    }

    model::Quote quote() {
        model::Quote quote;
        quote.known_at = now_;
        quote.instrument = InstrumentId(any_instrument());
        quote.bid = step(quote.instrument.value());
        quote.ask = Price::from_raw(quote.bid.raw() + random_.between(1, 3) * kCent);
        quote.bid_size = any_size();
        quote.ask_size = any_size();
        return quote;
    }

    model::Trade trade() {
        model::Trade trade;
        trade.known_at = now_;
        trade.instrument = InstrumentId(any_instrument());
        trade.price = step(trade.instrument.value());
        trade.size = any_size();
        trade.trade_id = count_;
        trade.aggressor = random_.one_in(2) ? model::Aggressor::buyer : model::Aggressor::seller;
        return trade;
    }

    model::Bar bar() {
        model::Bar bar;
        bar.known_at = now_;
        bar.step = static_cast<std::uint64_t>(Duration::minutes(1).ns());
        bar.open_time = now_ - Duration::minutes(1);
        bar.instrument = InstrumentId(any_instrument());
        bar.open = step(bar.instrument.value());
        bar.close = step(bar.instrument.value());
        bar.high = std::max(bar.open, bar.close);
        bar.low = std::min(bar.open, bar.close);
        bar.volume = any_size();
        bar.trade_count = 1;
        return bar;
    }

    model::OrderIntent intent() {
        model::OrderIntent intent;
        intent.known_at = now_;
        intent.key = Text<128>::from("synthetic-" + std::to_string(count_)).value();
        intent.instrument = InstrumentId(any_instrument());
        intent.side = random_.one_in(2) ? model::Side::buy : model::Side::sell;
        intent.quantity = any_size();
        return intent;
    }

    Random random_;
    std::array<std::int64_t, kInstruments> prices_{};  // in cents
    std::uint64_t count_ = 0;
    Time now_ = Time::from_ns(1'767'225'600'000'000'000);  // 2026-01-01T00:00:00Z
    std::variant<model::Source, model::Instrument, model::Account, model::Strategy, model::Quote,
                 model::Trade, model::Bar, model::OrderIntent>
        next_;
    bool pending_ = false;
};

}  // namespace

ReplayEngine engine_for(const engine::SegmentHeader& header) {
    ReplayEngine plain = engine_of({}, header.seed);
    plain.same_composition = plain.engine->composition() == header.composition;
    if (plain.same_composition) return plain;
    Components components;
    components.push_back(std::make_unique<OrderEcho>());
    ReplayEngine echoing = engine_of(std::move(components), header.seed);
    echoing.same_composition = echoing.engine->composition() == header.composition;
    return echoing.same_composition ? std::move(echoing) : std::move(plain);
}

Result<JournalCheck> check_journal(store::Disk& disk, const std::string& path,
                                   ReplayWatcher* watcher) {
    auto reader = store::JournalReader::open(disk, path);
    if (!reader) return failure(std::move(reader.error()));
    if (!reader->identity())
        return failure(ErrorCode::data, "there is no journal here", path,
                       reader->end().unborn_segment.empty()
                           ? "no file is named like 00000001.journal"
                           : "its only segment was never finished",
                       "name the journal's directory, or one of its segments");
    JournalCheck check;
    check.replayed = engine_for(*reader->identity());
    const bool from_the_start = reader->identity()->first_sequence == 1;
    if (from_the_start) {
        NoEffects nobody;
        auto report = replay(*reader, *check.replayed.engine, nobody, watcher,
                             check.replayed.same_composition);
        if (!report) return failure(std::move(report.error()));
        check.replay = *report;
    } else {
        model::NounBuffer buffer;
        engine::RecordView view;
        for (;;) {
            auto more = reader->next(view);
            if (!more) return failure(std::move(more.error()));
            if (!*more) break;
            auto input = input_of(view, buffer);
            if (!input) return failure(std::move(input.error()));
            if (watcher != nullptr) watcher->on_input(*input);
        }
    }
    check.end = reader->end();
    check.segments = reader->segments();
    return check;
}

Result<JournalCheck> verify_journal(store::Disk& disk, const std::string& path) {
    auto check = check_journal(disk, path);
    if (!check) return check;
    const auto is_whole = [](const store::JournalEnd& end) {
        return end.torn_bytes == 0 && end.unborn_segment.empty();
    };
    if (is_whole(check->end)) return check;
    const std::filesystem::path segment =
        check->end.segment.empty() ? check->end.unborn_segment : check->end.segment;
    auto lock = disk.lock(journal_lock_of(segment.parent_path().string()));
    if (!lock) return failure(std::move(lock.error()));
    // A writer that ended only now may have finished what looked torn.
    check = check_journal(disk, path);
    if (!check || is_whole(check->end)) return check;
    if (auto repaired = store::repair_journal(disk, check->end); !repaired)
        return failure(std::move(repaired.error()));
    return check;
}

Result<std::uint64_t> generate_journal(store::Disk& disk, const std::string& directory,
                                       const GenerateOptions& options) {
    auto present = store::JournalReader::open(disk, directory);
    if (!present) return failure(std::move(present.error()));
    if (present->identity() || !present->end().unborn_segment.empty())
        return failure(ErrorCode::data, "there is a journal already", directory,
                       "nothing is overwritten", "name a new directory, or remove this one");
    constexpr std::uint64_t kCheckpointEvery = 65'536;
    Nobody nobody;
    store::JournalOptions journal_options;
    journal_options.segment_bytes = options.segment_bytes;
    // A segment ends between groups, so a group must be small beside it.
    journal_options.buffer_bytes =
        std::clamp<std::uint64_t>(options.segment_bytes / 8, 16 << 10, 4 << 20);
    auto system =
        JournaledEngine::open(disk, directory, std::move(engine_of({}, options.seed).engine),
                              nobody, journal_options, options.seed);
    if (!system) return failure(std::move(system.error()));
    SyntheticMarket market(options.seed);
    // The closing checkpoint is a record too.
    while ((*system)->engine().sequence() + 1 < options.records) {
        const std::uint64_t done = (*system)->engine().sequence();
        const bool taken = done % kCheckpointEvery == kCheckpointEvery - 1
                               ? (*system)->checkpoint()
                               : market.submit_next(**system);
        if (!taken) {
            if (auto committed = (*system)->commit(); !committed)
                return failure(std::move(committed.error()));
        }
        if (done % kCheckpointEvery == 0 && options.go_on && !options.go_on(done)) break;
    }
    if (auto closed = (*system)->close(); !closed) return failure(std::move(closed.error()));
    return (*system)->engine().sequence();
}

}  // namespace millrace::drivers
