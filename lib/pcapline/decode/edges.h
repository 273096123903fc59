// Which protocol claims a number, and which guesses by content: the tables made from the list of protocols.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <utility>

#include "pcapline/decode/next.h"
#include "pcapline/decode/packet.h"
#include "pcapline/decode/protocols.h"
#include "pcapline/decode/registry.h"

namespace pcapline::detail {

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

inline constexpr auto made_edges = make_edges(Protocols{});
static_assert(made_edges.second, "two protocols claim the same number");
inline constexpr const EdgeTable& edges = made_edges.first;

template <class P>
concept Guessed = requires(Bytes payload) {
    { P::guess(payload) } -> std::same_as<bool>;
};

/// Protocols recognised by content where no port claims the payload.
template <class... P>
inline Proto guess(Space space, Bytes payload, TypeList<P...>) noexcept {
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

/// Protocols that say so: nothing is found above them.
template <class P>
concept Topmost = requires {
    requires P::topmost;
};

template <class... P>
constexpr std::array<bool, sizeof...(P)> make_topmost(TypeList<P...>) {
    static_assert(((!Guessed<P> || Topmost<P>)&&...), "what is guessed has no ports, by which glance_ports() knows what carries others");
    return {Topmost<P>...};
}
/// By protocol id.
inline constexpr auto topmost = make_topmost(Protocols{});

/// The port numbers of one space that some protocol claims.
class PortSet {
 public:
    /// `carriers`: only those of protocols that are not topmost.
    explicit constexpr PortSet(Space space, bool carriers = false) {
        for (const auto& slot : edges.slot) {
            if (slot.space != space || (carriers && topmost[slot.proto])) continue;
            bits_[slot.key / 64] |= std::uint64_t{1} << slot.key % 64;
            empty_ = false;
        }
    }
    constexpr bool empty() const { return empty_; }
    bool has(std::uint32_t port) const { return (bits_[port / 64] >> port % 64 & 1) != 0; }

 private:
    std::array<std::uint64_t, 1024> bits_{};
    bool empty_ = true;
};
template <Space space>
inline constexpr PortSet claimed_ports{space};
template <Space space>
inline constexpr PortSet carrier_ports{space, true};

/// Some protocol claims one of these ports, or the content.
template <Space space>
[[gnu::always_inline]] inline bool claimed(std::uint32_t port, std::uint32_t other_port, Bytes payload) noexcept {
    if (payload.empty()) return false;
    // Both are looked up always: which of them is a service's cannot be foretold.
    const bool by_port =
        (static_cast<unsigned>(claimed_ports<space>.has(port)) | static_cast<unsigned>(claimed_ports<space>.has(other_port))) != 0;
    return by_port || guess(space, payload, Protocols{}) != no_proto;
}

/// What ports of `space` carry.
struct Carried {
    Proto proto = no_proto;  ///< no_proto: nothing that is known
    bool whole = true;       ///< all of the payload is that layer
};
/// For a payload that is not empty and not cut.
Carried carried(Space space, std::uint32_t port, std::uint32_t other_port, Bytes payload) noexcept;

}  // namespace pcapline::detail
