// Parquet files for tests, written by DuckDB itself.
#pragma once

#include <gtest/gtest.h>
#include <string>

#include "millrace/edge/store/parquet/parquet_reader.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::parquet {

inline std::string in_quotes(const std::string& path) {
    std::string text = "'";
    for (const char c : path)
        text += c == '\'' ? std::string("''") : std::string(1, c);
    return text + "'";
}

class ParquetFiles : public testing::Test {
  protected:
    // The rows of a query as a file of this name; `options` as "ROW_GROUP_SIZE 2048".
    std::string written(const std::string& query, const std::string& options = {},
                        const std::string& name = "table.parquet") {
        const std::string path = folder_ / name;
        auto stream =
            DuckStream::open("COPY (" + query + ") TO " + in_quotes(path) + " (FORMAT parquet" +
                                 (options.empty() ? "" : ", " + options) + ")",
                             {});
        EXPECT_TRUE(stream) << describe(stream.error());
        if (!stream) return path;
        const auto more = stream->next_block();
        EXPECT_TRUE(more) << describe(more.error());
        return path;
    }

    static Result<std::vector<model::Datum>> read(const std::string& path,
                                                  const ParquetOptions& options = {}) {
        auto reader = ParquetReader::open(path, options);
        if (!reader) return failure(std::move(reader.error()));
        std::vector<model::Datum> rows;
        model::Datum datum;
        for (;;) {
            auto more = reader->next(datum);
            if (!more) return failure(std::move(more.error()));
            if (!*more) return rows;
            rows.push_back(datum);
        }
    }

    // What is wrong with the rows of a query, without the folder.
    std::string error_of(const std::string& query, const ParquetOptions& options = {}) {
        const auto rows = read(written(query), options);
        if (rows) return "nothing";
        std::string where = rows.error().where;
        if (where.starts_with(folder_.path())) where.erase(0, folder_.path().size() + 1);
        return where + ": " + rows.error().what + ": " + rows.error().why;
    }

    TemporaryDirectory folder_;
};

}  // namespace millrace::parquet
