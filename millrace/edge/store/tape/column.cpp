// The columns of quotes, trades and bars. What is tried was chosen by size on a thousand
// instruments and on one; the encoder measures again for every block.
#include "millrace/edge/store/tape/column.hpp"

#include "millrace/base/assert.hpp"

namespace millrace::tape {
namespace {

using model::kBarFields;
using model::kQuoteFields;
using model::kTradeFields;

constexpr ColumnRule kQuoteRules[] = {
    {.field = kQuoteFields[0], .by_previous = true},
    {.field = kQuoteFields[1],
     .increment = Increment::price,
     .by_previous = true,
     .by_first = true},
    {.field = kQuoteFields[2], .increment = Increment::price, .relative_to = 1},
    {.field = kQuoteFields[3], .increment = Increment::quantity},
    {.field = kQuoteFields[4], .increment = Increment::quantity},
    {.field = kQuoteFields[6]},
};

constexpr ColumnRule kTradeRules[] = {
    {.field = kTradeFields[0], .by_previous = true},
    {.field = kTradeFields[1],
     .increment = Increment::price,
     .by_previous = true,
     .by_first = true},
    {.field = kTradeFields[2], .increment = Increment::quantity},
    {.field = kTradeFields[3], .by_previous = true, .by_first = true},
    {.field = kTradeFields[5]},
    {.field = kTradeFields[6]},
};

constexpr ColumnRule kBarRules[] = {
    {.field = kBarFields[0], .by_previous = true},
    {.field = kBarFields[1], .relative_to = 0},
    {.field = kBarFields[2], .increment = Increment::price, .by_previous = true, .by_first = true},
    {.field = kBarFields[3], .increment = Increment::price, .relative_to = 2},
    {.field = kBarFields[4], .increment = Increment::price, .relative_to = 2},
    {.field = kBarFields[5], .increment = Increment::price, .relative_to = 2},
    {.field = kBarFields[6], .increment = Increment::quantity},
    {.field = kBarFields[7], .relative_to = 2},
    {.field = kBarFields[8]},
    {.field = kBarFields[9]},
    {.field = kBarFields[11]},
    {.field = kBarFields[12]},
};

// Every field is a column but the instrument, which the slots hold, and reserved bytes; and what
// the decoder relies on holds for each.
constexpr bool is_complete(const model::NounDescription& noun, std::span<const ColumnRule> rules) {
    std::size_t next = 0;
    for (const model::FieldDescription& field : noun.fields) {
        if (field.kind == model::FieldKind::instrument || field.kind == model::FieldKind::reserved)
            continue;
        if (next == rules.size()) return false;
        const ColumnRule& rule = rules[next];
        const bool is_plain =
            rule.increment == Increment::none && !rule.by_previous && !rule.by_first;
        if (rule.field.offset != field.offset || rule.relative_to >= static_cast<int>(next))
            return false;
        if (field.size < 8 && (!is_plain || rule.relative_to >= 0 || field.minimum > 0))
            return false;
        ++next;
    }
    return next == rules.size();
}

template <class T>
constexpr SectionRules section_of(std::span<const ColumnRule> rules) {
    return {&model::kDescription<T>, rules, offsetof(T, instrument)};
}

static_assert(is_complete(model::kDescription<model::Quote>, kQuoteRules));
static_assert(is_complete(model::kDescription<model::Trade>, kTradeRules));
static_assert(is_complete(model::kDescription<model::Bar>, kBarRules));

constexpr std::array<SectionRules, kNouns.size()> kSections = {
    section_of<model::Quote>(kQuoteRules), section_of<model::Trade>(kTradeRules),
    section_of<model::Bar>(kBarRules)};

}  // namespace

const SectionRules& rules_of(std::size_t section) {
    MILLRACE_ASSERT(section < kSections.size(), "a tape has no such section");
    return kSections[section];
}

}  // namespace millrace::tape
