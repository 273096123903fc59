// Readers of the TCP fields that need the connection: what somebody found out of each segment (TcpPacket).
#pragma once

#include "pcapline/decode/transport/stream_field.h"

namespace pcapline::tcp_state {

inline const TcpPacket* packet_of(const Context& context, const Layer& layer) {
    const FlowState::OfLayer* const state = state_of(context, layer);
    return state == nullptr ? nullptr : &state->tcp;
}

template <auto Member>
void number(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    if (const TcpPacket* const packet = packet_of(context, layer)) out.number(index, packet->*Member);
}
template <auto Member>
void number_unless_0(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const TcpPacket* const packet = packet_of(context, layer);
    if (packet != nullptr && packet->*Member != 0) out.number(index, static_cast<std::uint64_t>(packet->*Member));
}
template <auto Member>
void time(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const TcpPacket* const packet = packet_of(context, layer);
    if (packet != nullptr && packet->*Member != no_time) out.number(index, static_cast<std::uint64_t>(packet->*Member));
}

inline void next_seq(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const TcpPacket* const packet = packet_of(context, layer);
    if (packet != nullptr && packet->length_known) out.number(index, packet->next_seq);
}
inline void initial_rtt(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const TcpPacket* const packet = packet_of(context, layer);
    if (packet != nullptr && packet->is_analysed()) time<&TcpPacket::initial_rtt>(context, layer, index, out);
}

/// Flags are true or absent, as in Wireshark.
inline void any_event(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const TcpPacket* const packet = packet_of(context, layer);
    if (packet != nullptr && packet->analysis.has_any(wireshark_events)) out.number(index, 1);
}
template <TcpEvent Event>
void has_event(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const TcpPacket* const packet = packet_of(context, layer);
    if (packet != nullptr && packet->analysis.has(Event)) out.number(index, 1);
}

constexpr Field field(std::string_view name, std::string_view description, Read read) {
    return stream_field(name, FieldType::uint32, description, read);
}
constexpr Field flag(std::string_view name, std::string_view description, Read read) {
    return stream_field(name, FieldType::boolean, description, read);
}
template <TcpEvent Event>
constexpr Field event(std::string_view name, std::string_view description) {
    return flag(name, description, has_event<Event>);
}

}  // namespace pcapline::tcp_state
