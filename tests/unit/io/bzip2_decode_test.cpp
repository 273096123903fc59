// Blocks of bzip2 files against libbz2, whose judgement counts.
#include "pcapline/io/bzip2_decode.h"

#include <bzlib.h>

#include "io_support.h"
#include "pcapline/io/bzip2_blocks.h"
#include "pcapline/io/decoders.h"
#include "support/catch.h"

namespace pcapline::test {
namespace {

using State = Bzip2Block::State;
constexpr unsigned header_bits = 32;  // of the stream

Buffer by_libbz2(Buffer bytes, int level) {
    Buffer stream(bytes.size() + bytes.size() / 50 + 1000);
    auto size = static_cast<unsigned>(stream.size());
    char none = 0;
    char* const from = bytes.empty() ? &none : reinterpret_cast<char*>(bytes.data());
    REQUIRE(BZ2_bzBuffToBuffCompress(reinterpret_cast<char*>(stream.data()), &size, from, static_cast<unsigned>(bytes.size()), level, 0,
                                     0) == BZ_OK);
    stream.resize(size);
    return stream;
}

/// Nothing if libbz2 refuses it.
std::optional<Buffer> read_by_libbz2(Buffer stream, std::size_t most) {
    Buffer bytes(most);
    auto size = static_cast<unsigned>(most);
    const int result = BZ2_bzBuffToBuffDecompress(reinterpret_cast<char*>(bytes.data()), &size, reinterpret_cast<char*>(stream.data()),
                                                  static_cast<unsigned>(stream.size()), 0, 0);
    if (result != BZ_OK) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

/// How many bits the only block of a stream has.
std::uint64_t block_bits(const Buffer& stream) {
    constexpr unsigned end_bits = 48 + 32;
    for (unsigned padding = 0; padding < 8; ++padding) {
        const std::uint64_t at = stream.size() * 8 - padding - end_bits;
        if (bits_at(stream, at, 48) == Bzip2Splitter::end_magic) return at - header_bits;
    }
    FAIL("no end of stream");
    return 0;
}

struct Decoded {
    State state = State::bad;
    Buffer bytes = {};
};

Decoded decoded(Bzip2Block& block, const Buffer& stream, std::uint64_t bits, std::size_t at_once = 1000,
                std::uint64_t first_bit = header_bits) {
    // Of its own size, so that a sanitizer sees what is read behind it.
    const Buffer bytes(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>((first_bit + bits + 7) / 8));
    Decoded all{block.begin(bytes, first_bit, bits)};
    Buffer piece(at_once);
    while (all.state == State::more) {
        std::size_t made = 0;
        all.state = block.read(piece, made);
        all.bytes.insert(all.bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(made));
        if (made == 0 && all.state == State::more) FAIL("neither more nor an end");
    }
    std::size_t made = 1;
    CHECK(block.read(piece, made) == all.state);
    CHECK(made == 0);
    return all;
}

Buffer repeated(const char* word, std::size_t size) {
    const std::string_view letters{word};
    Buffer bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(letters[i % letters.size()]);
    return bytes;
}

Buffer noise(std::size_t size, unsigned values) {
    Buffer bytes(size);
    std::uint64_t seed = 88172645463325252;
    for (auto& byte : bytes) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        byte = static_cast<std::uint8_t>((seed >> 32) % values);
    }
    return bytes;
}

/// Runs of all lengths around those where a count follows, and the longest.
Buffer runs() {
    Buffer bytes;
    for (std::size_t length = 1; length < 300; ++length) bytes.insert(bytes.end(), length, static_cast<std::uint8_t>(length % 3));
    bytes.insert(bytes.end(), 4, 9);
    return bytes;
}

/// Some values are very rare, so that their codes are long.
Buffer skewed() {
    Buffer bytes = noise(80'000, 2);
    for (std::size_t i = 0; i < 256; ++i) bytes[i * 251] = static_cast<std::uint8_t>(i);
    return bytes;
}

TEST_CASE("a bzip2 block gives what was compressed, in pieces of any size", "[io]") {
    const Buffer inputs[] = {repeated("a", 1),
                             repeated("a", 4),
                             repeated("a", 5),
                             repeated("a", 90'000),
                             repeated("ab", 2),
                             repeated("ab", 70'001),
                             repeated("abc", 6'144),
                             noise(1, 256),
                             noise(2'048, 256),
                             noise(98'000, 256),
                             noise(98'000, 2),
                             noise(4'097, 255),
                             sample(99'000),
                             skewed(),
                             runs(),
                             Buffer(3'000'000),
                             noise(50'000, 256) + noise(40'000, 256),
                             repeated("To be, or not to be: that is the question. ", 60'000)};
    Bzip2Block block;
    for (const Buffer& input : inputs) {
        for (const int level : {1, 9}) {
            const Buffer stream = by_libbz2(input, level);
            for (const std::size_t at_once : {std::size_t{7}, std::size_t{1'000}, std::size_t{5'000'000}}) {
                INFO(input.size() << " bytes, level " << level << ", read " << at_once << " at once");
                const Decoded back = decoded(block, stream, block_bits(stream), at_once);
                CHECK(back.state == State::good);
                CHECK((back.bytes == input));
            }
        }
    }
    const Buffer tiny = by_libbz2(runs(), 1);
    CHECK((decoded(block, tiny, block_bits(tiny), 1).bytes == runs()));
}

TEST_CASE("the largest bzip2 blocks, plain and of runs, are decoded", "[io]") {
    Bzip2Block block;
    for (const Buffer& input : {noise(899'000, 250), Buffer(45'000'000, 'x')}) {
        const Buffer stream = by_libbz2(input, 9);
        const Decoded back = decoded(block, stream, block_bits(stream), block_size);
        CHECK(back.state == State::good);
        CHECK((back.bytes == input));
    }
}

TEST_CASE("a bzip2 block may begin at any bit", "[io]") {
    const Buffer input = sample(1'000);
    const Buffer stream = by_libbz2(input, 1);
    Bzip2Block block;
    for (unsigned shift = 0; shift < 8; ++shift) {
        BitWriter shifted;
        shifted.put(0x5a, shift);
        shifted.put(stream.data(), 0, stream.size() * 8);
        const Decoded back = decoded(block, shifted.bytes(), block_bits(stream), 1'000, header_bits + shift);
        CHECK(back.state == State::good);
        CHECK((back.bytes == input));
    }
}

TEST_CASE("files of many bzip2 blocks are read as libbz2 reads them", "[io]") {
    for (const Buffer& input : {Buffer{}, noise(1, 9), noise(350'000, 256), sample(2'000'000)}) {
        for (const int level : {1, 9}) {
            const ReadBack back = unpacked(by_libbz2(input, level));
            CHECK_FALSE(back.error);
            CHECK((back.bytes == input));
        }
    }
}

TEST_CASE("a bit of a bzip2 block that is wrong is noticed, where libbz2 notices it", "[io]") {
    for (const Buffer& input : {repeated("a", 1), repeated("abc", 40), sample(200), noise(100, 256)}) {
        const Buffer stream = by_libbz2(input, 9);
        const std::uint64_t bits = block_bits(stream);
        Bzip2Block block;
        for (std::uint64_t bit = header_bits; bit < header_bits + bits; ++bit) {
            Buffer damaged = stream;
            damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ 0x80 >> bit % 8);
            INFO(input.size() << " bytes, bit " << bit);
            const Decoded back = decoded(block, damaged, bits);
            if (back.state == State::good && bit >= header_bits + 48) CHECK((back.bytes == input));
            if (bit % 11 != 0) continue;  // it takes long
            const std::optional<Buffer> wanted = read_by_libbz2(damaged, 100'000);
            const ReadBack file = drain(*bzip2_source(std::make_unique<MemorySource>(damaged), 1));
            CHECK(file.error.has_value() == !wanted.has_value());
            if (wanted) CHECK((file.bytes == *wanted));
        }
    }
}

TEST_CASE("a bzip2 block that ends too early gives nothing, one that goes on is bad at its end", "[io]") {
    const Buffer input = sample(300);
    const Buffer stream = by_libbz2(input, 9);
    const std::uint64_t bits = block_bits(stream);
    Bzip2Block block;
    for (std::uint64_t cut = 0; cut < bits; ++cut) {
        const Decoded back = decoded(block, stream, cut);
        CHECK(back.state == State::bad);
        CHECK(back.bytes.empty());
    }
    for (const std::uint64_t more : {1, 8, 48}) {
        const Decoded back = decoded(block, stream, bits + more);
        CHECK(back.state == State::bad);
        CHECK((back.bytes == input));
    }
}

TEST_CASE("a randomised bzip2 block is left to libbz2", "[io]") {
    // The first byte that randomising changes is the 618th: a block that has not so many may call itself randomised.
    const Buffer input = sample(500);
    Buffer stream = by_libbz2(input, 9);
    stream[14] |= 0x80;
    Bzip2Block block;
    CHECK(decoded(block, stream, block_bits(stream)).state == State::unusual);
    const ReadBack back = unpacked(stream);
    CHECK_FALSE(back.error);
    CHECK((back.bytes == input));
}

/// A block of one byte 'a', made by hand: symbols 0 for half a run, 10 for the other half, 11 for the end.
struct Made {
    unsigned origin = 0;
    unsigned used = 0x4000;  // of '`' to 'o': 'a'
    unsigned codes = 2;
    unsigned selectors = 1;
    bool second = false;                   // the second code is used
    std::uint64_t lengths[3] = {1, 2, 2};  // of the first code
    std::uint64_t data = 0b011;
    unsigned data_bits = 3;

    BitWriter bits() const {
        BitWriter to;
        to.put(Bzip2Splitter::block_magic, 48);
        const Buffer bytes{'a'};
        to.put(~bzip2_sum(~0U, bytes), 32);
        to.put(0, 1);
        to.put(origin, 24);
        to.put(0x8000U >> 6, 16);
        to.put(used, 16);
        to.put(codes, 3);
        to.put(selectors, 15);
        for (unsigned i = 0; i < selectors; ++i) to.put(second && i == 0 ? 0b10 : 0b0, second && i == 0 ? 2 : 1);
        for (unsigned code = 0; code < 2; ++code) {
            const std::uint64_t usual[3] = {1, 2, 2};
            const std::uint64_t* const wanted = code == 0 ? lengths : usual;
            std::uint64_t length = wanted[0];
            to.put(length, 5);
            for (unsigned symbol = 0; symbol < 3; ++symbol) {
                for (; length < wanted[symbol]; ++length) to.put(0b10, 2);
                for (; length > wanted[symbol]; --length) to.put(0b11, 2);
                to.put(0, 1);
            }
        }
        to.put(data, data_bits);
        return to;
    }
};

TEST_CASE("what a bzip2 block's header may say is checked", "[io]") {
    const struct {
        const char* what;
        Made made;
        State state;
    } cases[] = {
        {"as it should be", {}, State::good},
        {"origin behind the end", {.origin = 1}, State::bad},
        {"origin far behind the end", {.origin = 0xffffff}, State::bad},
        {"no byte used", {.used = 0}, State::bad},
        {"one code", {.codes = 1}, State::bad},
        {"seven codes", {.codes = 7}, State::bad},
        {"no selectors", {.selectors = 0}, State::bad},
        {"more selectors than any block needs", {.selectors = 20'000}, State::good},
        {"a length of nothing", {.lengths = {0, 2, 2}}, State::bad},
        {"a length of 21", {.lengths = {21, 2, 2}}, State::bad},
        {"the second code", {.second = true}, State::good},
        {"a code with too many words", {.lengths = {1, 1, 1}}, State::unusual},
        {"a code with too many words that is not used", {.second = true, .lengths = {1, 1, 1}}, State::good},
        {"a code with words to spare", {.lengths = {2, 2, 2}, .data = 0b0010, .data_bits = 4}, State::good},
        {"a word that is none", {.lengths = {2, 2, 2}, .data = 0b1100, .data_bits = 4}, State::bad},
        {"long words", {.lengths = {20, 1, 20}, .data = 0b10000000000000000000'10000000000000000001, .data_bits = 40}, State::good},
        {"no bytes", {.data = 0b11, .data_bits = 2}, State::bad},
        {"a run of 2^20", {.data = 0b1010101010101010101010101010101010101011, .data_bits = 40}, State::bad},
        {"a run of 2^25", {.data = 0b10101010101010101010101010101010101010101010101011, .data_bits = 50}, State::bad},
        {"four bytes and no count", {.data = 0b01011, .data_bits = 5}, State::bad},
    };
    for (const auto& c : cases) {
        INFO(c.what);
        BitWriter made = c.made.bits();
        const std::uint64_t bits = 48 + 32 + 1 + 24 + 16 + 16 + 3 + 15;
        REQUIRE(made.bytes().size() * 8 >= bits);
        // BitWriter does not tell how many bits it has: count what is behind the fixed part.
        std::uint64_t rest = c.made.selectors + (c.made.second ? 1 : 0) + c.made.data_bits;
        const std::uint64_t usual[3] = {1, 2, 2};
        for (const std::uint64_t* lengths : {c.made.lengths, usual}) {
            rest += 5 + 3;
            for (unsigned i = 1; i < 3; ++i) {
                rest += 2 * (lengths[i] > lengths[i - 1] ? lengths[i] - lengths[i - 1] : lengths[i - 1] - lengths[i]);
            }
        }
        Bzip2Block block;
        const Decoded back = decoded(block, made.bytes(), bits + rest, 1'000, 0);
        CHECK(back.state == c.state);
        if (c.state == State::good) CHECK((back.bytes == Buffer{'a'}));

        Buffer stream{'B', 'Z', 'h', '9'};
        BitWriter whole;
        whole.put(stream.data(), 0, 32);
        whole.put(made.bytes().data(), 0, bits + rest);
        whole.put(Bzip2Splitter::end_magic, 48);
        whole.put(bits_at(made.bytes(), 48, 32), 32);
        const auto wanted = read_by_libbz2(whole.bytes(), 100);
        const ReadBack file = unpacked(whole.bytes());
        CHECK(file.error.has_value() == !wanted.has_value());
        if (wanted) CHECK((file.bytes == *wanted));
    }
}

}  // namespace
}  // namespace pcapline::test
