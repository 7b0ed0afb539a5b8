// Names: which dense number stands for which instrument and which source. Inside the engine the
// numbers travel; at the door (JSON, commands, pages) the names. Filled from Instrument and Source
// records, in the order they come.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/id.hpp"
#include "millrace/base/result.hpp"

namespace millrace::model {

template <class IdType>
class NameTable {
  public:
    // Learns a name. The same pair again is fine; a number or a name that is taken by another is an
    // error.
    Result<void> add(IdType id, std::string_view name) {
        if (id.value() >= kNumbersMax)
            return failure(
                ErrorCode::data, "the number " + std::to_string(id.value()) + " is too large",
                std::string(name), "numbers are dense and below " + std::to_string(kNumbersMax),
                "number instruments and sources from 0 up");
        const auto known = numbers_.find(name);
        if (known != numbers_.end() && known->second != id) return taken(name, known->second);
        if (id.value() >= names_.size()) names_.resize(id.value() + std::size_t{1});
        std::string& slot = names_[id.value()];
        if (!slot.empty() && slot != name) return taken(slot, id);
        slot = name;
        numbers_.emplace(name, id);
        return {};
    }

    [[nodiscard]] std::optional<IdType> find(std::string_view name) const {
        const auto found = numbers_.find(name);
        if (found == numbers_.end()) return std::nullopt;
        return found->second;
    }

    // Empty when the number is unknown.
    [[nodiscard]] std::string_view name(IdType id) const {
        return id.value() < names_.size() ? std::string_view(names_[id.value()])
                                          : std::string_view();
    }

    [[nodiscard]] const std::map<std::string, IdType, std::less<>>& all() const { return numbers_; }

  private:
    static constexpr std::uint32_t kNumbersMax =
        1'000'000;  // keeps a damaged number from claiming all memory

    static tl::unexpected<Error> taken(std::string_view name, IdType id) {
        return failure(
            ErrorCode::data,
            "\"" + std::string(name) + "\" is number " + std::to_string(id.value()) + " already",
            {}, "a name and its number are paired once and for all",
            "use the number it has, or a new name");
    }

    std::vector<std::string> names_;                      // by number
    std::map<std::string, IdType, std::less<>> numbers_;  // by name, ordered
};

struct Names {
    NameTable<InstrumentId> instruments;
    NameTable<SourceId> sources;
    NameTable<StrategyId> strategies;
    NameTable<AccountId> accounts;
};

}  // namespace millrace::model
