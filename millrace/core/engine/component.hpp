// Component: one part of the engine (bars, a strategy, the guardian, the books …), and Context: all
// it may reach. A component is told of records and timers, in one thread and one order, and answers
// by emitting records, sending to venues and setting timers. It must not look at anything else: no
// clock, file, thread, environment or chance of its own.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "millrace/base/random.hpp"
#include "millrace/core/engine/input.hpp"
#include "millrace/core/engine/state.hpp"

namespace millrace::engine {

// The one order in which components hear of a record; within a stage, by name. Never by
// registration.
enum class Stage : std::uint8_t {
    market,
    venue,
    portfolio,
    strategy,
    planner,
    risk,
    execution,
    observer
};

// A set of nouns, one bit each.
class NounSet {
  public:
    constexpr NounSet() = default;
    constexpr NounSet(std::initializer_list<Noun> nouns) {
        for (const Noun noun : nouns)
            bits_ |= bit(noun);
    }
    [[nodiscard]] constexpr bool contains(Noun noun) const { return (bits_ & bit(noun)) != 0; }
    [[nodiscard]] static constexpr NounSet all() {
        NounSet set;
        for (const Noun noun : model::all_nouns())
            set.bits_ |= bit(noun);
        return set;
    }

  private:
    static constexpr std::uint64_t bit(Noun noun) {
        return std::uint64_t{1} << static_cast<int>(noun);
    }
    std::uint64_t bits_ = 0;
};

class Engine;

// What a component may do while it is being called; not to be kept.
class Context {
  public:
    [[nodiscard]] Time now() const;
    [[nodiscard]] std::uint64_t sequence() const;
    [[nodiscard]] Random& random();  // the component's own, seeded from the run's seed and its name

    // Tells every component that wants this noun, after the present record, and whoever watches the
    // engine.
    template <class T>
    void emit(const T& noun) {
        emit_record(record_of(noun));
    }
    // Hands the noun to a venue; the driver does so once the input that caused it is durable.
    template <class T>
    void send(const T& noun) {
        send_record(record_of(noun));
    }
    // Calls on_timer(token) when the engine's clock reaches `due`; at once after this record when
    // it is past already.
    void set_timer(Time due, std::uint64_t token);
    // Forgets every timer of this component with the token.
    void cancel_timer(std::uint64_t token);

    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

  private:
    friend class Engine;
    Context(Engine& engine, std::uint32_t component) : engine_(engine), component_(component) {}

    void emit_record(const Record& record);
    void send_record(const Record& record);

    Engine& engine_;
    std::uint32_t component_;
};

class Component {
  public:
    virtual ~Component() = default;

    [[nodiscard]] virtual std::string_view name()
        const = 0;  // unique in its engine, at most 32 bytes
    [[nodiscard]] virtual Stage stage() const = 0;
    [[nodiscard]] virtual NounSet wants() const = 0;

    virtual void on_record(const Record& record, Context& context) = 0;
    // Of the quotes among its records: most of what there is, so who can be quick may take them
    // here.
    virtual void on_quote(const model::Quote& quote, Context& context) {
        on_record(record_of(quote), context);
    }
    virtual void on_timer(std::uint64_t /*token*/, Context& /*context*/) {}
    // Data of these instruments come next, most likely: a chance to fetch from memory what they
    // will touch. Nothing may change.
    virtual void look_ahead(std::span<const InstrumentId> /*instruments*/) const noexcept {}

    // The whole state, so that a loaded component goes on exactly as the saved one would have.
    virtual void save(StateWriter& writer) const = 0;
    virtual void load(StateReader& reader) = 0;
};

}  // namespace millrace::engine
