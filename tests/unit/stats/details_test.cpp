// The sections that look into packets one by one: applications and TCP.
#include "pcapline/stats/counters.h"
#include "pcapline/stats/report.h"
#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

Counters counted(const std::vector<ByteVector>& packets) {
    Sections sections;
    sections.applications = sections.tcp = true;
    Counters counters{sections};
    for (const ByteVector& bytes : packets) {
        const Frame frame = frame_of(bytes);
        counters.add({&frame, 1});
    }
    return counters;
}

std::string csv(const Table& table) {
    TextBuffer out;
    put_csv(out, table, false);
    return std::string{out.view()};
}

/// A TCP header with these flags and this window, in hex.
ByteVector tcp(std::uint16_t flags, std::uint16_t window, std::uint16_t port = 443) {
    ByteVector bytes = join(be16_bytes(51514), be16_bytes(port));
    bytes = join(bytes, hex("00000001 00000000"));
    bytes = join(bytes, be16_bytes(0x5000 + flags));
    bytes = join(bytes, be16_bytes(window));
    return in_ipv4(6, join(bytes, hex("0000 0000")));
}

}  // namespace

TEST_CASE("Applications are sorted by packets, then name, and add up to all packets", "[stats]") {
    const auto counters = counted({tcp(0x10, 1), tcp(0x10, 1, 22), tcp(0x10, 1, 50000), in_udp(53, hex("00")), tcp(0x10, 1, 22),
                                   in_ethernet(0x0806, hex("00")), in_ethernet(0x9999, {}), in_ipv4(1, hex("0800 0000 00010001 0102"))});
    CHECK(csv(applications_table(counters.applications, Applications::well_known(), counters.totals.packets, {})) ==
          "eth,2,29,0,25.00\n"
          "ssh,2,108,0,25.00\n"
          "dns,1,43,1,12.50\n"
          "icmp,1,44,2,12.50\n"
          "tcp,1,54,0,12.50\n"
          "tls,1,54,0,12.50\n");
}

TEST_CASE("TCP packets are counted by what they say", "[stats]") {
    struct Case {
        const char* name;
        std::uint16_t flags;
        std::uint16_t window;
        const char* expected;  ///< without bad checksums
    };
    const Case cases[] = {
        {"SYN", 0x002, 1, "1,1,0,0,0,0"},           {"SYN and ACK", 0x012, 1, "1,0,1,0,0,0"},   {"ECN SYN", 0x0c2, 1, "1,1,0,0,0,0"},
        {"FIN and ACK", 0x011, 1, "1,0,0,1,0,0"},   {"RST", 0x004, 0, "1,0,0,0,1,0"},           {"window 0", 0x010, 0, "1,0,0,0,0,1"},
        {"FIN, window 0", 0x011, 0, "1,0,0,1,0,0"}, {"SYN, window 0", 0x002, 0, "1,1,0,0,0,0"}, {"SYN, FIN, RST", 0x007, 0, "1,1,0,1,1,0"},
        {"all else", 0xff8, 1, "1,0,0,0,0,0"},
    };
    for (const Case& c : cases) {
        INFO(c.name);
        CHECK(csv(tcp_table(counted({tcp(c.flags, c.window)}).tcp)).starts_with(std::string{c.expected} + ','));
    }
    CHECK(counted({tcp(0x10, 1)}).tcp.bad_checksums == 1);
    CHECK(counted({in_udp(53, hex("00"))}).tcp.packets == 0);
    const ByteVector quoted = join(hex("0303 0000 0000 0000 4500 0028 0001 0000 4006 0000 c0000201 c0000202 c350 0016 00000001 00000000"),
                                   hex("5002 ffff 0000 0000"));
    CHECK(counted({in_ipv4(1, quoted)}).tcp.packets == 0);
}

}  // namespace pcapline::test
