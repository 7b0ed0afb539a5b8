// Reads contracts.json: one flat object from symbol to the units of a lot, {"USDJPY": 100000}. It
// is strict: what is doubled, not positive, or no number is refused with its line and column.
#pragma once

#include <filesystem>
#include <string_view>

#include "millrace/base/maybe.hpp"
#include "millrace/base/result.hpp"
#include "millrace/core/portfolio/contract_sizes.hpp"

namespace millrace::files {

inline constexpr std::size_t kContractFileBytesMax = 64 * 1024;

// `fx_default` is the lot of currency pairs that the file does not name. Errors are of code
// `config`; so is a file that is not there.
[[nodiscard]] Result<portfolio::ContractSizes> read_contract_sizes(
    const std::filesystem::path& path, Maybe<Quantity> fx_default = {});

// The same of a text; `file` is what messages call it.
[[nodiscard]] Result<portfolio::ContractSizes> parse_contract_sizes(
    std::string_view text, std::string_view file, Maybe<Quantity> fx_default = {});

}  // namespace millrace::files
