#include "pcapline/io/bzip2_decode.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "pcapline/base/endian.h"
#include "pcapline/io/bzip2_code.h"

namespace pcapline {

namespace {

constexpr unsigned header_bits = 48 + 32;  // magic number, checksum
constexpr unsigned most_codes = 6;
constexpr unsigned most_selectors = 18002;
constexpr unsigned group_size = 50;
constexpr unsigned run_b = 1;

// Every start_every-th link, and the origin, starts a stretch that can be walked by itself.
constexpr std::uint32_t start_every = 2048;
constexpr std::uint32_t stretch_ends = std::uint32_t{1} << 31;
constexpr std::uint32_t link_mask = (std::uint32_t{1} << 20) - 1;
static_assert(Bzip2Block::most_symbols <= link_mask);

// Loads of eight bytes, a little apart, may begin at any byte.
constexpr std::size_t slack = 16;

constexpr auto sum_tables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t sum = i << 24;
        for (int bit = 0; bit < 8; ++bit) sum = sum << 1 ^ ((sum >> 31) * 0x04c11db7U);
        tables[0][i] = sum;
    }
    for (std::size_t t = 1; t < 8; ++t) {
        for (std::size_t i = 0; i < 256; ++i) tables[t][i] = tables[t - 1][i] << 8 ^ tables[0][tables[t - 1][i] >> 24];
    }
    return tables;
}();

/// Moves the byte at `place` to the front of 256 and returns it.
inline std::uint8_t to_front(std::uint8_t* order, unsigned place) {
    if (place < 8) {
        const std::uint64_t eight = load64(order, ByteOrder::little);
        const std::uint64_t byte = eight >> (8 * place) & 0xff;
        const std::uint64_t before = eight & ((std::uint64_t{1} << (8 * place)) - 1);
        const std::uint64_t moved = ~std::uint64_t{0} >> (56 - 8 * place);
        store(order, (eight & ~moved) | before << 8 | byte, ByteOrder::little);
        return static_cast<std::uint8_t>(byte);
    }
    const std::uint8_t byte = order[place];
    std::memmove(order + 1, order, place);
    order[0] = byte;
    return byte;
}

}  // namespace

std::uint32_t bzip2_sum(std::uint32_t sum, Bytes bytes) {
    const auto& t = sum_tables;
    const std::uint8_t* p = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; left -= 8, p += 8) {
        const std::uint64_t x = load64(p, ByteOrder::big) ^ std::uint64_t{sum} << 32;
        sum = t[7][x >> 56] ^ t[6][x >> 48 & 0xff] ^ t[5][x >> 40 & 0xff] ^ t[4][x >> 32 & 0xff] ^  //
              t[3][x >> 24 & 0xff] ^ t[2][x >> 16 & 0xff] ^ t[1][x >> 8 & 0xff] ^ t[0][x & 0xff];
    }
    for (; left > 0; --left, ++p) sum = sum << 8 ^ t[0][sum >> 24 ^ *p];
    return sum;
}

Bzip2Block::State Bzip2Block::begin(Bytes bytes, std::uint64_t first_bit, std::uint64_t bits) {
    state_ = State::bad;
    size_ = at_ = run_ = 0;
    cut_run_ = false;
    computed_ = ~std::uint32_t{0};
    if (bits < header_bits || first_bit + bits > bytes.size() * 8) return state_;
    if (!bytes_) {
        bytes_ = std::make_unique_for_overwrite<std::uint8_t[]>(most_symbols + slack);
        links_ = std::make_unique_for_overwrite<std::uint32_t[]>(most_symbols);
        for (auto& lane : lanes_) lane = std::make_unique_for_overwrite<std::uint8_t[]>(most_symbols);
    }
    const Bytes used = bytes.subspan(static_cast<std::size_t>(first_bit / 8));
    Bzip2Bits reader{used.data(), used.data(), used.data() + used.size(), first_bit % 8 + bits};
    reader.fill();
    reader.drop(static_cast<unsigned>(first_bit % 8));
    state_ = symbols(reader);
    ends_there_ = reader.place() == reader.end_bit;
    if (state_ == State::more) invert();
    return state_;
}

/// Reads the whole block into the last column of its sorted rotations: bytes_, size_, counts_.
Bzip2Block::State Bzip2Block::symbols(Bzip2Bits& bits) {
    bits.fill();
    bits.drop(48);
    sum_ = bits.take(32);
    if (bits.take(1) != 0) return bits.ran_out() ? State::bad : State::unusual;
    origin_ = bits.take(24);

    std::array<std::uint8_t, 256> bytes{};
    unsigned count = 0;
    const std::uint32_t sixteens = bits.take(16);
    for (unsigned i = 0; i < 16; ++i) {
        if ((sixteens >> (15 - i) & 1) == 0) continue;
        const std::uint32_t present = bits.take(16);
        for (unsigned j = 0; j < 16; ++j) {
            if ((present >> (15 - j) & 1) != 0) bytes[count++] = static_cast<std::uint8_t>(16 * i + j);
        }
    }
    const unsigned alphabet = count + 2;
    const unsigned code_count = bits.take(3);
    const unsigned selector_count = bits.take(15);
    if (count == 0 || code_count < 2 || code_count > most_codes || selector_count == 0 || bits.ran_out()) return State::bad;

    std::array<std::uint8_t, most_selectors> selectors{};
    std::array<std::uint8_t, most_codes> order{0, 1, 2, 3, 4, 5};
    for (unsigned i = 0; i < selector_count; ++i) {
        bits.fill();
        const auto place = static_cast<unsigned>(std::countl_one(bits.value));
        if (place >= code_count) return State::bad;
        bits.drop(place + 1);
        // Some programs round their number up; no block needs more than most_selectors.
        if (i >= most_selectors) continue;
        selectors[i] = order[place];
        std::rotate(order.begin(), order.begin() + place, order.begin() + place + 1);
    }
    if (bits.ran_out()) return State::bad;

    std::array<Bzip2Code, most_codes> codes;
    for (unsigned c = 0; c < code_count; ++c) {
        std::array<std::uint8_t, Bzip2Code::most_symbols> lengths{};
        unsigned length = bits.take(5);
        for (unsigned symbol = 0; symbol < alphabet; ++symbol) {
            for (;;) {
                if (length < 1 || length > Bzip2Code::most_length) return State::bad;
                bits.fill();
                const std::uint64_t two = bits.value >> 62;
                if (two < 2) break;
                length = two == 2 ? length + 1 : length - 1;
                bits.drop(2);
            }
            bits.drop(1);
            lengths[symbol] = static_cast<std::uint8_t>(length);
        }
        codes[c].make(std::span{lengths}.first(alphabet));
    }
    if (bits.ran_out()) return State::bad;
    const auto wanted = std::span{selectors}.first(std::min(selector_count, most_selectors));
    for (const std::uint8_t selector : wanted) {
        if (codes[selector].too_many) return State::unusual;
    }
    const bool whole = take_symbols(bits, wanted, codes.data(), std::span{bytes}.first(count));
    return whole && origin_ < size_ ? State::more : State::bad;
}

bool Bzip2Block::take_symbols(Bzip2Bits& source, std::span<const std::uint8_t> selectors, const Bzip2Code* codes,
                              std::span<const std::uint8_t> used) {
    Bzip2Bits bits = source;
    std::array<std::uint8_t, 256> order{};
    std::copy(used.begin(), used.end(), order.begin());
    const unsigned end = static_cast<unsigned>(used.size()) + 1;
    counts_.fill(0);
    std::uint8_t* const out = bytes_.get();
    std::size_t size = 0;
    std::size_t run = 0;
    unsigned run_digit = 0;
    for (const std::uint8_t selector : selectors) {
        const Bzip2Code& code = codes[selector];
        for (unsigned i = 0; i < group_size; ++i) {
            bits.fill();
            const unsigned symbol = code.take(bits);
            if (symbol <= run_b) {
                if (run_digit >= 21) return false;
                run += std::size_t{symbol + 1} << run_digit++;
                continue;
            }
            if (run_digit != 0) {
                if (run > most_symbols - size) return false;
                std::memset(out + size, order[0], run);
                counts_[order[0]] += static_cast<std::uint32_t>(run);
                size += run;
                run = run_digit = 0;
            }
            if (symbol >= end) {
                source = bits;
                size_ = size;
                return symbol == end && !bits.ran_out();
            }
            if (size == most_symbols) return false;
            const std::uint8_t byte = to_front(order.data(), symbol - 1);
            ++counts_[byte];
            out[size++] = byte;
        }
        if (bits.ran_out()) return false;
    }
    return false;
}

/// Undoes the Burrows-Wheeler transform: bytes_ holds the block then. Each link leads from a row of the sorted rotations to that
/// of the rotation that begins one byte later: following them all from the origin is the block, but each step waits for memory.
/// So several lanes follow the links from starts that are spread over the rows, each up to the next start, and what they
/// found is put in order afterwards. The links are a permutation whatever the input: all stretches together are size_ long.
void Bzip2Block::invert() {
    std::array<std::uint32_t, 256> rows;
    std::uint32_t before = 0;
    for (std::size_t byte = 0; byte < 256; ++byte) {
        rows[byte] = before;
        before += counts_[byte];
    }
    const auto size = static_cast<std::uint32_t>(size_);
    for (std::uint32_t i = 0; i < size; ++i) {
        const std::uint8_t byte = bytes_[i];
        const std::uint32_t ends = static_cast<std::uint32_t>(i % start_every == 0 || i == origin_) << 31;
        links_[rows[byte]++] = ends | i << 8 | byte;
    }
    const std::uint32_t starts = (size + start_every - 1) / start_every;
    stretches_.assign(starts + std::size_t{origin_ % start_every != 0}, Stretch{});
    for (std::uint32_t i = 0; i < starts; ++i) stretches_[i].start = i * start_every;
    stretches_.back().start = origin_ % start_every != 0 ? origin_ : stretches_.back().start;
    walk();

    std::size_t done = 0;
    for (std::uint32_t start = origin_; done < size_;) {
        const Stretch& stretch = start % start_every == 0 ? stretches_[start / start_every] : stretches_.back();
        // A block that repeats itself goes round more than once.
        const std::size_t n = std::min(stretch.size, size_ - done);
        std::memcpy(bytes_.get() + done, stretch.begin, n);
        done += n;
        start = stretch.next;
    }
    // No run goes on behind the end.
    std::memset(bytes_.get() + size_, static_cast<std::uint8_t>(~bytes_[size_ - 1]), slack);
}

/// A row, and where the byte that belongs to it goes.
struct Bzip2Block::Lane {
    std::uint32_t row = 0;
    std::uint8_t* out = nullptr;
    Stretch* stretch = nullptr;  // none: all are taken

    void take(Stretch* next) {
        stretch = next;
        if (next == nullptr) return;
        row = next->start;
        next->begin = out;
    }
    void finish() const {
        stretch->size = static_cast<std::size_t>(out - stretch->begin);
        stretch->next = row;
    }
    std::uint32_t step(const std::uint32_t* links) {
        const std::uint32_t link = links[row];
        *out++ = static_cast<std::uint8_t>(link);
        row = link >> 8 & link_mask;
        return link;
    }
};

void Bzip2Block::walk() {
    std::size_t taken = 0;
    const auto next = [&]() { return taken < stretches_.size() ? &stretches_[taken++] : nullptr; };
    const std::uint32_t* const links = links_.get();
    Lane a{0, lanes_[0].get()};
    Lane b{0, lanes_[1].get()};
    Lane c{0, lanes_[2].get()};
    Lane d{0, lanes_[3].get()};
    for (Lane* lane : {&a, &b, &c, &d}) lane->take(next());
    while (d.stretch != nullptr && c.stretch != nullptr && b.stretch != nullptr && a.stretch != nullptr) {
        std::uint32_t of_a;
        std::uint32_t of_b;
        std::uint32_t of_c;
        std::uint32_t of_d;
        Lane w = a;
        Lane x = b;
        Lane y = c;
        Lane z = d;  // in registers
        do {
            of_a = w.step(links);
            of_b = x.step(links);
            of_c = y.step(links);
            of_d = z.step(links);
        } while (((of_a | of_b | of_c | of_d) & stretch_ends) == 0);
        a = w;
        b = x;
        c = y;
        d = z;
        const auto end = [&](Lane& lane, std::uint32_t link) {
            if ((link & stretch_ends) == 0) return;
            lane.finish();
            lane.take(next());
        };
        end(a, of_a);
        end(b, of_b);
        end(c, of_c);
        end(d, of_d);
    }
    for (Lane* lane : {&a, &b, &c, &d}) {
        while (lane->stretch != nullptr) {
            while ((lane->step(links) & stretch_ends) == 0) {}
            lane->finish();
            lane->take(next());
        }
    }
}

/// Copies bytes_ from at_ on; after four that are the same, a fifth says how many more of them there are.
std::size_t Bzip2Block::expand(std::span<std::uint8_t> out) {
    const std::uint8_t* const bytes = bytes_.get();
    constexpr std::uint64_t ones = 0x0101010101010101;
    std::size_t made = 0;
    std::size_t at = at_;
    while (made < out.size()) {
        if (run_ > 0) {
            const std::size_t n = std::min(run_, out.size() - made);
            std::memset(out.data() + made, run_byte_, n);
            made += n;
            run_ -= n;
            continue;
        }
        const std::size_t most = std::min(out.size() - made, size_ - at);
        if (most == 0) break;
        // Up to the next four: which of eight places are followed by three bytes like their own?
        std::size_t n = 0;
        for (; n < most; n += 8) {
            const std::uint8_t* const p = bytes + at + n;
            const std::uint64_t own = load64(p, ByteOrder::little);
            const std::uint64_t second = load64(p + 1, ByteOrder::little);
            const std::uint64_t third = load64(p + 2, ByteOrder::little);
            const std::uint64_t fourth = load64(p + 3, ByteOrder::little);
            const std::uint64_t differ = (own ^ second) | (second ^ third) | (third ^ fourth);
            const std::uint64_t same = (differ - ones) & ~differ & ones << 7;
            if (same == 0) continue;
            n += static_cast<std::size_t>(std::countr_zero(same)) / 8;
            break;
        }
        const bool four = n < most;
        n = std::min(n, most);
        std::memcpy(out.data() + made, bytes + at, n);
        made += n;
        at += n;
        if (!four) continue;
        run_byte_ = bytes[at];
        run_ = 4;
        cut_run_ = at + 4 == size_;
        if (!cut_run_) run_ += bytes[at + 4];
        at += cut_run_ ? 4 : 5;
    }
    at_ = at;
    return made;
}

Bzip2Block::State Bzip2Block::read(std::span<std::uint8_t> out, std::size_t& made) {
    made = 0;
    if (state_ != State::more) return state_;
    made = expand(out);
    computed_ = bzip2_sum(computed_, out.first(made));
    if (at_ < size_ || run_ > 0) return state_;
    state_ = ends_there_ && !cut_run_ && ~computed_ == sum_ ? State::good : State::bad;
    return state_;
}

}  // namespace pcapline
