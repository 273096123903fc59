// Addresses of flows, as text.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "pcapline/base/text.h"
#include "pcapline/flow/flow_key.h"

namespace pcapline {

/// An address of that family: ipv6_chars at most. Returns one past the last character.
inline char* put_address(char* to, Family family, const std::uint8_t* address) {
    return family == Family::ipv4 ? put_ipv4(to, address) : family == Family::ipv6 ? put_ipv6(to, address) : put_mac(to, address);
}

inline std::string address_text(Family family, const std::uint8_t* address) {
    std::array<char, ipv6_chars> text{};
    const char* const past = put_address(text.data(), family, address);
    return {text.data(), static_cast<std::size_t>(past - text.data())};
}

}  // namespace pcapline
