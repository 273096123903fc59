// Segment: what the TCP tracker needs of a packet, in the place of the packet.
#pragma once

#include <array>
#include <cstdint>

namespace pcapline {

/// One TCP segment as its headers say (RFC 9293 section 3.1; options: RFC 7323, RFC 2018).
struct Segment {
    std::int64_t time_ns = 0;  ///< no_time: the capture has none
    std::uint64_t number = 0;  ///< of the packet in the input, from 1
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t payload_bytes = 0;  ///< by the headers' lengths, captured or not
    std::uint16_t flags = 0;          ///< twelve bits, Tcp::syn and so on
    std::uint16_t window = 0;         ///< as it stands in the header
    std::uint16_t mss = 0;            ///< of the option; 0: none
    std::uint16_t multipath = 0;      ///< a bit for each subtype of MPTCP options (RFC 8684 section 3)
    std::uint8_t window_shift = 0;    ///< of the option, only where has_window_shift
    bool has_window_shift = false;
    bool sack_permitted = false;
    std::uint8_t sack_blocks = 0;  ///< of `sack`
    bool bad_checksum = false;
    bool length_known = true;       ///< false: a fragment, of which payload_bytes is only the first part
    bool first_byte_known = false;  ///< a payload byte was captured …
    std::uint8_t first_byte = 0;    ///< … and this is it (keep-alives)
    struct Block {
        std::uint32_t left = 0;
        std::uint32_t right = 0;
    };
    std::array<Block, 4> sack{};
};

/// From A to B or back; A is the flow's initiator.
enum class Way : std::uint8_t {
    ab,
    ba
};
constexpr Way other(Way way) {
    return way == Way::ab ? Way::ba : Way::ab;
}

}  // namespace pcapline
