// Packets for the tests of flows.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/base/text.h"
#include "pcapline/decode/packet.h"
#include "pcapline/flow/flow_key.h"
#include "support/packet_builder.h"

namespace pcapline::test {

using Octets = std::vector<std::uint8_t>;

inline Octets operator+(Octets first, const Octets& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}
inline Octets be16_of(std::size_t value) {
    return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

inline Octets ethernet(std::uint16_t type, const Octets& payload) {
    return hex("020000000002 020000000001") + be16_of(type) + payload;
}
/// `fragment`: the field of flags and offset.
inline Octets ipv4(std::uint8_t protocol, const Octets& payload, std::uint8_t src = 1, std::uint8_t dst = 2, std::uint16_t id = 0,
                   std::uint16_t fragment = 0) {
    return Octets{0x45, 0} + be16_of(20 + payload.size()) + be16_of(id) + be16_of(fragment) + Octets{64, protocol, 0, 0} +
           Octets{10, 0, 0, src, 10, 0, 0, dst} + payload;
}
inline Octets ipv6(std::uint8_t next, const Octets& payload, std::uint8_t src = 1, std::uint8_t dst = 2) {
    Octets header = hex("60000000") + be16_of(payload.size()) + Octets{next, 64};
    for (const std::uint8_t host : {src, dst}) header = header + hex("20010db8 00000000 00000000 000000") + Octets{host};
    return header + payload;
}
inline Octets udp(std::uint16_t src, std::uint16_t dst, const Octets& payload = {}) {
    return be16_of(src) + be16_of(dst) + be16_of(8 + payload.size()) + be16_of(0) + payload;
}
inline Octets tcp(std::uint16_t src, std::uint16_t dst, std::uint8_t flags = 0x10) {
    return be16_of(src) + be16_of(dst) + hex("00000001 00000002 50") + Octets{flags} + hex("ffff 0000 0000");
}

/// The flow of a frame, by decode(). The bytes are the caller's.
struct Keyed {
    explicit Keyed(const Octets& bytes, const KeyRules& rules = {}, std::int64_t time_ns = 0, std::uint64_t extra = 0)
        : frame(frame_of(bytes)) {
        frame.time_ns = time_ns;
        decode(frame, packet);
        found = flow_of(frame, packet, rules, extra, flow);
    }
    Frame frame;
    Packet packet;
    FlowOf flow;
    bool found = false;
};

/// "17 10.0.0.1:53 > 10.0.0.2:99", sender first.
inline std::string text_of(const FlowOf& flow) {
    const auto end = [&](const Endpoint& of) {
        char text[ipv6_chars + 1];
        char* at = text;
        if (flow.key.family == Family::ipv4) at = put_ipv4(at, of.address.data());
        if (flow.key.family == Family::ipv6) at = put_ipv6(at, of.address.data());
        if (flow.key.family == Family::ethernet) at = put_mac(at, of.address.data());
        return std::string{text, at} + ':' + std::to_string(of.port);
    };
    std::string text = std::to_string(flow.key.protocol);
    if (flow.key.pairing != 0) text += '/' + std::to_string(flow.key.pairing);
    if (flow.key.lacks_ports != 0) text += '?';
    return text + ' ' + end(flow.src()) + " > " + end(flow.dst());
}
inline std::string flow_text(const Octets& bytes, const KeyRules& rules = {}) {
    const Keyed keyed{bytes, rules};
    return keyed.found ? text_of(keyed.flow) : "none";
}

}  // namespace pcapline::test
