// A sorted table and two divisions.
#include "millrace/core/portfolio/contract_sizes.hpp"

#include <algorithm>

namespace millrace::portfolio {
namespace {

[[nodiscard]] constexpr bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

[[nodiscard]] Booked<Quantity> scaled(Quantity quantity, std::int64_t by, std::int64_t over) {
    const auto raw = multiply_divide(quantity.raw(), by, over, Rounding::toward_zero);
    if (!raw) return refused(BookError::overflow);
    return Quantity::from_raw(*raw);
}

}  // namespace

std::string ContractSizes::normalised(std::string_view symbol) {
    std::string name;
    for (const char c : symbol) {
        if (c >= 'a' && c <= 'z')
            name += static_cast<char>(c - 'a' + 'A');
        else if (is_letter(c) || (c >= '0' && c <= '9'))
            name += c;
    }
    return name;
}

Booked<void> ContractSizes::set(std::string_view symbol, Quantity lot) {
    if (lot.raw() <= 0) return refused(BookError::bad_quantity);
    std::string name = normalised(symbol);
    const auto at =
        std::lower_bound(lots_.begin(), lots_.end(), name,
                         [](const auto& entry, const auto& other) { return entry.first < other; });
    if (at != lots_.end() && at->first == name)
        at->second = lot;
    else
        lots_.insert(at, {std::move(name), lot});
    return {};
}

Booked<void> ContractSizes::set_fx_default(Quantity lot) {
    if (lot.raw() <= 0) return refused(BookError::bad_quantity);
    fx_default_ = lot;
    return {};
}

Quantity ContractSizes::lot_of(std::string_view symbol) const {
    const std::string name = normalised(symbol);
    const auto at =
        std::lower_bound(lots_.begin(), lots_.end(), name,
                         [](const auto& entry, const auto& other) { return entry.first < other; });
    if (at != lots_.end() && at->first == name) return at->second;
    const bool is_pair = name.size() == 6 && std::all_of(name.begin(), name.end(), is_letter);
    if (is_pair && !fx_default_.is_zero()) return fx_default_;
    return Quantity::whole(1);
}

Booked<Quantity> ContractSizes::units(std::string_view symbol, Quantity lots) const {
    return scaled(lots, lot_of(symbol).raw(), Quantity::kOne);
}

Booked<Quantity> ContractSizes::lots(std::string_view symbol, Quantity units) const {
    return scaled(units, Quantity::kOne, lot_of(symbol).raw());
}

}  // namespace millrace::portfolio
