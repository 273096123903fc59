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
struct Next {
    Space space = Space::none;
    Stop stop = Stop::payload;
    Anomaly anomaly = Anomaly::none;
    bool has_other = false;  ///< `other` is a second number to try
    bool mine = true;        ///< false: the bytes are not of this protocol after all
    std::uint32_t key = 0;
    std::uint32_t other = 0;

    /// Protocol number `key` of `space` follows.
    static constexpr Next in(Space space, std::uint32_t key) {
        Next next;
        next.space = space;
        next.stop = Stop::unknown;
        next.key = key;
        return next;
    }
    /// Found by either port: the lower one is tried first, as in tshark.
    static constexpr Next ports(Space space, std::uint16_t src, std::uint16_t dst) {
        Next next = in(space, src < dst ? src : dst);
        next.other = src < dst ? dst : src;
        next.has_other = true;
        return next;
    }
    /// Plain payload follows, or nothing.
    static constexpr Next payload() { return {}; }
    /// My header does not fit. (Whose fault that is, decode() knows.)
    static constexpr Next too_short() { return stopped(Stop::cut, Anomaly::none); }
    static constexpr Next fragment() { return stopped(Stop::fragment, Anomaly::none); }
    static constexpr Next bad(Anomaly anomaly) { return stopped(Stop::bad, anomaly); }
    /// These bytes are not mine: for protocols found by port that check the content. Nothing may have been taken or limited.
    static constexpr Next not_mine() {
        Next next;
        next.mine = false;
        return next;
    }

 private:
    static constexpr Next stopped(Stop stop, Anomaly anomaly) {
        Next next;
        next.stop = stop;
        next.anomaly = anomaly;
        return next;
    }
};

}  // namespace pcapline
