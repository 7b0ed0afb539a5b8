// Gathering rows into columns. Room for a whole block is kept from one to the next.
#include "millrace/edge/store/tape/block_encoder.hpp"

#include <algorithm>
#include <numeric>

#include "millrace/core/model/field_access.hpp"

namespace millrace::tape {
namespace {

std::int64_t known_at_ns(const std::byte* row) {
    std::int64_t ns = 0;
    std::memcpy(&ns, row, sizeof ns);
    return ns;
}

}  // namespace

BlockEncoder::BlockEncoder(const Tables& tables)
    : tables_(tables), slot_of_place_(tables.instruments().size()), each_slot_(kBlockEventsMax) {
    std::iota(each_slot_.begin(), each_slot_.end(), std::uint16_t{0});
}

void BlockEncoder::add(std::size_t section, const void* row, std::uint32_t place) {
    MILLRACE_ASSERT(order_.size() < kBlockEventsMax, "the block is full");
    Section& into = sections_[section];
    const auto* bytes = static_cast<const std::byte*>(row);
    into.rows.insert(into.rows.end(), bytes, bytes + rules_of(section).noun->size);
    into.places.push_back(place);
    order_.push_back(static_cast<std::uint8_t>(section));
}

BlockHead BlockEncoder::encode(engine::StateWriter& out) {
    MILLRACE_ASSERT(!order_.empty(), "a block has at least one event");
    BlockHead head;
    std::size_t nouns = 0;
    for (std::size_t section = 0; section < sections_.size(); ++section) {
        head.counts[section] = static_cast<std::uint16_t>(sections_[section].places.size());
        if (head.counts[section] > 0) ++nouns;
    }
    const std::size_t last_size = rules_of(order_.back()).noun->size;
    head.first_ns = known_at_ns(sections_[order_.front()].rows.data());
    const std::vector<std::byte>& last_rows = sections_[order_.back()].rows;
    head.last_ns = known_at_ns(last_rows.data() + last_rows.size() - last_size);
    if (nouns > 1) {
        order_.resize(column_bytes(1, order_.size()));
        out.put_bytes(std::as_bytes(std::span(order_)));
    }
    for (std::size_t section = 0; section < sections_.size(); ++section) {
        if (head.counts[section] == 0) continue;
        encode_section(section, out);
        sections_[section].rows.clear();
        sections_[section].places.clear();
    }
    order_.clear();
    return head;
}

void BlockEncoder::encode_section(std::size_t section, engine::StateWriter& out) {
    const SectionRules& rules = rules_of(section);
    const Section& from = sections_[section];
    const std::size_t rows = from.places.size();
    number_instruments(from);
    out.put(static_cast<std::uint16_t>(places_.size()));
    out.put(rules.noun->version);
    out.put(std::uint8_t{0});
    out.put(std::uint32_t{0});
    encoder_.encode({.values = places_, .by_previous = true}, out);
    firsts_.assign(slots_.begin(), slots_.end());
    encoder_.encode({.values = firsts_}, out);

    values_.resize(std::max(values_.size(), rules.columns.size()));
    for (std::size_t column = 0; column < rules.columns.size(); ++column) {
        values_[column].resize(rows);
        const std::byte* row = from.rows.data();
        for (std::int64_t& value : values_[column]) {
            value = model::load_integer(rules.columns[column].field, row);
            row += rules.noun->size;
        }
        encode_field(rules, column, out);
    }
}

void BlockEncoder::number_instruments(const Section& section) {
    places_.assign(section.places.begin(), section.places.end());
    std::ranges::sort(places_);
    const auto repeated = std::ranges::unique(places_);
    places_.erase(repeated.begin(), repeated.end());
    price_increments_.clear();
    quantity_increments_.clear();
    for (std::size_t slot = 0; slot < places_.size(); ++slot) {
        const auto place = static_cast<std::size_t>(places_[slot]);
        slot_of_place_[place] = static_cast<std::uint16_t>(slot);
        price_increments_.push_back(tables_.instruments()[place].price_increment.raw());
        quantity_increments_.push_back(tables_.instruments()[place].quantity_increment.raw());
    }
    slots_.clear();
    for (const std::uint32_t place : section.places)
        slots_.push_back(slot_of_place_[place]);
}

void BlockEncoder::encode_field(const SectionRules& rules, std::size_t column,
                                engine::StateWriter& out) {
    const ColumnRule& rule = rules.columns[column];
    const std::vector<std::int64_t>& values = values_[column];
    ColumnInput input;
    input.values = values;
    input.by_previous = rule.by_previous;
    input.slots = slots_;
    input.increments = increments_of(rule.increment);
    if (rule.relative_to >= 0) input.relative = values_[static_cast<std::size_t>(rule.relative_to)];
    if (rule.by_first) {
        firsts_.resize(places_.size());
        for (std::size_t i = values.size(); i-- > 0;)
            firsts_[slots_[i]] = values[i];
        input.firsts = firsts_;
    }
    const ColumnHead head = encoder_.encode(input, out);
    if (head.reference == Reference::first)
        encoder_.encode({.values = firsts_, .slots = each_slot_, .increments = input.increments},
                        out);
}

std::span<const std::int64_t> BlockEncoder::increments_of(Increment increment) const {
    switch (increment) {
        case Increment::none: return {};
        case Increment::price: return price_increments_;
        case Increment::quantity: return quantity_increments_;
    }
    return {};
}

}  // namespace millrace::tape
