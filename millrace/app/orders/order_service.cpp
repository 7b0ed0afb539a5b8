// Starting, taking requests, matching answers, stopping. Three threads meet here: whoever asks, the
// engine's (as the driver's handler) and the ledger's.
#include "millrace/app/orders/order_service.hpp"

#include <chrono>
#include <deque>
#include <future>
#include <mutex>

#include "millrace/app/drivers/live_driver.hpp"
#include "millrace/app/orders/directory.hpp"
#include "millrace/app/orders/ledger_writer.hpp"
#include "millrace/app/orders/opening.hpp"
#include "millrace/app/orders/view_maker.hpp"
#include "millrace/base/log.hpp"

namespace millrace::orders {
namespace {

using Steady = std::chrono::steady_clock;

constexpr engine::Origin kRequests = 1;  // the origin of all that is answered
constexpr std::chrono::milliseconds kViewInterval(100);
constexpr std::chrono::seconds kOpeningMax(60);
constexpr std::size_t kQueueLength = 8'192;
constexpr std::size_t kPricesMax = kQueueLength / 2;  // prices leave room for requests

Time system_time() {
    return Time::from_ns(std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count());
}

tl::unexpected<Refusal> turned_away(Refusal::Why why, std::string what, std::string reason,
                                    std::string mend) {
    return tl::unexpected(Refusal{
        why, {}, {ErrorCode::network, std::move(what), {}, std::move(reason), std::move(mend)}});
}

}  // namespace

struct LeasedReader::Pool {
    std::mutex mutex;
    std::vector<std::unique_ptr<ledger::Reader>> readers;  // that nobody has
};

struct OrderService::Parts final : public drivers::EffectHandler {
    struct Waiting {
        std::uint64_t number = 0;
        Answer answer;
    };

    // EffectHandler, on the engine's thread; on_synced() on the flusher's.
    void handle(const engine::Effect& /*effect*/, std::uint64_t /*sequence*/) override {}
    void on_applied(const engine::Effect& request, std::uint64_t sequence) override;
    void on_group(std::uint64_t sequence) override;
    void on_synced(std::uint64_t sequence) override;
    void on_idle() override { publish(false); }
    Result<void> may_snapshot(std::uint64_t sequence) override { return writer->sync_to(sequence); }

    Result<void> recover();
    Result<void> catch_up(ledger::Ledger& ledger, LedgerRows& rows);
    Result<void> open();
    Result<void> say(const OpeningInput& input, Steady::time_point until);
    Submitted define(Directory::Named& named);
    Submitted enqueue(const engine::Record& record, Answer answer);
    void publish(bool at_once);
    void break_down();
    void tell(std::span<const LedgerWriter::Answered> stored);

    Settings settings;
    Clock clock;
    StartReport report;
    Assembly assembly;
    const engine::Engine* engine = nullptr;
    std::unique_ptr<drivers::JournaledEngine> recovered;  // until the driver has it
    std::unique_ptr<LedgerWriter> writer;
    std::unique_ptr<drivers::LiveDriver> driver;
    std::atomic<std::uint64_t> durable{0};
    // Of the engine's thread.
    std::vector<Acknowledged> requests_of_group;
    bool is_dirty = false;
    Steady::time_point published = {};

    std::mutex requests;  // one order of requests; guards what follows
    Directory directory;
    std::deque<Waiting> waiting;
    std::uint64_t last_number = 0;
    bool is_stopping = false;
    bool is_broken = false;  // a part of the engine has stopped
    bool has_stopped = false;

    mutable std::mutex views;  // guards what follows
    std::shared_ptr<const OrderView> view;

    std::shared_ptr<void> readers;  // a LeasedReader::Pool
};

void OrderService::Parts::on_applied(const engine::Effect& request, std::uint64_t sequence) {
    if (writer != nullptr) requests_of_group.push_back({sequence, request.origin_sequence});
}

void OrderService::Parts::on_group(std::uint64_t sequence) {
    if (writer == nullptr) return;
    if (!engine->stopped().empty()) break_down();
    Entries entries = assembly.watch->take(sequence);
    is_dirty = true;
    publish(!entries.commands.empty());  // before it is answered
    writer->give(std::move(entries), requests_of_group);
    requests_of_group.clear();
}

void OrderService::Parts::on_synced(std::uint64_t sequence) {
    durable.store(sequence, std::memory_order_release);
    if (writer != nullptr) writer->set_durable(sequence);
}

// What is under way has no answer any more, and nothing is taken until somebody has looked.
void OrderService::Parts::break_down() {
    std::deque<Waiting> lost;
    {
        const std::lock_guard guard(requests);
        is_broken = true;
        lost.swap(waiting);
    }
    Outcome outcome;
    outcome.message = "a part of the engine has stopped: " + engine->stopped().front().name;
    for (const Waiting& one : lost)
        if (one.answer) one.answer(outcome);
}

void OrderService::Parts::publish(bool at_once) {
    if (!is_dirty) return;
    const auto now = Steady::now();
    if (!at_once && now - published < kViewInterval) return;
    published = now;
    is_dirty = false;
    auto made = std::make_shared<const OrderView>(view_of(assembly, *engine));
    const std::lock_guard guard(views);
    view = std::move(made);
}

void OrderService::Parts::tell(std::span<const LedgerWriter::Answered> stored) {
    std::vector<std::pair<Answer, const Outcome*>> due;
    due.reserve(stored.size());
    {
        const std::lock_guard guard(requests);
        for (const LedgerWriter::Answered& one : stored) {
            if (is_broken && waiting.empty()) break;  // they were told already
            MILLRACE_ASSERT(!waiting.empty() && waiting.front().number == one.number,
                            "answers come in the order of the requests");
            due.emplace_back(std::move(waiting.front().answer), one.outcome);
            waiting.pop_front();
        }
    }
    static const Outcome kNothing;
    for (const auto& [answer, outcome] : due)
        if (answer) answer(outcome == nullptr ? kNothing : *outcome);
}

// Everything that the journal has comes back, and the ledger gets what it lacks of it.
Result<void> OrderService::Parts::recover() {
    ledger::LedgerSettings how;
    how.lays_out_log = true;
    how.trusts_journal = true;
    auto ledger = ledger::Ledger::open(settings.ledger_file(), how);
    if (!ledger) return failure(std::move(ledger.error().error));
    const auto progress = ledger->progress();
    if (!progress) return failure(Error(progress.error().error));
    report.ledger_was_at = *progress;
    auto made = assemble(settings);
    if (!made) return failure(std::move(made.error()));
    assembly = std::move(*made);
    engine = assembly.engine.get();
    assembly.watch->begin_after(*progress);
    const auto journal_id = static_cast<std::uint64_t>(clock().ns());
    auto opened = drivers::JournaledEngine::open(store::posix_disk(), settings.journal_directory(),
                                                 std::move(assembly.engine), *this, {}, journal_id,
                                                 {}, *progress);
    if (!opened) return failure(std::move(opened.error()));
    recovered = std::move(*opened);
    report.recovery = recovered->recovery();
    if (*progress > engine->sequence())
        return failure(ErrorCode::data, "the ledger is ahead of the journal",
                       settings.ledger_file(),
                       "it has inputs up to " + std::to_string(*progress) + ", the journal up to " +
                           std::to_string(engine->sequence()),
                       "restore the journal that belongs to it, or move the ledger away to have "
                       "one made anew of the journal");
    durable.store(engine->sequence(), std::memory_order_release);
    LedgerRows rows;
    const auto learn_all = [&](auto& who) {
        for (const model::Instrument& instrument : assembly.watch->instruments())
            who.learn(instrument);
        for (const model::Account& account : assembly.watch->accounts())
            who.learn(account);
        for (const model::Strategy& strategy : assembly.watch->strategies())
            who.learn(strategy);
    };
    learn_all(rows);
    learn_all(directory);
    if (auto done = catch_up(*ledger, rows); !done) return done;
    last_number = engine->last_of(kRequests);
    is_broken = !engine->stopped().empty();
    writer = std::make_unique<LedgerWriter>(
        std::move(*ledger), std::move(rows), engine->sequence(),
        [this](std::span<const LedgerWriter::Answered> stored) { tell(stored); });
    return {};
}

Result<void> OrderService::Parts::catch_up(ledger::Ledger& ledger, LedgerRows& rows) {
    const std::uint64_t last = engine->sequence();
    report.caught_up = last - report.ledger_was_at;
    const Entries entries = assembly.watch->take(last);
    if (report.caught_up == 0) return {};
    auto batch = ledger.begin();
    if (!batch) return failure(std::move(batch.error().error));
    if (auto done = rows.write(entries, *batch); !done)
        return failure(std::move(done.error().error));
    return ledger::result_of(batch->commit());
}

// One input of the start; the queue is emptied meanwhile.
Result<void> OrderService::Parts::say(const OpeningInput& input, Steady::time_point until) {
    const auto send = [&](auto noun) {
        noun.known_at = clock();
        return driver->try_submit(engine::record_of(noun));
    };
    while (!std::visit(send, input)) {
        if (Steady::now() > until)
            return failure(ErrorCode::timeout, "the disk did not take the settings in time",
                           settings.data_directory, {}, "look at the disk, then start again");
        std::this_thread::yield();
    }
    return {};
}

Result<void> OrderService::Parts::open() {
    const auto inputs = opening_inputs(settings, assembly);
    if (!inputs) return failure(Error(inputs.error()));
    for (const OpeningInput& input : *inputs) {
        if (const auto* instrument = std::get_if<model::Instrument>(&input))
            directory.learn(*instrument);
        if (const auto* account = std::get_if<model::Account>(&input)) directory.learn(*account);
        if (const auto* strategy = std::get_if<model::Strategy>(&input)) directory.learn(*strategy);
    }
    drivers::LiveOptions options;
    options.queue_length = kQueueLength;
    options.snapshot_every = settings.snapshot_every;
    options.snapshots_at_stop = true;
    is_dirty = true;
    publish(true);
    driver = std::make_unique<drivers::LiveDriver>(std::move(recovered), clock, options);
    if (inputs->empty() || is_broken) return {};
    const auto until = Steady::now() + kOpeningMax;
    for (const OpeningInput& input : *inputs)
        if (auto said = say(input, until); !said) return said;
    // The last word is answered, so all before it is durable and stored by then.
    auto heard = std::make_shared<std::promise<void>>();
    model::Command last;
    last.known_at = clock();
    last.name = "set-orders";
    last.actor = "configuration";
    const auto asked =
        enqueue(engine::record_of(last), [heard](const Outcome&) { heard->set_value(); });
    if (!asked) return failure(Error(asked.error().error));
    if (heard->get_future().wait_until(until) != std::future_status::ready)
        return failure(ErrorCode::timeout, "the disk did not take the settings in time",
                       settings.data_directory, {}, "look at the disk, then start again");
    return {};
}

// Under the lock of requests: their order in the engine is that in which they wait.
Submitted OrderService::Parts::enqueue(const engine::Record& record, Answer answer) {
    using Why = Refusal::Why;
    if (is_stopping)
        return turned_away(Why::stopping, "the server is stopping", {}, "ask again later");
    if (is_broken)
        return turned_away(Why::broken, "a part of the engine has stopped",
                           engine->stopped().front().report, "see the log, then start again");
    if (waiting.size() >= settings.open_requests_max) {
        const auto trouble = writer->trouble() ? writer->trouble() : driver->trouble();
        return turned_away(Why::busy, "too many requests are waiting for the disk",
                           trouble ? describe(*trouble) : std::string(), "ask again later");
    }
    waiting.push_back({++last_number, std::move(answer)});
    if (driver->try_submit(record, kRequests, last_number)) return {};
    waiting.pop_back();
    --last_number;
    return turned_away(Why::busy, "the engine's queue is full", {}, "ask again later");
}

OrderService::OrderService(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<OrderService>> OrderService::start(Settings settings, Clock clock) {
    if (auto fine = settings.check(); !fine) return failure(std::move(fine.error()));
    auto parts = std::make_unique<Parts>();
    parts->readers = std::make_shared<LeasedReader::Pool>();
    parts->settings = std::move(settings);
    parts->clock = clock ? std::move(clock) : Clock(system_time);
    if (auto recovered = parts->recover(); !recovered) return failure(std::move(recovered.error()));
    std::unique_ptr<OrderService> service(new OrderService(std::move(parts)));
    if (auto opened = service->parts_->open(); !opened) return failure(std::move(opened.error()));
    return service;
}

OrderService::~OrderService() {
    if (parts_->has_stopped) return;
    if (const auto stopped = stop(); !stopped)
        log::error("the orders server did not end in order",
                   {{"error", describe(stopped.error())}});
}

Submitted OrderService::Parts::define(Directory::Named& named) {
    if (!named.is_new) return {};
    named.strategy.known_at = clock();
    if (!driver->try_submit(engine::record_of(named.strategy)))
        return turned_away(Refusal::Why::busy, "the engine's queue is full", {}, "ask again later");
    directory.learn(named.strategy);
    return {};
}

Submitted OrderService::submit(const IntentRequest& request, Answer answer) {
    const std::lock_guard guard(parts_->requests);
    auto named = parts_->directory.name(request);
    if (!named) return tl::unexpected(std::move(named.error()));
    if (auto defined = parts_->define(*named); !defined) return defined;
    named->intent.known_at = parts_->clock();
    return parts_->enqueue(engine::record_of(named->intent), std::move(answer));
}

Submitted OrderService::command(const CommandRequest& request, Answer answer) {
    auto command = command_of(request);
    if (!command) return tl::unexpected(std::move(command.error()));
    const std::lock_guard guard(parts_->requests);
    if (request.name == "check-order") {
        auto named = parts_->directory.name_of_check(request);
        if (!named) return tl::unexpected(std::move(named.error()));
        if (auto defined = parts_->define(*named); !defined) return defined;
    }
    command->known_at = parts_->clock();
    return parts_->enqueue(engine::record_of(*command), std::move(answer));
}

bool OrderService::offer(const model::Quote& quote) {
    if (parts_->driver->queued() >= kPricesMax) return false;
    model::Quote now = quote;
    now.known_at = parts_->clock();
    return parts_->driver->try_submit(engine::record_of(now));
}

std::shared_ptr<const OrderView> OrderService::view() const {
    const std::lock_guard guard(parts_->views);
    return parts_->view;
}

Health OrderService::health() const {
    Health health;
    health.journal = parts_->driver->trouble();
    health.ledger = parts_->writer->trouble();
    health.durable = parts_->durable.load(std::memory_order_acquire);
    health.stored = parts_->writer->stored();
    health.stopped = view()->stopped;
    const std::lock_guard guard(parts_->requests);
    health.open_requests = parts_->waiting.size();
    return health;
}

const Settings& OrderService::settings() const {
    return parts_->settings;
}
const StartReport& OrderService::started() const {
    return parts_->report;
}

ledger::Kept<LeasedReader> OrderService::reader() const {
    auto pool = std::static_pointer_cast<LeasedReader::Pool>(parts_->readers);
    {
        const std::lock_guard guard(pool->mutex);
        if (!pool->readers.empty()) {
            auto reader = std::move(pool->readers.back());
            pool->readers.pop_back();
            return LeasedReader(std::move(pool), std::move(reader));
        }
    }
    auto opened = ledger::Reader::open(parts_->settings.ledger_file());
    if (!opened) return ledger::lost(std::move(opened.error()));
    return LeasedReader(std::move(pool), std::make_unique<ledger::Reader>(std::move(*opened)));
}

Result<void> OrderService::stop() {
    MILLRACE_ASSERT(!parts_->has_stopped, "a server stops once");
    parts_->has_stopped = true;
    {
        const std::lock_guard guard(parts_->requests);
        parts_->is_stopping = true;
    }
    Result<void> driven;
    if (parts_->driver) driven = parts_->driver->stop();
    Result<void> written;
    if (parts_->writer) written = parts_->writer->stop();
    return driven ? std::move(written) : std::move(driven);
}

LeasedReader::~LeasedReader() {
    if (!reader_) return;
    const std::lock_guard guard(pool_->mutex);
    pool_->readers.push_back(std::move(reader_));
}

}  // namespace millrace::orders
