// Ledger: durable intents, against what the same disk can do at best in the same run. `disk_1`
// writes a page into a file that is laid out and waits until it is on the medium; one item is one
// wait. `commit_1` is one intent with its answer, alone in its batch. `disk_64` waits once for the
// bytes of 64 intents, `commit_64` for one batch of them: one item is one intent. `chain` is an
// intent with its order, deal and audited row. `page`: one item is one row of the newest 100.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

#include "millrace/edge/store/ledger/ledger.hpp"
#include "millrace/edge/store/ledger/reader.hpp"

#include "bench/report.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::bench {
namespace {

using ledger::Batch;
using ledger::IntentRow;
using ledger::Kept;
using ledger::Ledger;

constexpr std::int64_t kAtOnce = 64;

template <class T>
T must(Kept<T> kept) {
    if (!kept) MILLRACE_ASSERT(false, describe(kept.error().error).c_str());
    if constexpr (!std::is_void_v<T>) return std::move(*kept);
}

Time moment() {
    return Time::from_ns(1'767'605'400'000'000'000);
}

IntentRow intent(std::int64_t number) {
    IntentRow row;
    row.key = fmt::format("5d1f8a52-0000-4000-8000-{:012}", number);
    row.body_hash = std::string(64, 'a');
    row.account = "main";
    row.strategy = "sma";
    row.symbol = "ACME";
    row.type = model::OrderType::limit;
    row.quantity = Quantity::whole(10);
    row.limit_price = Price::whole(100);
    row.tag = "traderunner";
    row.answer_body = R"({"id":1,"status":"pending","symbol":"ACME"})";
    row.created_at = row.updated_at = moment();
    return row;
}

class Books {
  public:
    Books()
        : ledger_(must(
              Ledger::open(folder_ / "ledger.db", {.busy_wait_ms = 5'000, .lays_out_log = true}))) {
        Batch batch = must(ledger_.begin());
        ledger::InstrumentRow instrument;
        instrument.symbol = "ACME";
        instrument.currency = "USD";
        instrument.price_increment = Price::whole(1);
        instrument.quantity_increment = Quantity::whole(1);
        must(batch.put(instrument));
        ledger::AccountRow account;
        account.name = "main";
        account.currency = "USD";
        must(batch.put(account));
        must(batch.commit());
    }
    void write(std::int64_t intents, bool with_chain = false) {
        Batch batch = must(ledger_.begin());
        for (std::int64_t i = 0; i < intents; ++i) {
            const std::int64_t id = must(batch.add_intent(intent(++number_))).row.id;
            if (with_chain) write_chain(batch, id);
        }
        must(batch.commit());
    }
    [[nodiscard]] const std::string& path() const { return ledger_.path(); }

  private:
    static void write_chain(Batch& batch, std::int64_t id) {
        ledger::OrderRow order;
        order.id = id;
        order.client_order_id = fmt::format("m-{}", id);
        order.intent_id = id;
        order.account = "main";
        order.strategy = "sma";
        order.symbol = "ACME";
        order.quantity = Quantity::whole(10);
        order.filled_quantity = order.quantity;
        order.status = model::OrderStatus::filled;
        order.created_at = order.updated_at = moment();
        must(batch.put(order));
        ledger::ExecutionRow deal;
        deal.exec_ref = fmt::format("x-{}", id);
        deal.order_id = id;
        deal.account = "main";
        deal.strategy = "sma";
        deal.symbol = "ACME";
        deal.quantity = order.quantity;
        deal.price = Price::whole(100);
        deal.fee_currency = "USD";
        deal.ts = moment();
        must(batch.add(deal));
        ledger::AuditRow said;
        said.ts = moment();
        said.actor = "desk";
        said.service = "orders";
        said.action = "order.fill";
        said.entity = order.client_order_id;
        must(batch.audit(said));
    }

    TemporaryDirectory folder_;
    Ledger ledger_;
    std::int64_t number_ = 0;
};

// The least that durability costs: bytes into a file that is laid out, and the wait.
void wait_for_disk(benchmark::State& state, std::int64_t items) {
    constexpr std::size_t kPage = 4'096;
    constexpr std::size_t kFile = 4 << 20;
    constexpr std::size_t kIntentBytes = 400;
    const TemporaryDirectory folder;
    const int file = ::open((folder / "raw").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const std::vector<char> zeros(kFile);
    MILLRACE_ASSERT(::pwrite(file, zeros.data(), kFile, 0) == ssize_t{kFile} && ::fsync(file) == 0,
                    "the file could not be laid out");
    const std::size_t wanted = static_cast<std::size_t>(items) * kIntentBytes;
    const std::size_t bytes = (wanted + kPage - 1) / kPage * kPage;
    std::size_t at = 0;
    Turns turns;
    for (auto turn : state) {
        if (at + bytes > kFile) at = 0;
        turns.time([&] {
            MILLRACE_ASSERT(::pwrite(file, zeros.data(), bytes, static_cast<off_t>(at)) ==
                                    static_cast<ssize_t>(bytes) &&
                                ::fdatasync(file) == 0,
                            "the disk failed");
        });
        at += bytes;
    }
    ::close(file);
    state.SetItemsProcessed(state.iterations() * items);
    turns.report(state, static_cast<double>(items));
}

void disk_1(benchmark::State& state) {
    wait_for_disk(state, 1);
}
BENCHMARK(disk_1)->Name("Ledger/disk_1")->UseRealTime();

void commit_1(benchmark::State& state) {
    Books books;
    Turns turns;
    for (auto turn : state)
        turns.time([&] { books.write(1); });
    state.SetItemsProcessed(state.iterations());
    turns.report(state);
    compare_with(state, "Ledger/disk_1");
    hold_to_ratio(state, 2);
    aim_at_ratio(state, 1.3);
}
BENCHMARK(commit_1)->Name("Ledger/commit_1")->UseRealTime();

void disk_64(benchmark::State& state) {
    wait_for_disk(state, kAtOnce);
}
BENCHMARK(disk_64)->Name("Ledger/disk_64")->UseRealTime();

void commit_64(benchmark::State& state) {
    Books books;
    Turns turns;
    for (auto turn : state)
        turns.time([&] { books.write(kAtOnce); });
    state.SetItemsProcessed(state.iterations() * kAtOnce);
    turns.report(state, kAtOnce);
    compare_with(state, "Ledger/disk_64");
}
BENCHMARK(commit_64)->Name("Ledger/commit_64")->UseRealTime();

void chain(benchmark::State& state) {
    Books books;
    Turns turns;
    for (auto turn : state)
        turns.time([&] { books.write(kAtOnce, true); });
    state.SetItemsProcessed(state.iterations() * kAtOnce);
    turns.report(state, kAtOnce);
    compare_with(state, "Ledger/commit_64");
}
BENCHMARK(chain)->Name("Ledger/chain")->UseRealTime();

void page(benchmark::State& state) {
    constexpr std::int64_t kIntents = 100'000;
    constexpr std::int64_t kRows = 100;
    Books books;
    books.write(kIntents);
    auto reader = must(ledger::Reader::open(books.path()));
    ledger::PageRequest request;
    request.rows = kRows;
    for (auto turn : state)
        benchmark::DoNotOptimize(must(reader.list<IntentRow>({}, request)).rows.size());
    state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(page)->Name("Ledger/page");

}  // namespace
}  // namespace millrace::bench
