// What must hold of each noun at compile time.
#include "millrace/core/model/nouns.hpp"

namespace millrace::model {
namespace {

constexpr bool every_description_is_sound() {
    for (std::size_t i = 0; i < kNounCount; ++i) {
        const NounDescription& noun = *kDescriptions[i];
        // In the order of its number, small enough for a NounBuffer, and known_at first: the engine
        // reads it blindly.
        if (static_cast<std::size_t>(noun.noun) != i + 1 || noun.size > kNounSizeMax) return false;
        if (noun.fields[0].name != "known_at" || noun.fields[0].offset != 0) return false;
        if (noun.size + 2 * noun.fields.size() > kNounSizeMax)
            return false;                           // texts bring their length
        if (noun.fields.size() > 64) return false;  // the JSON reader keeps a bit for each
        for (std::size_t f = 1; f < noun.fields.size(); ++f)
            if (noun.fields[f].since < noun.fields[f - 1].since ||
                noun.fields[f].since > noun.version)
                return false;  // new fields come last
    }
    return true;
}
static_assert(every_description_is_sound());

// The market's nouns and those of trading travel by the million: their bytes must be their binary
// form.
static_assert(kDescription<Quote>.flat && sizeof(Quote) == 48);
static_assert(kDescription<Trade>.flat && sizeof(Trade) == 40);
static_assert(kDescription<Bar>.flat && sizeof(Bar) == 88);
static_assert(kDescription<BookUpdate>.flat && sizeof(BookUpdate) == 40);
static_assert(kDescription<Signal>.flat && kDescription<Order>.flat && sizeof(Order) == 120);
static_assert(kDescription<Fill>.flat && kDescription<Position>.flat && kDescription<Balance>.flat);
static_assert(kDescription<CorporateAction>.flat && sizeof(CorporateAction) == 40);
static_assert(kDescription<Clock>.flat && sizeof(Clock) == 8);

}  // namespace

const NounDescription& description_of(Noun noun) {
    return *kDescriptions[static_cast<std::size_t>(noun) - 1];
}

std::optional<Noun> noun_named(std::string_view name) {
    for (const NounDescription* description : kDescriptions)
        if (description->name == name) return description->noun;
    return std::nullopt;
}

}  // namespace millrace::model
