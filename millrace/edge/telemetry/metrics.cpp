// Metrics over prometheus-cpp's core. Its registry throws on names it does not like, so names are
// checked here first; its families keep series in hash order, so text() sorts them.
#include "millrace/edge/telemetry/metrics.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <set>
#include <sstream>

#include "millrace/base/assert.hpp"

namespace millrace::telemetry {

namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= 128 && is_letter(name[0]) && !name.starts_with("__") &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

enum class Kind { counter, gauge, histogram };

// What a name was first asked for as.
struct Family {
    Kind kind = Kind::counter;
    std::string help;
    std::vector<std::string> label_names;
    std::vector<double> bounds;
    std::set<Labels> series;

    [[nodiscard]] bool is_same_use(const Family& other) const {
        return kind == other.kind && help == other.help && label_names == other.label_names &&
               bounds == other.bounds;
    }
};

}  // namespace

void Counter::add(double amount) {
    MILLRACE_ASSERT(amount >= 0, "a counter never falls");
    counter_->Increment(amount);
}

void Counter::raise_to(double total) {
    const double missing = total - counter_->Value();
    if (missing > 0) counter_->Increment(missing);
}

double Counter::value() const {
    return counter_->Value();
}

void Gauge::set(double value) {
    gauge_->Set(value);
}

void Gauge::add(double amount) {
    gauge_->Increment(amount);
}

double Gauge::value() const {
    return gauge_->Value();
}

void Histogram::observe(double value) {
    histogram_->Observe(value);
}

std::uint64_t Histogram::count() const {
    return histogram_->Collect().histogram.sample_count;
}

std::vector<double> request_bounds() {
    return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

struct Metrics::Inside {
    prometheus::Registry registry;
    std::mutex mutex;  // of what follows
    std::map<std::string, Family> families;
    std::vector<std::function<void()>> refreshers;
    std::mutex text_mutex;  // one text at a time, so that refreshers need no lock of their own

    // The labels to use for a meter: those asked for, or "other" when the name has too many.
    Labels admit(const std::string& name, Family asked, Labels labels);
};

Labels Metrics::Inside::admit(const std::string& name, Family asked, Labels labels) {
    MILLRACE_ASSERT(is_name(name), "not a name of a metric");
    MILLRACE_ASSERT(!asked.help.empty() && asked.help.find('\n') == std::string::npos,
                    "help is one line");
    std::sort(labels.begin(), labels.end());
    for (const auto& [label, value] : labels) {
        MILLRACE_ASSERT(is_name(label) && label != "le", "not a name of a label");
        MILLRACE_ASSERT(asked.label_names.empty() || asked.label_names.back() != label,
                        "a label twice");
        asked.label_names.push_back(label);
    }
    const std::lock_guard lock(mutex);
    Family& family = families.try_emplace(name, asked).first->second;
    MILLRACE_ASSERT(family.is_same_use(asked), "a metric's name has one use");
    if (!family.series.contains(labels) && family.series.size() >= kSeriesMax)
        for (auto& label : labels)
            label.second = "other";
    family.series.insert(labels);
    return labels;
}

Metrics::Metrics() : inside_(std::make_unique<Inside>()) {}

Metrics::~Metrics() = default;

namespace {

prometheus::Labels as_map(const Labels& labels) {
    return {labels.begin(), labels.end()};
}

}  // namespace

Counter Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
    const Labels admitted = inside_->admit(name, {Kind::counter, help, {}, {}, {}}, labels);
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(inside_->registry);
    return Counter(family.Add(as_map(admitted)));
}

Gauge Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
    const Labels admitted = inside_->admit(name, {Kind::gauge, help, {}, {}, {}}, labels);
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(inside_->registry);
    return Gauge(family.Add(as_map(admitted)));
}

Histogram Metrics::histogram(const std::string& name, const std::string& help,
                             const std::vector<double>& bounds, const Labels& labels) {
    MILLRACE_ASSERT(std::is_sorted(bounds.begin(), bounds.end()), "bounds grow");
    const Labels admitted = inside_->admit(name, {Kind::histogram, help, {}, bounds, {}}, labels);
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(inside_->registry);
    return Histogram(family.Add(as_map(admitted), bounds));
}

void Metrics::before_text(std::function<void()> refresh) {
    const std::lock_guard lock(inside_->mutex);
    inside_->refreshers.push_back(std::move(refresh));
}

std::string Metrics::text() {
    const std::lock_guard lock(inside_->text_mutex);
    std::vector<std::function<void()>> refreshers;
    {
        const std::lock_guard inner(inside_->mutex);
        refreshers = inside_->refreshers;
    }
    for (const auto& refresh : refreshers)
        refresh();
    auto families = inside_->registry.Collect();
    std::sort(families.begin(), families.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    for (auto& family : families)
        std::sort(family.metric.begin(), family.metric.end(),
                  [](const auto& a, const auto& b) { return a.label < b.label; });
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families);
    return std::move(out).str();
}

}  // namespace millrace::telemetry
