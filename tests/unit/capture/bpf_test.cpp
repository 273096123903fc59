#include "pcapline/capture/bpf.h"

#include "pcapline/capture/filter_words.h"
#include "support/catch.h"

using namespace pcapline;

TEST_CASE("host names in filters are found, and nothing else") {
    const std::pair<const char*, const char*> rows[] = {
        {"host www.example.com", "www.example.com"},
        {"src gateway-1", "gateway-1"},
        {"net lan", "lan"},
        {"tcp port 80 and host a", "a"},
        {"host 192.0.2.1 or b", "b"},
        {"gateway snup", "snup"},
        {"example", "example"},
        {"tcp prot 80", "prot"},
        {"ether host printer", "printer"},
        {"port http and src mail", "mail"},
        {"host 192.0.2.1", ""},
        {"net 10.0.0.0/8 and not net 10.1", ""},
        {"net 10 mask 255.0.0.0", ""},
        {"host fe80::1 or 2001:db8::1", ""},
        {"ether host 00:00:5e:00:53:01 or 00-00-5e-00-53-02 or 0000.5e00.5303", ""},
        {"port http or https or domain", ""},
        {"tcp src port ftp-data", ""},
        {"portrange 6000-6008", ""},
        {"ip proto ospf and ether proto \\ip", ""},
        {"tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", ""},
        {"icmp[icmptype] != icmp-echo and icmp[0]=8", ""},
        {"ip[6:2] & 0x1fff = 0 and len > 100", ""},
        {"vlan 5 && tcp || !(udp port 53)", ""},
        {"wlan type mgt subtype beacon", ""},
        {"ether broadcast or ip multicast", ""},
        {"less 60 or greater 1500", ""},
        {"", ""},
    };
    for (const auto& [expression, name] : rows) {
        CAPTURE(expression);
        CHECK(first_host_name(expression) == name);
    }
}

TEST_CASE("filters compile for the link types they meet") {
    std::uint8_t packet[34] = {};
    packet[12] = 8;
    packet[14] = 0x45;
    packet[23] = 17;
    Frame frame;
    frame.data = packet;
    frame.cap_len = frame.wire_len = sizeof packet;
    frame.link_type = 1;
    auto filter = CaptureFilter::compile("udp");
    REQUIRE(filter);
    REQUIRE(filter->prepare(1));
    CHECK(filter->matches(frame));
    packet[23] = 6;
    CHECK_FALSE(filter->matches(frame));
    frame.link_type = 101;
    CHECK_FALSE(filter->matches(frame));  // not prepared
    REQUIRE(filter->prepare(101));
    frame.data = packet + 14;
    frame.cap_len = frame.wire_len = 20;
    packet[23] = 17;
    CHECK(filter->matches(frame));
    std::string why;
    CHECK_FALSE(filter->prepare(57845, &why));
    CHECK_FALSE(why.empty());
    auto all = CaptureFilter::compile("");
    REQUIRE(all);
    CHECK(all->matches([&] {
        Frame any = frame;
        any.link_type = 1;
        return any;
    }()));
}

TEST_CASE("wrong filters are usage errors, filters for one kind of link are not") {
    for (const char* expression : {"tcp port", "host www.example.com", "port 99999", "(tcp", "ip[", "tcp and udp and"}) {
        const auto filter = CaptureFilter::compile(expression);
        CAPTURE(expression);
        REQUIRE_FALSE(filter);
        CHECK(filter.error().code == Errc::usage);
    }
    CHECK_FALSE(CaptureFilter::compile(std::string("tcp\0x", 5)));
    for (const char* expression : {"wlan type mgt", "port http", "ip6 host ::1"}) {
        CAPTURE(expression);
        CHECK(CaptureFilter::compile(expression));
    }
}

TEST_CASE("filters know the IPv6 of every system's loopback device, in either byte order") {
    std::uint8_t packet[44] = {};
    packet[4] = 0x60;
    packet[10] = 6;
    Frame frame;
    frame.data = packet;
    frame.cap_len = frame.wire_len = sizeof packet;
    frame.link_type = 0;
    auto filter = CaptureFilter::compile("ip6 and tcp");
    REQUIRE(filter);
    REQUIRE(filter->prepare(0));
    for (const int first : {0, 3}) {
        for (const std::uint8_t family : {std::uint8_t{24}, std::uint8_t{28}, std::uint8_t{30}}) {
            packet[0] = packet[3] = 0;
            packet[first] = family;
            CAPTURE(first, int{family});
            CHECK(filter->matches(frame));
        }
        packet[first] = 2;  // IPv4
        CHECK_FALSE(filter->matches(frame));
    }
}
