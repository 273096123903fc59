#include "pcapline/base/networks.h"

#include <arpa/inet.h>

#include <array>
#include <string>

#include "support/catch.h"

namespace pcapline {
namespace {

struct Address {
    std::array<std::uint8_t, 16> bytes{};
    std::size_t size = 0;
    explicit Address(const std::string& text) {
        const bool v6 = text.find(':') != std::string::npos;
        size = v6 ? 16 : 4;
        REQUIRE(inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), bytes.data()) == 1);
    }
    Bytes view() const { return {bytes.data(), size}; }
};

bool in(const char* networks, const std::string& address) {
    const auto parsed = Networks::parse(networks);
    REQUIRE(parsed);
    return parsed->contains(Address{address}.view());
}

TEST_CASE("An address is in a network by its first bits", "[base]") {
    struct Case {
        const char* networks;
        const char* address;
        bool is;
    };
    const Case cases[] = {
        {"192.168.0.0/16", "192.168.255.1", true},
        {"192.168.0.0/16", "192.169.0.1", false},
        {"10.0.0.0/9", "10.127.0.1", true},
        {"10.0.0.0/9", "10.128.0.1", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.0", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"2001:db8::/32", "2001:db8:ffff::1", true},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"10.0.0.0/8,2001:db8::/32", "2001:db8::", true},
        {"10.1.2.3/8", "10.9.9.9", true},
        {"private", "172.31.0.1", true},
        {"private", "172.32.0.1", false},
        {"private", "fd00::1", true},
        {"private", "::1", true},
        {"private,203.0.113.0/24", "203.0.113.7", true},
    };
    for (const Case& one : cases) {
        CAPTURE(one.networks, one.address);
        CHECK(in(one.networks, one.address) == one.is);
    }
}

TEST_CASE("What is no network is refused with its text", "[base]") {
    for (const char* text : {"", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/8,", "home", "10.0.0.0/-1"}) {
        CAPTURE(text);
        const auto parsed = Networks::parse(text);
        REQUIRE(!parsed);
        CHECK(parsed.error().code == Errc::usage);
    }
}

TEST_CASE("Groups are multicast addresses and the limited broadcast", "[base]") {
    for (const char* group : {"224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1"}) CHECK(is_group_address(Address{group}.view()));
    for (const char* other : {"223.255.255.255", "240.0.0.1", "192.0.2.255", "fe80::1"}) CHECK(!is_group_address(Address{other}.view()));
}

}  // namespace
}  // namespace pcapline
