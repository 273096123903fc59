// Networks: sets of IP addresses, as people name them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "pcapline/base/bytes.h"
#include "pcapline/base/result.h"

namespace pcapline {

/// Prefixes of IPv4 and IPv6 addresses (RFC 4632, RFC 4291 section 2.3).
class Networks {
 public:
    /// `192.168.0.0/16,2001:db8::/32`; an address without a length is itself; `private` is 10/8, 172.16/12, 192.168/16, 169.254/16, 127/8,
    /// fc00::/7, fe80::/10, ::1. Bits behind the prefix are ignored. Errors: Errc::usage.
    static Result<Networks> parse(std::string_view text);

    bool empty() const { return prefixes_.empty(); }
    /// `address`: 4 or 16 bytes.
    bool contains(Bytes address) const;

 private:
    struct Prefix {
        std::array<std::uint8_t, 16> address{};
        std::size_t size = 0;  ///< bytes of the address
        unsigned bits = 0;
    };
    static Result<Prefix> parse_prefix(std::string_view text);

    std::vector<Prefix> prefixes_;
};

/// Multicast, or the limited broadcast (RFC 5771, RFC 919, RFC 4291 section 2.7). `address`: 4 or 16 bytes.
bool is_group_address(Bytes address);

}  // namespace pcapline
