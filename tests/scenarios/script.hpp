// Script: the text of a scenario (README.md beside this file) as lines of words, and the words as
// prices, times, orders and settings. What is not understood throws ScriptError with its line.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "millrace/base/zone.hpp"
#include "millrace/core/venue/settings.hpp"

namespace millrace::scenario {

class ScriptError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// One line, without its comment: its words, read from the front.
class Line {
  public:
    Line() = default;
    Line(std::string text, int number) : text_(std::move(text)), number_(number) {
        std::istringstream words(text_.substr(0, text_.find(" #")));
        for (std::string word; words >> word;)
            words_.push_back(word);
        if (!words_.empty() && words_[0][0] == '#') words_.clear();
    }
    [[nodiscard]] bool empty() const { return at_ >= words_.size(); }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] std::string peek() const { return empty() ? "" : words_[at_]; }
    std::string take() {
        if (empty()) fail("it ends too early");
        return words_[at_++];
    }
    // Takes the word if it is next.
    bool take_if(std::string_view word) {
        if (peek() != word) return false;
        ++at_;
        return true;
    }
    template <class T>
    T number_of(const std::string& word) const {
        const auto value = T::parse(word);
        if (!value) fail("\"" + word + "\" is no number");
        return *value;
    }
    template <class T>
    T take_number() {
        return number_of<T>(take());
    }
    std::uint64_t take_count() { return std::stoull(take()); }
    Duration take_duration() {
        const auto duration = parse_duration(take());
        if (!duration) fail("that is no duration");
        return *duration;
    }
    // One of the names, in their order.
    template <class Enum>
    Enum take_choice(std::initializer_list<std::string_view> names) {
        const std::string word = take();
        int value = 0;
        for (const std::string_view name : names) {
            if (name == word) return static_cast<Enum>(value);
            ++value;
        }
        fail("\"" + word + "\" is not one of the choices");
    }
    [[noreturn]] void fail(const std::string& why) const {
        throw ScriptError("line " + std::to_string(number_) + ": " + why + ": " + text_);
    }

  private:
    std::string text_;
    std::vector<std::string> words_;
    std::size_t at_ = 0;
    int number_ = 0;
};

inline std::vector<Line> read_lines(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw ScriptError("cannot read " + path);
    std::vector<Line> lines;
    int number = 0;
    for (std::string text; std::getline(file, text);) {
        Line line(text, ++number);
        if (!line.empty()) lines.push_back(std::move(line));
    }
    return lines;
}

// Times of day on a date in a zone, both of which the script may change.
class WallClock {
  public:
    void set_date(const Line& line, const std::string& text) {
        const auto date = parse_date(text);
        if (!date) line.fail("that is no date");
        date_ = *date;
    }
    void set_zone(const Line& line, const std::string& name) {
        const auto zone = Zone::find(name);
        if (!zone) line.fail("that is no zone");
        zone_ = *zone;
    }
    // HH:MM, HH:MM:SS or HH:MM:SS.fraction
    [[nodiscard]] Time time(const Line& line, const std::string& text) const {
        const std::string seconds = text.size() == 5 ? ":00" : "";
        const auto local = parse_local(format_date(date_) + "T" + text + seconds);
        if (!local) line.fail("\"" + text + "\" is no time of day");
        const auto time = zone_.to_time(*local);
        if (!time) line.fail("there is no such time on that day");
        return *time;
    }
    static bool is_time(const std::string& word) { return word.size() >= 5 && word[2] == ':'; }

  private:
    static std::string format_date(const Date& date) {
        const auto two = [](int n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
        return std::to_string(date.year) + "-" + two(date.month) + "-" + two(date.day);
    }

    Date date_{2024, 1, 2};
    Zone zone_ = Zone::utc();
};

inline void read_fee(Line& line, venue::FeeModel& fees) {
    const std::string what = line.take();
    if (what == "maker") {
        fees.maker = line.take_number<Ratio>();
    } else if (what == "taker") {
        fees.taker = line.take_number<Ratio>();
    } else if (what == "per-unit") {
        fees.per_unit = line.take_number<Money>();
    } else if (what == "minimum") {
        fees.minimum = line.take_number<Money>();
    } else if (what == "in-base") {
        fees.paid_in = venue::FeePaidIn::base;
    } else if (what == "in") {
        fees.paid_in = venue::FeePaidIn::named;
        fees.currency = Code::from(line.take()).value();
    } else if (what == "tier") {
        venue::FeeTier& tier = fees.tiers.at(fees.tier_count++);
        tier.from = line.take_number<Money>();
        tier.maker = line.take_number<Ratio>();
        tier.taker = line.take_number<Ratio>();
    } else {
        line.fail("no such fee");
    }
}

inline void read_slippage(Line& line, venue::SlippageModel& slippage) {
    slippage.kind = line.take_choice<venue::SlippageKind>(
        {"none", "ticks", "rate", "volume-share", "book-walk"});
    if (slippage.kind == venue::SlippageKind::ticks)
        slippage.ticks = static_cast<std::int64_t>(line.take_count());
    if (slippage.kind == venue::SlippageKind::rate ||
        slippage.kind == venue::SlippageKind::volume_share)
        slippage.rate = line.take_number<Ratio>();
    slippage.to_tick = line.take_if("to-tick");
}

inline void read_latency(Line& line, venue::LatencyModel& latency) {
    const std::string what = line.take();
    Duration& duration = what == "submit"    ? latency.submit
                         : what == "cancel"  ? latency.cancel
                         : what == "replace" ? latency.replace
                         : what == "report"  ? latency.report
                                             : latency.jitter;
    duration = line.take_duration();
}

inline void read_setting(Line& line, venue::Settings& settings) {
    const std::string name = line.take();
    using venue::BarPath, venue::FillTiming;
    if (name == "timing")
        settings.timing = line.take_choice<FillTiming>(
            {"next-open", "same-close", "next-close", "immediate", "latency"});
    else if (name == "path")
        settings.bar_path = line.take_choice<BarPath>(
            {"nearer-extreme", "against-close", "high-first", "low-first", "pessimistic"});
    else if (name == "bar-limit")
        settings.bar_limit = line.take_choice<venue::BarLimit>({"touch", "through"});
    else if (name == "at-limit")
        settings.trade_at_limit =
            line.take_choice<venue::TradeAtLimit>({"queue", "never", "always"});
    else if (name == "trigger")
        settings.trigger_on =
            line.take_choice<venue::TriggerOn>({"trades-else-quotes", "trades", "quotes"});
    else if (name == "children")
        settings.children = line.take_choice<venue::ChildRelease>({"in-proportion", "first-fill"});
    else if (name == "closed")
        settings.when_closed = line.take_choice<venue::WhenClosed>({"wait", "refuse"});
    else if (name == "sizes")
        settings.sizes_known = line.take_choice<bool>({"unknown", "known"});
    else if (name == "tick-share")
        settings.tick_share = line.take_number<Ratio>();
    else if (name == "bar-share")
        settings.bar_share = line.take_number<Ratio>();
    else if (name == "stale")
        settings.stale_after = line.take_duration();
    else if (name == "protection")
        settings.protection_ticks = static_cast<std::uint32_t>(line.take_count());
    else if (name == "fee")
        read_fee(line, settings.fees);
    else if (name == "slippage")
        read_slippage(line, settings.slippage);
    else if (name == "latency")
        read_latency(line, settings.latency);
    else if (name == "reject-one-in")
        settings.faults.reject_one_in = static_cast<std::uint32_t>(line.take_count());
    else if (name == "duplicate-one-in")
        settings.faults.duplicate_one_in = static_cast<std::uint32_t>(line.take_count());
    else
        line.fail("no such setting");
}

}  // namespace millrace::scenario
