// Hashes of flow keys: one for tables, keyed anew in each process, and one for all time.
#pragma once

#include <array>
#include <cstdint>

#include "pcapline/flow/flow_key.h"

namespace pcapline {

/// What keys the hash of this process: from the system's random numbers, made once. Never written anywhere.
struct HashSecret {
    std::array<std::uint64_t, 8> word{};
};
const HashSecret& process_hash_secret();

namespace detail {
/// Both halves of the product of two 64-bit numbers, folded.
[[gnu::always_inline]] inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}
}  // namespace detail

/// The hash of flow tables: who does not know the secret cannot make keys collide.
class KeyedHash {
 public:
    explicit KeyedHash(const HashSecret& secret = process_hash_secret()) : secret_(secret) {}

    /// Of 16 bytes.
    [[gnu::always_inline]] std::uint64_t operator()(std::uint64_t first, std::uint64_t second) const noexcept {
        return detail::fold(detail::fold(first ^ secret_.word[0], second ^ secret_.word[1]) ^ secret_.word[2], secret_.word[3]);
    }
    std::uint64_t operator()(const FlowKey& key) const noexcept {
        std::array<std::uint64_t, 6> words;
        std::memcpy(words.data(), &key, sizeof key);
        const std::uint64_t ends = detail::fold(words[0] ^ secret_.word[0], words[1] ^ secret_.word[1]) ^
                                   detail::fold(words[2] ^ secret_.word[4], words[3] ^ secret_.word[5]);
        return detail::fold(ends ^ detail::fold(words[4] ^ secret_.word[6], words[5] ^ secret_.word[7]) ^ secret_.word[2], secret_.word[3]);
    }

 private:
    HashSecret secret_;
};

/// The hash that cuts by flow use (`hash:N`, parts by flow): the same in every run and on every machine, hence not for tables.
/// XXH3 with 64 bits and seed 0 over: family (1 byte: 4, 6, or 1 for Ethernet), protocol (1), pairing (1), 0 (1), lower port, higher end's
/// port (2 each, network order), lower end's address, higher end's (4, 16 or 6 each). VLANs, tunnels and interfaces do not count.
std::uint64_t published_hash(const FlowKey& key) noexcept;

}  // namespace pcapline
