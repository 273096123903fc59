// Streams for the tests of this folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pcapline/io/sink.h"
#include "pcapline/io/source.h"

namespace pcapline::test {

using Buffer = std::vector<std::uint8_t>;

inline Buffer operator+(Buffer a, const Buffer& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// Bytes that compress somewhat, the same every time.
inline Buffer sample(std::size_t size, std::uint32_t seed = 1) {
    Buffer bytes(size);
    for (std::size_t i = 0; i < size; ++i) {
        if (i % 64 == 0) seed = seed * 1664525 + 1013904223;
        bytes[i] = static_cast<std::uint8_t>(i % 3 == 0 ? seed >> 24 : i / 7);
        if (i % 5 == 0) seed = seed * 1664525 + 1013904223;
    }
    return bytes;
}

/// Hands on to a sink that the test keeps.
class Onwards final : public Sink {
 public:
    explicit Onwards(MemorySink& to) : to_(to) {}
    Result<void> write(Bytes bytes) override { return to_.write(bytes); }
    Result<void> flush() override { return {}; }
    Result<void> finish() override { return {}; }
    std::string name() const override { return "memory"; }

 private:
    MemorySink& to_;
};

/// Nothing if the build lacks the method.
inline std::optional<Buffer> packed(const std::string& method, const Buffer& bytes) {
    MemorySink memory;
    auto sink = compressed(std::make_unique<Onwards>(memory), method);
    if (!sink) return std::nullopt;
    if (!(*sink)->write(bytes) || !(*sink)->finish()) return std::nullopt;
    return memory.bytes();
}

struct ReadBack {
    Buffer bytes = {};
    std::optional<Error> error = {};
    std::string compression = {};
};

/// Reads to the end or the error, `at_once` bytes a call. A source must say the same again afterwards.
inline ReadBack drain(Source& source, std::size_t at_once = block_size) {
    ReadBack all;
    all.compression = source.compression();
    Buffer block(at_once);
    while (true) {
        const auto got = source.read(block);
        if (!got) {
            all.error = got.error();
            const auto again = source.read(block);
            if (again || again.error().what != all.error->what) all.error->what = "the error was not repeated";
            return all;
        }
        if (*got == 0) return all;
        all.bytes.insert(all.bytes.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(*got));
    }
}

inline ReadBack unpacked(Buffer bytes, std::size_t step = block_size, std::size_t at_once = block_size) {
    auto source = decompressed(std::make_unique<MemorySource>(std::move(bytes), "x", step));
    if (!source) return ReadBack{{}, source.error()};
    return drain(**source, at_once);
}

inline bool is_prefix(const Buffer& part, const Buffer& whole) {
    return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

}  // namespace pcapline::test
