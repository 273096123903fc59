// Fields of TCP and UDP that need the packets before.
#pragma once

#include "pcapline/decode/field.h"
#include "pcapline/decode/flow_state.h"

namespace pcapline {

/// A field that needs the stream: never part of the whole record.
constexpr Field stream_field(std::string_view name, FieldType type, std::string_view description, Read read) {
    return {name, type, description, read, Display::dec, Repeat::one, Shown::asked, Needs::stream};
}

/// What is known of a layer's stream, or null.
inline const FlowState::OfLayer* state_of(const Context& context, const Layer& layer) {
    return context.state() == nullptr ? nullptr : context.state()->of(layer);
}

/// tcp.stream, udp.stream.
inline void stream_number(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    if (const auto* const state = state_of(context, layer)) out.number(index, state->stream);
}

}  // namespace pcapline
