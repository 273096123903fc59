// decode(): the loop over layers, and the dispatch tables made from the list of protocols.
#include <concepts>
#include <utility>

#include "pcapline/decode/packet.h"
#include "pcapline/decode/protocols.h"
#include "pcapline/decode/registry.h"

namespace pcapline {
namespace {

/// Open addressing over all edges of all protocols, made at compile time.
struct EdgeTable {
    static constexpr std::size_t slots = 2048;  // at most half full
    struct Slot {
        std::uint32_t key = 0;
        Space space = Space::none;
        Proto proto = no_proto;
    };
    std::array<Slot, slots> slot{};

    static constexpr std::size_t place(Space space, std::uint32_t key) {
        return ((key ^ static_cast<std::uint32_t>(space) << 24) * 0x9e3779b1U) >> 21;
    }
    constexpr bool add(Edge edge, Proto proto) {
        std::size_t at = place(edge.space, edge.key);
        while (slot[at].space != Space::none) {
            if (slot[at].space == edge.space && slot[at].key == edge.key) return false;
            at = (at + 1) % slots;
        }
        slot[at] = {edge.key, edge.space, proto};
        return true;
    }
    constexpr Proto find(Space space, std::uint32_t key) const {
        for (std::size_t at = place(space, key); slot[at].space != Space::none; at = (at + 1) % slots)
            if (slot[at].key == key && slot[at].space == space) return slot[at].proto;
        return no_proto;
    }
};

template <class P>
constexpr bool add_edges(EdgeTable& table, Proto proto) {
    for (const Edge& edge : P::found_at)
        if (!table.add(edge, proto)) return false;
    return true;
}

template <class... P>
constexpr std::pair<EdgeTable, bool> make_edges(TypeList<P...>) {
    EdgeTable table;
    Proto proto = 0;
    const bool unique = (add_edges<P>(table, proto++) && ...);
    return {table, unique};
}

constexpr auto made_edges = make_edges(Protocols{});
static_assert(made_edges.second, "two protocols claim the same number");
constexpr const EdgeTable& edges = made_edges.first;

/// Protocols whose header depends on the space in which they were found (DNS over UDP and over TCP), or on the number
/// (the versions of Linux cooked capture), ask for it.
template <class P>
inline Next decode_one(Cursor& rest, Space found_in, std::uint32_t key) noexcept {
    if constexpr (requires { P::decode(rest, found_in); }) {
        return P::decode(rest, found_in);
    } else if constexpr (requires { P::decode(rest, key); }) {
        return P::decode(rest, key);
    } else {
        return P::decode(rest);
    }
}

/// Calls the decoder of protocol `proto`, found by number `key` of a space. The compiler turns this chain into one jump.
template <class... P>
inline Next step(Proto proto, Space found_in, std::uint32_t key, Cursor& rest, TypeList<P...>) noexcept {
    Next next;
    static_cast<void>(((proto == proto_of<P> && (next = decode_one<P>(rest, found_in, key), true)) || ...));
    return next;
}

template <class P>
concept Guessed = requires(Bytes payload) {
    { P::guess(payload) } -> std::same_as<bool>;
};

/// Protocols recognised by content where no port claims the payload.
template <class... P>
Proto guess(Space space, Bytes payload, TypeList<P...>) noexcept {
    Proto found = no_proto;
    const auto try_one = [&]<class Q>(TypeList<Q>) {
        if constexpr (Guessed<Q>) {
            if (Q::guess_in == space && Q::guess(payload)) {
                found = proto_of<Q>;
                return true;
            }
        }
        return false;
    };
    static_cast<void>((try_one(TypeList<P>{}) || ...));
    return found;
}

struct Found {
    Next next;
    Proto proto = no_proto;
};

/// What follows, decoded: tries the first number, then the other one, then content.
Found follow(const Next& by, Cursor& rest) noexcept {
    const Cursor before = rest;
    Proto tried = no_proto;
    if (const Proto proto = edges.find(by.space, by.key); proto != no_proto) {
        const Next next = step(proto, by.space, by.key, rest, Protocols{});
        if (next.mine) return {next, proto};
        rest = before;
        tried = proto;
    }
    if (!by.has_other) return {};
    if (const Proto proto = edges.find(by.space, by.other); proto != no_proto && proto != tried) {
        const Next next = step(proto, by.space, by.other, rest, Protocols{});
        if (next.mine) return {next, proto};
        rest = before;
    }
    if (rest.left() == 0) return {};
    if (const Proto proto = guess(by.space, rest.rest(), Protocols{}); proto != no_proto) {
        const Next next = step(proto, by.space, by.key, rest, Protocols{});
        if (next.mine) return {next, proto};
        rest = before;
    }
    return {};
}

}  // namespace

void decode(const Frame& frame, Packet& out) noexcept {
    out.depth = 0;
    out.stop = Stop::payload;
    out.anomaly = Anomaly::none;
    out.at = no_proto;
    out.unknown_space = Space::none;
    out.unknown_key = 0;

    Cursor rest{frame.bytes(), frame.not_captured()};
    const std::uint8_t* const start = frame.data;
    std::uint32_t begin = 0;
    Next next = Next::in(Space::link_type, frame.link_type);
    while (next.space != Space::none) {
        if (rest.left() == 0 && (next.has_other || rest.promised() == 0)) {
            break;  // ports without payload; a header whose content is empty
        }
        const Cursor before = rest;
        const auto [following, proto] = follow(next, rest);
        if (proto == no_proto) {
            out.stop = next.has_other ? Stop::payload : Stop::unknown;
            if (out.stop == Stop::unknown) {
                out.unknown_space = next.space;
                out.unknown_key = next.key;
            }
            break;
        }
        if (out.depth == Packet::max_layers) {
            out.stop = Stop::too_deep;
            out.at = proto;
            rest = before;
            break;
        }
        const Space found_in = next.space;
        next = following;
        if (next.stop == Stop::cut || next.stop == Stop::bad) {  // no layer: its bytes are payload
            out.stop = next.stop;
            out.anomaly = next.anomaly;
            out.at = proto;
            rest = before;
            break;
        }
        if (next.stop == Stop::fragment) out.stop = Stop::fragment;
        const auto end = static_cast<std::uint32_t>(rest.rest().data() - start);
        out.layers[out.depth++] = {begin, end, rest.promised(), proto, 0, found_in};
        begin = end;
    }

    // A header that does not fit: if the capture stopped there, the capture is to blame;
    // if an outer header's length did, or nothing was left out, the packet is.
    if (out.stop == Stop::cut && !rest.quoted() && (rest.ends_by_header() || frame.not_captured() == 0)) {
        out.stop = Stop::bad;
        if (out.anomaly == Anomaly::none) out.anomaly = Anomaly::header_beyond_packet;
    }
    if (out.anomaly == Anomaly::none && rest.beyond_frame()) out.anomaly = Anomaly::length_beyond_frame;
    out.payload_begin = begin;
    out.payload_end = begin + static_cast<std::uint32_t>(rest.left());
    out.missing = rest.missing();
}

}  // namespace pcapline
