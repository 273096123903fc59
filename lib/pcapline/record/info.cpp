// put_info(): one line of what a packet says, for people.
#include <array>
#include <initializer_list>
#include <string_view>

#include "pcapline/decode/innermost.h"
#include "pcapline/decode/registry.h"
#include "pcapline/record/info_names.h"
#include "pcapline/record/summary.h"

namespace pcapline {
namespace {

/// The fields that one protocol's info text is made of, looked up once.
class InfoFields {
 public:
    InfoFields(std::initializer_list<std::string_view> names) {
        std::size_t i = 0;
        for (const std::string_view name : names) {
            const auto place = find_field(name);
            known_[i] = place.has_value();
            if (place) {
                index_[i] = place->index;
                wanted_[place->index] = true;
            }
            ++i;
        }
    }
    void read(const PacketRef& packet, const Layer& layer, FieldValues& values) const {
        values.clear();
        values.want(wanted_);
        read_fields(Context{packet.frame, packet.packet}, layer, values);
    }
    std::span<const Value> of(std::size_t i, const FieldValues& values) const {
        return known_[i] ? values.of(index_[i]) : std::span<const Value>{};
    }
    std::uint64_t number(std::size_t i, const FieldValues& values) const {
        const auto all = of(i, values);
        return all.empty() ? 0 : all.front().number;
    }

 private:
    FieldValues::Mask wanted_;
    static constexpr std::size_t most = 10;
    std::array<std::uint8_t, most> index_{};
    std::array<bool, most> known_{};
};

std::string_view text_of(const Value& value) {
    return {reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()};
}

void put_name(TextBuffer& out, std::string_view name, std::string_view what, std::uint64_t number) {
    if (!name.empty()) {
        out.put(name);
        return;
    }
    out.put(what);
    out.put(' ');
    out.decimal(number);
}

void put_v4(TextBuffer& out, std::span<const Value> values) {
    if (!values.empty() && values.front().bytes.size() == 4) out.advance(put_ipv4(out.room(ipv4_chars), values.front().bytes.data()));
}

void dns_info(TextBuffer& out, const PacketRef& packet, const Layer& layer, FieldValues& values) {
    enum Place {
        id,
        response,
        rcode,
        qry_name,
        qry_type,
        resp_name,
        a,
        aaaa,
        cname
    };
    static const InfoFields fields{"dns.id", "dns.flags.response", "dns.flags.rcode", "dns.qry.name", "dns.qry.type", "dns.resp.name",
                                   "dns.a",  "dns.aaaa",           "dns.cname"};
    fields.read(packet, layer, values);
    const bool is_response = fields.number(response, values) != 0;
    out.put(is_response ? "response " : "query ");
    out.decimal(fields.number(id, values));
    if (const auto code = fields.number(rcode, values); is_response && code != 0) {
        out.put(' ');
        put_name(out, dns_rcode_name(code), "rcode", code);
    }
    const auto types = fields.of(qry_type, values);
    const auto names = fields.of(qry_name, values);
    for (std::size_t i = 0; i < types.size() && i < names.size(); ++i) {
        out.put(' ');
        put_name(out, dns_type_name(types[i].number), "type", types[i].number);
        out.put(' ');
        out.put(text_of(names[i]));
    }
    for (const Value& name : fields.of(cname, values)) {
        out.put(" CNAME ");
        out.put(text_of(name));
    }
    for (const Value& address : fields.of(a, values)) {
        out.put(' ');
        put_v4(out, {&address, 1});
    }
    for (const Value& address : fields.of(aaaa, values)) {
        out.put(' ');
        if (address.bytes.size() == 16) out.advance(put_ipv6(out.room(ipv6_chars), address.bytes.data()));
    }
}

void tls_info(TextBuffer& out, const PacketRef& packet, const Layer& layer, FieldValues& values) {
    enum Place {
        content,
        handshake,
        server_name
    };
    static const InfoFields fields{"tls.record.content_type", "tls.handshake.type", "tls.handshake.extensions_server_name"};
    fields.read(packet, layer, values);
    bool first = true;
    const auto put_next = [&](std::string_view name, std::string_view what, std::uint64_t number) {
        if (!first) out.put(", ");
        first = false;
        put_name(out, name, what, number);
    };
    const auto handshakes = fields.of(handshake, values);
    for (const Value& type : handshakes) put_next(tls_handshake_name(type.number), "handshake", type.number);
    for (const Value& record : fields.of(content, values))
        if (record.number != 22 || handshakes.empty()) put_next(tls_content_name(record.number), "content type", record.number);
    for (const Value& name : fields.of(server_name, values)) {
        out.put(' ');
        out.put(text_of(name));
    }
}

void put_ports(TextBuffer& out, Bytes header) {
    const auto ports = first_of<4>(header);
    out.decimal(be16<0>(ports));
    out.put(" > ");
    out.decimal(be16<2>(ports));
}

void tcp_info(TextBuffer& out, const PacketRef& packet, const Layer& layer, FieldValues&) {
    const auto header = first_of<20>(bytes_of(packet.frame, layer));
    put_ports(out, header.bytes());
    constexpr std::array<std::string_view, 8> names{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
    out.put(" [");
    bool first = true;
    for (unsigned bit = 0; bit < names.size(); ++bit) {
        if ((u8<13>(header) >> bit & 1) == 0) continue;
        if (!first) out.put(',');
        first = false;
        out.put(names[bit]);
    }
    out.put("] seq ");
    out.decimal(be32<4>(header));
    if (u8<13>(header) & 0x10) {
        out.put(" ack ");
        out.decimal(be32<8>(header));
    }
    out.put(" win ");
    out.decimal(be16<14>(header));
    out.put(" len ");
    out.decimal(layer.content);
}

void ports_info(TextBuffer& out, const PacketRef& packet, const Layer& layer, FieldValues&) {
    put_ports(out, bytes_of(packet.frame, layer));
    out.put(" len ");
    out.decimal(layer.content);
}

void arp_info(TextBuffer& out, const PacketRef& packet, const Layer& layer, FieldValues& values) {
    enum Place {
        opcode,
        sender,
        sender_mac,
        target
    };
    static const InfoFields fields{"arp.opcode", "arp.src.proto_ipv4", "arp.src.hw_mac", "arp.dst.proto_ipv4"};
    fields.read(packet, layer, values);
    const std::uint64_t number = fields.number(opcode, values);
    const auto mac = fields.of(sender_mac, values);
    if (number == 1) {
        out.put("who has ");
        put_v4(out, fields.of(target, values));
        out.put("? tell ");
        put_v4(out, fields.of(sender, values));
    } else if (number == 2 && !mac.empty() && mac.front().bytes.size() == 6) {
        put_v4(out, fields.of(sender, values));
        out.put(" is at ");
        out.advance(put_mac(out.room(mac_chars), mac.front().bytes.data()));
    } else {
        put_name(out, arp_opcode_name(number), "opcode", number);
    }
}

template <std::string_view (*Name)(std::uint64_t)>
void icmp_text(TextBuffer& out, std::uint64_t type, std::uint64_t code, std::span<const Value> id, std::span<const Value> seq) {
    put_name(out, Name(type), "type", type);
    if (code != 0) {
        out.put(" code ");
        out.decimal(code);
    }
    if (!id.empty()) {
        out.put(" id ");
        out.decimal(id.front().number);
    }
    if (!seq.empty()) {
        out.put(" seq ");
        out.decimal(seq.front().number);
    }
}

void icmp_info(TextBuffer& out, const PacketRef& packet, const Layer& layer, FieldValues& values) {
    static const InfoFields fields{"icmp.type", "icmp.code", "icmp.ident", "icmp.seq"};
    fields.read(packet, layer, values);
    icmp_text<icmp_type_name>(out, fields.number(0, values), fields.number(1, values), fields.of(2, values), fields.of(3, values));
}

void icmpv6_info(TextBuffer& out, const PacketRef& packet, const Layer& layer, FieldValues& values) {
    static const InfoFields fields{"icmpv6.type", "icmpv6.code", "icmpv6.echo.identifier", "icmpv6.echo.sequence_number"};
    fields.read(packet, layer, values);
    icmp_text<icmpv6_type_name>(out, fields.number(0, values), fields.number(1, values), fields.of(2, values), fields.of(3, values));
}

void igmp_info(TextBuffer& out, const PacketRef& packet, const Layer& layer, FieldValues& values) {
    static const InfoFields fields{"igmp.type", "igmp.maddr"};
    fields.read(packet, layer, values);
    put_name(out, igmp_type_name(fields.number(0, values)), "type", fields.number(0, values));
    if (!fields.of(1, values).empty()) out.put(' ');
    put_v4(out, fields.of(1, values));
}

void sctp_info(TextBuffer& out, const PacketRef& packet, const Layer& layer, FieldValues& values) {
    static const InfoFields fields{"sctp.chunk_type"};
    fields.read(packet, layer, values);
    put_ports(out, bytes_of(packet.frame, layer));
    for (const Value& type : fields.of(0, values)) {
        out.put(' ');
        put_name(out, sctp_chunk_name(type.number), "chunk", type.number);
    }
}

using Info = void (*)(TextBuffer&, const PacketRef&, const Layer&, FieldValues&);

Info info_by_name(std::string_view name) {
    if (name == "dns") return dns_info;
    if (name == "tls") return tls_info;
    if (name == "tcp") return tcp_info;
    if (name == "udp") return ports_info;
    if (name == "arp") return arp_info;
    if (name == "icmp") return icmp_info;
    if (name == "icmpv6") return icmpv6_info;
    if (name == "igmp") return igmp_info;
    if (name == "sctp") return sctp_info;
    return nullptr;
}

const std::array<Info, protocol_count>& infos() {
    static const auto made = [] {
        std::array<Info, protocol_count> table{};
        for (std::size_t i = 0; i < table.size(); ++i) table[i] = info_by_name(protocol_table()[i].name);
        return table;
    }();
    return made;
}

void put_stop(TextBuffer& out, const Packet& packet) {
    const std::span<const ProtocolInfo> table = protocol_table();
    switch (packet.stop) {
        case Stop::cut:
        case Stop::bad:
        case Stop::too_deep:
            out.put(packet.stop == Stop::cut ? " (cut in " : packet.stop == Stop::bad ? " (malformed " : " (too many layers at ");
            out.put(packet.at == no_proto ? std::string_view{"frame"} : table[packet.at].name);
            out.put(')');
            break;
        case Stop::fragment:
            out.put(" (fragment)");
            break;
        case Stop::unknown:
            out.put(" (unknown number ");
            out.decimal(packet.unknown_key);
            out.put(')');
            break;
        case Stop::payload:
            break;
    }
}

}  // namespace

void put_info(TextBuffer& out, const PacketRef& packet, FieldValues& values) {
    const std::size_t begin = out.size();
    const std::optional<std::size_t> top = top_layer(packet.packet);
    for (std::size_t i = top ? *top + 1 : 0; i-- > 0;) {
        const Layer& layer = packet.packet.layers[i];
        const Info info = infos()[layer.proto];
        if (!info) continue;
        info(out, packet, layer, values);
        break;
    }
    const bool quotes = top && *top + 1 != packet.packet.depth;
    if (packet.packet.stop == Stop::payload || quotes) return;
    const std::size_t text = out.size();
    put_stop(out, packet.packet);
    if (text == begin && out.size() > begin) {  // nothing else was said: without the blank in front
        const std::string kept{out.view().substr(begin + 1)};
        out.cut(begin);
        out.put(kept);
    }
}

}  // namespace pcapline
