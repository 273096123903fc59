#include "pcapline/record/summary.h"

#include <optional>

#include "pcapline/base/text.h"
#include "pcapline/decode/innermost.h"
#include "pcapline/decode/registry.h"

namespace pcapline {

void put_protocols(TextBuffer& out, const Packet& packet, bool ethertype) {
    const std::span<const ProtocolInfo> table = protocol_table();
    bool after_typed = false;
    for (std::size_t i = 0; i < packet.depth; ++i) {
        const Layer& layer = packet.layers[i];
        if (i != 0) out.put(':');
        if (ethertype && after_typed && layer.found_in == Space::ethertype) out.put("ethertype:");
        out.put(table[layer.proto].name);
        after_typed = table[layer.proto].names_ethertype;
    }
    if (ethertype && after_typed && packet.unknown_space == Space::ethertype) out.put(":ethertype");
}

void Summary::read(const PacketRef& packet, bool with_info) {
    text_.clear();
    const Innermost inner = innermost_ip(packet.packet);
    if (inner.has_ip()) {
        const Bytes header = packet.frame.bytes().subspan(inner.ip_begin);
        const bool v4 = inner.ip_role == Role::ipv4;
        const auto put_address = [&](std::size_t at) {
            text_.advance(v4 ? put_ipv4(text_.room(ipv4_chars), header.data() + at) : put_ipv6(text_.room(ipv6_chars), header.data() + at));
        };
        put_address(v4 ? 12 : 8);
        src_end_ = text_.size();
        put_address(v4 ? 16 : 24);
        dst_end_ = text_.size();
    } else if (const auto ethernet = innermost<Ethernet>(packet.frame, packet.packet)) {
        text_.advance(put_mac(text_.room(mac_chars), ethernet->src().data()));
        src_end_ = text_.size();
        text_.advance(put_mac(text_.room(mac_chars), ethernet->dst().data()));
        dst_end_ = text_.size();
    } else {
        src_end_ = dst_end_ = 0;
    }
    has_ports_ = inner.has_ports();
    if (has_ports_) {
        const auto ports = first_of<4>(packet.frame.bytes().subspan(inner.transport_begin));
        src_port_ = be16<0>(ports);
        dst_port_ = be16<2>(ports);
    }
    const std::optional<std::size_t> top = top_layer(packet.packet);
    protocol_ = top ? protocol_table()[packet.packet.layers[*top].proto].name : std::string_view{};
    if (with_info) put_info(text_, packet, values_);
}

}  // namespace pcapline
