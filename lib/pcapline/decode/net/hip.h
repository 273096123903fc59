// Host Identity Protocol.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/net/ipv6_extension.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Host Identity Protocol (RFC 7401, section 5.1). The parameters are part of the layer.
///
///     |  next header  | header length |0| packet type |version| res |1|
///     |           checksum            |           controls            |
///     |            sender's host identity tag (16)                    |
///     |            receiver's host identity tag (16)                  |
struct Hip {
    static constexpr std::string_view name = "hip";
    static constexpr std::string_view title = "Host Identity Protocol";
    static constexpr Edge found_at[] = {{Space::ip_proto, 139}};
    static constexpr std::size_t size = 40;

    Fixed<size> h;
    constexpr std::uint8_t next_header() const { return u8<0>(h); }
    constexpr std::uint8_t length() const { return u8<1>(h); }
    constexpr std::uint8_t packet_type() const { return u8<2>(h) & 0x7f; }
    constexpr std::uint8_t version() const { return u8<3>(h) >> 4; }
    constexpr std::uint16_t checksum() const { return be16<4>(h); }
    constexpr std::uint16_t controls() const { return be16<6>(h); }
    constexpr Fixed<16> sender() const { return h.part<8, 16>(); }
    constexpr Fixed<16> receiver() const { return h.part<24, 16>(); }

    static constexpr Next decode(Cursor& rest) {
        const auto begin = rest.peek<size>();
        if (!begin) return Next::too_short();
        const std::size_t length = (Hip{*begin}.length() + std::size_t{1}) * Ipv6Extension::unit;
        if (length < size) return Next::bad(Anomaly::header_length);
        if (!rest.take(length)) return Next::too_short();
        return after_ipv6_header(Hip{*begin}.next_header());
    }
};

template <>
inline constexpr std::array fields<Hip>{
    Field{"hip.proto", FieldType::uint8, "Payload protocol", get<Hip, &Hip::next_header>},
    Field{"hip.hdr_len", FieldType::uint8, "Length in units of 8 bytes, the first not counted", get<Hip, &Hip::length>},
    Field{"hip.packet_type", FieldType::uint8, "Packet type", get<Hip, &Hip::packet_type>},
    Field{"hip.version", FieldType::uint8, "Version", get<Hip, &Hip::version>},
    Field{"hip.checksum", FieldType::uint16, "Checksum", get<Hip, &Hip::checksum>, Display::hex},
    Field{"hip.controls", FieldType::uint16, "Controls", get<Hip, &Hip::controls>, Display::hex},
    Field{"hip.hit_sndr", FieldType::bytes, "Sender's host identity tag", get<Hip, &Hip::sender>},
    Field{"hip.hit_rcvr", FieldType::bytes, "Receiver's host identity tag", get<Hip, &Hip::receiver>},
};

}  // namespace pcapline
