#include "pcapline/decode/application.h"

#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

std::string told(const Applications& applications, const KnownApplication& known) {
    constexpr const char* by[] = {"nothing", "payload", "port", "layer"};
    return std::string{applications.name(known.id)} + ' ' + by[static_cast<std::size_t>(known.by)];
}

std::string of_packet(const Decoded& decoded, const Applications& applications = Applications::well_known()) {
    return told(applications, applications.of_packet(decoded.frame(), decoded.packet()));
}

/// A TCP header without options.
ByteVector tcp(std::uint16_t src, std::uint16_t dst, const ByteVector& payload = {}) {
    return join(join(join(be16_bytes(src), be16_bytes(dst)), hex("00000001 00000000 5010 ffff 0000 0000")), payload);
}
ByteVector udp(std::uint16_t src, std::uint16_t dst, const ByteVector& payload = {}) {
    return join(join(join(be16_bytes(src), be16_bytes(dst)), be16_bytes(8 + payload.size())), join(hex("0000"), payload));
}

constexpr std::string_view dns_query = "3a7c 0100 0001 0000 0000 0000 03 777777 00 0001 0001";

}  // namespace

TEST_CASE("The application of a packet: what is above its ports, else the destination port, else the source port, else a layer") {
    const ByteVector record = hex("17 0303 0006 010203040506");
    const std::pair<ByteVector, const char*> cases[] = {
        {in_ipv4(17, udp(53124, 53, hex(dns_query))), "dns payload"},
        {in_ipv4(6, tcp(51514, 443)), "tls port"},
        {in_ipv4(6, tcp(443, 51514)), "tls port"},
        {in_ipv4(6, tcp(51514, 4321, record)), "tls payload"},
        {in_ipv4(6, tcp(80, 22)), "ssh port"},
        {in_ipv4(6, tcp(80, 22222, hex("00"))), "http port"},
        {in_ipv4(6, tcp(50001, 50002, hex("00"))), "tcp layer"},
        {in_ipv4(17, udp(68, 67)), "dhcp port"},
        {in_ipv4(17, udp(50001, 443)), "quic port"},
        {in_ipv4(17, udp(50001, 80)), "udp layer"},
        {in_ipv4(6, tcp(50001, 27017)), "mongo port"},
        {in_ipv4(17, udp(50001, 4789)), "vxlan port"},
        {in_ipv4(132, hex("c000 0b59 00000001 00000000 03000010 00000001 00010000 00000000")), "m3ua port"},
        {in_ipv4(1, hex("0800 0000 0001 0001")), "icmp layer"},
        {in_ipv4(1, join(hex("0303 0000 0000 0000 4500 0020 0001 0000 4011 0000 c0000201 c0000202"), udp(50001, 53, hex("00")))),
         "icmp layer"},
        {in_ipv4(47, hex("0000 0800 4500 0028 0001 0000 4006 0000 c0000201 c0000202 c350 0016 00000001 00000000 5002 ffff 0000 0000")),
         "ssh port"},
        {in_ipv4(50, hex("00000001 00000001 01020304")), "esp layer"},
        {in_ipv4(253, hex("00000001")), "ip layer"},
        {in_ipv4(6, hex("0016 0016")), "ip layer"},
        {in_ethernet(0x86dd,
                     hex("6000 0000 0008 2c 40 20010db8000000000000000000000001 20010db8000000000000000000000002 | 11 00 0008 00000001")),
         "ipv6 layer"},
        {in_ethernet(0x0806, hex("0001 0800 06 04 0001 00005e00530a c000020a 000000000000 c0000201")), "arp layer"},
        {in_ethernet(0x9999, hex("0102")), "eth layer"},
    };
    for (const auto& [bytes, expected] : cases) {
        const Decoded decoded{bytes};
        INFO(decoded.stack());
        CHECK(of_packet(decoded) == expected);
    }
    CHECK(of_packet(Decoded{hex("0102"), 0, 147}) == "data layer");
}

TEST_CASE("The application of a flow: its content, else the responder's port, else the initiator's, else none") {
    const Applications& known = Applications::well_known();
    struct Case {
        Proto content;
        Proto transport;
        std::uint16_t initiator;
        std::uint16_t responder;
        const char* expected;
    };
    const Case cases[] = {
        {proto_of<Tls>, proto_of<Tcp>, 50001, 80, "tls payload"}, {no_proto, proto_of<Tcp>, 80, 22, "ssh port"},
        {no_proto, proto_of<Tcp>, 80, 50001, "http port"},        {no_proto, proto_of<Tcp>, 50001, 50002, " nothing"},
        {no_proto, proto_of<Udp>, 50001, 80, " nothing"},         {no_proto, proto_of<Icmp>, 22, 22, " nothing"},
    };
    for (const Case& c : cases) CHECK(told(known, known.of_flow(c.content, c.transport, c.initiator, c.responder)) == c.expected);
    CHECK(known_by_name(KnownBy::payload) == "payload");
    CHECK(known_by_name(KnownBy::port) == "port");
    CHECK(known_by_name(KnownBy::layer).empty());
    CHECK(known_by_name(KnownBy::nothing).empty());
}

TEST_CASE("Every name has one id, and every protocol its own") {
    const Applications& known = Applications::well_known();
    for (ApplicationId a = 0; a < known.size(); ++a)
        for (ApplicationId b = 0; b < a; ++b) CHECK(known.name(a) != known.name(b));
    CHECK(known.name(no_application).empty());
    CHECK(known.name(Applications::of_protocol(proto_of<Dns>)) == "dns");
    CHECK(known.on_port(proto_of<Tcp>, 53) == Applications::of_protocol(proto_of<Dns>));
    CHECK(known.on_port(proto_of<Sctp>, 443) == Applications::of_protocol(proto_of<Tls>));
    CHECK(known.on_port(proto_of<Ipv4>, 443) == no_application);
    CHECK(known.on_port(proto_of<Udp>, 65535) == no_application);
}

TEST_CASE("A file of ports goes before the well-known ones, and its later lines before its earlier ones") {
    Applications applications;
    REQUIRE(
        applications.add_ports("# ours\n\n443 shop\r\n 443/udp\tshop-quic # fast\n8080/tcp tls\n65535/sctp A.b_c+d-9\n0 zero", "ports"));
    const auto behind = [&](Proto transport, std::uint16_t port) { return applications.name(applications.on_port(transport, port)); };
    CHECK(behind(proto_of<Tcp>, 443) == "shop");
    CHECK(behind(proto_of<Sctp>, 443) == "shop");
    CHECK(behind(proto_of<Udp>, 443) == "shop-quic");
    CHECK(applications.on_port(proto_of<Tcp>, 8080) == Applications::of_protocol(proto_of<Tls>));
    CHECK(behind(proto_of<Sctp>, 65535) == "A.b_c+d-9");
    CHECK(behind(proto_of<Tcp>, 0) == "zero");
    CHECK(behind(proto_of<Tcp>, 22) == "ssh");
    CHECK(Applications::well_known().name(Applications::well_known().on_port(proto_of<Tcp>, 443)) == "tls");
}

TEST_CASE("A bad line of a file of ports is named, with its number") {
    const std::pair<const char*, const char*> cases[] = {
        {"22 ssh\nhttp 80", "ports.txt: line 2: not a port: http"},
        {"65536 big", "ports.txt: line 1: not a port: 65536"},
        {"-1 small", "ports.txt: line 1: not a port: -1"},
        {"\n\n80/icmp ping", "ports.txt: line 3: not tcp, udp or sctp: 80/icmp"},
        {"80/ x", "ports.txt: line 1: not tcp, udp or sctp: 80/"},
        {"80", "ports.txt: line 1: not a name: \"\" (up to 63 of A-Z a-z 0-9 . _ + -)"},
        {"80 # http", "ports.txt: line 1: not a name: \"\" (up to 63 of A-Z a-z 0-9 . _ + -)"},
        {"80 a,b", "ports.txt: line 1: not a name: \"a,b\" (up to 63 of A-Z a-z 0-9 . _ + -)"},
        {"80 -a", "ports.txt: line 1: not a name: \"-a\" (up to 63 of A-Z a-z 0-9 . _ + -)"},
        {"80 a\x1b[31m", "ports.txt: line 1: not a name: \"a\\x1b[31m\" (up to 63 of A-Z a-z 0-9 . _ + -)"},
        {"80 http 8080", "ports.txt: line 1: a word too many: 8080"},
    };
    for (const auto& [text, message] : cases) {
        Applications applications;
        const auto added = applications.add_ports(text, "ports.txt");
        REQUIRE(!added);
        CHECK(added.error().code == Errc::usage);
        CHECK(added.error().message() == message);
    }
    Applications applications;
    CHECK(!applications.add_ports("80 " + std::string(64, 'a'), ""));
    CHECK(applications.add_ports("80 " + std::string(63, 'a'), ""));
}

TEST_CASE("More names than ids are refused, not mixed up") {
    Applications applications;
    std::string lines;
    for (unsigned port = 0; port < 65'536; ++port) lines += std::to_string(port) + " n" + std::to_string(port) + '\n';
    const auto added = applications.add_ports(lines, "many");
    REQUIRE(!added);
    CHECK(added.error().message().find("too many names") != std::string::npos);
    CHECK(applications.size() == 65'536);
    CHECK(applications.add_ports("1 n1", "again"));
    CHECK(!applications.add_ports("1 one-more", "again"));
}

TEST_CASE("The original tool's names") {
    struct Case {
        Proto transport;
        Proto content;
        std::optional<PortPair> ports;
        const char* expected;
    };
    const Case cases[] = {
        {proto_of<Tcp>, proto_of<Tls>, PortPair{51514, 443}, "TCP_HTTP_TLS"},
        {proto_of<Tcp>, no_proto, PortPair{443, 51514}, "TCP_HTTP_TLS"},
        {proto_of<Udp>, proto_of<Dns>, PortPair{53124, 53}, "UDP_DNS"},
        {proto_of<Udp>, no_proto, PortPair{68, 67}, "UDP_DHCP_RESPONSE"},
        {proto_of<Udp>, no_proto, PortPair{67, 68}, "UDP_DHCP_QUERY"},
        {proto_of<Udp>, no_proto, PortPair{443, 50000}, "UDP_443"},
        {proto_of<Tcp>, no_proto, PortPair{60000, 49152}, "TCP_49152"},
        {proto_of<Tcp>, proto_of<Tls>, PortPair{60000, 49152}, "TCP_49152_TLS"},
        {proto_of<Tcp>, proto_of<Tls>, PortPair{60000, 143}, "TCP_IMAP_TLS"},
        {proto_of<Tcp>, proto_of<Tls>, PortPair{60000, 8883}, "TCP_MQTT_TLS"},
        {proto_of<Tcp>, no_proto, PortPair{20000, 19999}, "TCP_DNP"},
        {proto_of<Tcp>, proto_of<Dns>, PortPair{60000, 5353}, "TCP_5353"},
        {proto_of<Sctp>, no_proto, PortPair{2905, 2905}, "SCTP_2905"},
        {proto_of<Icmp>, no_proto, std::nullopt, "ICMP_UNKNOWN"},
        {proto_of<Icmp>, proto_of<Dns>, PortPair{53124, 53}, "ICMP_DNS"},
        {proto_of<Icmp>, no_proto, PortPair{53124, 161}, "ICMP_161"},
        {proto_of<Arp>, no_proto, std::nullopt, "ARP_UNKNOWN"},
        {no_proto, no_proto, std::nullopt, "DATA_UNKNOWN"},
    };
    for (const Case& c : cases) CHECK(original_name(c.transport, c.content, c.ports) == c.expected);
}

}  // namespace pcapline::test
