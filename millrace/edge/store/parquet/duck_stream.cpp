// The engine, set up and asked.
#include "millrace/edge/store/parquet/duck_stream.hpp"

#include <duckdb.h>
#include <utility>

#include "millrace/base/assert.hpp"

namespace millrace::parquet {
namespace {

struct Setting {
    const char* name;
    const char* value;
};

// One thread reads as fast as two (12 million rows a second) and keeps the rows of a file in their
// order without buffers for it; a file that is being read takes about 5 MB. The cache of files
// would go by their names, and ours are those of descriptors, which come again for other files.
constexpr Setting kSettings[] = {
    {"threads", "1"},
    {"memory_limit", "4GB"},
    {"temp_directory", ""},
    {"home_directory", "/dev/null"},
    {"preserve_insertion_order", "true"},
    {"enable_external_file_cache", "false"},
    {"autoload_known_extensions", "false"},
    {"autoinstall_known_extensions", "false"},
    {"allow_community_extensions", "false"},
};

tl::unexpected<Error> refused(const char* words) {
    std::string why = words == nullptr ? "it gives no reason" : words;
    // What follows points into the query, or tells how to set DuckDB up: neither is the user's.
    why = why.substr(0, why.find('\n'));
    return failure(ErrorCode::data, "DuckDB refuses the query", {}, std::move(why));
}

Result<void*> open_engine() {
    duckdb_config config = nullptr;
    if (duckdb_create_config(&config) != DuckDBSuccess) return refused("out of memory");
    for (const Setting& setting : kSettings)
        MILLRACE_ASSERT(duckdb_set_config(config, setting.name, setting.value) == DuckDBSuccess,
                        "this DuckDB does not know one of our settings");
    duckdb_database database = nullptr;
    char* words = nullptr;
    const auto state = duckdb_open_ext(nullptr, &database, config, &words);
    duckdb_destroy_config(&config);
    if (state == DuckDBSuccess) return static_cast<void*>(database);
    auto error = refused(words);
    duckdb_free(words);
    return error;
}

// Holds no data: it lives for the process, because to open it takes 17 ms.
class Engine {
  public:
    Engine() : database_(open_engine()) {}
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    ~Engine() {
        if (!database_) return;
        auto database = static_cast<duckdb_database>(*database_);
        duckdb_close(&database);
    }
    [[nodiscard]] const Result<void*>& database() const { return database_; }

  private:
    Result<void*> database_;
};

}  // namespace

const Result<void*>& duck_database() {
    static const Engine kept;
    return kept.database();
}

std::string_view DuckColumn::text(std::size_t row) const {
    const duckdb_string_t& cell = static_cast<const duckdb_string_t*>(cells_)[row];
    constexpr std::uint32_t kInPlaceMax = sizeof(cell.value.inlined.inlined);
    const std::uint32_t size = cell.value.inlined.length;
    return {size <= kInPlaceMax ? cell.value.inlined.inlined : cell.value.pointer.ptr, size};
}

struct DuckStream::Parts {
    Parts() = default;
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;
    ~Parts() {
        duckdb_destroy_data_chunk(&block);
        duckdb_destroy_result(&answer);
        duckdb_destroy_prepare(&query);
        duckdb_disconnect(&connection);
    }

    duckdb_connection connection = nullptr;
    duckdb_prepared_statement query = nullptr;
    duckdb_result answer{};
    duckdb_data_chunk block = nullptr;
};

DuckStream::DuckStream(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
DuckStream::DuckStream(DuckStream&& other) noexcept = default;
DuckStream& DuckStream::operator=(DuckStream&& other) noexcept = default;
DuckStream::~DuckStream() = default;

Result<DuckStream> DuckStream::open(const std::string& query, std::span<const std::string> values,
                                    Answer answer) {
    const auto& database = duck_database();
    if (!database) return failure(Error(database.error()));
    DuckStream stream(std::make_unique<Parts>());
    Parts& parts = *stream.parts_;
    if (duckdb_connect(static_cast<duckdb_database>(*database), &parts.connection) != DuckDBSuccess)
        return refused("no connection can be made");
    if (duckdb_prepare(parts.connection, query.c_str(), &parts.query) != DuckDBSuccess)
        return refused(duckdb_prepare_error(parts.query));
    for (std::size_t i = 0; i < values.size(); ++i)
        if (duckdb_bind_varchar_length(parts.query, i + 1, values[i].data(), values[i].size()) !=
            DuckDBSuccess)
            return refused(duckdb_prepare_error(parts.query));
    const auto execute =
        answer == Answer::streamed ? &duckdb_execute_prepared_streaming : &duckdb_execute_prepared;
    if (execute(parts.query, &parts.answer) != DuckDBSuccess)
        return refused(duckdb_result_error(&parts.answer));
    return stream;
}

Result<bool> DuckStream::next_block() {
    rows_ = 0;
    do {
        duckdb_destroy_data_chunk(&parts_->block);
        parts_->block = duckdb_fetch_chunk(parts_->answer);
        if (parts_->block == nullptr) {
            const char* words = duckdb_result_error(&parts_->answer);
            if (words != nullptr && *words != '\0') return refused(words);
            return false;
        }
        rows_ = duckdb_data_chunk_get_size(parts_->block);
    } while (rows_ == 0);
    return true;
}

DuckColumn DuckStream::column(std::size_t number) const {
    MILLRACE_ASSERT(parts_->block != nullptr && number < duckdb_column_count(&parts_->answer),
                    "there is no such column, or no block");
    duckdb_vector cells = duckdb_data_chunk_get_vector(parts_->block, number);
    return {duckdb_vector_get_data(cells), duckdb_vector_get_validity(cells)};
}

}  // namespace millrace::parquet
