// What several routes are made of: parameters, problems, and how a caller is named in the audit
// trail.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "millrace/app/orders/http/answers.hpp"
#include "millrace/app/orders/outcome.hpp"
#include "millrace/edge/net/api/api.hpp"
#include "millrace/edge/store/ledger/reader.hpp"

namespace millrace::orders {

inline constexpr net::RateLimit kReadRate{100, 200};
inline constexpr net::RateLimit kOrderRate{1'000, 2'000};
inline constexpr net::RateLimit kChangeRate{20, 40};
inline constexpr std::string_view kPrefix = "/api/v1";

// A route of the orders api; the caller adds parameters, bodies and answers.
[[nodiscard]] net::Route route(net::Method method, std::string path, std::string operation,
                               std::string summary, net::Handler handler);

// Under /api/v1, and as the predecessors' pages write it, without.
void add_twice(net::Api& api, net::Route route);

[[nodiscard]] net::Parameter id_parameter(std::string doc);
[[nodiscard]] net::Parameter text_parameter(std::string name, std::string doc);
[[nodiscard]] net::Parameter choice_parameter(std::string name, std::string doc,
                                              std::vector<std::string> choices);
void add_page_parameters(net::Route& route);
[[nodiscard]] ledger::PageRequest page_of(const net::Call& call);
[[nodiscard]] ledger::Filter filter_of(const net::Call& call);
[[nodiscard]] std::int64_t id_of(const net::Call& call);

// "desk [0123456789ab]": the name of the token, and its id.
[[nodiscard]] std::string actor_of(const net::Identity& identity);

[[nodiscard]] net::Problem problem(int status, std::string code, std::string detail,
                                   std::string mend);
[[nodiscard]] net::Problem problem_of(const Refusal& refusal);
[[nodiscard]] net::Problem problem_of(const ledger::LedgerError& error);
// Of an outcome that is a failure whatever was asked; nothing for the others.
[[nodiscard]] std::optional<net::Problem> problem_of(const Outcome& outcome);

// `object` is JSON: with more members at its end.
[[nodiscard]] std::string with_member(std::string object, std::string_view name,
                                      std::string_view json);

// The schema of an answer under another name, with more properties, each a name and a JSON Schema.
[[nodiscard]] std::string extended_schema(
    model::NounDescription answer, std::string_view name,
    std::initializer_list<std::pair<std::string_view, std::string_view>> properties);
[[nodiscard]] std::string array_of(std::string_view component);

}  // namespace millrace::orders
