// ContractSizes: how many units one lot of a symbol has (100,000 EUR in a lot of EURUSD). The books
// know units only; whoever speaks of lots turns them into units here and nowhere else. Who reads
// the sizes from contracts.json is not this room's business.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "millrace/core/portfolio/contract.hpp"

namespace millrace::portfolio {

class ContractSizes {
  public:
    // Upper case without '.', ':', '/' and the like: "eur.usd" and "EUR/USD" are EURUSD.
    [[nodiscard]] static std::string normalised(std::string_view symbol);

    // The size of a lot must be positive; a later one replaces an earlier one.
    Booked<void> set(std::string_view symbol, Quantity lot);
    // For symbols of six letters, pairs of currencies, that have no size of their own.
    Booked<void> set_fx_default(Quantity lot);

    // Its own size, else the default of fx pairs, else one unit.
    [[nodiscard]] Quantity lot_of(std::string_view symbol) const;

    // Rounded toward zero where a lot does not divide: never more than was asked.
    [[nodiscard]] Booked<Quantity> units(std::string_view symbol, Quantity lots) const;
    [[nodiscard]] Booked<Quantity> lots(std::string_view symbol, Quantity units) const;

  private:
    std::vector<std::pair<std::string, Quantity>> lots_;  // by normalised symbol, sorted
    Quantity fx_default_;                                 // zero: none
};

}  // namespace millrace::portfolio
