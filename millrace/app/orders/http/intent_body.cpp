// Reading and checking, field by field. simdjson only tells which body it is and takes a signal's
// two maps out; everything else is read by the descriptions.
#include "millrace/app/orders/http/intent_body.hpp"

#include <algorithm>
#include <simdjson.h>
#include <utility>

#include "millrace/app/orders/http/bodies.hpp"
#include "millrace/core/execution/intent.hpp"
#include "millrace/core/model/json.hpp"
#include "millrace/core/model/order_rules.hpp"
#include "millrace/core/model/schema.hpp"

namespace millrace::orders {
namespace {

constexpr std::size_t kMapMembersMax = 100;

tl::unexpected<Error> wrong(std::string path, std::string what, std::string why, std::string mend) {
    return failure(ErrorCode::data, std::move(what), std::move(path), std::move(why),
                   std::move(mend));
}

// A signal's body without its maps, which the description of flat structs has no word for.
struct Opened {
    bool is_signal = false;
    std::string rest;
};

Result<void> check_map(std::string_view name, const simdjson::dom::element& map, bool of_numbers) {
    const std::string path = "$." + std::string(name);
    simdjson::dom::object object;
    if (map.is_null()) return {};
    if (map.get_object().get(object))
        return wrong(path, "\"" + std::string(name) + "\" is no object",
                     "it holds names and values", "write it as { }");
    if (object.size() > kMapMembersMax)
        return wrong(path, "there are too many members", "at most 100 are allowed", "send fewer");
    for (const auto member : object)
        if (of_numbers && !member.value.is_number())
            return wrong(path + "." + std::string(member.key.substr(0, 64)),
                         "the value is no number", "components of a score are numbers",
                         "write a number");
    return {};
}

void append_member(std::string_view key, std::string_view raw, std::string& out) {
    out += out.size() == 1 ? "\"" : ",\"";
    append_json_escaped(out, key);
    out += "\":";
    out += raw;
}

// Read once more, because only this reader tells numbers by the digits that were written.
Result<Opened> without_maps(std::string_view body) {
    namespace ondemand = simdjson::ondemand;
    ondemand::parser parser;
    ondemand::document document;
    ondemand::object members;
    const simdjson::padded_string padded(body);
    Opened opened{true, "{"};
    bool has_scores = false;
    bool has_metadata = false;
    if (parser.iterate(padded).get(document) || document.get_object().get(members)) return Opened{};
    for (auto member : members) {
        std::string_view text;
        ondemand::value value;
        ondemand::json_type type{};
        if (member.unescaped_key().get(text)) return Opened{};
        const std::string name(text);
        if (member.value().get(value) || value.type().get(type)) return Opened{};
        if (name == "metadata" || name == "score_components") {
            bool& has = name == "metadata" ? has_metadata : has_scores;
            if (std::exchange(has, true))
                return wrong("$." + name, "\"" + name + "\" stands twice",
                             "which of the two is meant cannot be known", "keep one");
        } else if (type == ondemand::json_type::object) {
            append_member(name, "{}", opened.rest);  // no field is one, so it is refused
        } else if (type == ondemand::json_type::array) {
            append_member(name, "[]", opened.rest);
        } else {
            append_member(name, value.raw_json_token(), opened.rest);
        }
    }
    opened.rest += "}";
    return opened;
}

Result<Opened> open(std::string_view body) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    Opened opened;
    // What is malformed, or no object, is told by who reads it by the description.
    if (parser.parse(body.data(), body.size()).get_object().get(object)) return opened;
    for (const auto member : object)
        opened.is_signal = opened.is_signal || member.key == "strategy_version";
    if (!opened.is_signal) return opened;
    for (const auto member : object) {
        const bool scores = member.key == "score_components";
        if (!scores && member.key != "metadata") continue;
        if (auto checked = check_map(member.key, member.value, scores); !checked)
            return failure(std::move(checked.error()));
    }
    return without_maps(body);
}

Result<void> check_price(std::string_view name, Maybe<Price> price,
                         const model::Instrument& instrument) {
    if (!price.has_value() || price.value().raw() % instrument.price_increment.raw() == 0)
        return {};
    return wrong("$." + std::string(name), "the price is off the tick",
                 "the tick of " + std::string(instrument.symbol.view()) + " is " +
                     instrument.price_increment.to_string(),
                 "round it to the tick");
}

Result<void> check_quantity(Quantity quantity, const model::Instrument& instrument) {
    if (quantity.raw() % instrument.quantity_increment.raw() != 0)
        return wrong("$.quantity", "the quantity is off the lot",
                     "the lot of " + std::string(instrument.symbol.view()) + " is " +
                         instrument.quantity_increment.to_string(),
                     "send whole lots");
    if (instrument.minimum_quantity.has_value() && quantity < instrument.minimum_quantity.value())
        return wrong("$.quantity", "the quantity is too small",
                     "the least is " + instrument.minimum_quantity.value().to_string(),
                     "send more");
    return {};
}

// A price is there exactly where the type needs one.
Result<void> check_presence(std::string_view name, bool is_there, bool is_needed,
                            std::string_view type) {
    if (is_there == is_needed) return {};
    const std::string path = "$." + std::string(name);
    if (is_needed)
        return wrong(path, "\"" + std::string(name) + "\" is missing",
                     std::string(type) + " needs it", "add it");
    return wrong(path, "\"" + std::string(name) + "\" has no meaning here",
                 std::string(type) + " does not use it", "leave it out, or choose another type");
}

// What protects must be on the losing side of the entry, and a target on the winning one.
Result<void> check_sides(const IntentRequest& request) {
    const Maybe<Price> entry =
        request.limit_price.has_value() ? request.limit_price : request.stop_price;
    const bool buys = request.side == model::Side::buy;
    const auto are_wrong = [buys](Maybe<Price> lower, Maybe<Price> upper) {
        if (!lower.has_value() || !upper.has_value()) return false;
        return buys ? lower.value() >= upper.value() : lower.value() <= upper.value();
    };
    const std::string_view rule = buys ? "a buyer's stop is below the entry, the target above"
                                       : "a seller's stop is above the entry, the target below";
    if (are_wrong(request.stop_loss, entry))
        return wrong("$.stop_loss", "the stop is on the wrong side", std::string(rule), "move it");
    if (are_wrong(entry, request.take_profit) || are_wrong(request.stop_loss, request.take_profit))
        return wrong("$.take_profit", "the target is on the wrong side", std::string(rule),
                     "move it");
    return {};
}

Result<void> check_names(const IntentRequest& request, const Tradable& tradable) {
    if (!request.account.empty() && !tradable.names.accounts.find(request.account))
        return wrong("$.account", "unknown account \"" + request.account + "\"",
                     "accounts stand in the configuration", "see /accounts");
    if (!request.strategy.empty() && !is_strategy_name(request.strategy))
        return wrong("$.strategy", "the strategy's name has other characters",
                     "letters, digits, and any of \"_.-\" are allowed", "rename it");
    return {};
}

Result<void> check(const IntentRequest& request, const model::Instrument& instrument,
                   const Tradable& tradable) {
    const std::string_view type = word_of(request.type);
    Result<void> done = check_names(request, tradable);
    if (done) done = check_quantity(request.quantity, instrument);
    if (done)
        done = check_presence("price", request.limit_price.has_value(),
                              model::needs_limit_price(request.type), type);
    if (done)
        done = check_presence("stop_price", request.stop_price.has_value(),
                              model::needs_stop_price(request.type), type);
    if (done)
        done = check_presence("expires_at", request.expires_at.has_value(),
                              request.time_in_force == model::TimeInForce::gtd,
                              word_of(request.time_in_force));
    if (done) done = check_price("price", request.limit_price, instrument);
    if (done) done = check_price("stop_price", request.stop_price, instrument);
    if (done) done = check_price("stop_loss", request.stop_loss, instrument);
    if (done) done = check_price("take_profit", request.take_profit, instrument);
    if (done) done = check_sides(request);
    return done;
}

Result<IntentRequest> of_order(std::string_view body, const Tradable& tradable) {
    const auto read = model::from_json<IntentBody>(body, tradable.names);
    if (!read) return failure(Error(read.error()));
    const model::Instrument& instrument = tradable.instruments[read->symbol.value()];
    const bool is_bracket = read->stop_loss.has_value() || read->take_profit.has_value();
    if (read->bracket_order == Answerable::yes && !is_bracket)
        return wrong("$.bracket_order", "the bracket has neither stop nor target",
                     "it needs stop_loss, take_profit or both", "add one, or leave it out");
    if (read->bracket_order == Answerable::no && is_bracket)
        return wrong("$.bracket_order", "there is a stop or a target without a bracket",
                     "they would be orders at the venue", "leave them out, or send true");
    IntentRequest request;
    request.account = std::string(read->account.view());
    request.strategy = std::string(read->strategy.view());
    request.symbol = std::string(instrument.symbol.view());
    request.side = side_of(read->side);
    request.type = type_of(read->order_type);
    request.time_in_force = life_of(read->time_in_force);
    request.quantity = read->quantity;
    request.limit_price = read->price;
    request.stop_price = read->stop_price;
    request.stop_loss = read->stop_loss;
    request.take_profit = read->take_profit;
    request.expires_at = read->expires_at;
    request.reduce_only = read->reduce_only;
    request.tag = std::string(read->client_tag.view());
    if (auto checked = check(request, instrument, tradable); !checked)
        return failure(std::move(checked.error()));
    return request;
}

// One that names the side's field where an order would name its price.
Error in_words_of_signal(Error error, bool buys) {
    const auto rename = [&](std::string_view from, std::string_view to) {
        if (error.where == "$." + std::string(from)) error.where = "$." + std::string(to);
    };
    rename("price", buys ? "long_entry" : "short_entry");
    rename("stop_price", buys ? "long_entry" : "short_entry");
    rename("stop_loss", buys ? "sl_long" : "sl_short");
    rename("take_profit", buys ? "tp_long" : "tp_short");
    return error;
}

Result<void> check_one_entry(const SignalBody& signal) {
    const bool buys = signal.long_entry.has_value();
    if (buys && signal.short_entry.has_value())
        return wrong("$.short_entry", "the signal has two entries",
                     "an intent is one order and what protects it",
                     "send two, each with a key of its own");
    if (!buys && !signal.short_entry.has_value())
        return wrong("$.long_entry", "the signal has no entry",
                     "long_entry buys, short_entry sells", "add one of them");
    const std::array<std::pair<std::string_view, bool>, 4> others = {{
        {"sl_long", !buys && signal.sl_long.has_value()},
        {"tp_long", !buys && signal.tp_long.has_value()},
        {"sl_short", buys && signal.sl_short.has_value()},
        {"tp_short", buys && signal.tp_short.has_value()},
    }};
    for (const auto& [name, is_there] : others)
        if (is_there)
            return wrong("$." + std::string(name), "it belongs to a side that does not enter",
                         "the signal has an entry on the other side only", "leave it out");
    if (signal.order_type != TypeWord::limit && signal.order_type != TypeWord::stop)
        return wrong("$.order_type", "a signal enters by LMT or STP",
                     "its entry is one price, which a market order would not use",
                     "send an order instead");
    if (signal.time_in_force == LifeWord::gtd)
        return wrong("$.time_in_force", "a signal has no end", "GTD would need one",
                     "send an order instead");
    return {};
}

Result<IntentRequest> of_signal(std::string_view body, const Tradable& tradable) {
    const auto read = model::from_json<SignalBody>(body, tradable.names);
    if (!read) return failure(Error(read.error()));
    if (auto checked = check_one_entry(*read); !checked) return failure(std::move(checked.error()));
    const bool buys = read->long_entry.has_value();
    const Maybe<Quantity> quantity =
        read->quantity.has_value() ? read->quantity : tradable.signal_quantity;
    if (!quantity.has_value())
        return wrong("$.quantity", "\"quantity\" is missing",
                     "a signal says no size, and orders.signal_quantity is not set",
                     "add it, or set orders.signal_quantity");
    const model::Instrument& instrument = tradable.instruments[read->symbol.value()];
    IntentRequest request;
    request.account = std::string(read->account.view());
    request.strategy = std::string(read->strategy.view());
    request.symbol = std::string(instrument.symbol.view());
    request.side = buys ? model::Side::buy : model::Side::sell;
    request.type = type_of(read->order_type);
    request.time_in_force = life_of(read->time_in_force);
    request.quantity = quantity.value();
    const Maybe<Price> entry = buys ? read->long_entry : read->short_entry;
    if (request.type == model::OrderType::stop)
        request.stop_price = entry;
    else
        request.limit_price = entry;
    request.stop_loss = buys ? read->sl_long : read->sl_short;
    request.take_profit = buys ? read->tp_long : read->tp_short;
    request.tag = std::string(read->strategy_version.view()) + " " + format_time(read->timestamp);
    if (auto checked = check(request, instrument, tradable); !checked)
        return failure(in_words_of_signal(std::move(checked.error()), buys));
    return request;
}

}  // namespace

bool is_strategy_name(std::string_view name) {
    return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.' || c == '-';
    });
}

Result<IntentRequest> read_intent(std::string_view body, const Tradable& tradable) {
    auto opened = open(body);
    if (!opened) return failure(std::move(opened.error()));
    return opened->is_signal ? of_signal(opened->rest, tradable) : of_order(body, tradable);
}

std::string intent_schema() {
    JsonWriter order;
    model::write_json_schema(model::kDescription<IntentBody>, order);
    JsonWriter signal;
    model::write_json_schema(model::kDescription<SignalBody>, signal);
    // The two maps are no fields of the description; they stand beside them.
    std::string spec = signal.str();
    constexpr std::string_view kProperties = "\"properties\":{";
    spec.insert(spec.find(kProperties) + kProperties.size(),
                R"("score_components":{"type":["object","null"],"maxProperties":100,)"
                R"("additionalProperties":{"type":"number"}},)"
                R"("metadata":{"type":["object","null"],"maxProperties":100},)");
    return R"({"description":"an order, or a signal to be made one","anyOf":[)" + order.str() +
           "," + spec + "]}";
}

}  // namespace millrace::orders
