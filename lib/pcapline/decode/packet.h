// Packet: what is in a frame, as offsets; decode() fills it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

#include "pcapline/base/frame.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// The place of a protocol in the list of protocols.h.
using Proto = std::uint8_t;
constexpr Proto no_proto = 0xff;

/// One header (or one application layer's bytes) in a frame.
struct Layer {
    std::uint32_t begin = 0;    ///< first byte, in the frame (or in buffer `source`)
    std::uint32_t end = 0;      ///< one past its last byte
    std::uint32_t content = 0;  ///< bytes that headers promise after `end`, captured or not; padding excluded
    Proto proto = no_proto;
    std::uint8_t source = 0;       ///< 0: the frame
    Space found_in = Space::none;  ///< where the protocol was found: DNS over UDP is not quite DNS over TCP
};

struct FlowState;

/// What is in a frame: offsets only, no bytes; the only pointer is `state`. Filled in place, again and again;
/// only the first `depth` layers mean anything.
struct Packet {
    static constexpr std::size_t max_layers = 16;
    static constexpr std::uint8_t no_layer = 0xff;

    std::array<Layer, max_layers> layers;
    std::uint64_t path = 0;  ///< the first eight protocols, proto + 1 in byte i: for counting by stack
    std::uint8_t depth = 0;
    std::uint8_t ip = no_layer;         ///< the innermost IP header that is not quoted by an ICMP error
    std::uint8_t transport = no_layer;  ///< the first layer above it and its extension headers
    Stop stop = Stop::payload;          ///< why decoding ended
    Anomaly anomaly = Anomaly::none;    ///< what was odd
    Proto at = no_proto;                ///< cut, bad, too_deep: the protocol that could not be decoded
    Space unknown_space = Space::none;  ///< unknown: the number that nobody claims
    std::uint32_t unknown_key = 0;
    std::uint32_t payload_begin = 0;  ///< captured payload, padding excluded
    std::uint32_t payload_end = 0;
    std::uint32_t missing = 0;  ///< payload bytes that headers promise and the capture lacks
    /// What the packets before say of it; null: nobody follows them. Set by who does, once: decode() leaves it alone.
    const FlowState* state = nullptr;

    std::span<const Layer> stack() const { return {layers.data(), depth}; }
};
static_assert(std::is_trivially_copyable_v<Packet>);

/// Decodes a frame. Never fails: it stops and says why. Reads no byte outside the frame,
/// allocates nothing; what `out` held before does not matter.
void decode(const Frame& frame, Packet& out) noexcept;
namespace detail {
/// decode() without its short way for usual frames. For tests: there is no other difference.
void decode_by_tables(const Frame& frame, Packet& out) noexcept;
}  // namespace detail

/// The bytes of a layer in its frame.
inline Bytes bytes_of(const Frame& frame, const Layer& layer) {
    return frame.bytes().subspan(layer.begin, layer.end - layer.begin);
}

}  // namespace pcapline
