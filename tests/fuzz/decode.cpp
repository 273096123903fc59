// Frames of any bytes: decode() reads no byte outside, its layers tile the frame, and every field of every layer can be
// read and lies in the frame or in scratch memory. The first two bytes are the link type, the next says how much was not captured.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "pcapline/decode/application.h"
#include "pcapline/decode/checksum.h"
#include "pcapline/decode/registry.h"
#include "pcapline/stats/looked.h"

namespace pcapline {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

/// Touches every byte of a value, so that the sanitizer sees where it lies; and checks the size that its type promises.
void check_value(FieldType type, const Value& value) {
    static volatile std::uint8_t touched;
    for (const std::uint8_t byte : value.bytes) touched = byte;
    if (type == FieldType::ipv4) require(value.bytes.size() == 4);
    if (type == FieldType::ipv6) require(value.bytes.size() == 16);
    if (type == FieldType::ether) require(value.bytes.size() == 6);
    if (type == FieldType::boolean) require(value.number <= 1);
    if (type == FieldType::uint8) require(value.number <= 0xff);
    if (type == FieldType::uint16) require(value.number <= 0xffff);
    if (type == FieldType::uint24) require(value.number <= 0xffffff);
    if (type == FieldType::uint32) require(value.number <= 0xffffffff);
}

void check_frame(const Frame& frame, FieldValues& values) {
    Packet packet;
    decode(frame, packet);
    require(packet.depth <= Packet::max_layers);
    std::uint32_t at = 0;
    for (const Layer& layer : packet.stack()) {
        require(layer.proto < protocol_count && layer.begin == at && layer.end >= layer.begin);
        at = layer.end;
    }
    require(packet.payload_begin == at && packet.payload_end >= at && packet.payload_end <= frame.cap_len);
    require(packet.stop != Stop::unknown || packet.unknown_space != Space::none);
    for (const Layer& layer : packet.stack()) {
        values.clear();
        read_fields({frame, packet}, layer, values);
        const auto& fields = protocol_table()[layer.proto].fields;
        for (std::size_t i = 0; i < fields.size(); ++i)
            for (const Value& value : values.of(i)) check_value(fields[i].type, value);
    }
    const Applications& applications = Applications::well_known();
    const KnownApplication known = applications.of_packet(frame, packet);
    require(known.id != no_application && known.id < applications.size());
    Looked looked;
    looked.look(frame);
    require(looked.top == top_proto(packet) && applications.of_packet(frame, looked.top, looked.inner).id == known.id);
    static_cast<void>(looked.vlan(frame));
    static_cast<void>(transport_checksum(frame, looked.inner, &packet));
}

}  // namespace
}  // namespace pcapline

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    static pcapline::FieldValues values;
    pcapline::Frame frame;
    const std::vector<std::uint8_t> bytes(data + 3, data + size);  // of exactly this size
    frame.data = bytes.data();
    frame.cap_len = static_cast<std::uint32_t>(bytes.size());
    frame.wire_len = frame.cap_len + data[2];
    frame.link_type = static_cast<std::uint16_t>(data[0] << 8 | data[1]);
    pcapline::check_frame(frame, values);
    return 0;
}
