#include "pcapline/decode/checksum.h"

#include <array>
#include <bit>
#include <cstring>
#include <optional>

#include "pcapline/decode/registry.h"

namespace pcapline {
namespace {

/// Adds the carries back in.
std::uint16_t folded(std::uint64_t sum) {
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

bool has_source_route(Bytes ipv4_header) {
    Ipv4Options options{ipv4_header};
    while (const auto option = options.next())
        if ((*option)[0] == Ipv4Options::loose_source_route || (*option)[0] == Ipv4Options::strict_source_route) return true;
    return false;
}

bool has_home_address(Bytes options_header) {
    Ipv6Options options{options_header};
    while (const auto option = options.next())
        if (option->type == Ipv6Options::home_address) return true;
    return false;
}

/// This header, of those from IP up to the transport, says that what follows is not all there, or has other addresses.
bool hides_something(Proto proto, Bytes header) {
    if (proto == proto_of<Ipv4>) {
        const Ipv4 ip{first_of<Ipv4::size>(header)};
        return ip.more_fragments() || ip.fragment_offset() != 0 || has_source_route(header);
    }
    if (proto == proto_of<Ipv6Fragment>) {
        const Ipv6Fragment fragment{first_of<Ipv6Fragment::size>(header)};
        return fragment.more_fragments() || fragment.offset() != 0;  // else atomic (RFC 6946): a whole packet
    }
    if (proto == proto_of<Ipv6Routing>) return Ipv6Routing{first_of<Ipv6Routing::size>(header)}.segments_left() != 0;
    return proto == proto_of<Ipv6DestinationOptions> && has_home_address(header);
}

}  // namespace

std::uint16_t ones_sum(Bytes bytes) noexcept {
    // The sum is the same in either byte order, but for the order of its own two bytes, and with words of any size (RFC 1071, section 2).
    // Lanes are added to each other only at the end. Vectors by name: GCC 12 makes arrays of them, but keeps those in memory.
    using Lanes = std::uint64_t __attribute__((vector_size(16)));
    constexpr std::uint64_t half = 0xffffffff;
    Lanes first;
    Lanes second;
    Lanes low{};
    Lanes high{};
    std::size_t at = 0;
    for (; at + 2 * sizeof first <= bytes.size(); at += 2 * sizeof first) {
        std::memcpy(&first, bytes.data() + at, sizeof first);
        std::memcpy(&second, bytes.data() + at + sizeof first, sizeof second);
        low += (first & half) + (second & half);
        high += (first >> 32) + (second >> 32);
    }
    std::uint64_t sum = low[0] + low[1] + high[0] + high[1];
    for (; at + 4 <= bytes.size(); at += 4) {
        std::uint32_t word = 0;
        std::memcpy(&word, bytes.data() + at, 4);
        sum += word;
    }
    if (at < bytes.size()) {
        std::uint32_t last = 0;
        std::memcpy(&last, bytes.data() + at, bytes.size() - at);
        sum += last;
    }
    const std::uint16_t native = folded(sum);
    return std::endian::native == std::endian::big ? native : static_cast<std::uint16_t>(native << 8 | native >> 8);
}

namespace {

/// What the checksum above IP covers: so many bytes from there on, and a pseudo header with this protocol (0: none).
struct Covered {
    std::size_t length = 0;
    std::uint32_t protocol = 0;
};
std::optional<Covered> covered(const Innermost& inner, Bytes from) {
    const std::size_t of_ip = inner.ip_bytes - (inner.transport_begin - inner.ip_begin);
    if (inner.transport == proto_of<Tcp>)
        return Covered{Tcp{first_of<Tcp::size>(from)}.header_length() + std::size_t{inner.payload_bytes}, Tcp::found_at[0].key};
    if (inner.transport == proto_of<Udp>) {
        if (Udp{first_of<Udp::size>(from)}.checksum() == 0) return std::nullopt;  // the sender made none (RFC 768)
        return Covered{Udp::size + std::size_t{inner.payload_bytes}, Udp::found_at[0].key};
    }
    if (inner.transport == proto_of<Icmp>) return Covered{of_ip, 0};
    if (inner.transport == proto_of<Icmpv6>) return Covered{of_ip, Icmpv6::found_at[0].key};
    return std::nullopt;
}

}  // namespace

Checksum transport_checksum(const Frame& frame, const Innermost& inner, const Packet* packet) noexcept {
    if (inner.transport == no_proto) return Checksum::unknown;
    const Bytes from = frame.bytes().subspan(inner.transport_begin);
    const auto what = covered(inner, from);
    if (!what || what->length > from.size()) return Checksum::unknown;
    if (packet != nullptr)
        for (std::size_t i = packet->ip; i < packet->transport; ++i)
            if (const Layer& layer = packet->layers[i]; hides_something(layer.proto, bytes_of(frame, layer))) return Checksum::unknown;
    std::uint64_t sum = ones_sum(from.first(what->length));
    if (what->protocol != 0) {
        const Bytes ip = frame.bytes().subspan(inner.ip_begin);
        const Bytes addresses = inner.ip_role == Role::ipv4 ? ip.subspan(12, 8) : ip.subspan(8, 32);
        sum += ones_sum(addresses) + (what->length >> 16) + (what->length & 0xffff) + what->protocol;
    }
    return folded(sum) == 0xffff ? Checksum::good : Checksum::bad;
}

bool has_bad_checksum(const Frame& frame, const Innermost& inner, const Packet* packet) noexcept {
    if (inner.ip_role == Role::ipv4) {
        const Bytes ip = frame.bytes().subspan(inner.ip_begin);
        const std::size_t header = Ipv4{first_of<Ipv4::size>(ip)}.header_length();
        if (header <= ip.size() && ones_sum(ip.first(header)) != 0xffff) return true;
    }
    return transport_checksum(frame, inner, packet) == Checksum::bad;
}

}  // namespace pcapline
