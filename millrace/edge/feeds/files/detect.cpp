// The first lines, and the steps that look at them.
#include "millrace/edge/feeds/files/detect.hpp"

#include <algorithm>
#include <filesystem>

#include "millrace/edge/feeds/files/table_look.hpp"

namespace millrace::files {
namespace {

constexpr std::size_t kSampleLines = 200;  // looked at before the first row is given
constexpr std::size_t kPreviewLines = 5;
constexpr std::size_t kPreviewBytes = 160;

std::string_view name_of(Container container) {
    switch (container) {
        case Container::plain: return "plain";
        case Container::gzip: return "gzip";
        case Container::zip: return "zip";
    }
    return "";
}

// "eurusd" of "data/eurusd.csv.gz".
std::string stem_of(const std::string& path, const OpenedBytes& file) {
    std::filesystem::path name(file.member.empty() ? path : file.member);
    name = name.filename();
    if (name.extension() == ".gz") name = name.stem();
    return name.stem().string();
}

Result<void> read_sample(TableLook& look, LineReader& lines) {
    std::string_view line;
    while (look.lines.size() < kSampleLines) {
        const auto more = lines.next(line);
        if (!more) return failure(Error(more.error()));
        if (!*more) break;
        if (line.find('\0') != std::string_view::npos)
            return failure(ErrorCode::data, "the file is not text", lines.where(),
                           "it has bytes that are zero", "name a file with rows of text");
        look.found.bytes_of_sample += line.size() + 1;
        ++look.found.lines_of_sample;
        if (line.empty()) continue;
        look.lines.emplace_back(line);
        look.line_numbers.push_back(lines.line_number());
        if (look.found.preview.size() < kPreviewLines)
            look.found.preview.emplace_back(line.substr(0, kPreviewBytes));
    }
    if (look.lines.empty())
        return failure(ErrorCode::data, "the file is empty", look.path,
                       "there is not one row in it", "name a file with data");
    return {};
}

void tell_container(TableLook& look, const OpenedBytes& file) {
    look.found.container = name_of(file.container);
    look.found.member = file.member;
    look.found.bytes_expected = file.size;
    if (file.container != Container::plain)
        look.tell("packed", look.found.container, "its first bytes say so");
    if (!file.member.empty())
        look.tell("member", file.member,
                  look.options->member.empty() ? "it is the only table in the zip" : "as said");
}

void settle_prices(TableLook& look) {
    TableDialect& dialect = look.dialect();
    if (look.options->price_decimals) {
        dialect.price_decimals = *look.options->price_decimals;
        look.tell("price-decimals", std::to_string(dialect.price_decimals), "as said");
    }
    if (look.place_of(ColumnRole::adjusted_close) < 0 || dialect.kind != TableKind::bars) return;
    dialect.prices = look.options->prices;
    if (dialect.prices == Prices::adjusted)
        look.tell("prices", "adjusted", "as said: scaled to the adjusted close of each bar");
    else
        look.tell("prices", "raw", "as they stand; for the others --read prices=adjusted");
}

}  // namespace

Result<Detection> detect(const std::string& path, const TableOptions& options) {
    auto lines = LineReader::open(path, options.member);
    if (!lines) return failure(std::move(lines.error()));
    TableLook look;
    look.path = path;
    look.options = &options;
    look.stem = stem_of(path, lines->file());
    tell_container(look, lines->file());
    auto done = read_sample(look, *lines);
    if (done) done = look_at_rows(look);
    if (done) done = look_at_lean(look);
    if (done) done = look_at_columns(look);
    if (!done) return failure(std::move(done.error()));
    look_at_vendor(look);
    settle_prices(look);
    if (options.prices == Prices::adjusted && look.dialect().prices != Prices::adjusted)
        return failure(ErrorCode::data, "the file has no adjusted prices", path,
                       "no column is an adjusted close", "leave out prices=adjusted");
    done = look_at_times(look, *lines);
    if (done) done = look_at_symbols(look, *lines);
    if (!done) return failure(std::move(done.error()));
    return std::move(look.found);
}

std::string TableDialect::describe() const {
    std::string text(model::name_of(kind));
    text += ": ";
    for (std::size_t i = 0; i < columns.size(); ++i)
        text += (i == 0 ? "" : ",") + std::string(model::name_of(columns[i]));
    text += delimiter == '\t' ? ", separated by tabs"
                              : ", separated by '" + std::string(1, delimiter) + "'";
    return text + (has_header ? ", with a header" : ", without a header");
}

}  // namespace millrace::files
