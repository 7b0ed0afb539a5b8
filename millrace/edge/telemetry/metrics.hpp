// Metrics: counters, gauges and histograms by name and labels, and their text as Prometheus reads
// it. A meter is asked for once and kept; moving it takes no lock and no allocation (a histogram
// takes a lock of its own). prometheus-cpp is behind it and seen only in metrics.cpp.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace millrace::telemetry {

// Names of labels are ours and must be valid; values may be any UTF-8 text.
using Labels = std::vector<std::pair<std::string, std::string>>;

// Handles: cheap to copy, usable from any thread, valid as long as their Metrics.
class Counter {
  public:
    void add(double amount = 1);  // never negative
    void raise_to(double total);  // for totals counted elsewhere; by one thread at a time
    [[nodiscard]] double value() const;

  private:
    friend class Metrics;
    explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
    prometheus::Counter* counter_;
};

class Gauge {
  public:
    void set(double value);
    void add(double amount);
    [[nodiscard]] double value() const;

  private:
    friend class Metrics;
    explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
    prometheus::Gauge* gauge_;
};

class Histogram {
  public:
    void observe(double value);  // counts in each bucket whose bound is at least the value
    [[nodiscard]] std::uint64_t count() const;

  private:
    friend class Metrics;
    explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
    prometheus::Histogram* histogram_;
};

// Bounds in seconds for the time of a request: 0.5 ms to 10 s.
[[nodiscard]] std::vector<double> request_bounds();

class Metrics {
  public:
    // Series of one name; later ones share the one whose labels all say "other".
    static constexpr std::size_t kSeriesMax = 1'000;
    static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // The meter of this name and these labels, made when there is none yet. A name keeps its kind,
    // its help, the names of its labels and its bounds; another use of it is a bug of ours.
    [[nodiscard]] Counter counter(const std::string& name, const std::string& help,
                                  const Labels& labels = {});
    [[nodiscard]] Gauge gauge(const std::string& name, const std::string& help,
                              const Labels& labels = {});
    [[nodiscard]] Histogram histogram(const std::string& name, const std::string& help,
                                      const std::vector<double>& bounds, const Labels& labels = {});

    // Called before each text(), by its thread: brings gauges up to date.
    void before_text(std::function<void()> refresh);

    // The text exposition format 0.0.4; names, then labels, in alphabetic order. Any thread.
    [[nodiscard]] std::string text();

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace millrace::telemetry
