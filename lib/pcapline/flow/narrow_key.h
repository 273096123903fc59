// NarrowKey: the key of most flows, in 16 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "pcapline/flow/flow_key.h"

namespace pcapline::detail {

/// A FlowKey of IPv4 addresses, without extra.
class NarrowKey {
 public:
    NarrowKey() = default;
    /// Of any other key the result means nothing.
    explicit NarrowKey(const FlowKey& key)
        : addresses_(word(key, offsetof(FlowKey, low)) | std::uint64_t{word(key, offsetof(FlowKey, high))} << 32),
          rest_(key.low.port | std::uint64_t{key.high.port} << 16 | std::uint64_t{word(key, offsetof(FlowKey, protocol))} << 32) {}
    static bool fits(const FlowKey& key) {
        // Both are looked at always, which costs less than a branch that cannot be foretold.
        return (static_cast<unsigned>(key.family == Family::ipv4) & static_cast<unsigned>(key.extra == 0)) != 0;
    }
    FlowKey widened() const {
        FlowKey key;
        set_word(key, offsetof(FlowKey, low), addresses_);
        set_word(key, offsetof(FlowKey, high), addresses_ >> 32);
        set_word(key, offsetof(FlowKey, protocol), rest_ >> 32);
        key.low.port = static_cast<std::uint16_t>(rest_);
        key.high.port = static_cast<std::uint16_t>(rest_ >> 16);
        return key;
    }
    bool operator==(const NarrowKey&) const = default;

    std::uint64_t addresses() const { return addresses_; }
    std::uint64_t rest() const { return rest_; }

 private:
    static_assert(offsetof(Endpoint, address) == 0);
    static_assert(offsetof(FlowKey, lacks_ports) == offsetof(FlowKey, protocol) + 3);
    static std::uint32_t word(const FlowKey& key, std::size_t at) {
        std::uint32_t word;
        std::memcpy(&word, reinterpret_cast<const std::uint8_t*>(&key) + at, sizeof word);
        return word;
    }
    static void set_word(FlowKey& key, std::size_t at, std::uint64_t value) {
        const auto word = static_cast<std::uint32_t>(value);
        std::memcpy(reinterpret_cast<std::uint8_t*>(&key) + at, &word, sizeof word);
    }

    std::uint64_t addresses_;  ///< as they stand in the key
    std::uint64_t rest_;       ///< ports; and protocol, family, pairing, lacks_ports as they stand
};

}  // namespace pcapline::detail
