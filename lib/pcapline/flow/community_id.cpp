#include "pcapline/flow/community_id.h"

#include <gcrypt.h>

#include <array>
#include <cstring>
#include <utility>

#include "pcapline/base/endian.h"
#include "pcapline/base/text.h"

namespace pcapline {
namespace {

constexpr std::uint8_t icmp = 1;
constexpr std::uint8_t icmpv6 = 58;

/// The type that answers a request of this type, or that it answers.
std::uint8_t counterpart(std::uint8_t ip_proto, std::uint8_t type) {
    const std::uint8_t request = icmp_pairing(ip_proto, type);
    if (ip_proto == icmp && request == 8) return type == 8 ? 0 : 8;
    if (ip_proto == icmp && request == 10) return type == 10 ? 9 : 10;
    return static_cast<std::uint8_t>(type == request ? request + 1 : request);
}

void initialise_libgcrypt() {
    static const bool done = [] {
        if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P) != 0) return true;
        gcry_check_version(nullptr);
        gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
        gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
        return true;
    }();
    static_cast<void>(done);
}

}  // namespace

char* put_community_id(char* to, const FlowOf& first) noexcept {
    const FlowKey& key = first.key;
    if (key.family == Family::ethernet || key.protocol == 0) return nullptr;
    const bool is_icmp = key.protocol == icmp || key.protocol == icmpv6;
    const bool with_ports = is_icmp || key.protocol == 6 || key.protocol == 17 || key.protocol == 132;
    if (with_ports && key.lacks_ports != 0) return nullptr;

    Endpoint low = first.src();
    Endpoint high = first.dst();
    bool one_way = false;
    if (is_icmp) {
        one_way = key.pairing == 0;
        low.port = first.icmp_type;
        high.port = one_way ? first.icmp_code : counterpart(key.protocol, first.icmp_type);
    }
    if (!one_way) {
        const int order = std::memcmp(low.address.data(), high.address.data(), low.address.size());
        if (order > 0 || (order == 0 && low.port > high.port)) std::swap(low, high);
    }

    std::array<std::uint8_t, 2 + 16 + 16 + 2 + 4> hashed{};  // begins with the seed
    const std::size_t size = key.family == Family::ipv4 ? 4 : 16;
    std::size_t at = 2;
    std::memcpy(&hashed[at], low.address.data(), size);
    std::memcpy(&hashed[at + size], high.address.data(), size);
    at += 2 * size;
    hashed[at] = key.protocol;
    at += 2;
    if (with_ports) {
        store(&hashed[at], low.port, ByteOrder::big);
        store(&hashed[at + 2], high.port, ByteOrder::big);
        at += 4;
    }
    initialise_libgcrypt();
    std::array<std::uint8_t, 20> digest{};
    gcry_md_hash_buffer(GCRY_MD_SHA1, digest.data(), hashed.data(), at);
    *to++ = '1';
    *to++ = ':';
    return put_base64(to, digest);
}

}  // namespace pcapline
