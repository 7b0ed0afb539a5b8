// Checking, sending, following.
#include "millrace/core/execution/order_desk.hpp"

#include <algorithm>

#include "millrace/core/model/order_rules.hpp"

namespace millrace::execution {
namespace {

constexpr std::size_t kInstrumentsMax = 1'000'000;
constexpr std::size_t kWorkingMax = 1'000'000;

// A sibling or parent has dealt, and so less of the order is left to work.
bool is_cut(const model::Order& known, const model::Order& report) {
    return report.status == known.status && report.quantity < known.quantity;
}

// The venue closes a position, or pays for a fraction of one, of its own accord: an order that
// nobody here has asked for.
bool is_of_the_venue(const model::Order& report) {
    return report.status == model::OrderStatus::accepted &&
           (report.reason == model::OrderReason::margin_call ||
            report.reason == model::OrderReason::corporate_action);
}

// A split has changed its terms.
bool is_split(const model::Order& known, const model::Order& report) {
    return report.reason == model::OrderReason::corporate_action && !is_over(known.status) &&
           !is_over(report.status);
}

}  // namespace

void OrderDesk::on_record(const engine::Record& record, engine::Context& context) {
    if (record.noun == model::Noun::instrument) {
        const auto& instrument = record.as<model::Instrument>();
        MILLRACE_ASSERT(instrument.id.value() < kInstrumentsMax,
                        "an instrument's number is out of range");
        if (instrument.id.value() >= instruments_.size())
            instruments_.resize(instrument.id.value() + std::size_t{1});
        instruments_[instrument.id.value()] = instrument;
        return;
    }
    const auto& order = record.as<model::Order>();
    if (order.reason == model::OrderReason::corporate_action) return take_report(order);
    switch (order.status) {
        case model::OrderStatus::pending: submit(order, context); return;
        case model::OrderStatus::cancel_requested:
        case model::OrderStatus::replace_requested: request(order, context); return;
        case model::OrderStatus::submitted: return;  // nobody but this desk says so
        case model::OrderStatus::accepted:
        case model::OrderStatus::triggered:
        case model::OrderStatus::partially_filled:
        case model::OrderStatus::filled:
        case model::OrderStatus::cancelled:
        case model::OrderStatus::rejected:
        case model::OrderStatus::expired: take_report(order); return;
    }
}

void OrderDesk::submit(const model::Order& wanted, engine::Context& context) {
    const std::size_t index = wanted.instrument.value();
    if (index >= instruments_.size() || instruments_[index].symbol.empty())
        return refuse(wanted, model::OrderReason::unknown_instrument, context);
    if (index_.find(wanted.order_id) != FlatIndex::kNone)
        return refuse(wanted, model::OrderReason::bad_order, context);
    model::OrderReason reason = check_order(wanted, instruments_[index]);
    if (reason == model::OrderReason::none) reason = reason_against(wanted);
    if (reason != model::OrderReason::none) return refuse(wanted, reason, context);
    MILLRACE_ASSERT(working_count() < kWorkingMax, "more than a million working orders");
    model::Order order = wanted;
    order.known_at = context.now();
    order.status = model::OrderStatus::submitted;
    keep(order);
    ++counts_.submitted;
    send(order, context);
}

// A wish to cancel or replace goes to the venue; the venue's report decides what becomes of the
// order.
void OrderDesk::request(const model::Order& wanted, engine::Context& context) {
    const std::uint32_t place = index_.find(wanted.order_id);
    if (place == FlatIndex::kNone) {
        ++counts_.out_of_step;  // it ended while the wish was on its way
        return;
    }
    model::Order& known = working_[place];
    const model::Instrument& instrument = instruments_[known.instrument.value()];
    if (wanted.status == model::OrderStatus::replace_requested &&
        (check_order(wanted, instrument) != model::OrderReason::none ||
         reason_against(wanted) != model::OrderReason::none)) {
        ++counts_.refused;  // the order stands as it was
        return;
    }
    known.status = wanted.status;
    model::Order request = wanted;
    request.known_at = context.now();
    send(request, context);
}

void OrderDesk::take_report(const model::Order& report) {
    if (answers_due_ > 0 && report.status == model::OrderStatus::rejected) {
        --answers_due_;  // our own answer comes past here too, before any report of the venue can
        return;
    }
    const std::uint32_t place = index_.find(report.order_id);
    if (place == FlatIndex::kNone && is_of_the_venue(report) && working_count() < kWorkingMax) {
        keep(report);
        return;
    }
    if (place == FlatIndex::kNone ||
        !(is_step(working_[place].status, report.status) || is_cut(working_[place], report) ||
          is_split(working_[place], report))) {
        ++counts_.out_of_step;
        return;
    }
    if (report.status == model::OrderStatus::rejected) ++counts_.rejected;
    if (report.status == model::OrderStatus::filled) ++counts_.filled;
    if (is_over(report.status))
        forget(place);
    else
        working_[place] = report;
}

void OrderDesk::keep(const model::Order& order) {
    auto place = static_cast<std::uint32_t>(working_.size());
    if (free_.empty()) {
        working_.push_back(order);
        free_.reserve(working_.capacity());  // so that forgetting allocates nothing
    } else {
        place = free_.back();
        free_.pop_back();
        working_[place] = order;
    }
    index_.put(order.order_id, place);
}

void OrderDesk::forget(std::uint32_t place) {
    index_.erase(working_[place].order_id);
    working_[place].order_id = 0;
    free_.push_back(place);
}

void OrderDesk::refuse(const model::Order& order, model::OrderReason reason,
                       engine::Context& context) {
    ++counts_.refused;
    model::Order answer = order;
    answer.known_at = context.now();
    answer.status = model::OrderStatus::rejected;
    answer.reason = reason;
    context.emit(answer);
    ++answers_due_;
}

void OrderDesk::save(engine::StateWriter& writer) const {
    writer.put(counts_);
    writer.put(std::uint64_t{instruments_.size()});
    for (const model::Instrument& instrument : instruments_) {
        const bool is_known = !instrument.symbol.empty();
        writer.put(static_cast<std::uint8_t>(is_known ? 1 : 0));
        if (is_known) writer.put_noun(instrument);
    }
    // By number, because places hang on history and the state must not.
    std::vector<const model::Order*> sorted;
    for (const model::Order& order : working_)
        if (order.order_id != 0) sorted.push_back(&order);
    std::ranges::sort(sorted, {}, [](const model::Order* order) { return order->order_id; });
    writer.put(std::uint64_t{sorted.size()});
    for (const model::Order* order : sorted)
        writer.put_noun(*order);
}

void OrderDesk::load(engine::StateReader& reader) {
    counts_ = reader.get<Counts>();
    instruments_.assign(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()), {});
    for (model::Instrument& instrument : instruments_)
        if (reader.get<std::uint8_t>() != 0) instrument = reader.get_noun<model::Instrument>();
    working_.clear();
    free_.clear();
    index_.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        const auto order = reader.get_noun<model::Order>();
        if (!reader.failed() && index_.find(order.order_id) == FlatIndex::kNone) keep(order);
    }
}

}  // namespace millrace::execution
