// Next: what a protocol says of what follows it, as a number in a space.
#pragma once

#include <cstdint>

namespace pcapline {

/// The spaces of numbers in which protocols are found.
enum class Space : std::uint8_t {
    none,
    link_type,   ///< LINKTYPE_* of the capture
    ethertype,   ///< IEEE 802 EtherType
    ip_proto,    ///< IANA protocol numbers
    ip_version,  ///< first nibble of a raw IP packet
    llc,         ///< key 0: an IEEE 802.2 LLC header
    llc_sap,     ///< IEEE 802.2 service access point (DSAP)
    snap_pid,    ///< OUI << 16 | protocol id, modulo 2^32, for OUIs other than 0
    ppp,         ///< PPP protocol numbers
    gre,         ///< GRE protocol types that are not EtherTypes
    udp_port,
    tcp_port,
    sctp_port,
    sctp_ppid,       ///< SCTP payload protocol identifiers
    address_family,  ///< BSD AF_* numbers (DLT_NULL)
    count,
};

/// Where a protocol is found: number `key` in `space`. Claimed twice: does not compile.
struct Edge {
    Space space;
    std::uint32_t key;
};

/// Why decoding ended.
enum class Stop : std::uint8_t {
    payload,   ///< bytes of no protocol we know of, or nothing left
    unknown,   ///< a number that no protocol claims
    cut,       ///< the capture ends inside a header: the capture's fault
    bad,       ///< the packet is malformed: the packet's fault
    fragment,  ///< a fragment other than the first
    too_deep,  ///< more layers than Packet::max_layers
};

/// What is odd. Packet::at says which protocol's header says so.
enum class Anomaly : std::uint8_t {
    none,
    header_length,
    length_field,
    version,
    flags,
    length_beyond_frame,
    header_beyond_packet,
};

/// What a protocol answers: "what follows is number `key` in `space`", or "stop, because".
/// A protocol never names its successor; the table in protocols.h does.
class Next {
 public:
    /// Plain payload follows, or nothing.
    constexpr Next() = default;

    constexpr Space space() const { return static_cast<Space>(bits_ & 0xff); }
    constexpr Stop stop() const { return static_cast<Stop>(bits_ >> 8 & 0xff); }
    constexpr Anomaly anomaly() const { return static_cast<Anomaly>(bits_ >> 16 & 0xff); }
    /// other() is a second number to try.
    constexpr bool has_other() const { return (bits_ & with_other) != 0; }
    /// False: the bytes are not of this protocol after all.
    constexpr bool mine() const { return (bits_ & not_of_it) == 0; }
    /// The header is not whole, or malformed: no layer.
    constexpr bool unusable() const { return stop() == Stop::cut || stop() == Stop::bad; }
    constexpr std::uint32_t key() const { return key_; }
    constexpr std::uint32_t other() const { return other_; }

    /// Protocol number `key` of `space` follows.
    static constexpr Next in(Space space, std::uint32_t key) { return {number_of(space), key, 0}; }
    /// Found by either port: the lower one is tried first, as in tshark.
    static constexpr Next ports(Space space, std::uint32_t src, std::uint32_t dst) {
        return {number_of(space) | with_other, src < dst ? src : dst, src < dst ? dst : src};
    }
    static constexpr Next payload() { return {}; }
    /// My header does not fit. (Whose fault that is, decode() knows.)
    static constexpr Next too_short() { return stopped(Stop::cut, Anomaly::none); }
    static constexpr Next fragment() { return stopped(Stop::fragment, Anomaly::none); }
    static constexpr Next bad(Anomaly anomaly) { return stopped(Stop::bad, anomaly); }
    /// These bytes are not mine: for protocols found by port that check the content. Nothing may have been taken or limited.
    static constexpr Next not_mine() { return {not_of_it, 0, 0}; }

 private:
    constexpr Next(std::uint32_t bits, std::uint32_t key, std::uint32_t other) : bits_(bits), key_(key), other_(other) {}
    static constexpr std::uint32_t number_of(Space space) {
        return static_cast<std::uint32_t>(space) | static_cast<std::uint32_t>(Stop::unknown) << 8;
    }
    static constexpr Next stopped(Stop stop, Anomaly anomaly) {
        return {static_cast<std::uint32_t>(stop) << 8 | static_cast<std::uint32_t>(anomaly) << 16, 0, 0};
    }

    static constexpr std::uint32_t with_other = 1U << 24;
    static constexpr std::uint32_t not_of_it = 1U << 25;
    // One word for the small ones: GCC 12 puts single bytes together through memory, and that stalls.
    std::uint32_t bits_ = 0;  ///< Space, Stop (0: payload), Anomaly (0: none), the two marks above
    std::uint32_t key_ = 0;
    std::uint32_t other_ = 0;
};

}  // namespace pcapline
