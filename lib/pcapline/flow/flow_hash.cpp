#include "pcapline/flow/flow_hash.h"

#include <sys/random.h>

#include <chrono>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace pcapline {

const HashSecret& process_hash_secret() {
    static const HashSecret made = [] {
        HashSecret secret;
        const auto got = getrandom(secret.word.data(), sizeof secret.word, GRND_NONBLOCK);
        if (got != static_cast<ssize_t>(sizeof secret.word)) {
            // Early in the boot of a machine: better than nothing, and different each time.
            const auto now = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
            std::uint64_t seed = now ^ reinterpret_cast<std::uintptr_t>(&secret);
            for (std::uint64_t& word : secret.word) word = detail::fold(seed += 0x9e3779b97f4a7c15, 0xd6e8feb86659fd93);
        }
        return secret;
    }();
    return made;
}

std::uint64_t published_hash(const FlowKey& key) noexcept {
    std::array<std::uint8_t, 40> bytes{};
    const auto put = [&](std::size_t at, std::uint16_t port) {
        bytes[at] = static_cast<std::uint8_t>(port >> 8);
        bytes[at + 1] = static_cast<std::uint8_t>(port);
    };
    bytes[0] = static_cast<std::uint8_t>(key.family);
    bytes[1] = key.protocol;
    bytes[2] = key.pairing;
    bytes[3] = 0;
    put(4, key.low.port);
    put(6, key.high.port);
    const std::size_t size = key.family == Family::ipv4 ? 4 : key.family == Family::ipv6 ? 16 : 6;
    std::memcpy(bytes.data() + 8, key.low.address.data(), size);
    std::memcpy(bytes.data() + 8 + size, key.high.address.data(), size);
    return XXH3_64bits(bytes.data(), 8 + 2 * size);
}

}  // namespace pcapline
