// decode(): the loop over layers, and the dispatch tables made from the list of protocols.
#include <concepts>
#include <utility>

#include "pcapline/decode/packet.h"
#include "pcapline/decode/protocols.h"
#include "pcapline/decode/registry.h"
#include "pcapline/decode/roles.h"

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
    std::array<std::uint32_t, static_cast<std::size_t>(Space::count)> highest{};  ///< key of each space: most ports are above

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
        std::uint32_t& top = highest[static_cast<std::size_t>(edge.space)];
        if (edge.key > top) top = edge.key;
        return true;
    }
    constexpr Proto find(Space space, std::uint32_t key) const {
        if (key > highest[static_cast<std::size_t>(space)]) return no_proto;
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

/// One frame on its way through the layers. Never copied: a copy right after its parts were written stalls.
struct Walked {
    Cursor rest;
    Next next;
    std::uint32_t begin = 0;  ///< of what is not decoded yet
    std::uint8_t depth = 0;
    bool quoted = false;  ///< inside a packet that an ICMP error quotes
};

/// Adds a layer of protocol `proto`, which has taken its bytes and said `next`.
[[gnu::always_inline]] inline void add_layer(Packet& out, Walked& at, const std::uint8_t* start, Proto proto, const Next& next) noexcept {
    const auto end = static_cast<std::uint32_t>(at.rest.rest().data() - start);
    Layer& layer = out.layers[at.depth];
    layer.begin = at.begin;
    layer.end = end;
    layer.content = at.rest.promised();
    layer.proto = proto;
    layer.source = 0;
    layer.found_in = at.next.space;
    if (at.depth < 8) out.path |= static_cast<std::uint64_t>(proto + 1U) << 8 * at.depth;
    if (next.stop == Stop::fragment) out.stop = Stop::fragment;
    const Role role = roles[proto];
    if (role == Role::ipv4 || role == Role::ipv6) {
        at.quoted = at.quoted || (out.transport != Packet::no_layer && roles[out.layers[out.transport].proto] == Role::icmp);
        if (!at.quoted) {
            out.ip = at.depth;
            out.transport = Packet::no_layer;
        }
    } else if (out.ip != Packet::no_layer && out.transport == Packet::no_layer && role != Role::ip_extension) {
        out.transport = at.depth;
    }
    ++at.depth;
    at.begin = end;
    at.next = next;
}

/// Decodes a P inline, if number `key` of `space` follows. False if not, or if its header is not whole: the loop then finds
/// out why.
template <class P, Space space, std::uint32_t key>
[[gnu::always_inline]] inline bool usual(Packet& out, Walked& at, const std::uint8_t* start) noexcept {
    if constexpr (edges.find(space, key) != proto_of<P>) return false;
    if (at.next.space != space || at.next.key != key || at.rest.left() == 0) return false;
    const Next next = P::decode(at.rest);
    if (next.stop == Stop::cut || next.stop == Stop::bad) {
        at.rest.back_to(start + at.begin);
        return false;
    }
    add_layer(out, at, start, proto_of<P>, next);
    return true;
}

/// Decodes what follows: tries the first number, then the other one, then content. No protocol: no_proto.
[[gnu::always_inline]] inline Proto follow(Walked& at, Next& next) noexcept {
    enum class Try : std::uint8_t {
        first,
        other,
        content,
        none
    };
    Proto tried = no_proto;
    for (Try next_try = Try::first; next_try != Try::none;) {
        Proto proto = no_proto;
        std::uint32_t key = at.next.key;
        switch (next_try) {
            case Try::first:
                proto = edges.find(at.next.space, key);
                next_try = at.next.has_other ? Try::other : Try::none;
                break;
            case Try::other:
                key = at.next.other;
                proto = edges.find(at.next.space, key);
                next_try = Try::content;
                break;
            default:
                if (at.rest.left() != 0) proto = guess(at.next.space, at.rest.rest(), Protocols{});
                next_try = Try::none;
                break;
        }
        if (proto == no_proto || proto == tried) continue;
        next = step(proto, at.next.space, key, at.rest, Protocols{});
        if (next.mine) return proto;
        tried = proto;
    }
    return no_proto;
}

/// Ports without payload, and a header whose content is empty, have nothing to follow.
[[gnu::always_inline]] inline bool at_end(const Walked& at) noexcept {
    return at.next.space == Space::none || (at.rest.left() == 0 && (at.next.has_other || at.rest.promised() == 0));
}

/// No protocol claims these ports, nor the content.
[[gnu::always_inline]] inline bool unclaimed(const Walked& at) noexcept {
    return at.next.has_other && edges.find(at.next.space, at.next.key) == no_proto &&
           edges.find(at.next.space, at.next.other) == no_proto && guess(at.next.space, at.rest.rest(), Protocols{}) == no_proto;
}

/// What is left is payload.
[[gnu::always_inline]] inline void finish(const Frame& frame, Packet& out, const Walked& at) noexcept {
    const Cursor& rest = at.rest;
    out.depth = at.depth;
    // A header that does not fit: if the capture stopped there, the capture is to blame;
    // if an outer header's length did, or nothing was left out, the packet is.
    if (out.stop == Stop::cut && !rest.quoted() && (rest.ends_by_header() || frame.not_captured() == 0)) {
        out.stop = Stop::bad;
        if (out.anomaly == Anomaly::none) out.anomaly = Anomaly::header_beyond_packet;
    }
    if (out.anomaly == Anomaly::none && rest.beyond_frame()) out.anomaly = Anomaly::length_beyond_frame;
    out.payload_begin = at.begin;
    out.payload_end = at.begin + static_cast<std::uint32_t>(rest.left());
    out.missing = rest.missing();
}

/// Decodes layer after layer by the tables. Apart from decode(), so that what that has at hand stays in registers.
[[gnu::noinline]] void walk_on(const Frame& frame, Packet& out, Walked at) noexcept {
    const std::uint8_t* const start = frame.data;
    while (!at_end(at)) {
        Next next;
        const Proto proto = follow(at, next);
        if (proto == no_proto) {
            out.stop = at.next.has_other ? Stop::payload : Stop::unknown;
            if (out.stop == Stop::unknown) {
                out.unknown_space = at.next.space;
                out.unknown_key = at.next.key;
            }
            break;
        }
        const bool too_deep = at.depth == Packet::max_layers;
        if (too_deep || next.stop == Stop::cut || next.stop == Stop::bad) {  // no layer: its bytes are payload
            out.stop = too_deep ? Stop::too_deep : next.stop;
            out.anomaly = too_deep ? Anomaly::none : next.anomaly;
            out.at = proto;
            at.rest.back_to(start + at.begin);
            break;
        }
        add_layer(out, at, start, proto, next);
    }
    finish(frame, out, at);
}

}  // namespace

[[gnu::flatten]] void decode(const Frame& frame, Packet& out) noexcept {
    out.path = 0;
    out.ip = Packet::no_layer;
    out.transport = Packet::no_layer;
    out.stop = Stop::payload;
    out.anomaly = Anomaly::none;
    out.at = no_proto;
    out.unknown_space = Space::none;
    out.unknown_key = 0;

    const std::uint8_t* const start = frame.data;
    Walked at{Cursor{frame.bytes(), frame.not_captured()}, Next::in(Space::link_type, frame.link_type)};
    // What most frames begin with, without the table and the jump; walk_on() does the rest (measured: twice as fast).
    if (usual<Ethernet, Space::link_type, 1>(out, at, start)) {
        if (usual<Ipv4, Space::ethertype, 0x0800>(out, at, start) || usual<Ipv6, Space::ethertype, 0x86dd>(out, at, start))
            static_cast<void>(usual<Tcp, Space::ip_proto, 6>(out, at, start) || usual<Udp, Space::ip_proto, 17>(out, at, start));
    }
    if (at_end(at) || unclaimed(at)) {
        finish(frame, out, at);
    } else {
        walk_on(frame, out, at);
    }
}

}  // namespace pcapline
