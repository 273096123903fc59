#include "pcapline/conversation/packet_states.h"

#include <algorithm>

#include "pcapline/decode/registry.h"
#include "pcapline/decode/roles.h"
#include "pcapline/tcp/segment_reader.h"

namespace pcapline {
namespace {

/// no_time if one of them is unknown, or they are too far apart.
std::int64_t since(std::int64_t now, std::int64_t then) {
    std::int64_t span = 0;
    return now == no_time || then == no_time || __builtin_sub_overflow(now, then, &span) ? no_time : span;
}

/// Who is A does not matter here.
Way way_of(const FlowOf& flow) {
    return flow.from_low ? Way::ab : Way::ba;
}

bool is_quoted(const Packet& packet, std::uint8_t layer) {
    return packet.transport != Packet::no_layer && layer > packet.transport && roles[packet.layers[packet.transport].proto] == Role::icmp;
}

}  // namespace

const FlowState& PacketStates::next(const Frame& frame, const Packet& packet, std::uint64_t number) {
    if (parts_.times) follow_times(frame);
    state_.count = 0;
    if (!parts_.tcp && !parts_.udp) return state_;
    for (std::uint8_t layer = 0; layer < packet.depth; ++layer)
        if (wants(packet.layers[layer])) add_header(frame, packet, number, layer);
    table_.add(std::span{flows_}.first(state_.count), *this);
    return state_;
}

void PacketStates::follow_times(const Frame& frame) {
    if (first_time_ == no_time) first_time_ = last_time_ = frame.time_ns;
    state_.time_relative = since(frame.time_ns, first_time_);
    state_.time_delta = since(frame.time_ns, last_time_);
    last_time_ = frame.time_ns;
}

bool PacketStates::wants(const Layer& layer) const {
    return (parts_.tcp && layer.proto == proto_of<Tcp>) || (parts_.udp && layer.proto == proto_of<Udp>);
}

void PacketStates::add_header(const Frame& frame, const Packet& packet, std::uint64_t number, std::uint8_t layer) {
    FlowOf& flow = flows_[state_.count];
    if (!flow_of_header(frame, packet, layer, flow)) return;
    const Layer& header = packet.layers[layer];
    state_.layers[state_.count] = {};
    state_.layers[state_.count].begin = header.begin;
    Header& read = headers_[state_.count++];
    if (header.proto != proto_of<Tcp>) return;
    read.quoted = is_quoted(packet, layer);
    Innermost inner;
    inner.transport = header.proto;
    inner.transport_begin = header.begin;
    inner.payload_bytes = std::min(header.content, frame.wire_len - header.end);
    read_segment(frame, number, inner, nullptr, read.segment);
    read.segment.length_known = flow.fragment == FragmentPart::none;
}

bool PacketStates::restarts(std::size_t i, const FlowHead&, const Stream& stream) const {
    if (stream.connection == Pool<TcpPackets>::none) return false;
    return connections_[stream.connection].flow().begins_another(headers_[i].segment, way_of(flows_[i]));
}

void PacketStates::update(std::size_t i, FlowHead&, Stream& stream, bool is_new) {
    const FlowOf& flow = flows_[i];
    FlowState::OfLayer& out = state_.layers[i];
    if (is_new) {
        stream.number = flow.key.is_tcp() ? tcp_streams_++ : udp_streams_++;
        if (flow.key.is_tcp()) stream.connection = connections_.take();
    }
    out.stream = stream.number;
    if (stream.connection == Pool<TcpPackets>::none) return;
    TcpPackets& connection = connections_[stream.connection];
    const Header& header = headers_[i];
    const Way way = way_of(flow);
    out.tcp = header.quoted ? connection.add_quoted(header.segment, way) : connection.add(header.segment, way, pools_);
    if (is_new && reused_) out.tcp.analysis.add(TcpEvent::reused_ports);
    reused_ = false;
}

bool PacketStates::ended(const FlowKey&, FlowHead& head, Stream& stream) {
    reused_ = head.end_reason() == EndReason::reuse;
    if (stream.connection == Pool<TcpPackets>::none) return true;
    connections_[stream.connection].release(pools_);
    connections_.give_back(stream.connection);
    return true;
}

}  // namespace pcapline
