#include "io_support.h"
#include "pcapline/io/decoders.h"
#include "pcapline/io/read_ahead.h"
#include "support/catch.h"

namespace pcapline::test {
namespace {

const std::string methods[] = {"gzip", "bzip2", "xz", "zstd", "lz4"};

Buffer zeros(std::size_t size) {
    return Buffer(size);
}

Buffer text(const char* characters) {
    const std::string s{characters};
    return Buffer(s.begin(), s.end());
}

TEST_CASE("every compressed stream gives its bytes, whatever pieces it comes in", "[io]") {
    const Buffer bytes = sample(3000);
    for (const std::string& method : methods) {
        const auto stream = packed(method, bytes);
        if (!stream) continue;
        for (std::size_t step = 1; step <= 7; ++step) {
            for (const std::size_t at_once : {std::size_t{1}, std::size_t{100}, block_size}) {
                INFO(method << " in steps of " << step << " read " << at_once << " at once");
                const ReadBack back = unpacked(*stream, step, at_once);
                CHECK_FALSE(back.error);
                CHECK(back.compression == method);
                CHECK(back.bytes == bytes);
            }
        }
    }
}

TEST_CASE("a stream cut anywhere gives a prefix and then says that it was cut short", "[io]") {
    const Buffer bytes = sample(600);
    for (const std::string& method : methods) {
        const auto stream = packed(method, bytes);
        if (!stream) continue;
        for (std::size_t size = 6; size < stream->size(); ++size) {
            INFO(method << " cut at " << size << " of " << stream->size());
            const ReadBack back = unpacked(Buffer(stream->begin(), stream->begin() + static_cast<std::ptrdiff_t>(size)));
            REQUIRE(back.error);
            CHECK(back.error->code == Errc::damage);
            CHECK(back.error->what == method + " stream cut short");
            CHECK(back.error->offset == static_cast<std::int64_t>(size));
            CHECK(is_prefix(back.bytes, bytes));
        }
    }
}

TEST_CASE("a cut stream hands out the blocks before the cut", "[io]") {
    const Buffer bytes = sample(2'500'000);
    for (const std::string& method : methods) {
        auto stream = packed(method, bytes);
        if (!stream || method == "xz") continue;
        stream->resize(stream->size() - 20);
        const ReadBack back = unpacked(*stream);
        INFO(method);
        REQUIRE(back.error);
        CHECK(is_prefix(back.bytes, bytes));
        CHECK(back.bytes.size() > 1'500'000);
    }
}

TEST_CASE("a corrupted byte never crashes, and what comes of it ends", "[io]") {
    const Buffer bytes = sample(400);
    for (const std::string& method : methods) {
        const auto stream = packed(method, bytes);
        if (!stream) continue;
        std::size_t noticed = 0;
        for (std::size_t at = 0; at < stream->size(); ++at) {
            Buffer bad = *stream;
            bad[at] ^= 0xff;
            const ReadBack back = unpacked(bad);
            CHECK(back.bytes.size() < 100'000);
            noticed += back.error || back.bytes != bytes;
        }
        INFO(method);
        // Some bytes mean nothing: times and flags of headers.
        CHECK(noticed + 8 >= stream->size());
    }
}

TEST_CASE("many streams one after another are one, with zero padding behind", "[io]") {
    const Buffer a = sample(2000, 7);
    const Buffer b = sample(500, 9);
    for (const std::string& method : methods) {
        const auto one = packed(method, a);
        if (!one) continue;
        const Buffer both = *one + *packed(method, {}) + *packed(method, b);
        INFO(method);
        for (const std::size_t step : {std::size_t{1}, std::size_t{5}, block_size}) {
            CHECK(unpacked(both, step).bytes == a + b);
            CHECK_FALSE(unpacked(both, step).error);
            const ReadBack padded = unpacked(both + zeros(512), step);
            CHECK(padded.bytes == a + b);
            CHECK_FALSE(padded.error);
            const ReadBack followed = unpacked(both + text("other"), step);
            CHECK(followed.bytes == a + b);
            REQUIRE(followed.error);
            CHECK(followed.error->code == Errc::damage);
        }
        if (method != "xz") {
            const ReadBack followed = unpacked(both + text("other"));
            CHECK(followed.error->what == "bytes after the " + method + " stream that are not " + method);
            CHECK(followed.error->offset == static_cast<std::int64_t>(both.size()));
        }
    }
}

TEST_CASE("an empty compressed stream is empty, and so is an empty file", "[io]") {
    for (const std::string& method : methods) {
        const auto stream = packed(method, {});
        if (!stream) continue;
        INFO(method);
        CHECK(unpacked(*stream).bytes.empty());
        CHECK_FALSE(unpacked(*stream).error);
    }
    CHECK_FALSE(unpacked({}).error);
    CHECK(unpacked(text("ab")).bytes == text("ab"));
}

TEST_CASE("two layers are read, three are refused", "[io]") {
    const Buffer bytes = sample(5000);
    const Buffer once = *packed("gzip", bytes);
    const Buffer twice = *packed("xz", once);
    const ReadBack back = unpacked(twice);
    CHECK(back.bytes == bytes);
    CHECK(back.compression == "xz+gzip");
    const ReadBack refused = unpacked(*packed("bzip2", twice));
    REQUIRE(refused.error);
    CHECK(refused.error->code == Errc::input);
    CHECK(refused.error->what == "compressed more than twice");
}

TEST_CASE("both gzip decoders give the same", "[io]") {
    const Buffer bytes = sample(300'000);
    Buffer stream = *packed("gzip", bytes) + *packed("gzip", sample(10));
    for (const std::size_t damaged : {std::size_t{0}, std::size_t{1000}, stream.size() - 20}) {
        Buffer input = stream;
        if (damaged != 0) input[damaged] ^= 0x55;
        std::vector<ReadBack> all;
        for (const auto make : {gzip_decoder_zlib, gzip_decoder_isal}) {
            auto decoder = make();
            if (!decoder) continue;
            DecodingSource source{std::make_unique<MemorySource>(input), std::move(decoder), "gzip", "gunzipped"};
            all.push_back(drain(source));
        }
        for (const ReadBack& back : all) {
            CHECK(back.error.has_value() == (damaged != 0));
            CHECK(back.bytes.size() + 1000 > all.front().bytes.size());
        }
    }
}

TEST_CASE("bzip2 blocks in parallel give what one thread gives", "[io]") {
    const Buffer bytes = sample(2'000'000) + Buffer(9'000'000, 'x') + sample(950'000, 3);
    const Buffer stream = *packed("bzip2", bytes) + *packed("bzip2", sample(5));
    for (const unsigned threads : {1U, 2U, 5U}) {
        auto source = bzip2_source(std::make_unique<MemorySource>(stream), threads);
        const ReadBack back = drain(*source);
        CHECK_FALSE(back.error);
        CHECK(back.bytes == bytes + sample(5));
        auto damaged = stream;
        damaged[stream.size() / 2] ^= 1;
        const ReadBack bad = drain(*bzip2_source(std::make_unique<MemorySource>(damaged), threads));
        REQUIRE(bad.error);
        CHECK(bad.error->code == Errc::damage);
    }
    auto abandoned = bzip2_source(std::make_unique<MemorySource>(stream), 3);
    Buffer little(10);
    CHECK(abandoned->read(little));
}

TEST_CASE("reading ahead changes nothing, also when it is given up early", "[io]") {
    const Buffer bytes = sample(1'500'000);
    ReadAhead whole{std::make_unique<MemorySource>(bytes, "x", 70'000)};
    CHECK(drain(whole, 100'000).bytes == bytes);
    CHECK(whole.bytes_in() == bytes.size());
    auto stream = *packed("gzip", bytes);
    stream.resize(stream.size() - 1);
    ReadAhead cut{std::move(*decompressed(std::make_unique<MemorySource>(stream)))};
    const ReadBack back = drain(cut);
    CHECK(back.bytes == bytes);
    REQUIRE(back.error);
    CHECK(back.error->what == "gzip stream cut short");
    Buffer little(10);
    ReadAhead early{std::make_unique<MemorySource>(bytes)};
    CHECK(early.read(little));
}

}  // namespace
}  // namespace pcapline::test
