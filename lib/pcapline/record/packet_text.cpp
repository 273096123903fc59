// The formats for people: a line a packet, details, hex dump.
#include <algorithm>

#include "pcapline/decode/registry.h"
#include "pcapline/record/packet_writer.h"
#include "pcapline/record/value_text.h"

namespace pcapline {
namespace {

void pad_to(TextBuffer& out, std::size_t from, std::size_t width) {
    while (out.size() - from < width) out.put(' ');
}

void right(TextBuffer& out, std::uint64_t value, std::size_t width) {
    char digits[decimal_chars];
    const auto size = static_cast<std::size_t>(put_decimal(digits, value) - digits);
    for (std::size_t i = size; i < width; ++i) out.put(' ');
    out.put(std::string_view{digits, size});
}

void time_or_blank(TextBuffer& out, const Frame& frame) {
    const std::size_t from = out.size();
    if (frame.has_time()) {
        out.iso_time(frame.time_ns);
    } else {
        out.put("no time");
    }
    pad_to(out, from, iso_time_chars);
}

}  // namespace

void PacketWriter::table_row(TextBuffer& out, const PacketRef& packet) {
    summary_.read(packet, true);
    right(out, packet.number, 6);
    out.put("  ");
    time_or_blank(out, packet.frame);
    const auto column = [&](std::string_view text, std::size_t width) {
        out.put("  ");
        const std::size_t from = out.size();
        out.put(text);
        pad_to(out, from, width);
    };
    column(summary_.src(), 17);
    column(summary_.dst(), 17);
    column(summary_.protocol(), 7);
    out.put("  ");
    right(out, packet.frame.wire_len, 5);
    const std::string_view info = summary_.info();
    if (!info.empty()) {
        out.put("  ");
        out.harmless_text({reinterpret_cast<const std::uint8_t*>(info.data()), info.size()});
    }
    out.put('\n');
}

void PacketWriter::details(TextBuffer& out, const PacketRef& packet) {
    out.put("Packet ");
    out.decimal(packet.number);
    out.put(": ");
    if (packet.frame.has_time()) {
        out.iso_time(packet.frame.time_ns);
        out.put(", ");
    }
    out.decimal(packet.frame.wire_len);
    out.put(" bytes on the wire, ");
    out.decimal(packet.frame.cap_len);
    out.put(" captured");
    if (packet.interface && !packet.interface->name.empty()) {
        out.put(", interface ");
        out.harmless_text({reinterpret_cast<const std::uint8_t*>(packet.interface->name.data()), packet.interface->name.size()});
    }
    out.put('\n');
    for (const Bytes comment : packet.comments) {
        out.put("  comment: ");
        out.harmless_text(comment);
        out.put('\n');
    }
    FieldValues values;
    const Context context{packet.frame, packet.packet};
    for (const Layer& layer : packet.packet.stack()) {
        const ProtocolInfo& protocol = protocol_table()[layer.proto];
        out.put("  ");
        out.put(protocol.title);
        out.put(" (");
        out.put(protocol.name);
        out.put("), bytes ");
        out.decimal(layer.begin);
        out.put('-');
        out.decimal(layer.end);
        out.put('\n');
        values.clear();
        read_fields(context, layer, values);
        for (std::size_t i = 0; i < protocol.fields.size(); ++i) {
            for (const Value& value : values.of(i)) {
                out.put("    ");
                const std::size_t from = out.size();
                out.put(protocol.fields[i].name);
                pad_to(out, from, 36);
                out.put(' ');
                const std::size_t text = out.size();
                put_tshark_value(out, protocol.fields[i].type, protocol.fields[i].display, value);
                pad_to(out, text, 20);
                out.put("  ");
                out.put(protocol.fields[i].description);
                out.put('\n');
            }
        }
    }
    const std::uint32_t payload = packet.packet.payload_end - packet.packet.payload_begin;
    if (payload != 0 || packet.packet.stop != Stop::payload) {
        out.put("  payload: ");
        out.decimal(payload);
        out.put(" bytes");
        if (packet.packet.missing != 0) {
            out.put(", ");
            out.decimal(packet.packet.missing);
            out.put(" more were not captured");
        }
        switch (packet.packet.stop) {
            case Stop::cut:
                out.put(", cut in the next header");
                break;
            case Stop::bad:
                out.put(", malformed next header");
                break;
            case Stop::fragment:
                out.put(", a fragment");
                break;
            case Stop::too_deep:
                out.put(", too many layers");
                break;
            case Stop::unknown:
                out.put(", of unknown protocol number ");
                out.decimal(packet.packet.unknown_key);
                break;
            case Stop::payload:
                break;
        }
        out.put('\n');
    }
    out.put('\n');
}

void PacketWriter::hex_dump(TextBuffer& out, const PacketRef& packet) const {
    const Bytes bytes = packet.frame.bytes();
    if (options_.bytes == BytesAs::base64) {
        out.put("        ");
        out.base64(bytes);
        out.put('\n');
        return;
    }
    for (std::size_t at = 0; at < bytes.size(); at += 16) {
        const Bytes line = bytes.subspan(at, std::min<std::size_t>(16, bytes.size() - at));
        out.put("        ");
        out.hex(at, 4);
        out.put("  ");
        for (std::size_t i = 0; i < 16; ++i) {
            if (i < line.size()) {
                out.hex(line[i], 2);
            } else {
                out.put("  ");
            }
            out.put(i % 8 == 7 ? std::string_view{"  "} : std::string_view{" "});
        }
        for (const std::uint8_t byte : line) out.put(byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.');
        out.put('\n');
    }
    if (!options_.details) out.put('\n');
}

}  // namespace pcapline
