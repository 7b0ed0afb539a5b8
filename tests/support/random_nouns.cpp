// Draws each field by its description, with the ends of its range drawn more often than chance
// would.
#include "tests/support/random_nouns.hpp"

#include "millrace/core/model/field_access.hpp"

namespace millrace::model {
namespace {

// Characters that JSON escapes, and some of two, three and four bytes.
constexpr std::string_view kCharacters[] = {"A",    "z",    "0", " ", "\"", "\\", "/", "\n", "\t",
                                            "\x01", "\x7f", "{", "é", "円", "𝛼",  "-", ".",  "_"};

std::int64_t random_integer(const FieldDescription& field, Random& random) {
    switch (random.below(8)) {
        case 0: return field.minimum;
        case 1: return field.maximum;
        case 2: return std::clamp<std::int64_t>(0, field.minimum, field.maximum);
        default: break;
    }
    const std::int64_t low = std::max(field.minimum, -(std::int64_t{1} << random.below(62)));
    const std::int64_t high =
        std::min(field.maximum, std::max(low, std::int64_t{1} << random.below(62)));
    return random.between(std::min(low, high), high);
}

void fill_text(const FieldDescription& field, Random& random, void* value) {
    std::string text;
    const std::uint64_t length = random.below(field.size + std::uint64_t{1});
    while (text.size() < length) {
        const std::string_view character = kCharacters[random.below(std::size(kCharacters))];
        if (text.size() + character.size() > field.size) break;
        text += character;
    }
    if (text.empty() && !field.optional) text = "x";
    store_text(field, value, text);
}

}  // namespace

Names test_names() {
    Names names;
    (void)names.instruments.add(InstrumentId(0), "AAPL");
    (void)names.instruments.add(InstrumentId(1), "EURUSD");
    (void)names.instruments.add(InstrumentId(2), "BTC-PERP");
    (void)names.sources.add(SourceId(0), "synthetic");
    (void)names.sources.add(SourceId(1), "replay");
    (void)names.strategies.add(StrategyId(0), "manual");
    (void)names.strategies.add(StrategyId(1), "ema-cross");
    (void)names.accounts.add(AccountId(0), "paper");
    (void)names.accounts.add(AccountId(1), "live");
    return names;
}

void fill_randomly(const NounDescription& noun, Random& random, void* value) {
    std::memcpy(value, noun.defaults, noun.size);
    for (const FieldDescription& field : noun.fields) {
        const bool may_be_absent = field.optional && field.kind != FieldKind::integer &&
                                   field.kind != FieldKind::boolean &&
                                   field.kind != FieldKind::choice;
        if (may_be_absent && random.one_in(4)) continue;
        switch (field.kind) {
            case FieldKind::time:
            case FieldKind::decimal:
            case FieldKind::integer:
                store_integer(field, value, random_integer(field, random));
                break;
            case FieldKind::boolean: store_integer(field, value, random.between(0, 1)); break;
            case FieldKind::choice:
                store_integer(field, value,
                              static_cast<std::int64_t>(random.below(field.choices.size())));
                break;
            case FieldKind::text: fill_text(field, random, value); break;
            case FieldKind::instrument: store_integer(field, value, random.between(0, 2)); break;
            case FieldKind::source: store_integer(field, value, random.between(0, 1)); break;
            case FieldKind::strategy:
            case FieldKind::account: store_integer(field, value, random.between(0, 1)); break;
            case FieldKind::code:
                store_integer(field, value,
                              static_cast<std::int64_t>(
                                  Code(random.one_in(2) ? "USD" : "k~!\"\\89x").packed()));
                break;
            case FieldKind::hash:
                store_integer(field, value, static_cast<std::int64_t>(random.next()));
                break;
            case FieldKind::reserved: break;
        }
    }
}

}  // namespace millrace::model
