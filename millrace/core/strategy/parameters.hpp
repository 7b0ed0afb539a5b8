// Parameters of a strategy: declared where they are used, typed, bounded, each with a sentence of
// what it does. The same declaration feeds the command line, the configuration, sweeps and forms;
// there is no second list to keep in step.
//
//   class EmaCross : public Strategy {
//       Integer fast_{*this, "fast", 10, {1, 10'000}, "Bars of the fast average."};
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/fixed_point.hpp"
#include "millrace/base/json_writer.hpp"
#include "millrace/base/result.hpp"
#include "millrace/base/time.hpp"

namespace millrace::strategy {

enum class ParameterKind : std::uint8_t { integer, decimal, boolean, choice, duration, text };

[[nodiscard]] std::string_view name_of(ParameterKind kind);

// One spelling for each name: '-' is '_'. Whoever keeps values by name keeps them by this one.
[[nodiscard]] std::string plain_parameter_name(std::string_view text);

// One declared parameter, as everybody but its strategy sees it. Values are text here: exact, and
// the same everywhere.
struct ParameterDescription {
    std::string_view name;
    ParameterKind kind{};
    std::string default_text;
    std::string minimum_text;  // of integer, decimal and duration
    std::string maximum_text;
    std::span<const std::string_view> choices;
    std::string_view doc;
};

class Parameters;

// One row of a Preset: while `choice` stands, the parameter `name` is `value`.
struct PresetValue {
    std::string_view choice;
    std::string_view name;
    std::string_view value;
};

// What all parameters share: a name in the table of their owner, and a value that is set from text.
class Parameter {
  public:
    virtual ~Parameter() = default;
    Parameter(const Parameter&) = delete;
    Parameter& operator=(const Parameter&) = delete;

    [[nodiscard]] std::string_view name() const { return name_; }
    [[nodiscard]] virtual ParameterDescription describe() const = 0;
    [[nodiscard]] virtual std::string text() const = 0;  // the present value
    virtual Result<void> set(std::string_view text) = 0;
    // Rows of a Preset, of all its choices; empty for every other parameter.
    [[nodiscard]] virtual std::span<const PresetValue> preset() const { return {}; }

  protected:
    Parameter(Parameters& owner, std::string_view name, std::string_view doc);
    [[nodiscard]] tl::unexpected<Error> refuse(std::string_view text, std::string why) const;

    std::string_view name_;
    std::string_view doc_;
};

// The owner of parameters: a strategy. Cannot be copied, since its parameters are its members.
class Parameters {
  public:
    Parameters() = default;
    virtual ~Parameters() = default;
    Parameters(const Parameters&) = delete;
    Parameters& operator=(const Parameters&) = delete;

    [[nodiscard]] std::span<Parameter* const> parameters() const { return parameters_; }

    // Sets several at once, by name ('-' and '_' are the same). All that is wrong is told, and then
    // nothing is changed. A preset among them comes first, and what is named itself stands above
    // it.
    Result<void> set(const std::map<std::string, std::string>& values);

  protected:
    // What must hold between parameters (fast < slow); asked after all are set.
    [[nodiscard]] virtual Result<void> check() const { return {}; }

  private:
    friend class Parameter;
    [[nodiscard]] Result<Parameter*> find(std::string_view name) const;
    [[nodiscard]] Result<void> set_presets(const std::map<std::string, std::string>& values);

    std::vector<Parameter*> parameters_;  // in the order of declaration
};

template <class T>
struct Bounds {
    T minimum;
    T maximum;
};

class Integer : public Parameter {
  public:
    Integer(Parameters& owner, std::string_view name, std::int64_t default_value,
            Bounds<std::int64_t> bounds, std::string_view doc);
    [[nodiscard]] std::int64_t value() const { return value_; }
    [[nodiscard]] ParameterDescription describe() const override;
    [[nodiscard]] std::string text() const override { return std::to_string(value_); }
    Result<void> set(std::string_view text) override;

  private:
    std::int64_t default_;
    Bounds<std::int64_t> bounds_;
    std::int64_t value_;
};

// An exact decimal: quantities, thresholds, multiples. `ratio()` for arithmetic with money,
// `value()` for indicators.
class Decimal : public Parameter {
  public:
    Decimal(Parameters& owner, std::string_view name, std::string_view default_text,
            Bounds<std::string_view> bounds, std::string_view doc);
    [[nodiscard]] Ratio ratio() const { return value_; }
    [[nodiscard]] double value() const { return value_.to_double(); }
    // As a quantity of an instrument, rounded towards zero to its finest unit.
    [[nodiscard]] Quantity quantity() const {
        return Quantity::from_raw(value_.raw() / (Ratio::kOne / Quantity::kOne));
    }
    [[nodiscard]] ParameterDescription describe() const override;
    [[nodiscard]] std::string text() const override { return value_.to_string(); }
    Result<void> set(std::string_view text) override;

  private:
    Ratio default_;
    Bounds<Ratio> bounds_;
    Ratio value_;
};

class Boolean : public Parameter {
  public:
    Boolean(Parameters& owner, std::string_view name, bool default_value, std::string_view doc);
    [[nodiscard]] bool value() const { return value_; }
    [[nodiscard]] ParameterDescription describe() const override;
    [[nodiscard]] std::string text() const override { return value_ ? "true" : "false"; }
    Result<void> set(std::string_view text) override;

  private:
    bool default_;
    bool value_;
};

class Choice : public Parameter {
  public:
    // The first choice is the default; `choices` must outlive the parameter.
    Choice(Parameters& owner, std::string_view name, std::span<const std::string_view> choices,
           std::string_view doc);
    [[nodiscard]] std::size_t index() const { return index_; }
    [[nodiscard]] ParameterDescription describe() const override;
    [[nodiscard]] std::string text() const override { return std::string(choices_[index_]); }
    Result<void> set(std::string_view text) override;

  private:
    std::span<const std::string_view> choices_;
    std::size_t index_ = 0;
};

// A choice that fills other parameters, such as the published versions of a strategy. The first
// choice must say what the defaults say.
class Preset : public Choice {
  public:
    // `choices` and `rows` must outlive the parameter.
    Preset(Parameters& owner, std::string_view name, std::span<const std::string_view> choices,
           std::span<const PresetValue> rows, std::string_view doc)
        : Choice(owner, name, choices, doc), rows_(rows) {}
    [[nodiscard]] std::span<const PresetValue> preset() const override { return rows_; }

  private:
    std::span<const PresetValue> rows_;
};

// Text of a form that `check` knows: times of day, windows, a zone, a list of dates.
class Line : public Parameter {
  public:
    using Check = Result<void> (*)(std::string_view text);
    static constexpr std::size_t kLengthMax = 1'000;

    Line(Parameters& owner, std::string_view name, std::string_view default_text, Check check,
         std::string_view doc);
    [[nodiscard]] const std::string& value() const { return value_; }
    [[nodiscard]] ParameterDescription describe() const override;
    [[nodiscard]] std::string text() const override { return value_; }
    Result<void> set(std::string_view text) override;

  private:
    std::string_view default_;
    Check check_;
    std::string value_;
};

class Span : public Parameter {
  public:
    Span(Parameters& owner, std::string_view name, Duration default_value, Bounds<Duration> bounds,
         std::string_view doc);
    [[nodiscard]] Duration value() const { return value_; }
    [[nodiscard]] ParameterDescription describe() const override;
    [[nodiscard]] std::string text() const override { return format_duration(value_); }
    Result<void> set(std::string_view text) override;

  private:
    Duration default_;
    Bounds<Duration> bounds_;
    Duration value_;
};

// The description as JSON, for forms and `--json`.
void write_json(const ParameterDescription& parameter, JsonWriter& writer);

}  // namespace millrace::strategy
