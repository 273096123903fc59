// TrackedFlow: what `conversations` knows of one flow.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "pcapline/flow/flow_counters.h"
#include "pcapline/flow/flow_record.h"
#include "pcapline/flow/pool.h"
#include "pcapline/tcp/conn_state.h"
#include "pcapline/tcp/tcp_flow.h"

namespace pcapline {

/// What is tracked beside packets, bytes and times. What is not asked for takes no memory and little time.
struct TrackedParts {
    bool tcp = false;        ///< TCP quality, states and histories, bad checksums
    bool shape = false;      ///< sizes, and times between packets
    bool link = false;       ///< Ethernet addresses
    std::uint8_t first = 0;  ///< sizes and times of so many packets

    void add(const TrackedParts& more) {
        tcp = tcp || more.tcp;
        shape = shape || more.shape;
        link = link || more.link;
        first = std::max(first, more.first);
    }
};

/// The state of a connection or its like, for the columns of the set `tcp`.
struct StatePart {
    ConnState state;
    std::array<std::uint32_t, 2> bad_checksums{};  ///< by Way
};

/// The same of a TCP connection.
struct TcpPart : StatePart {
    TcpFlow flow;
};

/// Sizes and times of some packets.
struct FirstFew {
    static constexpr std::size_t room = 4;
    std::array<std::int64_t, room> times{};
    std::array<std::uint32_t, room> sizes{};  ///< original lengths
    std::uint32_t next = 0xffffffff;          ///< of a pool: those after these
    std::uint8_t from_b = 0;                  ///< bit i: packet i
};

/// What lies around a flow's packets, the name that was asked for, and the first packets: few flows have any.
struct FlowExtras {
    std::uint32_t origin = 0;           ///< of Origins
    std::uint32_t server_name = 0;      ///< place in a list of names, from 1; 0: none was seen
    std::uint32_t first = 0xffffffff;   ///< FirstFew, the first …
    std::uint32_t newest = 0xffffffff;  ///< … and the last of the list
    std::uint8_t kept = 0;              ///< packets in it
};

/// A flow's record in the table: counts, and where the rest is.
struct TrackedFlow {
    static constexpr std::uint32_t none = 0xffffffff;

    /// What TCP flags have been seen, for end_reason.
    enum Seen : std::uint8_t {
        fin_ab = 1,
        fin_ba = 2,
        closed = 4,   ///< FIN both ways, before any RST
        aborted = 8,  ///< RST, before FIN both ways
        base_ab = 16,
        base_ba = 32,
        one_packet = 64,  ///< `state` is a FirstPacket
    };

    BasicCounts counts;
    std::array<std::uint32_t, 2> base{};  ///< by Way: sequence number of the SYN, or one before the first that was seen
    std::uint32_t state = none;           ///< FirstPacket, TcpPart or StatePart
    std::uint32_t more = none;            ///< MoreParts
    std::uint32_t extras = none;          ///< FlowExtras
    Proto content = no_proto;             ///< decoded above the ports
    std::uint8_t seen = 0;
    std::uint8_t protocol = 0;  ///< 6: `state` is a TcpPart, or a FirstPacket

    bool has(Seen what) const { return (seen & what) != 0; }
};

/// What only `shape` and `link` want.
struct MoreParts {
    ShapeCounts shape;
    std::array<std::uint8_t, 6> src_mac{};
    std::array<std::uint8_t, 6> dst_mac{};
    bool has_mac = false;
};

}  // namespace pcapline
