// Journals for tests: random inputs, writing them in groups, reading everything back.
#pragma once

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <vector>

#include "millrace/core/model/binary.hpp"
#include "millrace/edge/store/journal_writer.hpp"

#include "tests/support/random_nouns.hpp"

namespace millrace::store {

// An input with the memory of its record.
struct OwnedInput {
    model::Noun noun{};
    std::vector<std::uint64_t> words;
    engine::Origin origin = 0;
    std::uint64_t origin_sequence = 0;

    [[nodiscard]] engine::Input numbered(std::uint64_t sequence) const {
        return {sequence, {noun, words.data()}, origin, origin_sequence};
    }
    bool operator==(const OwnedInput&) const = default;
};

[[nodiscard]] inline OwnedInput random_input(Random& random) {
    OwnedInput input;
    input.noun = model::all_nouns()[random.below(model::kNounCount)];
    const model::NounDescription& noun = model::description_of(input.noun);
    input.words.resize((noun.size + 7) / 8);
    model::fill_randomly(noun, random, input.words.data());
    if (random.one_in(2)) {
        input.origin = static_cast<engine::Origin>(1 + random.below(engine::kOriginMax));
        input.origin_sequence = random.next();
    }
    return input;
}

[[nodiscard]] inline OwnedInput quote_input(std::int64_t ns) {
    model::Quote quote;
    quote.known_at = Time::from_ns(ns);
    OwnedInput input{model::Noun::quote, std::vector<std::uint64_t>(sizeof quote / 8), 0, 0};
    std::memcpy(input.words.data(), &quote, sizeof quote);
    return input;
}

inline const JournalIdentity kTestIdentity{77, 88, 99};

// All there is in a journal, or the error that ended the reading.
struct JournalContent {
    std::vector<OwnedInput> inputs;
    std::uint64_t first_sequence = 0;
    JournalEnd end;
    std::vector<SegmentInfo> segments;
    std::optional<Error> error;
};

[[nodiscard]] inline OwnedInput decoded(const engine::RecordView& view) {
    OwnedInput input{static_cast<model::Noun>(view.header.kind),
                     {},
                     view.header.origin,
                     view.header.origin_sequence};
    const model::NounDescription& noun = model::description_of(input.noun);
    input.words.resize((noun.size + 7) / 8);
    const auto read =
        model::read_binary(noun, view.header.version, view.payload, input.words.data());
    EXPECT_TRUE(read) << describe(read.error());
    return input;
}

[[nodiscard]] inline JournalContent read_journal(Disk& disk, const std::string& path,
                                                 std::uint64_t from_sequence = 1) {
    JournalContent content;
    auto reader = JournalReader::open(disk, path, from_sequence);
    if (!reader) {
        content.error = reader.error();
        return content;
    }
    engine::RecordView view;
    for (;;) {
        const auto more = reader->next(view);
        if (!more) content.error = more.error();
        if (!more || !*more) break;
        if (content.inputs.empty()) content.first_sequence = view.header.sequence;
        content.inputs.push_back(decoded(view));
    }
    content.end = reader->end();
    content.segments = reader->segments();
    return content;
}

// A writer that continues whatever stands there.
[[nodiscard]] inline std::unique_ptr<JournalWriter> open_writer(
    Disk& disk, const std::string& directory, const JournalOptions& options,
    const JournalIdentity& identity = kTestIdentity) {
    const JournalContent content = read_journal(disk, directory);
    EXPECT_FALSE(content.error) << describe(*content.error);
    auto writer = JournalWriter::open(disk, directory, content.end, identity, options);
    EXPECT_TRUE(writer) << describe(writer.error());
    return writer ? std::move(*writer) : nullptr;
}

// Appends in groups of `group` and commits each.
inline void append_all(JournalWriter& writer, std::span<const OwnedInput> inputs,
                       std::size_t group) {
    std::size_t in_group = 0;
    for (const OwnedInput& input : inputs) {
        ASSERT_TRUE(writer.append(input.numbered(writer.next_sequence())));
        if (++in_group % group != 0) continue;
        const auto committed = writer.commit();
        ASSERT_TRUE(committed) << describe(committed.error());
    }
    ASSERT_TRUE(writer.commit());
}

[[nodiscard]] inline std::vector<OwnedInput> random_inputs(std::uint64_t seed, std::size_t count) {
    Random random(seed);
    std::vector<OwnedInput> inputs;
    for (std::size_t i = 0; i < count; ++i)
        inputs.push_back(random_input(random));
    return inputs;
}

[[nodiscard]] inline std::vector<OwnedInput> quote_inputs(std::size_t count) {
    std::vector<OwnedInput> inputs;
    for (std::size_t i = 0; i < count; ++i)
        inputs.push_back(quote_input(static_cast<std::int64_t>(i + 1)));
    return inputs;
}

// Written, closed in order, and gone.
inline void make_journal(Disk& disk, const std::string& directory,
                         std::span<const OwnedInput> inputs, std::size_t group,
                         const JournalOptions& options,
                         const JournalIdentity& identity = kTestIdentity) {
    auto writer = open_writer(disk, directory, options, identity);
    ASSERT_TRUE(writer);
    append_all(*writer, inputs, group);
    const auto closed = writer->close();
    ASSERT_TRUE(closed) << describe(closed.error());
}

}  // namespace millrace::store
