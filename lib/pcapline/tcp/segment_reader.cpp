#include "pcapline/tcp/segment_reader.h"

#include "pcapline/decode/registry.h"

namespace pcapline {
namespace {

constexpr std::uint8_t option_mss = 2;
constexpr std::uint8_t option_window_scale = 3;
constexpr std::uint8_t option_sack_permitted = 4;
constexpr std::uint8_t option_sack = 5;
constexpr std::uint8_t option_multipath = 30;

std::uint32_t be32_at(Bytes bytes, std::size_t at) {
    return be32<0>(first_of<4>(bytes.subspan(at)));
}

void read_sack(Bytes data, Segment& out) {
    constexpr std::size_t block = 8;
    if (data.size() % block != 0) return;
    for (std::size_t at = 0; at < data.size() && out.sack_blocks < out.sack.size(); at += block)
        out.sack[out.sack_blocks++] = {be32_at(data, at), be32_at(data, at + 4)};
}

void read_options(Bytes header, Segment& out) {
    TcpOptions options{header};
    while (const auto option = options.next()) {
        if (option->kind == TcpOptions::end_of_options) return;
        const Bytes data = option->data;
        if (option->kind == option_mss && data.size() == 2) {
            out.mss = be16<0>(first_of<2>(data));
        } else if (option->kind == option_window_scale && data.size() == 1) {
            out.has_window_shift = true;
            out.window_shift = data[0];
        } else if (option->kind == option_sack_permitted && data.empty()) {
            out.sack_permitted = true;
        } else if (option->kind == option_sack) {
            read_sack(data, out);
        } else if (option->kind == option_multipath && !data.empty()) {
            out.multipath |= static_cast<std::uint16_t>(1U << (data[0] >> 4));
        }
    }
}

bool is_fragment(const Frame& frame, const Packet* packet) {
    if (packet == nullptr || packet->ip == Packet::no_layer) return false;
    const Layer& ip = packet->layers[packet->ip];
    if (ip.proto == proto_of<Ipv4>) {
        const Ipv4 header{first_of<Ipv4::size>(bytes_of(frame, ip))};
        return header.more_fragments() || header.fragment_offset() != 0;
    }
    for (std::size_t i = packet->ip + std::size_t{1}; i < packet->depth && i <= packet->transport; ++i) {
        const Layer& layer = packet->layers[i];
        if (layer.proto != proto_of<Ipv6Fragment>) continue;
        const Ipv6Fragment header{first_of<Ipv6Fragment::size>(bytes_of(frame, layer))};
        if (header.more_fragments() || header.offset() != 0) return true;  // else atomic (RFC 6946): a whole packet
    }
    return false;
}

}  // namespace

bool read_segment(const Frame& frame, std::uint64_t number, const Innermost& inner, const Packet* packet, Segment& out) noexcept {
    if (inner.transport != proto_of<Tcp>) return false;
    const Bytes from = frame.bytes().subspan(inner.transport_begin);
    const Tcp tcp{first_of<Tcp::size>(from)};
    const std::size_t header_length = tcp.header_length();
    out = Segment{};
    out.time_ns = frame.time_ns;
    out.number = number;
    out.seq = tcp.sequence_number();
    out.ack = tcp.acknowledgment_number();
    out.payload_bytes = inner.payload_bytes;
    out.flags = tcp.flags();
    out.window = tcp.window();
    out.length_known = !is_fragment(frame, packet);
    if (header_length > Tcp::size) read_options(from.first(header_length), out);
    if (inner.payload_bytes > 0 && from.size() > header_length) {
        out.first_byte_known = true;
        out.first_byte = from[header_length];
    }
    return true;
}

}  // namespace pcapline
