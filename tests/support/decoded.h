// A decoded frame for tests: what decode() and the field readers say, as text; and headers to put around bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/base/frame.h"
#include "pcapline/decode/packet.h"

namespace pcapline::test {

using ByteVector = std::vector<std::uint8_t>;

ByteVector join(const ByteVector& first, const ByteVector& second);
/// The two bytes of a 16-bit number in network order.
ByteVector be16_bytes(std::size_t value);
/// A whole frame around `payload`: Ethernet; Ethernet and IPv4; and UDP or TCP to `port` too.
ByteVector in_ethernet(std::uint16_t type, const ByteVector& payload);
ByteVector in_ipv4(std::uint8_t ip_proto, const ByteVector& payload);
ByteVector in_udp(std::uint16_t port, const ByteVector& payload);
ByteVector in_tcp(std::uint16_t port, const ByteVector& payload);

/// A frame, decoded. Keeps its own copy of the bytes, of exactly their size, so that over-reads are seen.
class Decoded {
 public:
    /// `wire_len` 0: nothing was cut.
    explicit Decoded(const ByteVector& bytes, std::uint32_t wire_len = 0, std::uint16_t link_type = 1);
    Decoded(const Decoded&) = delete;
    Decoded& operator=(const Decoded&) = delete;

    const Frame& frame() const { return frame_; }
    const Packet& packet() const { return packet_; }
    /// "eth:ip:udp".
    std::string stack() const;
    /// Why decoding ended, at which protocol, and what was odd: "payload", "bad udp length_field".
    std::string end() const;
    /// All values of a field, joined with ','; numbers are decimal, bytes and MAC addresses hex.
    std::string values(std::string_view field) const;

 private:
    ByteVector bytes_;
    Frame frame_;
    Packet packet_;
};

/// Decodes every prefix of a frame, as cut by the capture and as short on the wire: what is broken, or "".
std::string broken_at_a_prefix(const ByteVector& bytes, std::uint16_t link_type = 1);

}  // namespace pcapline::test
