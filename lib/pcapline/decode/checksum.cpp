#include "pcapline/decode/checksum.h"

#include <bit>
#include <cstring>

#include "pcapline/base/endian.h"
#include "pcapline/decode/registry.h"

namespace pcapline {

std::uint64_t internet_sum(Bytes bytes) noexcept {
    // In the machine's own order, 32 bits at a time: the sum of swapped words is the swapped sum (RFC 1071 section 2).
    std::uint64_t sum = 0;
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 32; left -= 32, at += 32) {
        std::uint32_t words[8];
        std::memcpy(words, at, sizeof words);
        for (const std::uint32_t word : words) sum += word;
    }
    for (; left >= 2; left -= 2, at += 2) {
        std::uint16_t word = 0;
        std::memcpy(&word, at, sizeof word);
        sum += word;
    }
    if (left != 0) {
        std::uint16_t word = 0;
        std::memcpy(&word, at, 1);
        sum += word;
    }
    const std::uint16_t folded = folded_sum(sum);
    return native_order == ByteOrder::big ? folded : static_cast<std::uint16_t>(folded << 8 | folded >> 8);
}

namespace {

bool has_routing_header(Bytes ip, std::size_t headers) {
    constexpr std::uint8_t routing = 43;
    constexpr std::uint8_t authentication = 51;
    std::uint8_t next = ip[6];
    for (std::size_t at = Ipv6::size; at + 2 <= headers && at + 2 <= ip.size();) {
        if (next == routing) return true;
        const std::size_t length = next == authentication ? (ip[at + 1] + std::size_t{2}) * 4 : (ip[at + 1] + std::size_t{1}) * 8;
        next = ip[at];
        at += length;
    }
    return false;
}

}  // namespace

bool has_bad_checksum(const Frame& frame, const Innermost& inner) noexcept {
    if (!inner.has_ip()) return false;
    const bool v4 = inner.ip_role == Role::ipv4;
    const Bytes ip = frame.bytes().subspan(inner.ip_begin);
    if (v4) {
        const std::size_t header = Ipv4{first_of<Ipv4::size>(ip)}.header_length();
        if (header <= ip.size() && folded_sum(internet_sum(ip.first(header))) != 0xffff) return true;
    }
    if (inner.transport == no_proto) return false;
    const Bytes above = frame.bytes().subspan(inner.transport_begin);
    std::size_t length = inner.payload_bytes;
    std::uint64_t protocol = 0;  // of the pseudo header
    if (inner.transport == proto_of<Tcp>) {
        length += Tcp{first_of<Tcp::size>(above)}.header_length();
        protocol = 6;
    } else if (inner.transport == proto_of<Udp>) {
        if (be16<6>(first_of<Udp::size>(above)) == 0) return false;
        length += Udp::size;
        protocol = 17;
    } else if (inner.transport == proto_of<Icmp>) {
        length = inner.ip_bytes - (inner.transport_begin - inner.ip_begin);
    } else if (inner.transport == proto_of<Icmpv6>) {
        length = inner.ip_bytes - (inner.transport_begin - inner.ip_begin);
        protocol = 58;
    } else {
        return false;
    }
    if (length > above.size()) return false;
    std::uint64_t sum = internet_sum(above.first(length));
    if (protocol != 0) {
        const std::size_t headers = inner.transport_begin - inner.ip_begin;
        if (!v4 && headers > Ipv6::size && has_routing_header(ip, headers)) return false;
        sum += internet_sum(v4 ? ip.subspan(12, 8) : ip.subspan(8, 32)) + length + protocol;
    }
    return folded_sum(sum) != 0xffff;
}

}  // namespace pcapline
