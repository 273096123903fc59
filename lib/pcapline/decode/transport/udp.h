// User Datagram Protocol.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"
#include "pcapline/decode/transport/stream_field.h"

namespace pcapline {

/// User Datagram Protocol (RFC 768).
///
///     |          source port          |       destination port        |
///     |            length             |           checksum            |
struct Udp {
    static constexpr std::string_view name = "udp";
    static constexpr std::string_view title = "User Datagram Protocol";
    static constexpr Edge found_at[] = {{Space::ip_proto, 17}};
    static constexpr std::size_t size = 8;

    Fixed<size> h;
    constexpr std::uint16_t src_port() const { return be16<0>(h); }
    constexpr std::uint16_t dst_port() const { return be16<2>(h); }
    constexpr std::uint16_t length() const { return be16<4>(h); }
    constexpr std::uint16_t checksum() const { return be16<6>(h); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Udp udp{*header};
        if (udp.length() != 0) {  // 0: a jumbogram or offload, the payload runs to the end
            if (udp.length() < size) return Next::bad(Anomaly::length_field);
            rest.limit(udp.length() - size);
        }
        return Next::ports(Space::udp_port, udp.src_port(), udp.dst_port());
    }
};

namespace udp_field {

inline void payload(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const Bytes bytes = context.content(layer);
    if (!bytes.empty()) out.bytes(index, bytes);
}

}  // namespace udp_field

template <>
inline constexpr std::array fields<Udp>{
    Field{"udp.srcport", FieldType::uint16, "Source port", get<Udp, &Udp::src_port>},
    Field{"udp.dstport", FieldType::uint16, "Destination port", get<Udp, &Udp::dst_port>},
    Field{"udp.port", FieldType::uint16, "Source and destination port", get_both<Udp, &Udp::src_port, &Udp::dst_port>, Display::dec,
          Repeat::list, Shown::asked},
    Field{"udp.length", FieldType::uint16, "Length of header and payload", get<Udp, &Udp::length>},
    Field{"udp.checksum", FieldType::uint16, "Checksum", get<Udp, &Udp::checksum>, Display::hex},
    Field{"udp.payload", FieldType::bytes, "Captured payload", udp_field::payload, Display::none, Repeat::one, Shown::asked},
    stream_field("udp.stream", FieldType::uint32, "Number of the conversation, from 0", stream_number),
};

}  // namespace pcapline
