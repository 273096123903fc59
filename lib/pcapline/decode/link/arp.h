// Address Resolution Protocol.
#pragma once

#include <algorithm>

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Address Resolution Protocol (RFC 826), and RARP (RFC 903), which differs only in its opcodes.
///
///     |         hardware type         |         protocol type         |
///     |hardware length|protocol length|            opcode             |
///     | sender hardware, sender protocol, target hardware, target protocol address
struct Arp {
    static constexpr std::string_view name = "arp";
    static constexpr std::string_view title = "Address Resolution Protocol";
    static constexpr Edge found_at[] = {{Space::ethertype, 0x0806}, {Space::ethertype, 0x8035}};
    static constexpr std::size_t size = 8;

    Fixed<size> h;
    constexpr std::uint16_t hardware_type() const { return be16<0>(h); }
    constexpr std::uint16_t protocol_type() const { return be16<2>(h); }
    constexpr std::uint8_t hardware_length() const { return u8<4>(h); }
    constexpr std::uint8_t protocol_length() const { return u8<5>(h); }
    constexpr std::uint16_t opcode() const { return be16<6>(h); }
    /// Ethernet's hardware type, or that of IEEE 802 networks.
    constexpr bool has_mac() const { return (hardware_type() == 1 || hardware_type() == 6) && hardware_length() == 6; }
    constexpr bool has_ipv4() const { return protocol_type() == 0x0800 && protocol_length() == 4; }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Arp arp{*header};
        const std::size_t addresses = 2U * (arp.hardware_length() + std::size_t{arp.protocol_length()});
        if (!rest.take(addresses)) return Next::too_short();
        return Next::payload();
    }

    struct Addresses {
        Bytes sender_hardware, sender_protocol, target_hardware, target_protocol;
    };
    constexpr Addresses addresses(Bytes layer) const {
        const std::size_t hw = hardware_length();
        const std::size_t proto = protocol_length();
        return {layer.subspan(size, hw), layer.subspan(size + hw, proto), layer.subspan(size + hw + proto, hw),
                layer.subspan(size + 2 * hw + proto, proto)};
    }

    /// Reader for one address, where the header says it is `wanted` (has_mac, has_ipv4) or, for the general fields, not.
    template <auto Address, auto Has, bool wanted>
    static void address(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        const Bytes bytes = context.bytes(layer);
        const Arp arp{first_of<size>(bytes)};
        const Bytes found = arp.addresses(bytes).*Address;
        if ((arp.*Has)() == wanted && !found.empty()) out.bytes(index, found);
    }
    /// Sender and target protocol address are one: the sender announces itself. No value where they are not.
    static void gratuitous(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        const Bytes bytes = context.bytes(layer);
        const Arp arp{first_of<size>(bytes)};
        if (!arp.has_ipv4() || arp.opcode() > 2) return;
        const Addresses all = arp.addresses(bytes);
        if (std::equal(all.sender_protocol.begin(), all.sender_protocol.end(), all.target_protocol.begin())) out.number(index, 1);
    }
};

template <>
inline constexpr std::array fields<Arp>{
    Field{"arp.hw.type", FieldType::uint16, "Hardware type", get<Arp, &Arp::hardware_type>},
    Field{"arp.proto.type", FieldType::uint16, "Protocol type", get<Arp, &Arp::protocol_type>, Display::hex},
    Field{"arp.hw.size", FieldType::uint8, "Length of a hardware address", get<Arp, &Arp::hardware_length>},
    Field{"arp.proto.size", FieldType::uint8, "Length of a protocol address", get<Arp, &Arp::protocol_length>},
    Field{"arp.opcode", FieldType::uint16, "Opcode: 1 request, 2 reply", get<Arp, &Arp::opcode>},
    Field{"arp.isgratuitous", FieldType::boolean, "Sender and target are one", Arp::gratuitous, Display::dec, Repeat::one, Shown::asked},
    Field{"arp.src.hw_mac", FieldType::ether, "Sender's MAC address", Arp::address<&Arp::Addresses::sender_hardware, &Arp::has_mac, true>},
    Field{"arp.src.hw", FieldType::bytes, "Sender's hardware address of another kind",
          Arp::address<&Arp::Addresses::sender_hardware, &Arp::has_mac, false>},
    Field{"arp.src.proto_ipv4", FieldType::ipv4, "Sender's IPv4 address",
          Arp::address<&Arp::Addresses::sender_protocol, &Arp::has_ipv4, true>},
    Field{"arp.src.proto", FieldType::bytes, "Sender's protocol address of another kind",
          Arp::address<&Arp::Addresses::sender_protocol, &Arp::has_ipv4, false>},
    Field{"arp.dst.hw_mac", FieldType::ether, "Target's MAC address", Arp::address<&Arp::Addresses::target_hardware, &Arp::has_mac, true>},
    Field{"arp.dst.hw", FieldType::bytes, "Target's hardware address of another kind",
          Arp::address<&Arp::Addresses::target_hardware, &Arp::has_mac, false>},
    Field{"arp.dst.proto_ipv4", FieldType::ipv4, "Target's IPv4 address",
          Arp::address<&Arp::Addresses::target_protocol, &Arp::has_ipv4, true>},
    Field{"arp.dst.proto", FieldType::bytes, "Target's protocol address of another kind",
          Arp::address<&Arp::Addresses::target_protocol, &Arp::has_ipv4, false>},
};

}  // namespace pcapline
