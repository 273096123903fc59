// The ids are those of the specification's baseline and of the reference implementation's tests.
#include "pcapline/flow/community_id.h"

#include <arpa/inet.h>

#include <string>

#include "support/catch.h"

using namespace pcapline;

namespace {

struct Tuple {
    std::uint8_t protocol;
    const char* src;
    const char* dst;
    std::uint16_t src_port;  ///< ICMP: the type
    std::uint16_t dst_port;  ///< ICMP: the code
};

FlowOf flow_of(const Tuple& tuple) {
    FlowOf flow;
    flow.key.protocol = tuple.protocol;
    const bool v6 = std::string{tuple.src}.find(':') != std::string::npos;
    flow.key.family = v6 ? Family::ipv6 : Family::ipv4;
    inet_pton(v6 ? AF_INET6 : AF_INET, tuple.src, flow.key.low.address.data());
    inet_pton(v6 ? AF_INET6 : AF_INET, tuple.dst, flow.key.high.address.data());
    if (tuple.protocol == 1 || tuple.protocol == 58) {
        flow.icmp_type = static_cast<std::uint8_t>(tuple.src_port);
        flow.icmp_code = static_cast<std::uint8_t>(tuple.dst_port);
        flow.key.pairing = icmp_pairing(tuple.protocol, flow.icmp_type);
        flow.key.low.port = flow.key.high.port = 4711;  // an identifier, which the id does not know
    } else {
        flow.key.low.port = tuple.src_port;
        flow.key.high.port = tuple.dst_port;
    }
    flow.order();
    return flow;
}

std::string id_of(const FlowOf& flow) {
    char text[community_id_chars];
    char* const end = put_community_id(text, flow);
    return end == nullptr ? "" : std::string(text, end);
}

}  // namespace

TEST_CASE("Community ids are the published ones", "[flow]") {
    struct Case {
        const char* name;
        Tuple tuple;
        const char* expected;
    };
    const Case c = GENERATE(values<Case>({
        {"TCP", {6, "128.232.110.120", "66.35.250.204", 34855, 80}, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
        {"TCP back", {6, "66.35.250.204", "128.232.110.120", 80, 34855}, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
        {"ports order as numbers", {6, "10.0.0.1", "10.0.0.2", 10, 11569}, "1:SXBGMX1lBOwhhoDrZynfROxnhnM="},
        {"TCP over IPv6",
         {6, "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 63943, 25},
         "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
        {"TCP over IPv6 back",
         {6, "2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887", 25, 63943},
         "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
        {"UDP", {17, "192.168.1.52", "8.8.8.8", 54585, 53}, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
        {"UDP back", {17, "8.8.8.8", "192.168.1.52", 53, 54585}, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
        {"SCTP", {132, "192.168.170.8", "192.168.170.56", 7, 80}, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ="},
        {"SCTP back", {132, "192.168.170.56", "192.168.170.8", 80, 7}, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ="},
        {"SCTP, one port", {132, "192.168.170.8", "192.168.170.56", 7, 7}, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="},
        {"echo request", {1, "192.168.0.89", "192.168.0.1", 8, 0}, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
        {"echo reply", {1, "192.168.0.1", "192.168.0.89", 0, 20}, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
        {"experimental", {1, "192.168.0.89", "192.168.0.1", 20, 0}, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI="},
        {"experimental, code 1", {1, "192.168.0.89", "192.168.0.1", 20, 1}, "1:tz/fHIDUHs19NkixVVoOZywde+I="},
        {"time exceeded", {1, "10.0.0.1", "10.0.0.2", 11, 0}, "1:YHxtAirCG//0OzkcVAukqKQN9xM="},
        {"neighbour solicitation", {58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135, 0}, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="},
        {"neighbour advertisement", {58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 136, 0}, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="},
        {"solicitation by the other",
         {58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 135, 0},
         "1:zavyT/cezQr1fmImYCwYnMXbgck="},
        {"ICMPv6 time exceeded",
         {58, "3ffe:507:0:1:260:97ff:fe07:69ea", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0},
         "1:NdobDX8PQNJbAyfkWxhtL2Pqp5w="},
        {"the same by the other, who is lower",
         {58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:507:0:1:260:97ff:fe07:69ea", 3, 0},
         "1:/OGBt9BN1ofenrmSPWYicpij2Vc="},
        {"ICMPv6 unreachable",
         {58, "3ffe:501:410:0:2c0:dfff:fe47:33e", "3ffe:507:0:1:200:86ff:fe05:80da", 1, 4},
         "1:hLZd0XGWojozrvxqE0dWB1iM6R0="},
        {"ICMPv6 echo request", {58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 128, 0}, "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="},
        {"ICMPv6 echo reply", {58, "3ffe:501:0:1001::2", "3ffe:507:0:1:200:86ff:fe05:80da", 129, 0}, "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="},
        {"router solicitation", {58, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 0}, "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0="},
        {"router advertisement", {58, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 0}, "1:pkvHqCL88/tg1k4cPigmZXUtL00="},
        {"RSVP, without ports", {46, "10.1.12.1", "10.1.12.2", 0, 0}, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw="},
        {"RSVP back", {46, "10.1.24.4", "10.1.12.1", 0, 0}, "1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4="},
    }));
    INFO(c.name);
    CHECK(id_of(flow_of(c.tuple)) == c.expected);
}

TEST_CASE("A flow in a table has the id of its first packet", "[flow]") {
    const FlowOf first = flow_of({1, "192.168.0.89", "192.168.0.1", 20, 1});
    FlowHead head;
    head.a_is_low = first.from_low;
    head.icmp_type = first.icmp_type;
    head.icmp_code = first.icmp_code;
    char text[community_id_chars];
    CHECK(std::string(text, put_community_id(text, first.key, head)) == "1:tz/fHIDUHs19NkixVVoOZywde+I=");
}

TEST_CASE("What community id does not define has none", "[flow]") {
    FlowOf flow = flow_of({17, "192.168.1.52", "8.8.8.8", 0, 0});
    CHECK(!id_of(flow).empty());
    flow.key.lacks_ports = 1;
    CHECK(id_of(flow).empty());
    flow.key.protocol = 46;
    CHECK(!id_of(flow).empty());
    flow.key.protocol = 0;
    CHECK(id_of(flow).empty());
    flow.key.protocol = 46;
    flow.key.family = Family::ethernet;
    CHECK(id_of(flow).empty());
}
