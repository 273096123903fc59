// Wire: finds addresses and ports in an Ethernet frame and replaces them, checksums kept as right or wrong as they were.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace pcapline::bench {

/// Where things lie in a frame: byte offsets from its start.
struct IpPlace {
    std::uint32_t ip = 0;        ///< first byte of the IP header
    bool v6 = false;             ///< IPv6, else IPv4
    std::uint32_t address = 0;   ///< source address; the destination follows it
    std::uint32_t size = 0;      ///< bytes of one address
    std::uint8_t protocol = 0;   ///< 6 TCP, 17 UDP, …; of IPv6: the next header
    std::uint32_t ports = 0;     ///< source port; the destination port follows it; 0: none
    std::uint32_t checksum = 0;  ///< transport checksum; 0: none
};

/// The outermost IP header behind Ethernet and at most two VLAN tags, if it is whole. Ports only of first fragments.
std::optional<IpPlace> find_ip(const std::vector<std::uint8_t>& frame);

/// One end of a session: an address (4 or 16 bytes) and a port.
struct End {
    std::vector<std::uint8_t> address;
    std::uint16_t port = 0;
};
End source_of(const std::vector<std::uint8_t>& frame, const IpPlace& place);
End destination_of(const std::vector<std::uint8_t>& frame, const IpPlace& place);

/// Puts `source` and `destination` in, and updates the checksums incrementally (RFC 1624): a right one stays right,
/// a wrong one wrong. A UDP checksum of 0 stays 0.
void replace_ends(std::uint8_t* frame, const IpPlace& place, const End& source, const End& destination);

/// The Internet checksum (RFC 1071) of `size` bytes on top of `start`, folded but not inverted.
std::uint16_t sum16(const std::uint8_t* bytes, std::size_t size, std::uint32_t start = 0);

}  // namespace pcapline::bench
