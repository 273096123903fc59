#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "pcapline/base/text.h"
#include "support/catch.h"

namespace pcapline {
namespace {

using Ipv6 = std::array<std::uint8_t, 16>;

// Buffers are exactly as long as text.h says: a sanitizer sees one character too many.
std::string ipv4_text(const std::array<std::uint8_t, 4>& address) {
    const auto chars = std::make_unique<char[]>(ipv4_chars);
    return {chars.get(), put_ipv4(chars.get(), address.data())};
}

std::string ipv6_text(const Ipv6& address) {
    const auto chars = std::make_unique<char[]>(ipv6_chars);
    return {chars.get(), put_ipv6(chars.get(), address.data())};
}

std::string by_inet_ntop(const Ipv6& address) {
    std::array<char, INET6_ADDRSTRLEN> chars{};
    return inet_ntop(AF_INET6, address.data(), chars.data(), chars.size());
}

Ipv6 parsed(const std::string& text) {
    Ipv6 address{};
    REQUIRE(inet_pton(AF_INET6, text.c_str(), address.data()) == 1);
    return address;
}

/// ::192.0.2.1, deprecated by RFC 4291 section 2.5.5.1: glibc writes a dotted quad there, we hex groups.
bool is_ipv4_compatible(const Ipv6& address) {
    return std::all_of(address.begin(), address.begin() + 12, [](std::uint8_t byte) { return byte == 0; }) &&
           (address[12] != 0 || address[13] != 0);
}

}  // namespace

TEST_CASE("each octet stands in each place of an IPv4 address", "[base][text]") {
    for (unsigned value = 0; value < 256; ++value) {
        for (unsigned place = 0; place < 4; ++place) {
            std::array<std::uint8_t, 4> address = {10, 255, 0, 127};
            address[place] = static_cast<std::uint8_t>(value);
            std::string want;
            for (const std::uint8_t octet : address) want += (want.empty() ? "" : ".") + std::to_string(octet);
            REQUIRE(ipv4_text(address) == want);
        }
    }
    CHECK(ipv4_text({255, 255, 255, 255}).size() == ipv4_chars);
}

TEST_CASE("IPv6 addresses are written as RFC 5952 says", "[base][text]") {
    const std::string text = GENERATE(values<std::string>({
        "::",
        "::1",
        "1::",
        "2001:db8::1",
        "2001:db8:0:1:1:1:1:1",  // 4.2.2: one group of zeros is not shortened
        "2001:0:0:1::1",         // 4.2.3: the longest run
        "2001:db8::1:0:0:1",     // 4.2.3: the first of equal runs
        "2001:db8:aaaa:bbbb::",
        "0:1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:0",
        "fe80::c001:1dff:fee0:0",  // a lonely zero at the end
        "::ffff:192.0.2.1",        // 5: IPv4-mapped
        "::ffff:0.0.0.0",
        "::ffff:255.255.255.255",
        "::ffff:0:c000:201",  // IPv4-translated: not mapped
        "::c000:201",         // IPv4-compatible
        "64:ff9b::c000:201",  // the NAT64 prefix
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "1:20:300:4000:a:b0:c00:d000",
    }));
    CHECK(ipv6_text(parsed(text)) == text);
}

TEST_CASE("IPv6 addresses are those of inet_ntop, IPv4-compatible ones aside", "[base][text]") {
    std::mt19937_64 random(5952);
    unsigned compatible = 0;
    for (int i = 0; i < 100'000; ++i) {
        Ipv6 address{};
        // Groups of zeros, of one digit and of one byte are as frequent as full ones.
        for (std::size_t group = 0; group < 8; ++group) {
            const std::uint64_t bits = random();
            const unsigned mask = std::array<unsigned, 4>{0, 0xf, 0xff, 0xffff}[bits >> 62];
            const unsigned value = static_cast<unsigned>(bits) & mask;
            address[2 * group] = static_cast<std::uint8_t>(value >> 8);
            address[2 * group + 1] = static_cast<std::uint8_t>(value);
        }
        if (i % 8 == 0) std::fill(address.begin(), address.begin() + 10, std::uint8_t{0});
        if (i % 16 == 0) std::fill(address.begin() + 10, address.begin() + 12, std::uint8_t{0xff});
        const std::string text = ipv6_text(address);
        if (is_ipv4_compatible(address)) {
            ++compatible;
            CHECK(parsed(text) == address);
        } else if (text != by_inet_ntop(address)) {
            FAIL(text << " is not " << by_inet_ntop(address));
        }
    }
    CHECK(compatible > 0);
}

TEST_CASE("every set of zero groups is shortened as inet_ntop does", "[base][text]") {
    for (unsigned zeros = 0; zeros < 256; ++zeros) {
        Ipv6 address{};
        for (std::size_t group = 0; group < 8; ++group) address[2 * group] = (zeros >> group & 1) != 0 ? 0 : 0x20;
        if (!is_ipv4_compatible(address)) CHECK(ipv6_text(address) == by_inet_ntop(address));
    }
}

TEST_CASE("MAC addresses are six pairs with colons", "[base][text]") {
    const std::array<std::uint8_t, 6> address = {0x00, 0x00, 0x5e, 0x00, 0x53, 0x0a};
    std::array<char, mac_chars> chars{};
    CHECK(std::string(chars.data(), put_mac(chars.data(), address.data())) == "00:00:5e:00:53:0a");
}

}  // namespace pcapline
