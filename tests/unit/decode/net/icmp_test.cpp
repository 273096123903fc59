// ICMP, ICMPv6 and IGMP.
#include "support/catch.h"
#include "support/outcome.h"

namespace pcapline::test {
namespace {

constexpr std::uint16_t ipv4_link = 228;
constexpr std::uint16_t ipv6_link = 229;
const std::string addresses6 = "20010db8000000000000000000000001 20010db8000000000000000000000002 ";
const std::string group6 = "ff020000000000000000000000000001 ";

/// An IP header of no stated length before a message.
std::string ip4(const std::string& protocol, const std::string& message) {
    return "45000000 00010000 40" + protocol + "0000 c0000201 c0000202 " + message;
}
std::string ip6(const std::string& message) {
    return "60000000 00003a40 " + addresses6 + message;
}
/// The beginning of a packet that was 1500 bytes long.
const std::string quoted4 = "450005dc 00010000 40110000 c0000202 c0000201 04d20929 05c80000 ";
const std::string quoted6 = "60000000 05dc1140 " + addresses6 + "04d20929 05dc0000 ";

TEST_CASE("ICMP errors quote the packet they are about, and its shortness is no fault", "[decode][icmp]") {
    struct Row {
        std::string name, bytes;
        std::uint16_t link_type;
        std::string outcome;
    };
    const Row row = GENERATE(values<Row>({
        {"echo", ip4("01", "08000000 00010002 6869"), ipv4_link, "ip:icmp payload"},
        {"unreachable", ip4("01", "03030000 00000000" + quoted4), ipv4_link, "ip:icmp:ip:udp payload"},
        {"source quench", ip4("01", "04000000 00000000" + quoted4), ipv4_link, "ip:icmp:ip:udp payload"},
        {"redirect", ip4("01", "05000000 0a000001" + quoted4), ipv4_link, "ip:icmp:ip:udp payload"},
        {"time exceeded", ip4("01", "0b000000 00000000" + quoted4), ipv4_link, "ip:icmp:ip:udp payload"},
        {"parameter problem", ip4("01", "0c000000 09000000" + quoted4), ipv4_link, "ip:icmp:ip:udp payload"},
        {"quotes half a transport header", ip4("01", "0b000000 00000000 450005dc 00010000 40110000 c0000202 c0000201 04d2"), ipv4_link,
         "ip:icmp:ip cut udp"},
        {"quotes half an IP header", ip4("01", "0b000000 00000000 450005dc 0001"), ipv4_link, "ip:icmp cut ip"},
        {"quotes nothing", ip4("01", "0b000000 00000000"), ipv4_link, "ip:icmp payload"},
        {"quotes something else", ip4("01", "0b000000 00000000 550005dc 00010000 40110000 c0000202 c0000201"), ipv4_link,
         "ip:icmp bad ip version"},
        {"ICMPv6 echo", ip6("80000000 00010002 6869"), ipv6_link, "ipv6:icmpv6 payload"},
        {"ICMPv6 unreachable", ip6("01000000 00000000" + quoted6), ipv6_link, "ipv6:icmpv6:ipv6:udp payload"},
        {"ICMPv6 too big", ip6("02000000 00000500" + quoted6), ipv6_link, "ipv6:icmpv6:ipv6:udp payload"},
        {"ICMPv6 time exceeded", ip6("03000000 00000000" + quoted6), ipv6_link, "ipv6:icmpv6:ipv6:udp payload"},
        {"ICMPv6 parameter problem", ip6("04000000 00000009" + quoted6), ipv6_link, "ipv6:icmpv6:ipv6:udp payload"},
        {"neighbour solicitation", ip6("87000000 00000000" + group6), ipv6_link, "ipv6:icmpv6 payload"},
        {"RPL, a header of 4 bytes", ip6("9b000000 0000"), ipv6_link, "ipv6:icmpv6 payload"},
        {"IGMP", ip4("02", "16000000 e1010101"), ipv4_link, "ip:igmp payload"},
    }));
    CAPTURE(row.name);
    CHECK(outcome(hex(row.bytes), row.link_type) == row.outcome);
}

TEST_CASE("ICMP and IGMP fields depend on the type", "[decode][icmp][igmp]") {
    struct Expected {
        std::string field, bytes;
        std::uint16_t link_type;
        std::string values;
    };
    const std::string echo = ip4("01", "08000abc 12345678");
    const std::string too_big = ip4("01", "03040000 000005dc" + quoted4);
    const std::string echo6 = ip6("80000abc 12345678");
    const std::string query1 = ip4("02", "11000000 e0000001");
    const std::string query2 = ip4("02", "11640abc e1010101");
    const std::string query3 = ip4("02", "11640000 e1010101 0a7d0002 0a000001 0a000002");
    const std::string query3_short = ip4("02", "11640000 e1010101 0a7d0005 0a000001");
    const std::string report3 = ip4("02", "22000000 00000002 01000001 e1010101 0a000001 04010000 e1010102 deadbeef");
    const std::string report3_long = ip4("02", "22000000 0000ffff 01ff0001 e1010101 0a000001");
    const Expected row = GENERATE_COPY(values<Expected>({
        {"icmp.type", echo, ipv4_link, "8"},
        {"icmp.code", too_big, ipv4_link, "4"},
        {"icmp.checksum", echo, ipv4_link, "2748"},
        {"icmp.ident", echo, ipv4_link, "4660"},
        {"icmp.ident_le", echo, ipv4_link, "13330"},
        {"icmp.seq", echo, ipv4_link, "22136"},
        {"icmp.seq_le", echo, ipv4_link, "30806"},
        {"icmp.mtu", echo, ipv4_link, ""},
        {"icmp.ident", too_big, ipv4_link, ""},
        {"icmp.mtu", too_big, ipv4_link, "1500"},
        {"ip.src", too_big, ipv4_link, "192.0.2.1,192.0.2.2"},
        {"icmp.ident", ip4("01", "2a000000 12340101"), ipv4_link, "4660"},
        {"icmp.seq", ip4("01", "2a000000 12340101"), ipv4_link, ""},
        {"icmp.redir_gw", ip4("01", "05000000 0a000001" + quoted4), ipv4_link, "10.0.0.1"},
        {"icmp.pointer", ip4("01", "0c000000 09000000" + quoted4), ipv4_link, "9"},
        {"icmpv6.type", echo6, ipv6_link, "128"},
        {"icmpv6.checksum", echo6, ipv6_link, "2748"},
        {"icmpv6.echo.identifier", echo6, ipv6_link, "4660"},
        {"icmpv6.echo.sequence_number", echo6, ipv6_link, "22136"},
        {"icmpv6.mtu", echo6, ipv6_link, ""},
        {"icmpv6.mtu", ip6("02000000 00000500" + quoted6), ipv6_link, "1280"},
        {"icmpv6.pointer", ip6("04000000 00000009" + quoted6), ipv6_link, "9"},
        {"igmp.version", query1, ipv4_link, "1"},
        {"igmp.max_resp", query1, ipv4_link, ""},
        {"igmp.version", query2, ipv4_link, "2"},
        {"igmp.max_resp", query2, ipv4_link, "100"},
        {"igmp.checksum", query2, ipv4_link, "2748"},
        {"igmp.maddr", query2, ipv4_link, "225.1.1.1"},
        {"igmp.version", query3, ipv4_link, "3"},
        {"igmp.s", query3, ipv4_link, "1"},
        {"igmp.qrv", query3, ipv4_link, "2"},
        {"igmp.qqic", query3, ipv4_link, "125"},
        {"igmp.num_src", query3, ipv4_link, "2"},
        {"igmp.saddr", query3, ipv4_link, "10.0.0.1,10.0.0.2"},
        {"igmp.saddr", query3_short, ipv4_link, "10.0.0.1"},
        {"igmp.type", report3, ipv4_link, "34"},
        {"igmp.num_grp_recs", report3, ipv4_link, "2"},
        {"igmp.record_type", report3, ipv4_link, "1,4"},
        {"igmp.aux_data_len", report3, ipv4_link, "0,1"},
        {"igmp.num_src", report3, ipv4_link, "1,0"},
        {"igmp.maddr", report3, ipv4_link, "225.1.1.1,225.1.1.2"},
        {"igmp.saddr", report3, ipv4_link, "10.0.0.1"},
        {"igmp.maddr", report3_long, ipv4_link, "225.1.1.1"},
        {"igmp.version", ip4("02", "12000000 e1010101"), ipv4_link, "1"},
        {"igmp.version", ip4("02", "17000000 e1010101"), ipv4_link, "2"},
    }));
    CAPTURE(row.field, row.bytes);
    CHECK(values_of(row.field, hex(row.bytes), row.link_type) == row.values);
}

}  // namespace
}  // namespace pcapline::test
