// is_local(): does a packet stay among private addresses?
#pragma once

#include <array>
#include <cstdint>

#include "pcapline/base/frame.h"
#include "pcapline/decode/innermost.h"

namespace pcapline {

namespace detail {

/// What an address is to is_local(). Two ends are local if both are something and not both groups.
enum AddressKind : std::uint32_t {
    common_address = 0,
    private_address = 1,
    group_address = 2,
};

/// An IPv4 address is of `kind` if its bits under `mask` are `value`; by first byte.
struct KindV4 {
    std::uint32_t mask = 0;
    std::uint32_t value = 0;
    AddressKind kind = common_address;
};

constexpr auto kinds_v4 = [] {
    std::array<KindV4, 256> table{};
    table[10] = table[127] = {0, 0, private_address};
    table[172] = {0xfff00000, 0xac100000, private_address};
    table[192] = {0xffff0000, 0xc0a80000, private_address};
    table[169] = {0xffff0000, 0xa9fe0000, private_address};
    for (std::size_t i = 224; i < 240; ++i) table[i] = {0, 0, group_address};
    table[255] = {0xffffffff, 0xffffffff, group_address};
    return table;
}();

inline std::uint32_t kind_v4(Fixed<4> address) {
    const std::uint32_t number = be32<0>(address);
    const KindV4& may_be = kinds_v4[number >> 24];
    const bool is = (number & may_be.mask) == may_be.value;
    return may_be.kind & (0U - static_cast<std::uint32_t>(is));  // no branch: which addresses come next cannot be foretold
}

inline std::uint32_t kind_v6(Fixed<16> address) {
    const std::uint32_t first = be32<0>(address);
    if (first >> 24 == 0xff) return group_address;
    if (first >> 25 == 0xfc >> 1 || first >> 22 == 0xfe80 >> 6) return private_address;
    return first == 0 && be32<4>(address) == 0 && be64<8>(address) == 1 ? private_address : common_address;
}

}  // namespace detail

/// Private addresses at both ends, or at one end with multicast or broadcast at the other
/// (10/8, 172.16/12, 192.168/16, 169.254/16, 127/8, fc00::/7, fe80::/10, ::1).
inline bool is_local(const Frame& frame, const Innermost& inner) {
    if (!inner.has_ip()) return false;
    const Bytes header = frame.bytes().subspan(inner.ip_begin);
    std::uint32_t product = 0;  // of kinds
    if (inner.ip_role == Role::ipv4) {
        const Fixed<20> ip = first_of<20>(header);
        // The first bytes tell of most packets on the Internet that they are not.
        if (detail::kinds_v4[u8<12>(ip)].kind * detail::kinds_v4[u8<16>(ip)].kind == detail::common_address) return false;
        product = detail::kind_v4(ip.part<12, 4>()) * detail::kind_v4(ip.part<16, 4>());
    } else {
        const Fixed<40> ip = first_of<40>(header);
        const std::uint32_t src = detail::kind_v6(ip.part<8, 16>());
        if (src == detail::common_address) return false;
        product = src * detail::kind_v6(ip.part<24, 16>());
    }
    return product == detail::private_address * detail::private_address || product == detail::private_address * detail::group_address;
}

}  // namespace pcapline
