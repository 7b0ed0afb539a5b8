// One simulated life: boots, submissions, commits, crashes; and the judge who compares it with an
// undisturbed one.
#include "millrace/app/drivers/fault_driver.hpp"

#include <map>

#include "millrace/app/drivers/journaled_engine.hpp"
#include "millrace/app/drivers/order_echo.hpp"
#include "millrace/app/drivers/replay_driver.hpp"
#include "millrace/app/drivers/simulated_clients.hpp"
#include "millrace/base/hash.hpp"
#include "millrace/core/engine/census.hpp"
#include "millrace/edge/store/simulated_disk.hpp"

namespace millrace::drivers {
namespace {

constexpr std::string_view kDirectory = "journal";
constexpr int kStepsMax = 20'000;  // a life that takes longer does not come to its end
constexpr std::uint64_t kEngineSeed = 7;

// A promise was broken; ends the simulation with its text.
struct BrokenPromise {
    std::string text;
};

// What the journal holds, as the judge remembers it.
struct Remembered {
    std::optional<Submission> submission;  // nothing = a checkpoint
};

class Simulation : public EffectHandler {
  public:
    Simulation(std::uint64_t seed, const SimulationGuards& guards)
        : guards_(guards), random_(seed), disk_(random_.next()), clients_(random_) {
        result_.seed = seed;
    }

    SimulationResult run() {
        try {
            live();
            end_in_order();
            check_that_damage_is_noticed();
        } catch (const BrokenPromise& broken) {
            result_.failure = broken.text;
        } catch (const std::exception& broken) {
            result_.failure = std::string("an assertion failed: ") + broken.what();
        }
        result_.inputs = history_.size();
        result_.acknowledged = clients_.acknowledged();
        result_.repeated = clients_.repeated();
        return result_;
    }

    void handle(const engine::Effect& effect, std::uint64_t sequence) override {
        switch (effect.kind) {
            case engine::EffectKind::event: return;
            case engine::EffectKind::acknowledge:
                clients_.acknowledge(effect.origin, effect.origin_sequence);
                break;
            case engine::EffectKind::send: deliver(effect.record); break;
        }
        promised_sequence_ = std::max(promised_sequence_, sequence);
    }

  private:
    void require(bool holds, const std::string& promise) {
        if (!holds) throw BrokenPromise{promise};
    }

    // The venue knows each order by its id; the same id with another content would be another
    // order.
    void deliver(const engine::Record& order) {
        const std::uint64_t id = order.as<model::Order>().order_id;
        const auto [known, is_new] = venue_.emplace(id, OwnedRecord(order));
        require(is_new || known->second == OwnedRecord(order),
                "order " + std::to_string(id) + " was sent twice, differently");
    }

    [[nodiscard]] std::unique_ptr<engine::Engine> make_engine() {
        std::vector<std::unique_ptr<engine::Component>> components;
        auto echo = std::make_unique<OrderEcho>();
        echo_ = echo.get();
        components.push_back(std::move(echo));
        components.push_back(std::make_unique<engine::Census>());
        return std::make_unique<engine::Engine>(std::move(components), kEngineSeed,
                                                engine::EngineChecks{guards_.apply_once});
    }

    [[nodiscard]] Result<std::unique_ptr<JournaledEngine>> open_system() {
        store::JournalOptions
            options;  // small, so that a short life sees many segments and full buffers
        options.segment_bytes = 8 << 10;
        options.buffer_bytes = 16 << 10;
        options.sync = guards_.sync;
        options.cut_torn_tail = guards_.cut_torn_tail;
        return JournaledEngine::open(disk_, std::string(kDirectory), make_engine(), *this, options,
                                     result_.seed, engine::ReadChecks{guards_.crc});
    }

    // Starts from the files until it succeeds: the power may fail during recovery too.
    void boot() {
        for (;;) {
            if (!random_.one_in(4)) disk_.fail_power_after(1 + random_.below(60));
            auto opened = open_system();
            if (opened) {
                system_ = std::move(*opened);
                break;
            }
            require(!disk_.has_power(), "the start was refused: " + describe(opened.error()));
            lose_power();
        }
        if (system_->recovery().torn_bytes > 0) ++result_.torn_tails;
        judge_recovery();
        clients_.reconnect();
        pushed_back_.reset();
    }

    // The recovered engine against one that was never interrupted, over what survived.
    void judge_recovery() {
        const engine::Engine& recovered = system_->engine();
        const std::uint64_t survived = recovered.sequence();
        require(survived >= promised_sequence_,
                "input " + std::to_string(promised_sequence_) +
                    " was acknowledged and is lost: the journal ends with " +
                    std::to_string(survived));
        require(survived <= history_.size(), "the journal holds inputs that nobody submitted");
        history_.resize(survived);
        const OrderEcho* live_echo = echo_;
        const auto reference = make_engine();
        echo_ = const_cast<OrderEcho*>(live_echo);
        NoEffects nobody;
        std::uint64_t sequence = 0;
        for (const Remembered& remembered : history_) {
            engine::Input input{++sequence, {}, 0, 0};
            model::Checkpoint checkpoint;
            if (remembered.submission) {
                input.record = remembered.submission->record.record();
                input.origin = remembered.submission->origin;
                input.origin_sequence = remembered.submission->origin_sequence;
            } else {
                checkpoint.known_at = reference->now();
                checkpoint.running_hash.value = reference->running_hash();
                checkpoint.state_hash.value = reference->state_hash();
                input.record = engine::record_of(checkpoint);
            }
            reference->apply(input, nobody);
        }
        require(reference->running_hash() == recovered.running_hash(),
                "the recovered history differs from what was submitted");
        require(reference->state_hash() == recovered.state_hash(),
                "the recovered state differs from an uninterrupted run's");
    }

    void live() {
        boot();
        for (int step = 0; step < kStepsMax; ++step) {
            if (clients_.all_acknowledged()) return;
            now_ = now_ + Duration::microseconds(random_.between(0, 5'000));
            act();
            if (!disk_.has_power()) {
                lose_power();
                boot();
            }
        }
        require(false, "the clients never heard all their acknowledgements");
    }

    void act() {
        switch (random_.below(24)) {
            case 0: die(); return;
            case 1: checkpoint(); return;
            case 2:
                attempt(system_->snapshot());
                ++result_.snapshots;
                return;
            case 3: disk_.set_full(random_.one_in(4)); return;
            case 4:
            case 5:
            case 6:
            case 7:
            case 8:
            case 9: commit(); return;
            default: submit(); return;
        }
    }

    void submit() {
        Submission submission = pushed_back_ ? std::move(*pushed_back_) : clients_.next(now_);
        pushed_back_.reset();
        if (!system_->submit(submission.record.record(), submission.origin,
                             submission.origin_sequence)) {
            // Its client's later numbers must not go first: they would make it look repeated.
            pushed_back_ = std::move(submission);
            commit();
            return;
        }
        history_.push_back({std::move(submission)});
    }

    void checkpoint() {
        if (system_->checkpoint()) history_.push_back({std::nullopt});
    }

    // In halves, with a death between the sync and the acknowledgements now and then.
    void commit() {
        if (!random_.one_in(6)) {
            attempt(system_->commit());
            return;
        }
        system_->begin_commit();
        const auto finished = system_->finish_commit();
        attempt(finished);
        if (finished && random_.one_in(2)) {
            die();
        } else if (finished) {
            system_->release();
        }
    }

    // Only a power cut or a full disk may make a call fail; a full disk is retried and loses
    // nothing.
    void attempt(const Result<void>& done) {
        if (done || !disk_.has_power()) return;
        require(done.error().why == "No space left on device",
                "a call failed: " + describe(done.error()));
        ++result_.disk_full;
    }

    void die() {
        if (random_.one_in(2)) {
            ++result_.kills;
            disk_.restart_process();
            forget_system();
        } else {
            lose_power();
        }
        boot();
    }

    void lose_power() {
        ++result_.power_cuts;
        disk_.restore_power();
        forget_system();
    }

    void forget_system() {
        system_.reset();
        disk_.set_full(false);
    }

    void end_in_order() {
        disk_.set_full(false);
        disk_.fail_power_after(0);
        const auto closed = system_->close();
        require(closed.has_value(),
                "closing failed: " + (closed ? std::string() : describe(closed.error())));
        history_.push_back({std::nullopt});
        require(echo_->orders() == clients_.intents(),
                std::to_string(clients_.intents()) + " intents were sent, " +
                    std::to_string(echo_->orders()) + " were applied");
        require(venue_.size() == clients_.intents(),
                "the venue has " + std::to_string(venue_.size()) + " orders for " +
                    std::to_string(clients_.intents()) + " intents");
        result_.state_hash = system_->engine().state_hash();
        forget_system();
        disk_.restore_power();
        boot_once_more();
    }

    void boot_once_more() {
        auto opened = open_system();
        require(opened.has_value(), "a journal closed in order is refused: " +
                                        (opened ? std::string() : describe(opened.error())));
        require((*opened)->recovery().was_sealed, "a journal closed in order looks crashed");
        system_ = std::move(*opened);
        judge_recovery();
        require(system_->engine().state_hash() == result_.state_hash,
                "a restart in order changed the state");
        const auto closed = system_->close();
        require(closed.has_value(), "closing again failed");
        system_.reset();
    }

    // Any byte of a closed journal, flipped, must be refused with the name of its segment.
    void check_that_damage_is_noticed() {
        const auto names = disk_.list(std::string(kDirectory));
        require(names.has_value(), "the directory cannot be listed");
        std::vector<std::string> segments;
        for (const std::string& name : *names)
            if (name.ends_with(".journal"))
                segments.push_back(std::string(kDirectory) + "/" + name);
        for (int i = 0; i < 3; ++i) {
            const std::string& segment = segments[random_.below(segments.size())];
            const std::uint64_t offset = random_.below(disk_.size_of(segment));
            disk_.damage(segment, offset);
            const auto error = first_error_of_journal();
            require(error.has_value() && error->where.find(segment) != std::string::npos,
                    "a flipped byte at " + segment + ", offset " + std::to_string(offset) +
                        " was not noticed");
            disk_.damage(segment, offset);
        }
    }

    std::optional<Error> first_error_of_journal() {
        auto reader = store::JournalReader::open(disk_, std::string(kDirectory), 1,
                                                 engine::ReadChecks{guards_.crc});
        if (!reader) return reader.error();
        engine::RecordView view;
        for (;;) {
            const auto more = reader->next(view);
            if (!more) return more.error();
            if (!*more) return std::nullopt;
        }
    }

    SimulationGuards guards_;
    SimulationResult result_;
    Random random_;
    store::SimulatedDisk disk_;
    SimulatedClients clients_;
    std::optional<Submission> pushed_back_;
    std::map<std::uint64_t, OwnedRecord> venue_;
    std::vector<Remembered> history_;      // by sequence - 1
    std::uint64_t promised_sequence_ = 0;  // the highest whose acknowledgement or order went out
    Time now_;
    std::unique_ptr<JournaledEngine> system_;
    OrderEcho* echo_ = nullptr;  // of the living engine
};

}  // namespace

SimulationResult simulate(std::uint64_t seed, const SimulationGuards& guards) {
    return Simulation(seed, guards).run();
}

}  // namespace millrace::drivers
