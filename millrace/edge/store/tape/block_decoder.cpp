// Taking a block apart: first all heads, tables and bounds, then the rows, a few hundred at a time.
#include "millrace/edge/store/tape/block_decoder.hpp"

#include <algorithm>
#include <numeric>

namespace millrace::tape {
namespace {

// Rows whose columns are decoded in turn while they lie in the first cache: 12 KiB of quotes.
constexpr std::size_t kRowsAtOnce = 256;

constexpr std::string_view kColumn = "a column of it is out of bounds";
constexpr std::string_view kValue = "a value is out of the range of its field";

constexpr model::FieldDescription field_of(std::uint16_t size, std::int64_t maximum) {
    model::FieldDescription field;
    field.kind = model::FieldKind::integer;
    field.size = size;
    field.minimum = 0;
    field.maximum = maximum;
    return field;
}

// The true limits of both are those of the file; they are compared with these after decoding.
constexpr model::FieldDescription kPlaceField =
    field_of(8, std::numeric_limits<std::int64_t>::max());
constexpr model::FieldDescription kSlotField = field_of(2, kBlockEventsMax - 1);
// A number by instrument is no value yet, so any will do.
constexpr model::FieldDescription kFirstField = [] {
    model::FieldDescription field = field_of(8, std::numeric_limits<std::int64_t>::max());
    field.minimum = std::numeric_limits<std::int64_t>::min();
    return field;
}();

std::int64_t known_at_ns(const std::byte* row) {
    std::int64_t ns = 0;
    std::memcpy(&ns, row, sizeof ns);
    return ns;
}

// The order of events, whose first word is time; the rest is asked only where times are equal.
bool follows(const engine::Record& before, const engine::Record& after) {
    if (after.known_at() != before.known_at()) return after.known_at() > before.known_at();
    return engine::order_key_of(before) <= engine::order_key_of(after);
}

bool are_in_order(model::Noun noun, const Rows& rows, std::size_t begin, std::size_t end) {
    const std::byte* row = rows.first + begin * rows.stride;
    for (std::size_t i = begin + 1; i < end; ++i, row += rows.stride)
        if (!follows({noun, row}, {noun, row + rows.stride})) return false;
    return true;
}

// Writes the instruments; whether each row is later than the one before it, so that nothing but its
// time has to be asked for its place in the order.
bool place_instruments(const std::vector<std::uint32_t>& ids, std::size_t offset, const Rows& rows,
                       std::size_t begin, std::size_t end) {
    std::byte* row = rows.first + begin * rows.stride;
    std::int64_t before =
        begin == 0 ? std::numeric_limits<std::int64_t>::min() : known_at_ns(row - rows.stride);
    unsigned equal_or_earlier = 0;
    const std::uint32_t* id_of_slot = ids.data();
    const std::uint16_t* slots = rows.slots;
    const std::size_t stride = rows.stride;
    for (std::size_t i = begin; i < end; ++i, row += stride) {
        const std::int64_t at = known_at_ns(row);
        equal_or_earlier |= at <= before ? 1U : 0U;
        before = at;
        std::memcpy(row + offset, id_of_slot + slots[i], sizeof(std::uint32_t));
    }
    return equal_or_earlier == 0;
}

// Slots as they are stored into slots; the largest of them.
template <class Stored>
std::uint16_t widen(const std::byte* data, std::span<std::uint16_t> slots) {
    std::uint16_t largest = 0;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        Stored stored = 0;
        std::memcpy(&stored, data + i * sizeof stored, sizeof stored);
        slots[i] = stored;
        largest = std::max<std::uint16_t>(largest, stored);
    }
    return largest;
}

}  // namespace

engine::Record BlockDecoder::record(std::size_t section, std::size_t row) const {
    switch (section) {
        case 0: return engine::record_of(quotes_[row]);
        case 1: return engine::record_of(trades_[row]);
        default: return engine::record_of(bars_[row]);
    }
}

std::byte* BlockDecoder::make_rows(std::size_t section, std::size_t count) {
    const auto make = [count](auto& rows) {
        if (rows.size() < count) rows.resize(count);
        return std::as_writable_bytes(std::span(rows)).data();
    };
    switch (section) {
        case 0: return make(quotes_);
        case 1: return make(trades_);
        default: return make(bars_);
    }
}

Result<void> BlockDecoder::decode(const BlockHead& head, std::span<const std::byte> content,
                                  const Tables& tables, const Place& place) {
    events_ = 0;
    engine::StateReader bytes(content);
    if (auto taken = take_order(head, bytes, place); !taken) return taken;
    for (std::size_t section = 0; section < kNouns.size(); ++section) {
        if (head.counts[section] == 0) continue;
        const auto why = decode_section(section, head.counts[section], tables, bytes);
        if (!why.empty()) return place.damaged("the tape is damaged", std::string(why));
    }
    if (bytes.failed() || bytes.left() != 0)
        return place.damaged("the tape is damaged", "the block has not the length that it says");
    if (const auto why = check_order(head); !why.empty())
        return place.damaged("the tape is damaged", std::string(why));
    events_ = head.events();
    return {};
}

Result<void> BlockDecoder::take_order(const BlockHead& head, engine::StateReader& bytes,
                                      const Place& place) {
    order_.clear();
    only_section_ = 0;
    while (head.counts[only_section_] == 0)
        ++only_section_;
    const std::size_t events = head.events();
    if (head.counts[only_section_] == events) return {};
    const auto taken = bytes.take(column_bytes(1, events));
    if (bytes.failed())
        return place.damaged("the tape is damaged", "the block has not the length that it says");
    order_.resize(events);
    std::memcpy(order_.data(), taken.data(), events);
    for (std::size_t section = 0; section < kNouns.size(); ++section)
        if (std::ranges::count(order_, section) != head.counts[section])
            return place.damaged("the tape is damaged", "its order names other events");
    return {};
}

std::string_view BlockDecoder::decode_section(std::size_t section, std::size_t rows,
                                              const Tables& tables, engine::StateReader& bytes) {
    const SectionRules& rules = rules_of(section);
    const auto instruments = bytes.get<std::uint16_t>();
    const auto version = bytes.get<std::uint8_t>();
    const auto zeros = bytes.get<std::array<std::uint8_t, 5>>();
    if (bytes.failed() || instruments == 0 || instruments > rows || zeros != decltype(zeros){})
        return kColumn;
    if (version != rules.noun->version) return "it was written by a newer Millrace";
    places_.resize(instruments);
    if (const auto why = take_instruments(rows, tables, bytes); !why.empty()) return why;
    columns_.clear();
    firsts_.resize(std::max(firsts_.size(), rules.columns.size()));
    for (std::size_t column = 0; column < rules.columns.size(); ++column)
        if (const auto why = take_column(rules, column, rows, tables, bytes); !why.empty())
            return why;
    return decode_rows(section, rows, tables);
}

std::string_view BlockDecoder::take_instruments(std::size_t rows, const Tables& tables,
                                                engine::StateReader& bytes) {
    if (each_slot_.empty()) {
        each_slot_.resize(kBlockEventsMax);
        std::iota(each_slot_.begin(), each_slot_.end(), std::uint16_t{0});
    }
    const std::size_t instruments = places_.size();
    auto places = ColumnDecoder::take(bytes, kPlaceField, instruments);
    if (!places || places->head().by_increment != 0 ||
        places->head().reference > Reference::previous || !places->prepare())
        return kColumn;
    const std::span<std::byte> into = std::as_writable_bytes(std::span(places_));
    places->decode(0, instruments, {into.data(), sizeof(std::int64_t), each_slot_.data()});
    const bool ascend = std::ranges::adjacent_find(places_, std::greater_equal{}) == places_.end();
    const auto known = static_cast<std::int64_t>(tables.instruments().size());
    if (!places->is_sound() || !ascend || places_.back() >= known)
        return "it names an instrument that the header lacks";

    ids_.resize(instruments);
    for (std::size_t slot = 0; slot < instruments; ++slot)
        ids_[slot] = tables.ids()[static_cast<std::size_t>(places_[slot])];
    price_increments_.clear();
    quantity_increments_.clear();
    return take_slots(rows, bytes);
}

std::string_view BlockDecoder::take_slots(std::size_t rows, engine::StateReader& bytes) {
    const auto slots = ColumnDecoder::take(bytes, kSlotField, rows);
    if (!slots || slots->head().width > 2) return kColumn;
    ColumnHead as_stored;  // slots are numbers from 0, without any base or unit
    as_stored.width = slots->head().width;
    as_stored.unit = 1;
    if (slots->head() != as_stored) return kColumn;
    slots_.resize(rows);
    std::uint16_t largest = 0;
    switch (slots->head().width) {
        case 0: std::ranges::fill(slots_, std::uint16_t{0}); break;
        case 1: largest = widen<std::uint8_t>(slots->data(), slots_); break;
        default: largest = widen<std::uint16_t>(slots->data(), slots_); break;
    }
    return largest < places_.size() ? std::string_view{} : kColumn;
}

std::string_view BlockDecoder::take_column(const SectionRules& rules, std::size_t column,
                                           std::size_t rows, const Tables& tables,
                                           engine::StateReader& bytes) {
    const ColumnRule& rule = rules.columns[column];
    auto taken = ColumnDecoder::take(bytes, rule.field, rows);
    if (!taken) return kColumn;
    if (taken->head().by_increment != 0) {
        const auto increments = increments_of(rule.increment, tables);
        if (!increments) return kColumn;
        taken->count_in_increments(*increments);
    }
    if (taken->head().reference == Reference::first)
        if (const auto why = take_firsts(rule, firsts_[column], tables, bytes, *taken);
            !why.empty())
            return why;
    if (taken->head().reference == Reference::field) {
        if (rule.relative_to < 0) return kColumn;
        const auto other = static_cast<std::size_t>(rule.relative_to);
        taken->count_from_field(rules.columns[other].field.offset, columns_[other].values());
    }
    if (!taken->prepare()) return kValue;
    columns_.push_back(*taken);
    return {};
}

// The numbers by instrument that the column is counted from.
std::string_view BlockDecoder::take_firsts(const ColumnRule& rule,
                                           std::vector<std::int64_t>& firsts, const Tables& tables,
                                           engine::StateReader& bytes, ColumnDecoder& column) {
    firsts.resize(places_.size());
    auto numbers = ColumnDecoder::take(bytes, kFirstField, firsts.size());
    if (!numbers || numbers->head().reference != Reference::none) return kColumn;
    if (numbers->head().by_increment != 0) {
        const auto increments = increments_of(rule.increment, tables);
        if (!increments) return kColumn;
        numbers->count_in_increments(*increments);
    }
    if (!numbers->prepare()) return kColumn;
    const std::span<std::byte> into = std::as_writable_bytes(std::span(firsts));
    numbers->decode(0, firsts.size(), {into.data(), sizeof(std::int64_t), each_slot_.data()});
    column.count_from_firsts({firsts, numbers->values()});
    return {};
}

std::string_view BlockDecoder::decode_rows(std::size_t section, std::size_t count,
                                           const Tables& tables) {
    const SectionRules& rules = rules_of(section);
    const Rows rows{make_rows(section, count), rules.noun->size, slots_.data()};
    moving_.clear();
    for (std::size_t column = 0; column < columns_.size(); ++column)
        if (!is_kept(section, column, count)) moving_.push_back(&columns_[column]);
    for (std::size_t begin = 0; begin < count; begin += kRowsAtOnce) {
        const std::size_t end = std::min(count, begin + kRowsAtOnce);
        for (ColumnDecoder* column : moving_)
            column->decode(begin, end, rows);
        if (!place_instruments(ids_, rules.instrument_offset, rows, begin, end) &&
            !are_in_order(rules.noun->noun, rows, begin == 0 ? 0 : begin - 1, end)) {
            kept_[section].clear();  // the rows behind were not written
            return "its events are not in order";
        }
    }
    for (const ColumnDecoder& column : columns_)
        if (!column.is_sound()) return kValue;
    if (!has_known_sources(rules, count, rows, tables))
        return "it names a source that the header lacks";
    return {};
}

bool BlockDecoder::is_kept(std::size_t section, std::size_t column, std::size_t rows) {
    kept_[section].resize(columns_.size());
    Kept& kept = kept_[section][column];
    const auto value = columns_[column].constant();
    if (value && kept.value == *value && kept.rows >= rows) return true;
    kept = {value.value_or(0), value ? rows : 0};
    return false;
}

bool BlockDecoder::has_known_sources(const SectionRules& rules, std::size_t count, const Rows& rows,
                                     const Tables& tables) const {
    for (std::size_t column = 0; column < rules.columns.size(); ++column) {
        const model::FieldDescription& field = rules.columns[column].field;
        if (field.kind != model::FieldKind::source) continue;
        const std::size_t looked_at = columns_[column].head().width == 0 ? 1 : count;
        for (std::size_t i = 0; i < looked_at; ++i) {
            SourceId source;
            std::memcpy(&source, rows.first + i * rows.stride + field.offset, sizeof source);
            if (!tables.knows(source)) return false;
        }
    }
    return true;
}

std::string_view BlockDecoder::check_order(const BlockHead& head) const {
    constexpr std::string_view kTimes = "its times are not those that its head tells";
    constexpr std::string_view kOrder = "its events are not in order";
    const std::size_t events = head.events();
    if (order_.empty()) {
        const auto first = record(only_section_, 0).known_at().ns();
        const auto last = record(only_section_, events - 1).known_at().ns();
        return first == head.first_ns && last == head.last_ns ? std::string_view{} : kTimes;
    }
    std::array<std::size_t, kNouns.size()> next{};
    engine::Record before;
    for (const std::uint8_t section : order_) {
        const engine::Record at = record(section, next[section]++);
        if (before.payload == nullptr) {
            if (at.known_at().ns() != head.first_ns) return kTimes;
        } else if (!follows(before, at)) {
            return kOrder;
        }
        before = at;
    }
    return before.known_at().ns() == head.last_ns ? std::string_view{} : kTimes;
}

std::optional<Table> BlockDecoder::increments_of(Increment increment, const Tables& tables) {
    if (increment == Increment::none) return std::nullopt;
    const bool is_price = increment == Increment::price;
    std::vector<std::int64_t>& numbers = is_price ? price_increments_ : quantity_increments_;
    if (numbers.empty()) {
        const std::vector<std::int64_t>& all =
            is_price ? tables.price_increments() : tables.quantity_increments();
        for (const std::int64_t place : places_)
            numbers.push_back(all[static_cast<std::size_t>(place)]);
    }
    const std::int64_t most =
        is_price ? tables.price_increment_most() : tables.quantity_increment_most();
    return Table{numbers, {1, most}};
}

}  // namespace millrace::tape
