// decode(): the loop over layers.
#include "pcapline/decode/edges.h"
#include "pcapline/decode/packet.h"
#include "pcapline/decode/protocols.h"
#include "pcapline/decode/registry.h"
#include "pcapline/decode/roles.h"

namespace pcapline {
namespace {

using detail::claimed;
using detail::edges;
using detail::guess;

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

/// One frame on its way through the layers. decode() keeps it in registers, so its address is never passed on, it is never
/// copied, and it has a constructor: GCC 12 leaves an aggregate in memory.
struct Walked {
    Walked(const Frame& frame, Bytes bytes, std::uint32_t missing, Cursor::Marks marks, Next up) noexcept
        : rest(bytes, missing, marks), next(up), begin(static_cast<std::uint32_t>(bytes.data() - frame.data)) {}

    Cursor rest;
    Next next;
    std::uint64_t path = 0;
    std::uint32_t begin;  ///< of what is not decoded yet
    std::uint8_t depth = 0;
    std::uint8_t ip = Packet::no_layer;
    std::uint8_t transport = Packet::no_layer;
    Stop stop = Stop::payload;
    Anomaly anomaly = Anomaly::none;
    Proto at = no_proto;
    bool quoted = false;  ///< inside a packet that an ICMP error quotes
};

/// Adds a layer of protocol `proto`, which has taken its bytes and said `next`.
[[gnu::always_inline]] inline void add_layer(Packet& out, Walked& at, const std::uint8_t* start, Proto proto, const Next& next) noexcept {
    const auto end = static_cast<std::uint32_t>(at.rest.rest().data() - start);
    out.layers[at.depth] = {at.begin, end, at.rest.promised(), proto, 0, at.next.space()};
    if (at.depth < 8) at.path |= static_cast<std::uint64_t>(proto + 1U) << 8 * at.depth;
    if (next.stop() == Stop::fragment) at.stop = Stop::fragment;
    const Role role = roles[proto];
    if (role == Role::ipv4 || role == Role::ipv6) {
        at.quoted = at.quoted || (at.transport != Packet::no_layer && roles[out.layers[at.transport].proto] == Role::icmp);
        if (!at.quoted) {
            at.ip = at.depth;
            at.transport = Packet::no_layer;
        }
    } else if (at.ip != Packet::no_layer && at.transport == Packet::no_layer && role != Role::ip_extension) {
        at.transport = at.depth;
    }
    ++at.depth;
    at.begin = end;
    at.next = next;
}

/// Decodes what follows `last`: tries the first number, then the other one, then content. No protocol: no_proto.
[[gnu::always_inline]] inline Proto follow(const Next& last, Cursor& rest, Next& next) noexcept {
    enum class Try : std::uint8_t {
        first,
        other,
        content,
        none
    };
    Proto tried = no_proto;
    for (Try next_try = Try::first; next_try != Try::none;) {
        Proto proto = no_proto;
        std::uint32_t key = last.key();
        switch (next_try) {
            case Try::first:
                proto = edges.find(last.space(), key);
                next_try = last.has_other() ? Try::other : Try::none;
                break;
            case Try::other:
                key = last.other();
                proto = edges.find(last.space(), key);
                next_try = Try::content;
                break;
            default:
                if (rest.left() != 0) proto = guess(last.space(), rest.rest(), Protocols{});
                next_try = Try::none;
                break;
        }
        if (proto == no_proto || proto == tried) continue;
        next = step(proto, last.space(), key, rest, Protocols{});
        if (next.mine()) return proto;
        tried = proto;
    }
    return no_proto;
}

/// Ports without payload, and a header whose content is empty, have nothing to follow.
[[gnu::always_inline]] inline bool at_end(const Walked& at) noexcept {
    return at.next.space() == Space::none || (at.rest.left() == 0 && (at.next.has_other() || at.rest.promised() == 0));
}

/// What is left is payload.
[[gnu::always_inline]] inline void finish(const Frame& frame, Packet& out, Walked& at) noexcept {
    const Cursor& rest = at.rest;
    // A header that does not fit: if the capture stopped there, the capture is to blame;
    // if an outer header's length did, or nothing was left out, the packet is.
    if (at.stop == Stop::cut && !rest.quoted() && (rest.ends_by_header() || frame.not_captured() == 0)) {
        at.stop = Stop::bad;
        if (at.anomaly == Anomaly::none) at.anomaly = Anomaly::header_beyond_packet;
    }
    if (at.anomaly == Anomaly::none && rest.beyond_frame()) at.anomaly = Anomaly::length_beyond_frame;
    out.path = at.path;
    out.depth = at.depth;
    out.ip = at.ip;
    out.transport = at.transport;
    out.stop = at.stop;
    out.anomaly = at.anomaly;
    out.at = at.at;
    out.unknown_space = at.stop == Stop::unknown ? at.next.space() : Space::none;
    out.unknown_key = at.stop == Stop::unknown ? at.next.key() : 0;
    out.payload_begin = at.begin;
    out.payload_end = at.begin + static_cast<std::uint32_t>(rest.left());
    out.missing = rest.missing();
}

/// Takes a packet for finished that has no more than its ports (or nothing) decoded, and goes on: layer after layer by the tables.
[[gnu::noinline]] void walk_on(const Frame& frame, Packet& out, Next up, Cursor::Marks marks) noexcept {
    const std::uint8_t* const start = frame.data;
    const Bytes payload = frame.bytes().subspan(out.payload_begin, out.payload_end - out.payload_begin);
    Walked at{frame, payload, out.missing, marks, up};
    at.path = out.path;
    at.depth = out.depth;
    at.ip = out.ip;
    at.transport = out.transport;
    while (!at_end(at)) {
        Next next;
        const Proto proto = follow(at.next, at.rest, next);
        if (proto == no_proto) {
            at.stop = at.next.has_other() ? Stop::payload : Stop::unknown;
            break;
        }
        const bool too_deep = at.depth == Packet::max_layers;
        if (too_deep || next.unusable()) {  // no layer: its bytes are payload
            at.stop = too_deep ? Stop::too_deep : next.stop();
            at.anomaly = too_deep ? Anomaly::none : next.anomaly();
            at.at = proto;
            at.rest.back_to(start + at.begin);
            break;
        }
        add_layer(out, at, start, proto, next);
    }
    finish(frame, out, at);
}

}  // namespace

void detail::decode_by_tables(const Frame& frame, Packet& out) noexcept {
    out.path = 0;
    out.depth = 0;
    out.ip = out.transport = Packet::no_layer;
    out.payload_begin = 0;
    out.payload_end = frame.cap_len;
    out.missing = frame.not_captured();
    walk_on(frame, out, Next::in(Space::link_type, frame.link_type), Cursor::unmarked);
}

namespace {

/// Decodes a P inline, if number `key` of `space` follows. False if not, or if its header is not whole.
template <class P, Space space, std::uint32_t key>
[[gnu::always_inline]] inline bool usual(Packet& out, Walked& at, const std::uint8_t* start) noexcept {
    static_assert(edges.find(space, key) == proto_of<P>);
    if (at.next.space() != space || at.next.key() != key || at.rest.left() == 0) return false;
    Next next = P::decode(at.rest);
    if (next.unusable()) return false;
    add_layer(out, at, start, proto_of<P>, next);
    return true;
}

/// Decodes a transport protocol, and what its ports carry. False if something else follows.
template <class P, std::uint32_t number, Space ports>
[[gnu::always_inline]] inline bool usual_transport(const Frame& frame, Packet& out, Walked& at) noexcept {
    if (!usual<P, Space::ip_proto, number>(out, at, frame.data)) return false;
    finish(frame, out, at);
    if (claimed<ports>(at.next.key(), at.next.other(), at.rest.rest()))
        walk_on(frame, out, Next::ports(ports, at.next.key(), at.next.other()), at.rest.marks());
    return true;
}

/// Decodes an IP packet, if number `ethertype` follows, with TCP or UDP in it. False if something else follows.
template <class P, std::uint32_t ethertype>
[[gnu::always_inline]] inline bool usual_ip(const Frame& frame, Packet& out, Walked& at) noexcept {
    return usual<P, Space::ethertype, ethertype>(out, at, frame.data) &&
           (usual_transport<Tcp, 6, Space::tcp_port>(frame, out, at) || usual_transport<Udp, 17, Space::udp_port>(frame, out, at));
}

}  // namespace

detail::Carried detail::carried(Space space, std::uint32_t port, std::uint32_t other_port, Bytes payload) noexcept {
    Cursor rest{payload, 0};
    Next next;
    const Proto proto = follow(Next::ports(space, port, other_port), rest, next);
    return {proto, proto == no_proto || (next.stop() == Stop::payload && rest.left() == 0)};
}

// What most frames begin with is decoded without the tables, written out so that the compiler knows how deep it is and what
// is constant. What is not usual after all is decoded again from its beginning.
[[gnu::flatten]] void decode(const Frame& frame, Packet& out) noexcept {
    Walked at{frame, frame.bytes(), frame.not_captured(), Cursor::unmarked, Next::in(Space::link_type, frame.link_type)};
    if (usual<Ethernet, Space::link_type, 1>(out, at, frame.data) &&
        (usual_ip<Ipv4, 0x0800>(frame, out, at) || usual_ip<Ipv6, 0x86dd>(frame, out, at)))
        return;
    detail::decode_by_tables(frame, out);
}

}  // namespace pcapline
