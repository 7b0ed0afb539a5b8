// Rows of the ledger as answers of a route: one, or a page of them. Included by the files that
// answer such routes.
#pragma once

#include "millrace/app/orders/http/orders_api.hpp"
#include "millrace/app/orders/http/route_parts.hpp"

namespace millrace::orders {

template <class Row>
void OrdersApi::list(const net::Call& call, net::Responder responder) const {
    auto reader = service_.reader();
    if (!reader) return responder.fail(problem_of(reader.error()));
    auto page = (*reader)->list<Row>(filter_of(call), page_of(call));
    if (!page) return responder.fail(problem_of(page.error()));
    JsonWriter writer;
    writer.begin_array();
    for (const Row& row : page->rows)
        write_answer(answer_of(row), writer);
    writer.end_array();
    responder.json(200, writer.str());
}

template <class Row>
std::optional<Row> OrdersApi::find(std::int64_t id, net::Responder& responder) const {
    auto reader = service_.reader();
    if (!reader) {
        responder.fail(problem_of(reader.error()));
        return std::nullopt;
    }
    auto row = (*reader)->find<Row>(id);
    if (!row) {
        responder.fail(problem_of(row.error()));
        return std::nullopt;
    }
    if (!*row)
        responder.fail(problem(404, "not-found", "there is none of this number", "list them"));
    return std::move(*row);
}

}  // namespace millrace::orders
