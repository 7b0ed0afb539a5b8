// CorporateAction: a split or a cash dividend of one instrument, and what a split makes of a
// quantity and of a price. Whoever keeps a quantity or a price of the instrument applies these same
// functions, so that all of them agree to the last decimal (docs/concept/corporate-actions.md).
#pragma once

#include "millrace/base/decimal.hpp"
#include "millrace/core/model/describe.hpp"

namespace millrace::model {

enum class ActionKind : std::uint8_t { split, dividend };
inline constexpr std::array<std::string_view, 2> kActionKindNames = {"split", "dividend"};
template <>
inline constexpr std::span<const std::string_view> kChoices<ActionKind> = kActionKindNames;

// So many units come in the place of one, or one in the place of so many, at most.
inline constexpr std::uint32_t kSplitUnitsMax = 1'000'000;

// a split or a cash dividend; known at its ex moment
struct CorporateAction {
    Time known_at;
    Maybe<Price> amount;
    Code currency;
    std::uint32_t new_units = 1;
    std::uint32_t old_units = 1;
    InstrumentId instrument;
    ActionKind kind{};
    Reserved<3> reserved;

    bool operator==(const CorporateAction&) const = default;
};
inline constexpr FieldDescription kCorporateActionFields[] = {
    MILLRACE_FIELD(CorporateAction, known_at, "when the engine may act on it: the ex moment"),
    MILLRACE_FIELD(CorporateAction, amount, "money a unit, of a dividend").positive(),
    MILLRACE_FIELD(CorporateAction, currency, "currency of the amount"),
    MILLRACE_FIELD(CorporateAction, new_units, "units after the split, for each old_units")
        .positive()
        .at_most(kSplitUnitsMax)
        .may_be_absent(),
    MILLRACE_FIELD(CorporateAction, old_units, "units before the split")
        .positive()
        .at_most(kSplitUnitsMax)
        .may_be_absent(),
    MILLRACE_FIELD(CorporateAction, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(CorporateAction, kind, "what it is"),
    MILLRACE_FIELD(CorporateAction, reserved, ""),
};
template <>
inline constexpr NounDescription kDescription<CorporateAction> =
    describe<CorporateAction>(Noun::corporate_action, "corporate_action", 1, kCorporateActionFields,
                              "a split or a cash dividend; known at its ex moment");

[[nodiscard]] constexpr bool is_split(const CorporateAction& action) {
    return action.kind == ActionKind::split;
}

// A quantity as raw number: what does not fit the last decimal is cut off.
[[nodiscard]] constexpr Checked<std::int64_t> quantity_after(const CorporateAction& split,
                                                             std::int64_t quantity) {
    return multiply_divide(quantity, split.new_units, split.old_units, Rounding::toward_zero);
}
[[nodiscard]] constexpr Checked<Quantity> quantity_after(const CorporateAction& split,
                                                         Quantity quantity) {
    return quantity_after(split, quantity.raw()).map(&Quantity::from_raw);
}

// A price, or a price doubled, as raw number.
[[nodiscard]] constexpr Checked<std::int64_t> price_after(const CorporateAction& split,
                                                          std::int64_t price,
                                                          Rounding rounding = Rounding::half_even) {
    return multiply_divide(price, split.old_units, split.new_units, rounding);
}
[[nodiscard]] constexpr Checked<Price> price_after(const CorporateAction& split, Price price,
                                                   Rounding rounding = Rounding::half_even) {
    return price_after(split, price.raw(), rounding).map(&Price::from_raw);
}

}  // namespace millrace::model
