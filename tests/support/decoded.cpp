#include "support/decoded.h"

#include <stdexcept>

#include "pcapline/base/text.h"
#include "pcapline/decode/registry.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

std::string spell(const Field& field, const Value& value) {
    char text[ipv6_chars];
    switch (field.type) {
        case FieldType::text:
            return {reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()};
        case FieldType::ipv4:
            return {text, put_ipv4(text, value.bytes.data())};
        case FieldType::ipv6:
            return {text, put_ipv6(text, value.bytes.data())};
        case FieldType::bytes:
        case FieldType::ether: {
            std::string digits(2 * value.bytes.size(), ' ');
            put_hex_bytes(digits.data(), value.bytes);
            return digits;
        }
        default:
            return std::to_string(value.number);
    }
}

std::string_view anomaly_name(Anomaly anomaly) {
    switch (anomaly) {
        case Anomaly::header_length:
            return " header_length";
        case Anomaly::length_field:
            return " length_field";
        case Anomaly::version:
            return " version";
        case Anomaly::flags:
            return " flags";
        case Anomaly::length_beyond_frame:
            return " length_beyond_frame";
        case Anomaly::header_beyond_packet:
            return " header_beyond_packet";
        default:
            return "";
    }
}

std::string problem_of(const Decoded& decoded) {
    std::uint32_t at = 0;
    const Packet& packet = decoded.packet();
    for (const Layer& layer : packet.stack()) {
        if (layer.begin != at || layer.end < layer.begin) return "layers do not tile the frame";
        at = layer.end;
    }
    if (packet.payload_begin != at || packet.payload_end < at || packet.payload_end > decoded.frame().cap_len)
        return "payload outside the frame";
    for (const Layer& layer : packet.stack()) {
        FieldValues out;
        read_fields({decoded.frame(), packet}, layer, out);
        const auto& fields = protocol_table()[layer.proto].fields;
        for (std::size_t i = 0; i < fields.size(); ++i)
            for (const Value& value : out.of(i)) static_cast<void>(spell(fields[i], value));
    }
    return {};
}

}  // namespace

ByteVector join(const ByteVector& first, const ByteVector& second) {
    ByteVector both = first;
    both.insert(both.end(), second.begin(), second.end());
    return both;
}

ByteVector be16_bytes(std::size_t value) {
    return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

ByteVector in_ethernet(std::uint16_t type, const ByteVector& payload) {
    return join(join(hex("00005e005301 00005e00530a"), be16_bytes(type)), payload);
}

ByteVector in_ipv4(std::uint8_t ip_proto, const ByteVector& payload) {
    ByteVector packet = join(hex("4500"), be16_bytes(20 + payload.size()));
    packet = join(packet, hex("1234 4000 40"));
    packet.push_back(ip_proto);
    return in_ethernet(0x0800, join(join(packet, hex("0000 c000020a c0000201")), payload));
}

ByteVector in_udp(std::uint16_t port, const ByteVector& payload) {
    ByteVector datagram = join(hex("cf84"), be16_bytes(port));
    datagram = join(join(datagram, be16_bytes(8 + payload.size())), hex("0000"));
    return in_ipv4(17, join(datagram, payload));
}

ByteVector in_tcp(std::uint16_t port, const ByteVector& payload) {
    const ByteVector segment = join(join(hex("cf84"), be16_bytes(port)), hex("00000001 00000002 5018 1000 0000 0000"));
    return in_ipv4(6, join(segment, payload));
}

Decoded::Decoded(const ByteVector& bytes, std::uint32_t wire_len, std::uint16_t link_type)
    : bytes_(bytes.begin(), bytes.end()), frame_(frame_of(bytes_, link_type, wire_len)) {
    decode(frame_, packet_);
}

std::string Decoded::stack() const {
    std::string names;
    for (const Layer& layer : packet_.stack()) {
        if (!names.empty()) names += ':';
        names += protocol_table()[layer.proto].name;
    }
    return names;
}

std::string Decoded::end() const {
    const auto with_protocol = [&](std::string text) {
        if (packet_.at != no_proto) text += ' ' + std::string{protocol_table()[packet_.at].name};
        return text + std::string{anomaly_name(packet_.anomaly)};
    };
    switch (packet_.stop) {
        case Stop::unknown:
            return with_protocol("unknown");
        case Stop::cut:
            return with_protocol("cut");
        case Stop::bad:
            return with_protocol("bad");
        case Stop::fragment:
            return with_protocol("fragment");
        case Stop::too_deep:
            return with_protocol("too_deep");
        default:
            return with_protocol("payload");
    }
}

std::string Decoded::values(std::string_view field) const {
    const auto place = find_field(field);
    if (!place) throw std::invalid_argument{"no such field: " + std::string{field}};
    std::string all;
    bool first = true;
    for (const Layer& layer : packet_.stack()) {
        if (layer.proto != place->proto) continue;
        FieldValues out;
        read_fields({frame_, packet_}, layer, out);
        for (const Value& value : out.of(place->index)) {
            if (!first) all += ',';
            first = false;
            all += spell(field_at(*place), value);
        }
    }
    return all;
}

std::string broken_at_a_prefix(const ByteVector& bytes, std::uint16_t link_type) {
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        const ByteVector prefix(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        const Decoded cut{prefix, static_cast<std::uint32_t>(bytes.size()), link_type};
        const Decoded whole{prefix, 0, link_type};
        const auto at = " at " + std::to_string(size);
        if (const auto problem = problem_of(cut); !problem.empty()) return problem + at;
        if (const auto problem = problem_of(whole); !problem.empty()) return problem + at;
        if (cut.packet().stop == Stop::bad) return "a cut capture is called bad" + at;
    }
    return {};
}

}  // namespace pcapline::test
