// What operators and the system itself say: Command, Alert and Clock (time passing, so that timers
// fire).
#pragma once

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

enum class Severity : std::uint8_t { info, warning, critical };
inline constexpr std::array<std::string_view, 3> kSeverityNames = {"info", "warning", "critical"};
template <>
inline constexpr std::span<const std::string_view> kChoices<Severity> = kSeverityNames;

// an operator's order to the system, an input like any other
struct Command {
    Time known_at;
    Text<32> name;
    Text<64> target;
    Text<2048> argument;
    Text<64> actor;

    bool operator==(const Command&) const = default;
};
inline constexpr FieldDescription kCommandFields[] = {
    MILLRACE_FIELD(Command, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Command, name, "what to do"),
    MILLRACE_FIELD(Command, target, "to what").may_be_absent(),
    MILLRACE_FIELD(Command, argument, "with which words").may_be_absent(),
    MILLRACE_FIELD(Command, actor, "who asked"),
};
template <>
inline constexpr NounDescription kDescription<Command> =
    describe<Command>(Noun::command, "command", 1, kCommandFields,
                      "an operator's order to the system, an input like any other");

// something a person should know
struct Alert {
    Time known_at;
    Severity severity{};
    Text<32> code;
    Text<64> scope;
    Text<256> message;

    bool operator==(const Alert&) const = default;
};
inline constexpr FieldDescription kAlertFields[] = {
    MILLRACE_FIELD(Alert, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Alert, severity, "how urgent it is"),
    MILLRACE_FIELD(Alert, code, "stable name of the rule"),
    MILLRACE_FIELD(Alert, scope, "what it concerns").may_be_absent(),
    MILLRACE_FIELD(Alert, message, "in words"),
};
template <>
inline constexpr NounDescription kDescription<Alert> =
    describe<Alert>(Noun::alert, "alert", 1, kAlertFields, "something a person should know");

// time passed and nothing else happened
struct Clock {
    Time known_at;

    bool operator==(const Clock&) const = default;
};
inline constexpr FieldDescription kClockFields[] = {
    MILLRACE_FIELD(Clock, known_at, "when the engine may act on it"),
};
template <>
inline constexpr NounDescription kDescription<Clock> =
    describe<Clock>(Noun::clock, "clock", 1, kClockFields, "time passed and nothing else happened");

// what the engine's history and state hashed to when it was written
struct Checkpoint {
    Time known_at;
    Hash64 running_hash;
    Hash64 state_hash;

    bool operator==(const Checkpoint&) const = default;
};
inline constexpr FieldDescription kCheckpointFields[] = {
    MILLRACE_FIELD(Checkpoint, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Checkpoint, running_hash, "digest of everything that happened so far"),
    MILLRACE_FIELD(Checkpoint, state_hash, "digest of the engine's state"),
};
template <>
inline constexpr NounDescription kDescription<Checkpoint> =
    describe<Checkpoint>(Noun::checkpoint, "checkpoint", 1, kCheckpointFields,
                         "what the engine's history and state hashed to when it was written");

}  // namespace millrace::model
