// What decode() and the field readers say of bytes, as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/base/text.h"
#include "pcapline/decode/packet.h"
#include "pcapline/decode/registry.h"
#include "support/packet_builder.h"

namespace pcapline::test {

using Octets = std::vector<std::uint8_t>;

/// Several pieces of hex, one after the other.
template <class... Piece>
Octets join(const Piece&... piece) {
    Octets all;
    (all.insert(all.end(), piece.begin(), piece.end()), ...);
    return all;
}

/// "eth:ip:udp payload", "eth bad ip header_length", "eth:ip cut udp".
inline std::string outcome(const Octets& bytes, std::uint16_t link_type = 1, std::uint32_t wire_len = 0) {
    static constexpr std::string_view stops[] = {"payload", "unknown", "cut", "bad", "fragment", "too_deep"};
    static constexpr std::string_view anomalies[] = {"",      "header_length",       "length_field",        "version",
                                                     "flags", "length_beyond_frame", "header_beyond_packet"};
    Packet packet;
    decode(frame_of(bytes, link_type, wire_len), packet);
    std::string text;
    for (const Layer& layer : packet.stack()) {
        if (!text.empty()) text += ':';
        text += protocol_table()[layer.proto].name;
    }
    if (!text.empty()) text += ' ';
    text += stops[static_cast<std::size_t>(packet.stop)];
    if (packet.at != no_proto) (text += ' ') += protocol_table()[packet.at].name;
    if (packet.anomaly != Anomaly::none) (text += ' ') += anomalies[static_cast<std::size_t>(packet.anomaly)];
    return text;
}

/// Captured payload bytes and those that are missing: "4+0".
inline std::string payload_of(const Octets& bytes, std::uint16_t link_type = 1, std::uint32_t wire_len = 0) {
    Packet packet;
    decode(frame_of(bytes, link_type, wire_len), packet);
    return std::to_string(packet.payload_end - packet.payload_begin) + '+' + std::to_string(packet.missing);
}

inline std::string text_of(const Field& field, const Value& value) {
    char text[64];
    switch (field.type) {
        case FieldType::ether:
            return {text, put_mac(text, value.bytes.data())};
        case FieldType::ipv4:
            return {text, put_ipv4(text, value.bytes.data())};
        case FieldType::ipv6:
            return {text, put_ipv6(text, value.bytes.data())};
        case FieldType::text:
            return {value.bytes.begin(), value.bytes.end()};
        case FieldType::bytes: {
            std::string digits(2 * value.bytes.size(), '0');
            put_hex_bytes(digits.data(), value.bytes);
            return digits;
        }
        default:
            return std::to_string(value.number);
    }
}

/// All values of a field in all layers, joined with ','; numbers are decimal.
inline std::string values_of(std::string_view name, const Octets& bytes, std::uint16_t link_type = 1) {
    const Frame frame = frame_of(bytes, link_type);
    Packet packet;
    decode(frame, packet);
    FieldValues values;
    std::string all;
    for (const Layer& layer : packet.stack()) {
        const auto fields = protocol_table()[layer.proto].fields;
        values.clear();
        read_fields({frame, packet}, layer, values);
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (fields[i].name != name) continue;
            for (const Value& value : values.of(i)) {
                if (!all.empty()) all += ',';
                all += text_of(fields[i], value);
            }
        }
    }
    return all;
}

}  // namespace pcapline::test
