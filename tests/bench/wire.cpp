#include "bench/wire.h"

#include <algorithm>
#include <cstring>

namespace pcapline::bench {

namespace {

std::uint16_t get16(const std::uint8_t* p) {
    return static_cast<std::uint16_t>(p[0] << 8 | p[1]);
}
void put16(std::uint8_t* p, std::uint16_t v) {
    p[0] = static_cast<std::uint8_t>(v >> 8);
    p[1] = static_cast<std::uint8_t>(v);
}
std::uint16_t fold(std::uint32_t sum) {
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}
/// HC' = ~(~HC + ~m + m') (RFC 1624, equation 3), over all changed words at once.
void update(std::uint8_t* checksum, std::uint16_t was, std::uint16_t is) {
    const std::uint32_t sum = (~get16(checksum) & 0xffffu) + (~was & 0xffffu) + is;
    put16(checksum, static_cast<std::uint16_t>(~fold(sum)));
}

}  // namespace

std::uint16_t sum16(const std::uint8_t* bytes, std::size_t size, std::uint32_t start) {
    std::uint32_t sum = start;
    for (std::size_t i = 0; i + 1 < size; i += 2) sum += get16(bytes + i);
    if (size % 2) sum += static_cast<std::uint32_t>(bytes[size - 1] << 8);
    return fold(sum);
}

std::optional<IpPlace> find_ip(const std::vector<std::uint8_t>& frame) {
    std::size_t at = 12;
    for (int tags = 0; tags < 3; ++tags, at += 4) {
        if (frame.size() < at + 2 + 20) return std::nullopt;
        const std::uint16_t type = get16(&frame[at]);
        if (type == 0x8100 || type == 0x88a8) continue;
        const std::uint32_t ip = static_cast<std::uint32_t>(at + 2);
        IpPlace place;
        place.ip = ip;
        std::uint32_t header = 40;
        if (type == 0x0800) {
            header = (frame[ip] & 15u) * 4;
            if (frame[ip] >> 4 != 4 || header < 20) return std::nullopt;
            place.address = ip + 12;
            place.size = 4;
            place.protocol = frame[ip + 9];
            if (get16(&frame[ip + 6]) & 0x1fff) return place;  // a later fragment: no ports
        } else if (type == 0x86dd) {
            if (frame[ip] >> 4 != 6 || frame.size() < ip + header) return std::nullopt;
            place.v6 = true;
            place.address = ip + 8;
            place.size = 16;
            place.protocol = frame[ip + 6];
        } else {
            return std::nullopt;
        }
        const std::uint32_t transport = ip + header;
        const std::uint32_t checksum = transport + (place.protocol == 6 ? 16 : 6);
        if ((place.protocol == 6 || place.protocol == 17) && frame.size() >= checksum + 2) {
            place.ports = transport;
            place.checksum = checksum;
        }
        return place;
    }
    return std::nullopt;
}

namespace {
End end_of(const std::vector<std::uint8_t>& frame, const IpPlace& place, std::uint32_t which) {
    const auto from = frame.begin() + place.address + which * place.size;
    return {{from, from + place.size}, place.ports ? get16(&frame[place.ports + which * 2]) : std::uint16_t{0}};
}
}  // namespace

End source_of(const std::vector<std::uint8_t>& frame, const IpPlace& place) {
    return end_of(frame, place, 0);
}
End destination_of(const std::vector<std::uint8_t>& frame, const IpPlace& place) {
    return end_of(frame, place, 1);
}

void replace_ends(std::uint8_t* frame, const IpPlace& place, const End& source, const End& destination) {
    std::uint8_t* const addresses = frame + place.address;
    const std::uint16_t addresses_were = sum16(addresses, 2 * place.size);
    std::copy(source.address.begin(), source.address.end(), addresses);
    std::copy(destination.address.begin(), destination.address.end(), addresses + place.size);
    const std::uint16_t addresses_are = sum16(addresses, 2 * place.size);
    if (!place.v6) update(frame + place.ip + 10, addresses_were, addresses_are);
    if (!place.ports) return;
    std::uint8_t* const ports = frame + place.ports;
    const std::uint16_t was = sum16(ports, 4, addresses_were);
    put16(ports, source.port);
    put16(ports + 2, destination.port);
    if (place.protocol == 17 && get16(frame + place.checksum) == 0) return;
    update(frame + place.checksum, was, sum16(ports, 4, addresses_are));
}

}  // namespace pcapline::bench
