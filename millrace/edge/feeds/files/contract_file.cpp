// simdjson finds keys and values; numbers are taken from their text, never through a double.
#include "millrace/edge/feeds/files/contract_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <simdjson.h>
#include <string>

#include "millrace/base/small_file.hpp"

namespace millrace::files {
namespace {

namespace ondemand = simdjson::ondemand;

class ContractReader {
  public:
    ContractReader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

    Result<portfolio::ContractSizes> read(Maybe<Quantity> fx_default) {
        if (fx_default.has_value() && !sizes_.set_fx_default(fx_default.value()))
            return failure(ErrorCode::config, "the lot of currency pairs is not positive",
                           std::string(file_), {}, "leave it out or say 100000");
        ondemand::parser parser;
        ondemand::document document;
        ondemand::object object;
        if (auto error = parser.iterate(text_).get(document); error)
            return malformed(error, nullptr);
        if (document.get_object().get(object))
            return wrong("the file is not one JSON object", text_.data(),
                         "write it like {\"USDJPY\": 100000}");
        for (auto member : object) {
            ondemand::field field;
            if (auto error = std::move(member).get(field); error)
                return malformed(error, place_in(document));
            if (auto done = take(field); !done) return failure(std::move(done.error()));
        }
        const char* rest = nullptr;
        if (!document.current_location().get(rest))
            return wrong("there is more after the object", rest, "keep one object in the file");
        return std::move(sizes_);
    }

  private:
    Result<void> take(ondemand::field& field) {
        const char* at = field.key().raw() - 1;  // its opening quote
        std::string_view symbol;
        if (auto error = field.unescaped_key().get(symbol); error) return malformed(error, at);
        const std::string name = portfolio::ContractSizes::normalised(symbol);
        if (name.empty())
            return wrong(fmt::format("\"{}\" is no symbol", symbol.substr(0, 32)), at,
                         "a symbol has letters or digits");
        if (!names_.insert(name).second)
            return wrong(fmt::format("{} stands twice", name), at,
                         "keep one; capitals, dots and slashes do not tell symbols apart");
        return take(symbol, name, field.value());
    }

    Result<void> take(std::string_view symbol, const std::string& name, ondemand::value value) {
        const std::string_view token = trimmed(value.raw_json_token());
        ondemand::json_type type{};
        double unused = 0;  // read only so that simdjson checks the grammar
        if (value.type().get(type) || type != ondemand::json_type::number ||
            value.get_double().get(unused))
            return wrong(fmt::format("the lot of {} is no number", name), token.data(),
                         "write the units of a lot without quotes, such as 100000");
        const auto lot = Quantity::parse(token);
        if (!lot)
            return failure(ErrorCode::config,
                           fmt::format("the lot of {}: {}", name, lot.error().what),
                           place_of(token.data()), lot.error().why, lot.error().mend);
        if (!sizes_.set(symbol, *lot))
            return wrong(fmt::format("the lot of {} is not positive", name), token.data(),
                         "remove the line where a symbol has no lots");
        return {};
    }

    [[nodiscard]] static std::string_view trimmed(std::string_view token) {
        return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
    }

    [[nodiscard]] static const char* place_in(ondemand::document& document) {
        const char* at = nullptr;
        return document.current_location().get(at) ? nullptr : at;
    }

    // file:line:column of a byte of the text.
    [[nodiscard]] std::string place_of(const char* at) const {
        if (at < text_.data() || at > text_.data() + text_.size()) return std::string(file_);
        const std::string_view before(text_.data(), static_cast<std::size_t>(at - text_.data()));
        const auto line = std::count(before.begin(), before.end(), '\n') + 1;
        const std::size_t start = before.rfind('\n') + 1;  // 0 when there is none
        return fmt::format("{}:{}:{}", file_, line, before.size() - start + 1);
    }

    [[nodiscard]] tl::unexpected<Error> wrong(std::string what, const char* at,
                                              std::string mend) const {
        return failure(ErrorCode::config, std::move(what), place_of(at), {}, std::move(mend));
    }

    [[nodiscard]] tl::unexpected<Error> malformed(simdjson::error_code error,
                                                  const char* at) const {
        return failure(ErrorCode::config, "the file is not valid JSON",
                       at == nullptr ? std::string(file_) : place_of(at),
                       simdjson::error_message(error),
                       "check quotes, commas, braces and encoding (UTF-8)");
    }

    const simdjson::padded_string text_;
    std::string_view file_;
    portfolio::ContractSizes sizes_;
    std::set<std::string> names_;  // as they are normalised
};

}  // namespace

Result<portfolio::ContractSizes> parse_contract_sizes(std::string_view text, std::string_view file,
                                                      Maybe<Quantity> fx_default) {
    if (text.size() > kContractFileBytesMax)
        return failure(ErrorCode::config, "the text is too large", std::string(file),
                       fmt::format("at most {} bytes are read", kContractFileBytesMax),
                       "check that it is the file you mean");
    return ContractReader(text, file).read(fx_default);
}

Result<portfolio::ContractSizes> read_contract_sizes(const std::filesystem::path& path,
                                                     Maybe<Quantity> fx_default) {
    const auto file = read_small_file(path, kContractFileBytesMax);
    if (!file) return failure(file.error());
    if (!file->has_value())
        return failure(ErrorCode::config, "there is no such file of lot sizes", path.string(), {},
                       "write it like {\"USDJPY\": 100000}");
    return parse_contract_sizes((*file)->text, path.string(), fx_default);
}

}  // namespace millrace::files
