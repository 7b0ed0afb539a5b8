// The apply loop: skip what was applied, fire timers, tell the components, settle what they emit,
// hash all of it.
#include "millrace/core/engine/engine.hpp"

#include <algorithm>

#include "millrace/core/model/binary.hpp"

namespace millrace::engine {
namespace {

// Tags keep an input, an event, a send and a timer with the same bytes apart in the running hash.
constexpr std::uint64_t kInputTag = 0x100;
constexpr std::uint64_t kEventTag = 0x200;
constexpr std::uint64_t kSendTag = 0x300;
constexpr std::uint64_t kTimerTag = 0x400;
constexpr std::uint64_t kOriginTag = 0x500;

constexpr std::size_t kFiredMax =
    10'000'000;  // timers by one input: a weekend of 1 s timers is 172,800
constexpr std::size_t kComponentsMax = 250;
constexpr std::size_t kNameMax = 32;  // of a component: Alert.scope and logs rely on it

std::uint64_t hash_of(std::string_view text) {
    RunningHash hash;
    hash.add(std::as_bytes(std::span(text)));
    return hash.value();
}

// Apart from hash_record(), which runs for every input and then needs no large frame.
[[gnu::noinline]] void hash_binary_form(const model::NounDescription& noun, const void* value,
                                        RunningHash& hash) {
    model::NounBuffer buffer;  // padding must not count
    const std::size_t size = model::write_binary(noun, value, buffer.bytes);
    hash.add(std::span(buffer.bytes).first(size));
}

}  // namespace

Engine::Engine(std::vector<std::unique_ptr<Component>> components, std::uint64_t seed,
               EngineChecks checks)
    : checks_(checks), seed_(seed) {
    std::sort(components.begin(), components.end(), [](const auto& a, const auto& b) {
        return std::pair(a->stage(), a->name()) < std::pair(b->stage(), b->name());
    });
    MILLRACE_ASSERT(components.size() <= kComponentsMax, "more than 250 components");
    RunningHash composition(seed);
    for (auto& component : components) {
        const std::string_view name = component->name();
        MILLRACE_ASSERT(!name.empty() && name.size() <= kNameMax,
                        "a component's name has 1 to 32 bytes");
        for (const Slot& other : slots_)
            MILLRACE_ASSERT(other.component->name() != name, "two components have the same name");
        composition.add(std::as_bytes(std::span(name)));
        const auto index = static_cast<std::uint32_t>(slots_.size());
        for (const Noun noun : model::all_nouns())
            if (component->wants().contains(noun))
                listeners_[static_cast<std::size_t>(noun)].push_back({component.get(), index});
        slots_.push_back({std::move(component), Random(seed ^ hash_of(name)), false});
    }
    composition_ = composition.value();
}

void Engine::apply(const Input& input, EffectSink& sink) {
    if (input.sequence <= sequence_) [[unlikely]]
        return;
    MILLRACE_ASSERT(input.sequence == sequence_ + 1, "an input is missing before this one");
    if (input.origin != 0) return apply_numbered(input, sink);
    if (input.record.noun == Noun::quote) return apply_quote(input.record.as<model::Quote>(), sink);
    sequence_ = input.sequence;
    hash_record(kInputTag, input.record);
    tell(input.record, sink);
}

void Engine::apply_quote(const model::Quote& quote, EffectSink& sink) {
    ++sequence_;
    if (checks_.running_hash) [[likely]]
        running_.add_fixed<sizeof quote>(&quote, kInputTag);
    static_assert(rank_of(Noun::quote) > kTimerRank);
    tell(quote.known_at, true, sink, [&] {
        tell_each(Noun::quote, [&](Component& component, Context& context) {
            component.on_quote(quote, context);
        });
    });
}

void Engine::apply_numbered(const Input& input, EffectSink& sink) {
    MILLRACE_ASSERT(input.origin <= kOriginMax, "origin out of range");
    sequence_ = input.sequence;
    hash_record(kInputTag, input.record);
    running_.add(kOriginTag ^ input.origin);
    running_.add(input.origin_sequence);
    if (!is_repeated(input)) tell(input.record, sink);
    effects_.acknowledge(input.origin, input.origin_sequence);
    sink.take(effects_.effects());
    effects_.clear();
}

void Engine::look_ahead(std::span<const InstrumentId> instruments) {
    for (Slot& slot : slots_)
        if (!slot.stopped) slot.component->look_ahead(instruments);
}

void Engine::tell(const Record& record, EffectSink& sink) {
    tell(record.known_at(), rank_of(record.noun) > kTimerRank, sink, [&] { dispatch(record); });
}

template <class Dispatch>
inline void Engine::tell(Time known_at, bool after_timers, EffectSink& sink, Dispatch dispatch) {
    // The first input sets the clock, be it before 1970; no later one turns it back.
    const Time time = sequence_ == 1 ? known_at : std::max(known_at, now_);
    if (timers_.next_due() <= time) [[unlikely]]
        fire_timers(time, after_timers, sink);
    now_ = time;
    dispatch();
    if (effects_.size() != 0) [[unlikely]]
        finish_step(sink);
    // A timer that was just set for a moment already past must not wait for the next input.
    if (timers_.next_due() <= time) [[unlikely]]
        fire_timers(time, after_timers, sink);
}

// A sender that did not hear an acknowledgement sends again: it hears one now, and nothing else
// happens.
bool Engine::is_repeated(const Input& input) {
    if (input.origin >= last_of_origin_.size())
        last_of_origin_.resize(input.origin + std::size_t{1});
    std::uint64_t& last = last_of_origin_[input.origin];
    if (checks_.apply_once && input.origin_sequence <= last) return true;
    last = input.origin_sequence;
    return false;
}

void Engine::fire_timers(Time until, bool including, EffectSink& sink) {
    while (timers_.next_due() < until ||
           (including && timers_.next_due() == until && !timers_.empty())) {
        const Timer timer = timers_.pop();
        Slot& slot = slots_[timer.component];
        if (slot.fired_at != sequence_) {
            slot.fired_at = sequence_;
            slot.fired = 0;
        }
        if (++slot.fired > kFiredMax) stop(timer.component, "its timers keep setting each other");
        fire(timer, sink);
    }
}

void Engine::fire(const Timer& timer, EffectSink& sink) {
    now_ = std::max(now_, timer.due);
    running_.add(kTimerTag ^ timer.token);
    running_.add((std::uint64_t{timer.component} << 32) ^
                 static_cast<std::uint64_t>(timer.due.ns()));
    if (Slot& slot = slots_[timer.component]; !slot.stopped)
        guarded(timer.component, *slot.component, [&](Component& component, Context& context) {
            component.on_timer(timer.token, context);
        });
    if (effects_.size() != 0) finish_step(sink);
}

void Engine::dispatch(const Record& record) {
    if (record.noun == Noun::quote)
        tell_each(Noun::quote, [&](Component& component, Context& context) {
            component.on_quote(record.as<model::Quote>(), context);
        });
    else
        tell_each(record.noun, [&](Component& component, Context& context) {
            component.on_record(record, context);
        });
}

// Who breaks an assertion is stopped, with nothing half done, and the others are told all the same.
template <class Call>
inline void Engine::tell_each(Noun noun, Call call) {
    const std::vector<Listener>& listeners = listeners_[static_cast<std::size_t>(noun)];
    for (std::size_t at = 0; at < listeners.size(); ++at) {
        EffectBuffer::Mark mark = effects_.mark();
        try {
            for (; at < listeners.size(); ++at) {
                if (listeners[at].component == nullptr) [[unlikely]]
                    continue;
                mark = effects_.mark();
                Context context(*this, listeners[at].index);
                call(*listeners[at].component, context);
            }
        } catch (const std::exception& broken) {  // an assertion, or the library's word for one
            effects_.roll_back(mark);
            stop(listeners[at].index, broken.what());
        }
    }
}

// Emitted records are told in the order of their emission until nobody emits any more; then the
// step is over.
void Engine::finish_step(EffectSink& sink) {
    for (std::size_t told = 0; told < effects_.size(); ++told) {
        const Effect effect = effects_.effects()[told];
        const bool is_event = effect.kind == EffectKind::event;
        hash_record(is_event ? kEventTag : kSendTag, effect.record);
        if (is_event) dispatch(effect.record);
    }
    sink.take(effects_.effects());
    effects_.clear();
}

inline void Engine::hash_record(std::uint64_t tag, const Record& record) {
    if (!checks_.running_hash) [[unlikely]]
        return;
    if (record.noun == Noun::quote)
        return running_.add_fixed<sizeof(model::Quote)>(record.payload, tag);
    if (record.noun == Noun::order)
        return running_.add_fixed<sizeof(model::Order)>(record.payload, tag);
    if (record.noun == Noun::bar)
        return running_.add_fixed<sizeof(model::Bar)>(record.payload, tag);
    if (record.noun == Noun::fill)
        return running_.add_fixed<sizeof(model::Fill)>(record.payload, tag);
    running_.add(tag | static_cast<std::uint64_t>(record.noun));
    if (const std::size_t size = flat_size_of(record.noun); size != 0)
        running_.add({static_cast<const std::byte*>(record.payload), size});
    else
        hash_binary_form(model::description_of(record.noun), record.payload, running_);
}

template <class Call>
void Engine::guarded(std::uint32_t index, Component& component, Call call) {
    const EffectBuffer::Mark mark = effects_.mark();
    try {
        Context context(*this, index);
        call(component, context);
    } catch (const std::exception& broken) {
        effects_.roll_back(mark);
        stop(index, broken.what());
    }
}

void Engine::let_hear(std::uint32_t index, Component* component) {
    for (std::vector<Listener>& listeners : listeners_)
        for (Listener& listener : listeners)
            if (listener.index == index) listener.component = component;
}

void Engine::stop(std::uint32_t index, const char* report) {
    Slot& slot = slots_[index];
    slot.stopped = true;
    let_hear(index, nullptr);
    timers_.forget(index);
    stopped_.push_back({std::string(slot.component->name()), report, sequence_});
    model::Alert alert;
    alert.known_at = now_;
    alert.severity = model::Severity::critical;
    alert.code = "component_stopped";
    alert.scope = Text<64>::from(slot.component->name()).value();
    alert.message = "it broke an assertion; the others go on";
    effects_.add(EffectKind::event, record_of(alert));
}

std::uint64_t Engine::state_hash() const {
    StateWriter writer;
    save(writer);
    RunningHash hash;
    hash.add(writer.bytes());
    return hash.value();
}

void Engine::save(StateWriter& writer) const {
    writer.put(composition_);
    writer.put(sequence_);
    writer.put(now_);
    writer.put(running_.value());
    std::uint32_t origins = 0;
    for (const std::uint64_t last : last_of_origin_)
        origins += last != 0 ? 1U : 0U;
    writer.put(origins);
    for (std::uint32_t origin = 0; origin < last_of_origin_.size(); ++origin) {
        if (last_of_origin_[origin] == 0) continue;
        writer.put(origin);
        writer.put(last_of_origin_[origin]);
    }
    timers_.save(writer);
    StateWriter part;
    for (const Slot& slot : slots_) {
        part.clear();
        slot.component->save(part);
        writer.put_text(slot.component->name());
        writer.put(static_cast<std::uint8_t>(slot.stopped ? 1 : 0));
        writer.put(slot.random);
        writer.put(std::uint64_t{part.bytes().size()});
        writer.put_bytes(part.bytes());
    }
}

Result<void> Engine::load(StateReader& reader) {
    if (reader.get<std::uint64_t>() != composition_)
        return failure(ErrorCode::data, "the saved state is of an engine with other components", {},
                       "components or seed differ from those of this engine",
                       "start with the configuration that wrote it");
    sequence_ = reader.get<std::uint64_t>();
    now_ = reader.get<Time>();
    running_ = RunningHash(reader.get<std::uint64_t>());
    last_of_origin_.clear();
    const auto origins = reader.get<std::uint32_t>();
    for (std::uint32_t i = 0; i < origins && !reader.failed(); ++i) {
        const auto origin = reader.get<std::uint32_t>();
        const auto last = reader.get<std::uint64_t>();
        if (origin > kOriginMax) break;
        if (origin >= last_of_origin_.size()) last_of_origin_.resize(origin + std::size_t{1});
        last_of_origin_[origin] = last;
    }
    timers_.load(reader);
    if (!timers_.are_below(static_cast<std::uint32_t>(slots_.size())))
        return failure(ErrorCode::data, "the saved state has a timer of no component", {},
                       "the bytes are damaged", "replay the journal without this snapshot");
    stopped_.clear();
    for (Slot& slot : slots_) {
        if (reader.get_text() != slot.component->name())
            return failure(ErrorCode::data, "the saved state has another component in its place",
                           std::string(slot.component->name()), "the bytes are damaged",
                           "replay the journal without this snapshot");
        slot.stopped = reader.get<std::uint8_t>() != 0;
        let_hear(static_cast<std::uint32_t>(&slot - slots_.data()),
                 slot.stopped ? nullptr : slot.component.get());
        if (slot.stopped)
            stopped_.push_back(
                {std::string(slot.component->name()), "stopped before the snapshot", sequence_});
        slot.random = reader.get<Random>();
        StateReader part(reader.take(reader.get<std::uint64_t>()));
        slot.component->load(part);
        if (auto whole = part.finish(slot.component->name()); !whole) return whole;
    }
    return reader.finish("the engine");
}

Time Context::now() const {
    return engine_.now_;
}

std::uint64_t Context::sequence() const {
    return engine_.sequence_;
}

Random& Context::random() {
    return engine_.slots_[component_].random;
}

void Context::emit_record(const Record& record) {
    MILLRACE_ASSERT(engine_.effects_.has_room(), "one step set off more than 4096 effects");
    engine_.effects_.add(EffectKind::event, record);
}

void Context::send_record(const Record& record) {
    MILLRACE_ASSERT(engine_.effects_.has_room(), "one step set off more than 4096 effects");
    engine_.effects_.add(EffectKind::send, record);
}

void Context::set_timer(Time due, std::uint64_t token) {
    engine_.timers_.set(due, component_, token);
}

void Context::cancel_timer(std::uint64_t token) {
    engine_.timers_.cancel(component_, token);
}

}  // namespace millrace::engine
