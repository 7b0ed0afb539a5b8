// A table function of DuckDB that asks our source for rows, and a COPY that pulls on it.
#include "millrace/edge/store/parquet/parquet_stream.hpp"

#include <atomic>
#include <duckdb.h>
#include <filesystem>

#include "millrace/base/assert.hpp"
#include "millrace/edge/store/parquet/duck_stream.hpp"

namespace millrace::parquet {
namespace {

constexpr std::uint8_t kDecimalDigits = 19;  // every 64-bit integer

// What the callbacks of one call see.
struct Pull {
    std::span<const OutputColumn> columns;
    const RowSource& source;
    std::vector<Cell> row;
    std::uint64_t rows = 0;
    bool is_at_end = false;
    std::optional<Error> error;
};

struct Closer {
    void operator()(duckdb_connection* connection) const {
        duckdb_disconnect(connection);
        delete connection;
    }
};

tl::unexpected<Error> refused(const std::string& path, const char* words) {
    std::string why = words == nullptr ? "it gives no reason" : words;
    why = why.substr(0, why.find('\n'));
    return failure(ErrorCode::data, "the Parquet file cannot be written", path, std::move(why),
                   "make room on the disk, or write elsewhere");
}

duckdb_logical_type type_of(const OutputColumn& column) {
    switch (column.kind) {
        case CellKind::text: return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
        case CellKind::integer: return duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
        case CellKind::decimal:
            return duckdb_create_decimal_type(kDecimalDigits,
                                              static_cast<std::uint8_t>(column.scale));
        case CellKind::time: return duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP_NS);
    }
    return nullptr;
}

void name_columns(duckdb_bind_info info) {
    const auto& pull = *static_cast<const Pull*>(duckdb_bind_get_extra_info(info));
    for (const OutputColumn& column : pull.columns) {
        duckdb_logical_type type = type_of(column);
        duckdb_bind_add_result_column(info, std::string(column.name).c_str(), type);
        duckdb_destroy_logical_type(&type);
    }
}

void begin(duckdb_init_info info) {
    duckdb_init_set_max_threads(info, 1);
}

void put(duckdb_vector vector, idx_t row, CellKind kind, const Cell& cell) {
    if (std::holds_alternative<std::monostate>(cell)) {
        duckdb_vector_ensure_validity_writable(vector);
        duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
        return;
    }
    void* cells = duckdb_vector_get_data(vector);
    switch (kind) {
        case CellKind::text: {
            const std::string_view text = std::get<std::string_view>(cell);
            duckdb_vector_assign_string_element_len(vector, row, text.data(), text.size());
            break;
        }
        case CellKind::integer:
            static_cast<std::int64_t*>(cells)[row] = std::get<std::int64_t>(cell);
            break;
        case CellKind::decimal: {
            const std::int64_t raw = std::get<std::int64_t>(cell);
            static_cast<duckdb_hugeint*>(cells)[row] = {static_cast<std::uint64_t>(raw),
                                                        raw < 0 ? -1 : 0};
            break;
        }
        case CellKind::time:
            static_cast<std::int64_t*>(cells)[row] = std::get<Time>(cell).ns();
            break;
    }
}

// Exceptions must not pass through DuckDB.
Result<bool> next_row(Pull& pull) {
    try {
        return pull.source(pull.row);
    } catch (const std::exception& thrown) {
        return failure(ErrorCode::internal, "the rows cannot be made", {}, thrown.what());
    }
}

void give_rows(duckdb_function_info info, duckdb_data_chunk chunk) {
    auto& pull = *static_cast<Pull*>(duckdb_function_get_extra_info(info));
    idx_t rows = 0;
    while (!pull.is_at_end && rows < duckdb_vector_size()) {
        const auto more = next_row(pull);
        if (!more) {
            pull.error = more.error();
            pull.is_at_end = true;
            duckdb_function_set_error(info, pull.error->what.c_str());
            return;
        }
        pull.is_at_end = !*more;
        if (!*more) break;
        for (idx_t at = 0; at < pull.columns.size(); ++at)
            put(duckdb_data_chunk_get_vector(chunk, at), rows, pull.columns[at].kind, pull.row[at]);
        ++rows;
    }
    pull.rows += rows;
    duckdb_data_chunk_set_size(chunk, rows);
}

// A function stays in the engine's catalog, so each call has a name of its own.
std::string add_function(duckdb_connection connection, Pull& pull) {
    static std::atomic<std::uint64_t> calls = 0;
    const std::string name = "millrace_rows_" + std::to_string(++calls);
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_table_function_set_name(function, name.c_str());
    duckdb_table_function_set_extra_info(function, &pull, nullptr);
    duckdb_table_function_set_bind(function, name_columns);
    duckdb_table_function_set_init(function, begin);
    duckdb_table_function_set_function(function, give_rows);
    const auto state = duckdb_register_table_function(connection, function);
    duckdb_destroy_table_function(&function);
    return state == DuckDBSuccess ? name : std::string();
}

std::string quoted(const std::string& path) {
    std::string text;
    for (const char letter : path)
        text += letter == '\'' ? std::string("''") : std::string(1, letter);
    return "'" + text + "'";
}

}  // namespace

Result<std::uint64_t> stream_to_parquet(const std::string& path,
                                        std::span<const OutputColumn> columns,
                                        const RowSource& source) {
    MILLRACE_ASSERT(!columns.empty(), "a table has columns");
    const auto& database = duck_database();
    if (!database) return failure(Error(database.error()));
    const std::unique_ptr<duckdb_connection, Closer> connection(new duckdb_connection(nullptr));
    if (duckdb_connect(static_cast<duckdb_database>(*database), connection.get()) != DuckDBSuccess)
        return refused(path, "no connection can be made");
    Pull pull{columns, source, std::vector<Cell>(columns.size()), 0, false, std::nullopt};
    const std::string name = add_function(*connection, pull);
    if (name.empty()) return refused(path, "the rows cannot be offered to DuckDB");
    // An absolute path has no scheme and no home that DuckDB could see in it.
    const std::string query = "COPY (SELECT * FROM " + name + "()) TO " +
                              quoted(std::filesystem::absolute(path).string()) +
                              " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)";
    duckdb_result answer{};
    const auto state = duckdb_query(*connection, query.c_str(), &answer);
    Result<std::uint64_t> done = pull.rows;
    if (pull.error)
        done = failure(std::move(*pull.error));
    else if (state != DuckDBSuccess)
        done = refused(path, duckdb_result_error(&answer));
    duckdb_destroy_result(&answer);
    return done;
}

}  // namespace millrace::parquet
