// The place of each protocol in the list, and lookups by name.
#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include "pcapline/decode/field.h"
#include "pcapline/decode/protocols.h"

namespace pcapline {

namespace detail {
template <class P, class... All>
constexpr Proto place_in(TypeList<All...>) {
    Proto at = 0;
    static_cast<void>(((std::same_as<P, All> || (++at, false)) || ...));
    return at;
}
template <class... All>
constexpr std::size_t count_of(TypeList<All...>) {
    return sizeof...(All);
}
}  // namespace detail

/// The id of protocol P.
template <class P>
inline constexpr Proto proto_of = detail::place_in<P>(Protocols{});
inline constexpr std::size_t protocol_count = detail::count_of(Protocols{});
static_assert(protocol_count < no_proto);

/// Where a field is: protocol and place in its table.
struct FieldPlace {
    Proto proto = no_proto;
    std::uint8_t index = 0;
};

/// A field by its Wireshark name, or nothing.
std::optional<FieldPlace> find_field(std::string_view name);
/// A protocol by its name, or no_proto.
Proto find_protocol(std::string_view name);
inline const Field& field_at(FieldPlace place) {
    return protocol_table()[place.proto].fields[place.index];
}

/// The innermost header of protocol P, or nothing.
template <class P>
std::optional<P> innermost(const Frame& frame, const Packet& packet) {
    for (std::size_t i = packet.depth; i-- > 0;) {
        const Layer& layer = packet.layers[i];
        if (layer.proto == proto_of<P>) {
            const Bytes bytes = bytes_of(frame, layer);
            if (bytes.size() < P::size) return std::nullopt;
            return P{first_of<P::size>(bytes)};
        }
    }
    return std::nullopt;
}

}  // namespace pcapline
