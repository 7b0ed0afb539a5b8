// Rows into vectors of DuckDB, these into a table of its own connection, that into a file.
#include "millrace/edge/store/parquet/parquet_writer.hpp"

#include <duckdb.h>
#include <filesystem>
#include <utility>

#include "millrace/base/assert.hpp"
#include "millrace/edge/store/parquet/duck_stream.hpp"

namespace millrace::parquet {
namespace {

constexpr int kDecimalDigits = 19;  // every 64-bit integer

std::string type_of(const OutputColumn& column) {
    switch (column.kind) {
        case CellKind::text: return "VARCHAR";
        case CellKind::integer: return "BIGINT";
        case CellKind::decimal:
            return "DECIMAL(" + std::to_string(kDecimalDigits) + "," +
                   std::to_string(column.scale) + ")";
        case CellKind::time: return "TIMESTAMP_NS";
    }
    return {};
}

duckdb_logical_type logical_type_of(const OutputColumn& column) {
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

tl::unexpected<Error> refused(const std::string& path, const char* words) {
    std::string why = words == nullptr ? "it gives no reason" : words;
    why = why.substr(0, why.find('\n'));
    return failure(ErrorCode::data, "the Parquet file cannot be written", path, std::move(why),
                   "make room on the disk, or write elsewhere");
}

}  // namespace

struct ParquetWriter::Parts {
    Parts() = default;
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;
    ~Parts() {
        if (chunk != nullptr) duckdb_destroy_data_chunk(&chunk);
        if (appender != nullptr) duckdb_appender_destroy(&appender);
        if (connection != nullptr) duckdb_disconnect(&connection);
    }
    Result<void> ask(const std::string& query) {
        duckdb_result answer{};
        const auto state = duckdb_query(connection, query.c_str(), &answer);
        Result<void> done;
        if (state != DuckDBSuccess) done = refused(path, duckdb_result_error(&answer));
        duckdb_destroy_result(&answer);
        return done;
    }
    Result<void> flush() {
        if (rows == 0) return {};
        duckdb_data_chunk_set_size(chunk, rows);
        if (duckdb_append_data_chunk(appender, chunk) != DuckDBSuccess)
            return refused(path, duckdb_appender_error(appender));
        duckdb_data_chunk_reset(chunk);
        rows = 0;
        return {};
    }

    std::string path;
    std::vector<OutputColumn> columns;
    duckdb_connection connection = nullptr;
    duckdb_appender appender = nullptr;
    duckdb_data_chunk chunk = nullptr;
    idx_t rows = 0;  // in the chunk
};

ParquetWriter::ParquetWriter(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ParquetWriter::ParquetWriter(ParquetWriter&& other) noexcept = default;
ParquetWriter& ParquetWriter::operator=(ParquetWriter&& other) noexcept = default;
ParquetWriter::~ParquetWriter() = default;

Result<ParquetWriter> ParquetWriter::create(const std::string& path,
                                            std::span<const OutputColumn> columns) {
    MILLRACE_ASSERT(!columns.empty(), "a table has columns");
    const auto& database = duck_database();
    if (!database) return failure(Error(database.error()));
    ParquetWriter writer(std::make_unique<Parts>());
    Parts& parts = *writer.parts_;
    // An absolute path has no scheme and no home that DuckDB could see in it.
    parts.path = std::filesystem::absolute(path).string();
    parts.columns.assign(columns.begin(), columns.end());
    if (duckdb_connect(static_cast<duckdb_database>(*database), &parts.connection) != DuckDBSuccess)
        return refused(path, "no connection can be made");
    std::string table;
    std::vector<duckdb_logical_type> types;
    for (const OutputColumn& column : columns) {
        table +=
            (table.empty() ? "\"" : ", \"") + std::string(column.name) + "\" " + type_of(column);
        types.push_back(logical_type_of(column));
    }
    parts.chunk = duckdb_create_data_chunk(types.data(), types.size());
    for (duckdb_logical_type& type : types)
        duckdb_destroy_logical_type(&type);
    // Of this connection alone, and gone with it.
    if (auto made = parts.ask("CREATE TEMP TABLE kept (" + table + ")"); !made)
        return failure(std::move(made.error()));
    if (duckdb_appender_create_ext(parts.connection, "temp", "main", "kept", &parts.appender) !=
        DuckDBSuccess)
        return refused(path, duckdb_appender_error(parts.appender));
    return writer;
}

Result<void> ParquetWriter::add(std::span<const Cell> row) {
    Parts& parts = *parts_;
    MILLRACE_ASSERT(row.size() == parts.columns.size(), "a row has a cell for each column");
    for (idx_t at = 0; at < row.size(); ++at) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(parts.chunk, at);
        const Cell& cell = row[at];
        if (std::holds_alternative<std::monostate>(cell)) {
            duckdb_vector_ensure_validity_writable(vector);
            duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), parts.rows);
            continue;
        }
        void* cells = duckdb_vector_get_data(vector);
        switch (parts.columns[at].kind) {
            case CellKind::text: {
                const std::string_view text = std::get<std::string_view>(cell);
                duckdb_vector_assign_string_element_len(vector, parts.rows, text.data(),
                                                        text.size());
                break;
            }
            case CellKind::integer:
                static_cast<std::int64_t*>(cells)[parts.rows] = std::get<std::int64_t>(cell);
                break;
            case CellKind::decimal: {
                const std::int64_t raw = std::get<std::int64_t>(cell);
                static_cast<duckdb_hugeint*>(cells)[parts.rows] = {static_cast<std::uint64_t>(raw),
                                                                   raw < 0 ? -1 : 0};
                break;
            }
            case CellKind::time:
                static_cast<std::int64_t*>(cells)[parts.rows] = std::get<Time>(cell).ns();
                break;
        }
    }
    return ++parts.rows < duckdb_vector_size() ? Result<void>() : parts.flush();
}

Result<void> ParquetWriter::finish() {
    Parts& parts = *parts_;
    if (auto flushed = parts.flush(); !flushed) return flushed;
    if (duckdb_appender_close(parts.appender) != DuckDBSuccess)
        return refused(parts.path, duckdb_appender_error(parts.appender));
    std::string quoted;
    for (const char letter : parts.path)
        quoted += letter == '\'' ? std::string("\'\'") : std::string(1, letter);
    return parts.ask("COPY kept TO '" + quoted +
                     "' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
}

}  // namespace millrace::parquet
