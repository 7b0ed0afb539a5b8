// Census: counts what passes through the engine and remembers the last price of each instrument. It
// answers `millrace journal inspect`, and is the least component there can be: what an engine
// costs, it shows.
#pragma once

#include <array>
#include <vector>

#include "millrace/core/engine/component.hpp"

namespace millrace::engine {

class Census : public Component {
  public:
    struct Last {
        std::uint64_t count = 0;  // of quotes, trades and bars
        Price price;              // mid of a quote, price of a trade, close of a bar
        bool operator==(const Last&) const = default;
    };

    [[nodiscard]] std::string_view name() const override { return "census"; }
    [[nodiscard]] Stage stage() const override { return Stage::observer; }
    [[nodiscard]] NounSet wants() const override { return NounSet::all(); }
    void on_record(const Record& record, Context& context) override;
    void save(StateWriter& writer) const override;
    void load(StateReader& reader) override;

    [[nodiscard]] std::uint64_t count(Noun noun) const {
        return counts_[static_cast<std::size_t>(noun)];
    }
    // By instrument number; shorter than an instrument's number when nothing was seen of it.
    [[nodiscard]] const std::vector<Last>& instruments() const { return instruments_; }

  private:
    void see(InstrumentId instrument, Price price);

    std::array<std::uint64_t, model::kNounCount + 1> counts_{};
    std::vector<Last> instruments_;
};

}  // namespace millrace::engine
