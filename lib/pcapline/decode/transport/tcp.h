// Transmission Control Protocol: what one segment says. What its connection says of it is in tcp_state.h.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"
#include "pcapline/decode/transport/tcp_options.h"
#include "pcapline/decode/transport/tcp_state.h"

namespace pcapline {

/// Transmission Control Protocol (RFC 9293, section 3.1).
///
///     |          source port          |       destination port        |
///     |                        sequence number                        |
///     |                     acknowledgment number                     |
///     | offset| res |A|C|E|U|A|P|R|S|F|            window             |
///     |           checksum            |        urgent pointer         |
///     |                            options …                          |
struct Tcp {
    static constexpr std::string_view name = "tcp";
    static constexpr std::string_view title = "Transmission Control Protocol";
    static constexpr Edge found_at[] = {{Space::ip_proto, 6}};
    static constexpr std::size_t size = 20;

    Fixed<size> h;
    constexpr std::uint16_t src_port() const { return be16<0>(h); }
    constexpr std::uint16_t dst_port() const { return be16<2>(h); }
    constexpr std::uint32_t sequence_number() const { return be32<4>(h); }
    constexpr std::uint32_t acknowledgment_number() const { return be32<8>(h); }
    /// Bytes of the header, options included.
    constexpr std::uint8_t header_length() const { return static_cast<std::uint8_t>((u8<12>(h) >> 4) * 4); }
    /// The twelve bits behind the data offset.
    constexpr std::uint16_t flags() const { return be16<12>(h) & 0x0fff; }
    template <std::uint16_t Mask>
    constexpr bool flag() const {
        return (flags() & Mask) != 0;
    }
    constexpr std::uint16_t window() const { return be16<14>(h); }
    constexpr std::uint16_t checksum() const { return be16<16>(h); }
    constexpr std::uint16_t urgent_pointer() const { return be16<18>(h); }

    static constexpr std::uint16_t fin = 0x001;
    static constexpr std::uint16_t syn = 0x002;
    static constexpr std::uint16_t rst = 0x004;
    static constexpr std::uint16_t psh = 0x008;
    static constexpr std::uint16_t ack = 0x010;
    static constexpr std::uint16_t urg = 0x020;
    static constexpr std::uint16_t ece = 0x040;
    static constexpr std::uint16_t cwr = 0x080;
    static constexpr std::uint16_t ae = 0x100;
    static constexpr std::uint16_t reserved = 0xe00;

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Tcp tcp{*header};
        if (tcp.header_length() < size) return Next::bad(Anomaly::header_length);
        if (!rest.take(tcp.header_length() - size)) return Next::too_short();
        return Next::ports(Space::tcp_port, tcp.src_port(), tcp.dst_port());
    }
};

namespace tcp_field {

/// Bytes of payload that the headers promise, captured or not.
inline void payload_length(const Context&, const Layer& layer, std::size_t index, FieldValues& out) {
    out.number(index, layer.content);
}

/// One character a flag, from the highest reserved bit to FIN; a middle dot where it is not set.
inline void flags_text(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    static constexpr std::string_view letters = "RRRACEUAPRSF";
    static constexpr std::string_view unset = "\u00b7";
    const std::uint16_t flags = detail::view<Tcp>(context.bytes(layer)).flags();
    std::uint8_t* const text = out.scratch().take(letters.size() * unset.size());
    std::size_t length = 0;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const std::string_view shown = flags >> (letters.size() - 1 - i) & 1 ? letters.substr(i, 1) : unset;
        for (const char c : shown) text[length++] = static_cast<std::uint8_t>(c);
    }
    out.bytes(index, Bytes{text, length});
}

inline void options(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const Bytes header = context.bytes(layer);
    if (header.size() > Tcp::size) out.bytes(index, header.subspan(Tcp::size));
}

inline void payload(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const Bytes bytes = context.content(layer);
    if (!bytes.empty()) out.bytes(index, bytes);
}

}  // namespace tcp_field

template <>
inline constexpr std::array fields<Tcp>{
    Field{"tcp.srcport", FieldType::uint16, "Source port", get<Tcp, &Tcp::src_port>},
    Field{"tcp.dstport", FieldType::uint16, "Destination port", get<Tcp, &Tcp::dst_port>},
    Field{"tcp.port", FieldType::uint16, "Source and destination port", get_both<Tcp, &Tcp::src_port, &Tcp::dst_port>, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tcp.len", FieldType::uint32, "Length of the payload", tcp_field::payload_length},
    Field{"tcp.seq_raw", FieldType::uint32, "Sequence number as it stands in the header", get<Tcp, &Tcp::sequence_number>},
    Field{"tcp.ack_raw", FieldType::uint32, "Acknowledgment number as it stands in the header", get<Tcp, &Tcp::acknowledgment_number>},
    Field{"tcp.hdr_len", FieldType::uint8, "Length of the header with its options", get<Tcp, &Tcp::header_length>},
    Field{"tcp.flags", FieldType::uint16, "Flags and reserved bits", get<Tcp, &Tcp::flags>, Display::hex},
    Field{"tcp.flags.res", FieldType::boolean, "A reserved bit is set", get<Tcp, &Tcp::flag<Tcp::reserved>>},
    Field{"tcp.flags.ae", FieldType::boolean, "Accurate ECN", get<Tcp, &Tcp::flag<Tcp::ae>>},
    Field{"tcp.flags.cwr", FieldType::boolean, "Congestion window reduced", get<Tcp, &Tcp::flag<Tcp::cwr>>},
    Field{"tcp.flags.ece", FieldType::boolean, "ECN echo", get<Tcp, &Tcp::flag<Tcp::ece>>},
    Field{"tcp.flags.urg", FieldType::boolean, "Urgent pointer is valid", get<Tcp, &Tcp::flag<Tcp::urg>>},
    Field{"tcp.flags.ack", FieldType::boolean, "Acknowledgment number is valid", get<Tcp, &Tcp::flag<Tcp::ack>>},
    Field{"tcp.flags.push", FieldType::boolean, "Push", get<Tcp, &Tcp::flag<Tcp::psh>>},
    Field{"tcp.flags.reset", FieldType::boolean, "Reset", get<Tcp, &Tcp::flag<Tcp::rst>>},
    Field{"tcp.flags.syn", FieldType::boolean, "Synchronise", get<Tcp, &Tcp::flag<Tcp::syn>>},
    Field{"tcp.flags.fin", FieldType::boolean, "No more data", get<Tcp, &Tcp::flag<Tcp::fin>>},
    Field{"tcp.flags.str", FieldType::text, "Flags as letters", tcp_field::flags_text, Display::none, Repeat::one, Shown::asked},
    Field{"tcp.window_size_value", FieldType::uint16, "Window as it stands in the header", get<Tcp, &Tcp::window>},
    Field{"tcp.checksum", FieldType::uint16, "Checksum", get<Tcp, &Tcp::checksum>, Display::hex},
    Field{"tcp.urgent_pointer", FieldType::uint16, "Urgent pointer", get<Tcp, &Tcp::urgent_pointer>},
    Field{"tcp.options", FieldType::bytes, "All options", tcp_field::options, Display::none, Repeat::one, Shown::asked},
    Field{"tcp.option_kind", FieldType::uint8, "Kinds of the options", tcp_option::kinds, Display::dec, Repeat::list, Shown::asked},
    Field{"tcp.option_len", FieldType::uint8, "Lengths of the options", tcp_option::lengths, Display::dec, Repeat::list, Shown::asked},
    Field{"tcp.options.mss_val", FieldType::uint16, "Maximum segment size", tcp_option::each<2, tcp_option::number<2, 0, 2>>},
    Field{"tcp.options.wscale.shift", FieldType::uint8, "Window scale: shift count", tcp_option::each<3, tcp_option::number<1, 0, 1>>},
    Field{"tcp.options.wscale.multiplier", FieldType::uint16, "Window scale: factor", tcp_option::each<3, tcp_option::multiplier>},
    Field{"tcp.options.sack_perm", FieldType::bytes, "Selective acknowledgement permitted: the option",
          tcp_option::each<4, tcp_option::whole>, Display::none, Repeat::one, Shown::asked},
    Field{"tcp.options.sack", FieldType::bytes, "Selective acknowledgement: the option", tcp_option::each<5, tcp_option::whole>,
          Display::none, Repeat::one, Shown::asked},
    Field{"tcp.options.sack.count", FieldType::uint8, "Selective acknowledgement: number of blocks",
          tcp_option::each<5, tcp_option::sack_count>},
    Field{"tcp.options.timestamp.tsval", FieldType::uint32, "Timestamp value", tcp_option::each<8, tcp_option::number<8, 0, 4>>},
    Field{"tcp.options.timestamp.tsecr", FieldType::uint32, "Timestamp echo reply", tcp_option::each<8, tcp_option::number<8, 4, 4>>},
    Field{"tcp.options.md5.digest", FieldType::bytes, "MD5 signature (RFC 2385)", tcp_option::each<19, tcp_option::data>, Display::none},
    Field{"tcp.options.tfo.cookie", FieldType::bytes, "Fast open cookie (RFC 7413)", tcp_option::each<34, tcp_option::data>, Display::none},
    Field{"tcp.payload", FieldType::bytes, "Captured payload", tcp_field::payload, Display::none, Repeat::one, Shown::asked},
    stream_field("tcp.stream", FieldType::uint32, "Number of the connection, from 0", stream_number),
    tcp_state::field("tcp.seq", "Sequence number, the connection's first being 0", tcp_state::number<&TcpPacket::seq>),
    tcp_state::field("tcp.ack", "Acknowledgment number, likewise", tcp_state::number<&TcpPacket::ack>),
    tcp_state::field("tcp.nxtseq", "Sequence number of the next byte", tcp_state::next_seq),
    tcp_state::field("tcp.window_size", "Window in bytes, scaled if the scale is known", tcp_state::number<&TcpPacket::window_size>),
    stream_field("tcp.window_size_scalefactor", FieldType::int32, "Factor of the window; -1: not known, -2: none",
                 tcp_state::number_unless_0<&TcpPacket::window_factor>),
    stream_field("tcp.time_relative", FieldType::duration, "Time since the connection's first packet",
                 tcp_state::time<&TcpPacket::time_relative>),
    stream_field("tcp.time_delta", FieldType::duration, "Time since the connection's packet before",
                 tcp_state::time<&TcpPacket::time_delta>),
    tcp_state::flag("tcp.analysis.flags", "Any of the analysis flags that follow", tcp_state::any_event),
    tcp_state::event<TcpEvent::retransmission>("tcp.analysis.retransmission", "Sent before"),
    tcp_state::event<TcpEvent::fast_retransmission>("tcp.analysis.fast_retransmission", "Sent again because of duplicate ACKs"),
    tcp_state::event<TcpEvent::spurious_retransmission>("tcp.analysis.spurious_retransmission", "Sent again though acknowledged"),
    tcp_state::event<TcpEvent::out_of_order>("tcp.analysis.out_of_order", "Overtaken by a later segment"),
    tcp_state::event<TcpEvent::lost_segment>("tcp.analysis.lost_segment", "Bytes before it were not captured"),
    tcp_state::event<TcpEvent::ack_lost_segment>("tcp.analysis.ack_lost_segment", "Acknowledges bytes that were not captured"),
    tcp_state::event<TcpEvent::duplicate_ack>("tcp.analysis.duplicate_ack", "Duplicate ACK"),
    tcp_state::field("tcp.analysis.duplicate_ack_num", "Which duplicate, from 1", tcp_state::number_unless_0<&TcpPacket::duplicate_number>),
    stream_field("tcp.analysis.duplicate_ack_frame", FieldType::uint64, "Packet with the ACK that it repeats",
                 tcp_state::number_unless_0<&TcpPacket::duplicate_of>),
    tcp_state::event<TcpEvent::keep_alive>("tcp.analysis.keep_alive", "Keep-alive"),
    tcp_state::event<TcpEvent::keep_alive_ack>("tcp.analysis.keep_alive_ack", "Answer to a keep-alive"),
    tcp_state::event<TcpEvent::zero_window>("tcp.analysis.zero_window", "Nothing can be received now"),
    tcp_state::event<TcpEvent::zero_window_probe>("tcp.analysis.zero_window_probe", "Asks whether the window is open again"),
    tcp_state::event<TcpEvent::zero_window_probe_ack>("tcp.analysis.zero_window_probe_ack", "Answer to that"),
    tcp_state::event<TcpEvent::window_update>("tcp.analysis.window_update", "Only tells another window"),
    tcp_state::event<TcpEvent::window_full>("tcp.analysis.window_full", "Fills the receiver's window"),
    tcp_state::event<TcpEvent::reused_ports>("tcp.analysis.reused_ports", "A new connection on the ports of an earlier one"),
    tcp_state::field("tcp.analysis.bytes_in_flight", "Bytes sent and not acknowledged",
                     tcp_state::number_unless_0<&TcpPacket::bytes_in_flight>),
    tcp_state::field("tcp.analysis.push_bytes_sent", "Bytes sent since the last segment with PSH, that one excluded",
                     tcp_state::number_unless_0<&TcpPacket::pushed_bytes>),
    stream_field("tcp.analysis.acks_frame", FieldType::uint64, "Packet that it acknowledges",
                 tcp_state::number_unless_0<&TcpPacket::acks_frame>),
    stream_field("tcp.analysis.ack_rtt", FieldType::duration, "Time since the segment that it acknowledges",
                 tcp_state::time<&TcpPacket::ack_rtt>),
    stream_field("tcp.analysis.initial_rtt", FieldType::duration, "Round-trip time of the handshake", tcp_state::initial_rtt),
};

}  // namespace pcapline
