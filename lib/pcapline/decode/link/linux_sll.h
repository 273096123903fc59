// Linux cooked capture, versions 1 and 2.
#pragma once

#include <optional>

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Linux cooked capture (LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2 of tcpdump.org), written for captures on "any".
/// Both are `sll` in tshark; the size of the layer tells them apart.
///
///     version 1: |  packet type  | device type | address length | address (8) | protocol |
///     version 2: | protocol | 0 | interface (4) | device type | packet type (1) | address length (1) | address (8) |
struct LinuxSll {
    static constexpr std::string_view name = "sll";
    static constexpr std::string_view title = "Linux cooked capture";
    static constexpr std::uint32_t link_type_v2 = 276;
    static constexpr Edge found_at[] = {{Space::link_type, 113}, {Space::link_type, link_type_v2}};
    static constexpr bool names_ethertype = true;
    static constexpr std::size_t size = 16;
    static constexpr std::size_t size_v2 = 20;

    static constexpr std::uint16_t arphrd_ipgre = 778;
    static constexpr std::uint16_t arphrd_netlink = 824;

    static constexpr Next decode(Cursor& rest, std::uint32_t key) {
        if (key == link_type_v2) {
            const auto header = rest.take<size_v2>();
            if (!header) return Next::too_short();
            return next(be16<8>(*header), be16<0>(*header));
        }
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        return next(be16<2>(*header), be16<14>(*header));
    }

    /// What both versions say, in one shape.
    struct View {
        std::uint16_t packet_type, device_type, address_length, protocol;
        Bytes address;  ///< the eight octets that hold it
        std::optional<std::uint32_t> interface;
    };
    static View view(Bytes layer) {
        if (layer.size() == size_v2) {
            const auto h = first_of<size_v2>(layer);
            return {u8<10>(h), be16<8>(h), u8<11>(h), be16<0>(h), h.part<12, 8>().bytes(), be32<4>(h)};
        }
        const auto h = first_of<size>(layer);
        return {be16<0>(h), be16<2>(h), be16<4>(h), be16<14>(h), h.part<6, 8>().bytes(), std::nullopt};
    }

    enum Part {
        packet_type,
        device_type,
        address_length,
        address_ether,
        address_ipv4,
        address_other,
        unused,
        ether_type,
        gre_type,
        linux_type,
        interface
    };
    template <Part part>
    static void read(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        const View v = view(context.bytes(layer));
        const std::size_t len = v.address_length < 8 ? v.address_length : 8;
        if constexpr (part == packet_type) out.number(index, v.packet_type);
        if constexpr (part == device_type) out.number(index, v.device_type);
        if constexpr (part == address_length) out.number(index, v.address_length);
        if constexpr (part == address_ether)
            if (v.address_length == 6) out.bytes(index, v.address.first(6));
        if constexpr (part == address_ipv4)
            if (v.address_length == 4) out.bytes(index, v.address.first(4));
        if constexpr (part == address_other)
            if (len != 0 && len != 4 && len != 6) out.bytes(index, v.address.first(len));
        if constexpr (part == unused)
            if (len < 8) out.bytes(index, v.address.subspan(len));
        if constexpr (part == ether_type)
            if (is_ethertype(v.device_type, v.protocol)) out.number(index, v.protocol);
        if constexpr (part == gre_type)
            if (v.device_type == arphrd_ipgre && v.protocol >= 1536) out.number(index, v.protocol);
        if constexpr (part == linux_type)
            if (v.protocol < 1536 && v.device_type != arphrd_netlink) out.number(index, v.protocol);
        if constexpr (part == interface)
            if (v.interface) out.number(index, *v.interface);
    }

 private:
    static constexpr bool is_ethertype(std::uint16_t device, std::uint16_t protocol) {
        return protocol >= 1536 && device != arphrd_ipgre && device != arphrd_netlink;
    }
    static constexpr Next next(std::uint16_t device, std::uint16_t protocol) {
        if (is_ethertype(device, protocol)) return Next::in(Space::ethertype, protocol);
        if (device == arphrd_netlink) return Next::payload();  // the protocol is a netlink family
        if (device == arphrd_ipgre && protocol >= 1536) return Next::in(Space::ethertype, protocol);
        if (protocol == 1) return Next::in(Space::ethertype, 0x8137);  // ETH_P_802_3: Novell's raw 802.3
        if (protocol == 4) return Next::in(Space::llc, 0);             // ETH_P_802_2
        return Next::payload();
    }
};

template <>
inline constexpr std::array fields<LinuxSll>{
    Field{"sll.pkttype", FieldType::uint16, "Packet type: 0 to us, 1 broadcast, 2 multicast, 3 to others, 4 by us",
          LinuxSll::read<LinuxSll::packet_type>},
    Field{"sll.hatype", FieldType::uint16, "Device type (ARPHRD_)", LinuxSll::read<LinuxSll::device_type>},
    Field{"sll.halen", FieldType::uint16, "Length of the sender's address", LinuxSll::read<LinuxSll::address_length>},
    Field{"sll.src.eth", FieldType::ether, "Sender's MAC address", LinuxSll::read<LinuxSll::address_ether>},
    Field{"sll.src.ipv4", FieldType::ipv4, "Sender's IPv4 address", LinuxSll::read<LinuxSll::address_ipv4>},
    Field{"sll.src.other", FieldType::bytes, "Sender's address of another kind", LinuxSll::read<LinuxSll::address_other>},
    Field{"sll.unused", FieldType::bytes, "Octets after the address", LinuxSll::read<LinuxSll::unused>, Display::none, Repeat::one,
          Shown::asked},
    Field{"sll.etype", FieldType::uint16, "EtherType", LinuxSll::read<LinuxSll::ether_type>, Display::hex},
    Field{"sll.gretype", FieldType::uint16, "GRE protocol type", LinuxSll::read<LinuxSll::gre_type>, Display::hex},
    Field{"sll.ltype", FieldType::uint16, "Linux protocol number", LinuxSll::read<LinuxSll::linux_type>, Display::hex},
    Field{"sll.ifindex", FieldType::uint32, "Interface index", LinuxSll::read<LinuxSll::interface>},
};

}  // namespace pcapline
