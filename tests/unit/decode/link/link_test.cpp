// Link layer: Ethernet, tags, LLC, MPLS, PPP and its carriers, cooked and raw captures, ARP.
#include "support/catch.h"
#include "support/outcome.h"

namespace pcapline::test {
namespace {

const std::string mac = "010000000001 020000000002 ";
const std::string ip4 = "4500001e 00010000 40110000 c0000201 c0000202 04d20929 000a0000 6869 ";
const std::string ip6 = "60000000 000a1140 20010db8000000000000000000000001 20010db8000000000000000000000002 04d20929 000a0000 6869 ";

struct Row {
    std::string name;
    std::string bytes;
    std::uint16_t link_type;
    std::string outcome;
};

TEST_CASE("Ethernet says what follows by type or length", "[decode][eth]") {
    const Row row = GENERATE(values<Row>({
        {"EtherType", mac + "0800" + ip4, 1, "eth:ip:udp payload"},
        {"length and LLC", mac + "0026 aaaa03 000000 0800" + ip4, 1, "eth:llc:ip:udp payload"},
        {"length shorter than the padded frame", mac + "0004 424203 00 ffff", 1, "eth:llc unknown"},
        {"length beyond the frame", mac + "0030 aaaa03 000000 0800" + ip4, 1, "eth:llc:ip:udp payload length_beyond_frame"},
        {"largest length", mac + "05dc 424203", 1, "eth:llc unknown length_beyond_frame"},
        {"neither length nor type", mac + "05dd 424203", 1, "eth payload"},
        {"smallest type", mac + "0600 424203", 1, "eth unknown"},
        {"zero is a type", mac + "0000 424203", 1, "eth unknown"},
        {"raw IPX has no LLC header", mac + "0006 ffff 0022 0000", 1, "eth unknown"},
        {"nothing behind the header", mac + "0800", 1, "eth payload"},
    }));
    CAPTURE(row.name);
    CHECK(outcome(hex(row.bytes), row.link_type) == row.outcome);
}

TEST_CASE("A header that ends early is cut by the capture or bad on the wire, and no layer", "[decode][link]") {
    struct Short {
        std::string proto, before, header;
        std::uint16_t link_type;
        std::string layers;
    };
    const Short row = GENERATE(values<Short>({
        {"eth", "", mac + "0806", 1, ""},
        {"vlan", mac + "8100", "00050800", 1, "eth "},
        {"ieee8021ad", mac + "88a8", "00050800", 1, "eth "},
        {"llc", mac + "8870", "aaaa03 000000 0800", 1, "eth "},
        {"llc", mac + "8870", "f0f10102", 1, "eth "},
        {"mpls", mac + "8847", "00010040 00010140", 1, "eth "},
        {"pppoes", mac + "8864", "11000001 0000", 1, "eth "},
        {"pppoed", mac + "8863", "11090000 0000", 1, "eth "},
        {"ppp", "", "ff03 0021", 9, ""},
        {"chdlc", "", "0f000800", 104, ""},
        {"sll", "", "0000 0001 0006 0200000000010000 0800", 113, ""},
        {"sll", "", "0800 0000 00000007 0001 00 06 0200000000010000", 276, ""},
        {"null", "", "02000000", 0, ""},
        {"arp", mac + "0806", "0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002", 1, "eth "},
    }));
    const Octets before = hex(row.before);
    const Octets whole = join(before, hex(row.header));
    for (std::size_t length = before.size() + 1; length < whole.size(); ++length) {
        CAPTURE(row.proto, length);
        const Octets part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        CHECK(outcome(part, row.link_type) == row.layers + "bad " + row.proto + " header_beyond_packet");
        CHECK(outcome(part, row.link_type, 1000) == row.layers + "cut " + row.proto);
        CHECK(payload_of(part, row.link_type) == std::to_string(length - before.size()) + "+0");
    }
    CAPTURE(row.proto);
    CHECK(outcome(whole, row.link_type).find(row.proto + ' ') != std::string::npos);
    CHECK(outcome(whole, row.link_type).find("bad") == std::string::npos);
}

TEST_CASE("Link layers lead to the next one", "[decode][link]") {
    const Row row = GENERATE(values<Row>({
        {"802.1Q", mac + "8100 a005 0800" + ip4, 1, "eth:vlan:ip:udp payload"},
        {"802.1Q twice, old type", mac + "9100 0005 8100 0006 86dd" + ip6, 1, "eth:vlan:vlan:ipv6:udp payload"},
        {"802.1Q with a length", mac + "8100 0005 0026 aaaa03 000000 0800" + ip4, 1, "eth:vlan:llc:ip:udp payload"},
        {"802.1Q, neither length nor type", mac + "8100 0005 05dd 0000", 1, "eth:vlan payload"},
        {"802.1ad", mac + "88a8 0005 8100 0006 0800" + ip4, 1, "eth:ieee8021ad:vlan:ip:udp payload"},
        {"802.1ad with a length", mac + "88a8 0005 0026 aaaa03 000000 0800" + ip4, 1, "eth:ieee8021ad:llc:ip:udp payload"},
        {"LLC by EtherType", mac + "8870 aaaa03 000000 0800" + ip4, 1, "eth:llc:ip:udp payload"},
        {"LLC with IP's own SAP", mac + "0021 060603" + ip4, 1, "eth:llc:ip:udp payload"},
        {"LLC, SNAP over 802.1H", mac + "0026 aaaa03 0000f8 0800" + ip4, 1, "eth:llc:ip:udp payload"},
        {"LLC, another organisation", mac + "000a aaaa03 00000c 2000 0000", 1, "eth:llc unknown"},
        {"LLC, supervisory", mac + "0004 f0f10102", 1, "eth:llc payload"},
        {"LLC, XID", mac + "0006 0404bf 000000", 1, "eth:llc payload"},
        {"LLC of an ATM capture", "aaaa03 000000 0800" + ip4, 100, "llc:ip:udp payload"},
        {"MPLS, two labels, IPv4", mac + "8847 00010040 00020140" + ip4, 1, "eth:mpls:ip:udp payload"},
        {"MPLS, one label, IPv6", mac + "8848 00010140" + ip6, 1, "eth:mpls:ipv6:udp payload"},
        {"MPLS, a pseudowire", mac + "8847 00010140 00000000" + mac, 1, "eth:mpls payload"},
        {"MPLS and nothing", mac + "8847 00010140", 1, "eth:mpls payload"},
        {"PPPoE session", mac + "8864 1100 0001 0020 0021" + ip4, 1, "eth:pppoes:ppp:ip:udp payload"},
        {"PPPoE session as link type", "1100 0001 0020 0021" + ip4, 51, "pppoes:ppp:ip:udp payload"},
        {"PPPoE, trailer behind its length", mac + "8864 1100 0001 0020 0021" + ip4 + "00000000", 1, "eth:pppoes:ppp:ip:udp payload"},
        {"PPPoE, length beyond the frame", mac + "8864 1100 0001 ffff 0021" + ip4, 1, "eth:pppoes:ppp:ip:udp payload length_beyond_frame"},
        {"PPPoE discovery", mac + "8863 1109 0000 0004 0101 0000", 1, "eth:pppoed payload"},
        {"PPP framed", "ff03 0021" + ip4, 9, "ppp:ip:udp payload"},
        {"PPP framed, compressed protocol", "ff03 21" + ip4, 50, "ppp:ip:udp payload"},
        {"PPP not framed", "0057" + ip6, 9, "ppp:ipv6:udp payload"},
        {"PPP not framed, compressed protocol", "21" + ip4, 9, "ppp:ip:udp payload"},
        {"PPP, MPLS", "ff03 0281 00010140" + ip4, 9, "ppp:mpls:ip:udp payload"},
        {"PPP, unknown protocol", "ff03 c0df 0000", 9, "ppp unknown"},
        {"PPP link with Cisco HDLC", "0f00 0800" + ip4, 50, "ppp:chdlc:ip:udp payload"},
        {"Cisco HDLC", "8f00 86dd" + ip6, 104, "chdlc:ipv6:udp payload"},
        {"Cisco HDLC, SLARP", "8f00 8035 00000002", 104, "chdlc payload"},
        {"SLL", "0000 0001 0006 0200000000010000 0800" + ip4, 113, "sll:ip:udp payload"},
        {"SLL with LLC", "0000 0001 0006 0200000000010000 0004 42420300", 113, "sll:llc unknown"},
        {"SLL of a GRE tunnel", "0003 030a 0004 0a00000100000000 0800" + ip4, 113, "sll:ip:udp payload"},
        {"SLL of netlink", "0000 0338 0000 0000000000000000 0800 0000", 113, "sll payload"},
        {"SLL, CAN", "0000 0118 0000 0000000000000000 000c 0000", 113, "sll payload"},
        {"SLL2", "0800 0000 00000007 0001 00 06 0200000000010000" + ip4, 276, "sll:ip:udp payload"},
        {"NULL, little-endian", "02000000" + ip4, 0, "null:ip:udp payload"},
        {"NULL, big-endian", "00000002" + ip4, 0, "null:ip:udp payload"},
        {"LOOP", "0000001e" + ip6, 108, "null:ipv6:udp payload"},
        {"NULL of FreeBSD, IPv6", "1c000000" + ip6, 0, "null:ipv6:udp payload"},
        {"NULL of OpenBSD, IPv6", "18000000" + ip6, 0, "null:ipv6:udp payload"},
        {"NULL with an EtherType", "00080000" + ip4, 0, "null:ip:udp payload"},
        {"NULL, unknown family", "07000000 0000", 0, "null unknown"},
        {"NULL, no family at all", "ff030021 0000", 0, "null unknown"},
        {"RAW IPv4", ip4, 101, "raw:ip:udp payload"},
        {"RAW IPv6 as 12", ip6, 12, "raw:ipv6:udp payload"},
        {"RAW IPv4 as 14", ip4, 14, "raw:ip:udp payload"},
        {"RAW, no IP", "50616263", 101, "raw payload"},
        {"IPv4 as link type", ip4, 228, "ip:udp payload"},
        {"IPv6 as link type", ip6, 229, "ipv6:udp payload"},
        {"RARP", mac + "8035 0001 0800 06 04 0003 020000000001 00000000 020000000001 00000000", 1, "eth:arp payload"},
        {"ARP without addresses", mac + "0806 0001 0800 00 00 0001", 1, "eth:arp payload"},
        {"ARP with lengths beyond the frame", mac + "0806 0001 0800 ff ff 0001 0000", 1, "eth bad arp header_beyond_packet"},
        {"empty frame", "", 1, "payload"},
        {"empty raw frame", "", 101, "payload"},
    }));
    CAPTURE(row.name);
    CHECK(outcome(hex(row.bytes), row.link_type) == row.outcome);
}

TEST_CASE("Link layer fields have the values of the header", "[decode][link]") {
    struct Expected {
        std::string field, bytes;
        std::uint16_t link_type;
        std::string values;
    };
    const std::string snap = mac + "0026 aaaa03 000000 0800" + ip4;
    const std::string tag = mac + "8100 b005 0800" + ip4;
    const std::string labels = mac + "8847 0001 0240 0002 0340" + ip4;
    const std::string session = mac + "8864 1100 0001 0020 0021" + ip4;
    const std::string sll = "0004 0001 0006 020000000001aabb 0800" + ip4;
    const std::string sll2 = "0800 0000 00000007 0001 04 06 020000000001aabb" + ip4;
    const std::string arp = mac + "0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000001";
    const std::string arp6 = mac + "0806 0020 86dd 02 10 0002 abcd 20010db8000000000000000000000001 ef01 20010db8000000000000000000000002";
    const Expected row = GENERATE_COPY(values<Expected>({
        {"eth.dst", tag, 1, "01:00:00:00:00:01"},
        {"eth.src", tag, 1, "02:00:00:00:00:02"},
        {"eth.addr", tag, 1, "01:00:00:00:00:01,02:00:00:00:00:02"},
        {"eth.type", tag, 1, "33024"},
        {"eth.len", tag, 1, ""},
        {"eth.type", snap, 1, ""},
        {"eth.len", snap, 1, "38"},
        {"eth.ig", tag, 1, "1,0"},
        {"eth.lg", tag, 1, "0,1"},
        {"vlan.priority", tag, 1, "5"},
        {"vlan.dei", tag, 1, "1"},
        {"vlan.id", tag, 1, "5"},
        {"vlan.etype", tag, 1, "2048"},
        {"vlan.len", tag, 1, ""},
        {"ieee8021ad.id", mac + "88a8 f005 0800" + ip4, 1, "5"},
        {"ieee8021ad.dei", mac + "88a8 f005 0800" + ip4, 1, "1"},
        {"ieee8021ad.priority", mac + "88a8 f005 0800" + ip4, 1, "7"},
        {"llc.dsap", snap, 1, "170"},
        {"llc.control", snap, 1, "3"},
        {"llc.control", mac + "0004 f0f10102", 1, "513"},
        {"llc.ssap.cr", mac + "0004 f0f10102", 1, "1"},
        {"llc.oui", snap, 1, "0"},
        {"llc.type", snap, 1, "2048"},
        {"llc.pid", snap, 1, ""},
        {"llc.cisco_pid", mac + "000a aaaa03 00000c 2000 0000", 1, "8192"},
        {"llc.pid", mac + "000a aaaa03 0080c2 0007 0000", 1, "7"},
        {"mpls.label", labels, 1, "16,32"},
        {"mpls.exp", labels, 1, "1,1"},
        {"mpls.bottom", labels, 1, "0,1"},
        {"mpls.ttl", labels, 1, "64,64"},
        {"pppoe.session_id", session, 1, "1"},
        {"pppoe.code", mac + "8863 1109 0000 0000", 1, "9"},
        {"pppoe.payload_length", session, 1, "32"},
        {"ppp.protocol", session, 1, "33"},
        {"ppp.protocol", "21" + ip4, 9, "33"},
        {"ppp.protocol", "ff03 21" + ip4, 9, "33"},
        {"ppp.address", "ff03 0021" + ip4, 9, "255"},
        {"ppp.control", "ff03 0021" + ip4, 9, "3"},
        {"ppp.address", session, 1, ""},
        {"chdlc.protocol", "0f000800" + ip4, 104, "2048"},
        {"sll.pkttype", sll, 113, "4"},
        {"sll.hatype", sll, 113, "1"},
        {"sll.halen", sll, 113, "6"},
        {"sll.src.eth", sll, 113, "02:00:00:00:00:01"},
        {"sll.unused", sll, 113, "aabb"},
        {"sll.etype", sll, 113, "2048"},
        {"sll.ifindex", sll, 113, ""},
        {"sll.ifindex", sll2, 276, "7"},
        {"sll.pkttype", sll2, 276, "4"},
        {"sll.hatype", sll2, 276, "1"},
        {"sll.src.eth", sll2, 276, "02:00:00:00:00:01"},
        {"sll.etype", sll2, 276, "2048"},
        {"sll.src.ipv4", "0003 030a 0004 0a00000100000000 0800" + ip4, 113, "10.0.0.1"},
        {"sll.gretype", "0003 030a 0004 0a00000100000000 0800" + ip4, 113, "2048"},
        {"sll.src.other", "0003 0001 0003 0a00000100000000 0088" + ip4, 113, "0a0000"},
        {"sll.src.other", "0003 0001 ffff 0a00000100000000 0088" + ip4, 113, "0a00000100000000"},
        {"sll.ltype", "0003 0001 0003 0a00000100000000 0088" + ip4, 113, "136"},
        {"null.family", "02000000" + ip4, 0, "2"},
        {"null.family", "0000001e" + ip6, 108, "30"},
        {"null.type", "00080000" + ip4, 0, "2048"},
        {"arp.opcode", arp, 1, "1"},
        {"arp.src.hw_mac", arp, 1, "02:00:00:00:00:01"},
        {"arp.src.proto_ipv4", arp, 1, "10.0.0.1"},
        {"arp.dst.hw_mac", arp, 1, "00:00:00:00:00:00"},
        {"arp.dst.proto_ipv4", arp, 1, "10.0.0.1"},
        {"arp.isgratuitous", arp, 1, "1"},
        {"arp.src.hw", arp, 1, ""},
        {"arp.src.hw_mac", arp6, 1, ""},
        {"arp.src.hw", arp6, 1, "abcd"},
        {"arp.src.proto", arp6, 1, "20010db8000000000000000000000001"},
        {"arp.dst.hw", arp6, 1, "ef01"},
        {"arp.isgratuitous", arp6, 1, ""},
    }));
    CAPTURE(row.field, row.bytes);
    CHECK(values_of(row.field, hex(row.bytes), row.link_type) == row.values);
}

}  // namespace
}  // namespace pcapline::test
