// IPv4, IPv6 and its extension headers.
#include "support/catch.h"
#include "support/outcome.h"

namespace pcapline::test {
namespace {

constexpr std::uint16_t ipv4_link = 228;
constexpr std::uint16_t ipv6_link = 229;
const std::string addresses4 = "c0000201 c0000202 ";
const std::string addresses6 = "20010db8000000000000000000000001 20010db8000000000000000000000002 ";
const std::string address_a = "20010db800000000000000000000000a ";
const std::string address_b = "20010db800000000000000000000000b ";
const std::string udp = "04d20929 000a0000 6869 ";

struct Row {
    std::string name;
    std::string bytes;
    std::string outcome;
    std::string payload;
};

TEST_CASE("IPv4 lengths and fragments", "[decode][ip]") {
    const Row row = GENERATE(values<Row>({
        {"exact", "4500001e 00010000 40110000" + addresses4 + udp, "ip:udp payload", "2+0"},
        {"padding is not payload", "4500001e 00010000 40110000" + addresses4 + udp + "00000000", "ip:udp payload", "2+0"},
        {"zero total length runs to the end", "45000000 00010000 40110000" + addresses4 + udp, "ip:udp payload", "2+0"},
        {"total length shorter than the header", "45000013 00010000 40110000" + addresses4 + udp, "bad ip length_field", "30+0"},
        {"total length of the header alone", "45000014 00010000 40110000" + addresses4 + udp, "ip payload", "0+0"},
        {"total length beyond the frame", "45000028 00010000 40110000" + addresses4 + udp, "ip:udp payload length_beyond_frame", "2+0"},
        {"header length below 20", "4400001e 00010000 40110000" + addresses4 + udp, "bad ip header_length", "30+0"},
        {"header length beyond the total length", "4f00001e 00010000 40110000" + addresses4 + udp, "bad ip length_field", "30+0"},
        {"header length beyond the frame", "4f00003c 00010000 40110000" + addresses4 + udp, "bad ip header_beyond_packet", "30+0"},
        {"another version", "5500001e 00010000 40110000" + addresses4 + udp, "bad ip version", "30+0"},
        {"options", "4600001a 00010000 40010000" + addresses4 + "94040000 0800", "ip bad icmp header_beyond_packet", "2+0"},
        {"first fragment", "4500001e 00012000 40110000" + addresses4 + "04d20929 05000000 6869", "ip:udp payload", "2+1270"},
        {"first fragment, transport header cut", "45000018 00012000 40110000" + addresses4 + "04d20929", "ip cut udp", "4+0"},
        {"middle fragment", "4500001e 00012001 40110000" + addresses4 + udp, "ip fragment", "10+0"},
        {"last fragment", "4500001e 00010001 40110000" + addresses4 + udp, "ip fragment", "10+0"},
        {"IP in IP", "45000032 00010000 40040000" + addresses4 + "4500001e 00010000 40110000" + addresses4 + udp, "ip:ip:udp payload",
         "2+0"},
        {"IPv6 in IPv4", "45000046 00010000 40290000" + addresses4 + "60000000 000a1140" + addresses6 + udp, "ip:ipv6:udp payload", "2+0"},
        {"unknown protocol", "45000016 00010000 40fd0000" + addresses4 + "0000", "ip unknown", "2+0"},
    }));
    CAPTURE(row.name);
    CHECK(outcome(hex(row.bytes), ipv4_link) == row.outcome);
    CHECK(payload_of(hex(row.bytes), ipv4_link) == row.payload);
}

TEST_CASE("IPv6 lengths and next headers", "[decode][ipv6]") {
    const Row row = GENERATE(values<Row>({
        {"exact", "60000000 000a1140" + addresses6 + udp, "ipv6:udp payload", "2+0"},
        {"padding is not payload", "60000000 000a1140" + addresses6 + udp + "0000", "ipv6:udp payload", "2+0"},
        {"zero length runs to the end", "60000000 00001140" + addresses6 + udp, "ipv6:udp payload", "2+0"},
        {"length beyond the frame", "60000000 00141140" + addresses6 + udp, "ipv6:udp payload length_beyond_frame", "2+0"},
        {"another version", "50000000 000a1140" + addresses6 + udp, "bad ipv6 version", "50+0"},
        {"no next header", "60000000 00003b40" + addresses6 + "0000", "ipv6 payload", "0+0"},
        {"no next header, with bytes", "60000000 00023b40" + addresses6 + "0000", "ipv6 payload", "2+0"},
        {"jumbogram", "60000000 00000040" + addresses6 + "1100 c204 00011170" + udp, "ipv6:ipv6.hopopts:udp payload length_beyond_frame",
         "2+0"},
        {"jumbo option that is none", "60000000 00000040" + addresses6 + "1100 c204 00000012" + udp, "ipv6:ipv6.hopopts:udp payload",
         "2+0"},
        {"hop-by-hop", "60000000 00120040" + addresses6 + "1100 0502 0000 0100" + udp, "ipv6:ipv6.hopopts:udp payload", "2+0"},
        {"hop-by-hop, options beyond it", "60000000 00120040" + addresses6 + "1100 3eff 0000 0000" + udp, "ipv6:ipv6.hopopts:udp payload",
         "2+0"},
        {"hop-by-hop beyond the packet", "60000000 00120040" + addresses6 + "1109 0502 0000 0100" + udp,
         "ipv6 bad ipv6.hopopts header_beyond_packet", "18+0"},
        {"destination options", "60000000 00123c40" + addresses6 + "1100 0401 0401 0100" + udp, "ipv6:ipv6.dstopts:udp payload", "2+0"},
        {"routing", "60000000 00222b40" + addresses6 + "1102 0001 00000000" + address_a + udp, "ipv6:ipv6.routing:udp payload", "2+0"},
        {"routing cut short", "60000000 00082b40" + addresses6 + "1102 0001 00000000", "ipv6 bad ipv6.routing header_beyond_packet", "8+0"},
        {"atomic fragment", "60000000 00122c40" + addresses6 + "1100 0000 00000009" + udp, "ipv6:ipv6.fraghdr:udp payload", "2+0"},
        {"first fragment", "60000000 00122c40" + addresses6 + "1100 0001 00000009" + "04d20929 05000000 6869",
         "ipv6:ipv6.fraghdr:udp payload", "2+1270"},
        {"later fragment", "60000000 00122c40" + addresses6 + "1100 0009 00000009" + udp, "ipv6:ipv6.fraghdr fragment", "10+0"},
        {"authentication header", "60000000 001a3340" + addresses6 + "1102 0000 00000001 00000002 aabbccdd" + udp, "ipv6:ah:udp payload",
         "2+0"},
        {"authentication header too small", "60000000 00163340" + addresses6 + "1100 0000 00000001 00000002" + udp,
         "ipv6 bad ah header_length", "22+0"},
        {"ESP", "60000000 000c3240" + addresses6 + "00000001 00000002 aabbccdd", "ipv6:esp payload", "4+0"},
        {"mobility", "60000000 00108740" + addresses6 + "3b01 0100 00000000 0000000000000000", "ipv6:mipv6 payload", "0+0"},
        {"HIP", "60000000 00288b40" + addresses6 + "3b04 0121 01020001" + address_a + address_b, "ipv6:hip payload", "0+0"},
        {"HIP shorter than its header", "60000000 00288b40" + addresses6 + "3b03 0121 01020001" + address_a + address_b,
         "ipv6 bad hip header_length", "40+0"},
        {"shim6 payload", "60000000 00128c40" + addresses6 + "1100 8001 02030405" + udp, "ipv6:shim6:udp payload", "2+0"},
        {"shim6 control", "60000000 00108c40" + addresses6 + "3b01 0100 01020000 0000000000000000", "ipv6:shim6 payload", "0+0"},
    }));
    CAPTURE(row.name);
    CHECK(outcome(hex(row.bytes), ipv6_link) == row.outcome);
    CHECK(payload_of(hex(row.bytes), ipv6_link) == row.payload);
}

TEST_CASE("A network header that ends early is cut by the capture or bad on the wire, and no layer", "[decode][net]") {
    struct Short {
        std::string proto, before, header;
        std::uint16_t link_type;
        std::string layers;
    };
    const auto v6 = [](const char* next) { return "60000000 0000" + std::string{next} + "40" + addresses6; };
    const auto v4 = [](const char* proto) { return "45000000 00010000 40" + std::string{proto} + "0000" + addresses4; };
    const Short row = GENERATE_COPY(values<Short>({
        {"ip", "", "45000000 00010000 40fd0000" + addresses4, ipv4_link, ""},
        {"ip", "", "47000000 00010000 40fd0000" + addresses4 + "01010101 01010101", ipv4_link, ""},
        {"ipv6", "", "60000000 0000fd40" + addresses6, ipv6_link, ""},
        {"ipv6.hopopts", v6("00"), "fd01 010c 00000000 0000000000000000", ipv6_link, "ipv6 "},
        {"ipv6.dstopts", v6("3c"), "fd00 0104 00000000", ipv6_link, "ipv6 "},
        {"ipv6.routing", v6("2b"), "fd02 0001 00000000" + address_a, ipv6_link, "ipv6 "},
        {"ipv6.fraghdr", v6("2c"), "fd00 0000 00000009", ipv6_link, "ipv6 "},
        {"ah", v6("33"), "fd02 0000 00000001 00000002 aabbccdd", ipv6_link, "ipv6 "},
        {"esp", v6("32"), "00000001 00000002", ipv6_link, "ipv6 "},
        {"mipv6", v6("87"), "3b00 0100 00000000", ipv6_link, "ipv6 "},
        {"hip", v6("8b"), "3b04 0121 01020001" + address_a + address_b, ipv6_link, "ipv6 "},
        {"shim6", v6("8c"), "3b01 0100 01020000 0000000000000000", ipv6_link, "ipv6 "},
        {"icmp", v4("01"), "08000000 00010001", ipv4_link, "ip "},
        {"icmpv6", v6("3a"), "80000000 00010001", ipv6_link, "ipv6 "},
        {"igmp", v4("02"), "16000000 e1010101", ipv4_link, "ip "},
    }));
    const Octets before = hex(row.before);
    const Octets whole = join(before, hex(row.header));
    for (std::size_t length = before.size() + 1; length < whole.size(); ++length) {
        CAPTURE(row.proto, length);
        const Octets part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        CHECK(outcome(part, row.link_type) == row.layers + "bad " + row.proto + " header_beyond_packet");
        CHECK(outcome(part, row.link_type, 1000) == row.layers + "cut " + row.proto);
    }
    CAPTURE(row.proto);
    CHECK(outcome(whole, row.link_type).find(row.proto + ' ') != std::string::npos);
    CHECK(outcome(whole, row.link_type).find("bad") == std::string::npos);
}

TEST_CASE("IP fields have the values of the header", "[decode][net]") {
    struct Expected {
        std::string field, bytes;
        std::uint16_t link_type;
        std::string values;
    };
    const std::string plain = "45b9001e 00016064 40110abc" + addresses4 + "00000000000000000000";
    const auto option = [](const char* bytes) { return "4a000000 00010000 40110000" + addresses4 + bytes; };
    const std::string record = option("070f08 0a000001 0a000002 0a000003 01 94040001");
    const std::string source = option("830f08 0a000001 0a000002 0a000003 01 94040001");
    const std::string stamps = option("44140d31 0a000001 00000001 0a000002 00000002");
    const std::string six = "6ab12345 000a1140" + addresses6 + udp;
    const std::string hop = "60000000 00120040" + addresses6 + "1100 0502 0007 0000" + udp;
    const std::string home = "60000000 00223c40" + addresses6 + "1102 0102 0000 c910" + address_a + udp;
    const std::string segments =
        "60000000 003a2b40" + addresses6 + "1105 0401 01 10 abcd" + address_a + address_b + "0406000000000000" + udp;
    const std::string fragment = "60000000 00122c40" + addresses6 + "1101 000b 00000009" + udp;
    const std::string ah = "60000000 001a3340" + addresses6 + "1102 0000 00000001 00000002 aabbccdd" + udp;
    const Expected row = GENERATE_COPY(values<Expected>({
        {"ip.version", plain, ipv4_link, "4"},
        {"ip.hdr_len", plain, ipv4_link, "20"},
        {"ip.dsfield", plain, ipv4_link, "185"},
        {"ip.dsfield.dscp", plain, ipv4_link, "46"},
        {"ip.dsfield.ecn", plain, ipv4_link, "1"},
        {"ip.len", plain, ipv4_link, "30"},
        {"ip.id", plain, ipv4_link, "1"},
        {"ip.flags", plain, ipv4_link, "3"},
        {"ip.flags.rb", plain, ipv4_link, "0"},
        {"ip.flags.df", plain, ipv4_link, "1"},
        {"ip.flags.mf", plain, ipv4_link, "1"},
        {"ip.frag_offset", plain, ipv4_link, "100"},
        {"ip.ttl", plain, ipv4_link, "64"},
        {"ip.proto", plain, ipv4_link, "17"},
        {"ip.checksum", plain, ipv4_link, "2748"},
        {"ip.src", plain, ipv4_link, "192.0.2.1"},
        {"ip.dst", plain, ipv4_link, "192.0.2.2"},
        {"ip.addr", plain, ipv4_link, "192.0.2.1,192.0.2.2"},
        {"ip.host", plain, ipv4_link, "192.0.2.1,192.0.2.2"},
        {"ip.opt.type", plain, ipv4_link, ""},
        {"ip.opt.type", record, ipv4_link, "7,1,148"},
        {"ip.opt.type.number", record, ipv4_link, "7,1,20"},
        {"ip.opt.type.copy", record, ipv4_link, "0,0,1"},
        {"ip.opt.len", record, ipv4_link, "15,4"},
        {"ip.opt.ptr", record, ipv4_link, "8"},
        {"ip.rec_rt", record, ipv4_link, "10.0.0.1"},
        {"ip.empty_rt", record, ipv4_link, "10.0.0.2,10.0.0.3"},
        {"ip.opt.ra", record, ipv4_link, "1"},
        {"ip.rec_rt", source, ipv4_link, "10.0.0.1"},
        {"ip.src_rt", source, ipv4_link, "10.0.0.2,10.0.0.3"},
        {"ip.opt.ptr", stamps, ipv4_link, "13"},
        {"ip.opt.overflow", stamps, ipv4_link, "3"},
        {"ip.opt.flag", stamps, ipv4_link, "1"},
        {"ip.opt.time_stamp_addr", stamps, ipv4_link, "10.0.0.1,10.0.0.2"},
        {"ip.opt.time_stamp", stamps, ipv4_link, "1,2"},
        {"ip.opt.time_stamp", option("440c0d00 00000001 00000002 0000000000000000"), ipv4_link, "1,2"},
        {"ip.opt.type", option("0101 07ff 00000000 00000000 00000000 00000000"), ipv4_link, "1,1"},
        {"ip.opt.type", option("0107 0000 00000000 00000000 00000000 00000000"), ipv4_link, "1"},
        {"ip.opt.type", option("01010101 01010101 01010101 01010101 01010107"), ipv4_link, "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"},
        {"ip.opt.sid", option("88040007 82030500 5204 00000000 00000000 0000"), ipv4_link, "7"},
        {"ip.opt.sec_cl", option("88040007 82030500 5204 00000000 00000000 0000"), ipv4_link, "5"},
        {"ip.opt.originator", option("520c 0001 0002 0003 0a000001 0000000000000000"), ipv4_link, "10.0.0.1"},
        {"ip.opt.rhc", option("520c 0001 0002 0003 0a000001 0000000000000000"), ipv4_link, "3"},
        {"ip.opt.mtu", option("0b0405dc 00000000 00000000 0000000000000000"), ipv4_link, "1500"},
        {"ipv6.version", six, ipv6_link, "6"},
        {"ipv6.tclass", six, ipv6_link, "171"},
        {"ipv6.tclass.dscp", six, ipv6_link, "42"},
        {"ipv6.tclass.ecn", six, ipv6_link, "3"},
        {"ipv6.flow", six, ipv6_link, "74565"},
        {"ipv6.plen", six, ipv6_link, "10"},
        {"ipv6.nxt", six, ipv6_link, "17"},
        {"ipv6.hlim", six, ipv6_link, "64"},
        {"ipv6.addr", six, ipv6_link, "2001:db8::1,2001:db8::2"},
        {"ipv6.dst_host", six, ipv6_link, "2001:db8::2"},
        {"ipv6.hopopts.nxt", hop, ipv6_link, "17"},
        {"ipv6.hopopts.len", hop, ipv6_link, "0"},
        {"ipv6.hopopts.len_oct", hop, ipv6_link, "8"},
        {"ipv6.opt.type", hop, ipv6_link, "5,0,0"},
        {"ipv6.opt.router_alert", hop, ipv6_link, "7"},
        {"ipv6.opt.mipv6.home_address", home, ipv6_link, "2001:db8::a"},
        {"ipv6.opt.padn", home, ipv6_link, "0000"},
        {"ipv6.routing.type", segments, ipv6_link, "4"},
        {"ipv6.routing.segleft", segments, ipv6_link, "1"},
        {"ipv6.routing.srh.last_entry", segments, ipv6_link, "1"},
        {"ipv6.routing.srh.tag", segments, ipv6_link, "abcd"},
        {"ipv6.routing.srh.addr", segments, ipv6_link, "2001:db8::a,2001:db8::b"},
        {"ipv6.routing.src.addr", segments, ipv6_link, ""},
        {"ipv6.routing.src.addr", "60000000 00222b40" + addresses6 + "1102 0001 00000000" + address_a + udp, ipv6_link, "2001:db8::a"},
        {"ipv6.fraghdr.offset", fragment, ipv6_link, "1"},
        {"ipv6.fraghdr.more", fragment, ipv6_link, "1"},
        {"ipv6.fraghdr.reserved_bits", fragment, ipv6_link, "1"},
        {"ipv6.fraghdr.ident", fragment, ipv6_link, "9"},
        {"ah.spi", ah, ipv6_link, "1"},
        {"ah.sequence", ah, ipv6_link, "2"},
        {"ah.icv", ah, ipv6_link, "aabbccdd"},
        {"mip6.mhtype", "60000000 00088740" + addresses6 + "3b00 0100 0abc0000", ipv6_link, "1"},
        {"mip6.csum", "60000000 00088740" + addresses6 + "3b00 0100 0abc0000", ipv6_link, "2748"},
        {"hip.packet_type", "60000000 00288b40" + addresses6 + "3b04 0121 01020001" + address_a + address_b, ipv6_link, "1"},
        {"hip.version", "60000000 00288b40" + addresses6 + "3b04 0121 01020001" + address_a + address_b, ipv6_link, "2"},
        {"shim6.checksum", "60000000 00088c40" + addresses6 + "3b00 0100 01020000", ipv6_link, "258"},
        {"shim6.checksum", "60000000 00088c40" + addresses6 + "3b00 8100 01020000", ipv6_link, ""},
    }));
    CAPTURE(row.field, row.bytes);
    CHECK(values_of(row.field, hex(row.bytes), row.link_type) == row.values);
}

}  // namespace
}  // namespace pcapline::test
