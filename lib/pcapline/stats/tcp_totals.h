// TcpTotals: what TCP headers say, packet by packet; connections are not followed.
#pragma once

#include <cstdint>

#include "pcapline/decode/checksum.h"
#include "pcapline/decode/innermost.h"
#include "pcapline/decode/registry.h"

namespace pcapline {

/// Of the innermost headers; those that an ICMP error quotes do not count.
struct TcpTotals {
    std::uint64_t packets = 0;
    std::uint64_t syn = 0;            ///< SYN without ACK
    std::uint64_t syn_ack = 0;        ///< SYN with ACK
    std::uint64_t fin = 0;            ///< with FIN
    std::uint64_t rst = 0;            ///< with RST
    std::uint64_t zero_windows = 0;   ///< a window of 0, in packets without SYN, FIN and RST (as tcp.analysis.zero_window)
    std::uint64_t bad_checksums = 0;  ///< of those that can be verified, see transport_checksum()

    /// `packet`: what decode() said; null for a Glance.
    void add(const Frame& frame, const Innermost& inner, const Packet* packet) {
        if (inner.transport != proto_of<Tcp>) return;
        const Tcp tcp{first_of<Tcp::size>(frame.bytes().subspan(inner.transport_begin))};
        ++packets;
        const bool is_syn = tcp.flag<Tcp::syn>();
        const bool is_ack = tcp.flag<Tcp::ack>();
        syn += is_syn && !is_ack ? 1U : 0U;
        syn_ack += is_syn && is_ack ? 1U : 0U;
        fin += tcp.flag<Tcp::fin>() ? 1U : 0U;
        rst += tcp.flag<Tcp::rst>() ? 1U : 0U;
        zero_windows += tcp.window() == 0 && !tcp.flag<Tcp::syn | Tcp::fin | Tcp::rst>() ? 1U : 0U;
        bad_checksums += transport_checksum(frame, inner, packet) == Checksum::bad ? 1U : 0U;
    }
    void merge(const TcpTotals& other) {
        packets += other.packets;
        syn += other.syn;
        syn_ack += other.syn_ack;
        fin += other.fin;
        rst += other.rst;
        zero_windows += other.zero_windows;
        bad_checksums += other.bad_checksums;
    }
};

}  // namespace pcapline
