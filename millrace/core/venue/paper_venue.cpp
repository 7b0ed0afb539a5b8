// When the exchange is asked and its answers are told.
#include "millrace/core/venue/paper_venue.hpp"

#include <algorithm>

namespace millrace::venue {
namespace {

using engine::Context;
using model::Noun;

constexpr std::uint64_t kWorkTimer = 1;
constexpr std::size_t kInstrumentsMax = 1'000'000;
constexpr Duration kInstant = Duration::nanoseconds(1);

enum class ReportKind : std::uint8_t { order, fill, cash };

// Something is on its way to the desk, which hears of it after the venue.
[[nodiscard]] bool is_request(model::OrderStatus status) {
    return status == model::OrderStatus::pending ||
           status == model::OrderStatus::cancel_requested ||
           status == model::OrderStatus::replace_requested;
}

void save_charge(const CashCharge& charge, engine::StateWriter& writer) {
    writer.put(charge.known_at);
    writer.put(charge.amount);
    writer.put(charge.currency);
    writer.put(charge.account);
    writer.put(charge.strategy);
    writer.put(static_cast<std::uint8_t>(charge.reason));
}

[[nodiscard]] CashCharge load_charge(engine::StateReader& reader) {
    CashCharge charge;
    charge.known_at = reader.get<Time>();
    charge.amount = reader.get<Money>();
    charge.currency = reader.get<Code>();
    charge.account = reader.get<AccountId>();
    charge.strategy = reader.get<StrategyId>();
    charge.reason = static_cast<portfolio::CashReason>(reader.get<std::uint8_t>());
    return charge;
}

}  // namespace

Result<std::unique_ptr<PaperVenue>> PaperVenue::make(const Settings& settings, TermsOf terms,
                                                     BuyingPower* buying_power,
                                                     CreditDesk* credit) {
    if (settings.latency.report.ns() != 0 || settings.latency.jitter.ns() != 0 ||
        settings.faults.delay_one_in != 0 || settings.faults.duplicate_one_in != 0)
        return failure(ErrorCode::config, "a paper venue's reports are neither late nor doubled",
                       "latency.report, latency.jitter, faults.delay, faults.duplicate", {},
                       "take them out; requests may take their time");
    std::unique_ptr<PaperVenue> made(
        new PaperVenue(settings, std::move(terms), buying_power, credit));
    if (auto exchange = made->make_exchange(); !exchange)
        return failure(std::move(exchange.error()));
    return made;
}

Result<void> PaperVenue::make_exchange() {
    auto exchange = SimulatedExchange::make(settings_, *this, buying_power_, credit_);
    if (!exchange) return failure(std::move(exchange.error()));
    exchange_.emplace(std::move(*exchange));
    return {};
}

engine::NounSet PaperVenue::wants() const {
    return {Noun::instrument, Noun::account, Noun::strategy,    Noun::order,           Noun::quote,
            Noun::trade,      Noun::bar,     Noun::book_update, Noun::corporate_action};
}

void PaperVenue::on_quote(const model::Quote& quote, Context& context) {
    exchange_->on_quote(quote);
    wait(next_work(context.now()), context);
}

void PaperVenue::on_record(const engine::Record& record, Context& context) {
    Time until = Time::latest();
    if (record.noun == Noun::order) {
        if (!is_request(record.as<model::Order>().status)) return;
        until = context.now();  // to see then whether the desk has let it pass
    } else if (record.noun == Noun::trade) {
        exchange_->on_trade(record.as<model::Trade>());
    } else if (record.noun == Noun::book_update) {
        exchange_->on_book_update(record.as<model::BookUpdate>());
    } else if (record.noun == Noun::bar) {
        exchange_->on_bar(record.as<model::Bar>());
    } else if (record.noun == Noun::corporate_action) {
        exchange_->on_corporate_action(record.as<model::CorporateAction>());
    } else if (record.noun == Noun::instrument) {
        define(record.as<model::Instrument>());
    } else if (record.noun == Noun::account) {
        booking_.hear(record.as<model::Account>());
    } else {
        booking_.hear(record.as<model::Strategy>());
    }
    wait(std::min(until, next_work(context.now())), context);
}

void PaperVenue::define(const model::Instrument& instrument) {
    const std::size_t number = instrument.id.value();
    MILLRACE_ASSERT(number < kInstrumentsMax, "an instrument's number is out of range");
    if (number >= instruments_.size()) instruments_.resize(number + 1);
    instruments_[number] = instrument;
    exchange_->define(instrument, terms_ ? terms_(instrument) : Terms{});
}

// What the exchange does by itself at a moment it does after all data of that moment, so the
// engine looks an instant later.
Time PaperVenue::next_work(Time now) const {
    if (has_work()) return now;
    const Time due = exchange_->next_due();
    return due == Time::latest() ? due : due + kInstant;
}

inline void PaperVenue::wait(Time until, Context& context) {
    if (until == wakes_) [[likely]]
        return;
    if (wakes_ != Time::latest()) context.cancel_timer(kWorkTimer);
    wakes_ = until;
    if (wakes_ != Time::latest()) context.set_timer(wakes_, kWorkTimer);
}

// Reports that are due are told before the exchange is asked again, as a driver would do it.
void PaperVenue::on_timer(std::uint64_t /*token*/, Context& context) {
    wakes_ = Time::latest();
    const Time now = context.now();
    if (next_report_ < reports_.size()) {
        tell_next(context);
    } else if (exchange_->next_due() < now) {
        exchange_->advance(now - kInstant);
    } else {
        for (const model::Order& request : requests_)
            carry_out(request, now);
        requests_.clear();
    }
    wait(next_work(now), context);
}

void PaperVenue::tell_next(Context& context) {
    const Report& report = reports_[next_report_++];
    if (const auto* fill = std::get_if<model::Fill>(&report))
        context.emit(*fill);
    else if (const auto* charge = std::get_if<CashCharge>(&report))
        context.emit(booking_.command_for(*charge));
    else
        context.emit(std::get<model::Order>(report));
    if (next_report_ < reports_.size()) return;
    reports_.clear();
    next_report_ = 0;
}

void PaperVenue::carry_out(const model::Order& request, Time now) {
    if (request.status == model::OrderStatus::cancel_requested)
        exchange_->cancel(request.order_id, now);
    else if (request.status == model::OrderStatus::replace_requested)
        exchange_->replace(
            request.order_id,
            {request.quantity, request.limit_price, request.stop_price, request.trail}, now);
    else
        exchange_->submit(request, now);
}

void PaperVenue::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{instruments_.size()});
    for (const model::Instrument& instrument : instruments_) {
        const bool is_known = !instrument.symbol.empty();
        writer.put(static_cast<std::uint8_t>(is_known ? 1 : 0));
        if (is_known) writer.put_noun(instrument);
    }
    booking_.save(writer);
    writer.put(std::uint64_t{requests_.size()});
    for (const model::Order& request : requests_)
        writer.put(request);
    writer.put(std::uint64_t{reports_.size() - next_report_});
    for (std::size_t i = next_report_; i < reports_.size(); ++i) {
        const Report& report = reports_[i];
        if (const auto* order = std::get_if<model::Order>(&report)) {
            writer.put(ReportKind::order);
            writer.put(*order);
        } else if (const auto* fill = std::get_if<model::Fill>(&report)) {
            writer.put(ReportKind::fill);
            writer.put(*fill);
        } else {
            writer.put(ReportKind::cash);
            save_charge(std::get<CashCharge>(report), writer);
        }
    }
    writer.put(wakes_);
    exchange_->save(writer);
}

void PaperVenue::load(engine::StateReader& reader) {
    // Anew, because the saved exchange knew the saved instruments and no others.
    MILLRACE_ASSERT(make_exchange().has_value(), "settings that were good once stay so");
    instruments_.clear();
    const auto instruments = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < instruments && !reader.failed(); ++i) {
        instruments_.emplace_back();
        if (reader.get<std::uint8_t>() == 0) continue;
        const auto instrument = reader.get_noun<model::Instrument>();
        if (!reader.failed() && instrument.id.value() == i) define(instrument);
    }
    booking_.load(reader);
    requests_.clear();
    const auto requests = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < requests && !reader.failed(); ++i)
        requests_.push_back(reader.get<model::Order>());
    reports_.clear();
    next_report_ = 0;
    const auto reports = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < reports && !reader.failed(); ++i) {
        const auto kind = reader.get<ReportKind>();
        if (kind == ReportKind::order)
            reports_.emplace_back(reader.get<model::Order>());
        else if (kind == ReportKind::fill)
            reports_.emplace_back(reader.get<model::Fill>());
        else
            reports_.emplace_back(load_charge(reader));
    }
    wakes_ = reader.get<Time>();
    exchange_->load(reader);
}

}  // namespace millrace::venue
