#include <chrono>

#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

const char* const query_header = "3a7c 0100 0001 0000 0000 0000";
const char* const name = "03777777 076578616d706c65 03636f6d 00";  // www.example.com

ByteVector message(const std::string& digits) {
    return hex(digits);
}

/// A response to www.example.com (at byte 12; example.com at 16) with one answer of that name.
ByteVector answer(const char* type, const ByteVector& data) {
    ByteVector bytes = message(std::string{"3a7c 8580 0001 0001 0000 0000"} + name + "0001 0001 c00c" + type + "0001 00000e10");
    return join(join(bytes, be16_bytes(data.size())), data);
}

std::string two_digits(int byte) {
    static constexpr std::string_view digits = "0123456789abcdef";
    return {digits[static_cast<std::size_t>(byte) / 16], digits[static_cast<std::size_t>(byte) % 16]};
}

std::string over_udp(const ByteVector& bytes, const char* field) {
    return Decoded{in_udp(53, bytes)}.values(field);
}

}  // namespace

TEST_CASE("a DNS query gives its header and its question") {
    const Decoded decoded{in_udp(53, message(std::string{query_header} + name + "0001 0001"))};
    CHECK(decoded.stack() == "eth:ip:udp:dns");
    CHECK(decoded.end() == "payload");
    const std::pair<const char*, const char*> fields[] = {
        {"dns.id", "14972"},
        {"dns.flags", "256"},
        {"dns.flags.response", "0"},
        {"dns.flags.opcode", "0"},
        {"dns.flags.truncated", "0"},
        {"dns.flags.recdesired", "1"},
        {"dns.flags.z", "0"},
        {"dns.flags.checkdisable", "0"},
        {"dns.count.queries", "1"},
        {"dns.count.answers", "0"},
        {"dns.count.auth_rr", "0"},
        {"dns.count.add_rr", "0"},
        {"dns.qry.name", "www.example.com"},
        {"dns.qry.name.len", "15"},
        {"dns.count.labels", "3"},
        {"dns.qry.type", "1"},
        {"dns.qry.class", "1"},
        {"dns.flags.authoritative", ""},
        {"dns.flags.recavail", ""},
        {"dns.flags.authenticated", ""},
        {"dns.flags.rcode", ""},
        {"dns.length", ""},
    };
    for (const auto& [field, value] : fields) {
        INFO(field);
        CHECK(decoded.values(field) == value);
    }
}

TEST_CASE("a DNS response has flags that a query has not") {
    const Decoded decoded{in_udp(53, message("0001 8733 0000 0000 0000 0000"))};
    CHECK(decoded.values("dns.flags.response") == "1");
    CHECK(decoded.values("dns.flags.authoritative") == "1");
    CHECK(decoded.values("dns.flags.truncated") == "1");
    CHECK(decoded.values("dns.flags.recavail") == "0");
    CHECK(decoded.values("dns.flags.authenticated") == "1");
    CHECK(decoded.values("dns.flags.checkdisable") == "1");
    CHECK(decoded.values("dns.flags.rcode") == "3");
}

TEST_CASE("the sections of a DNS update have names of their own") {
    const Decoded decoded{in_udp(53, message("0001 2800 0001 0002 0003 0004"))};
    CHECK(decoded.values("dns.count.zones") == "1");
    CHECK(decoded.values("dns.count.prerequisites") == "2");
    CHECK(decoded.values("dns.count.updates") == "3");
    CHECK(decoded.values("dns.count.add_rr") == "4");
    CHECK(decoded.values("dns.count.queries") == "");
}

TEST_CASE("the data of the common DNS records is read") {
    struct Case {
        const char* type;
        const char* data;
        std::vector<std::pair<const char*, const char*>> values;
    };
    const Case cases[] = {
        {"0001", "c0000201", {{"dns.a", "192.0.2.1"}}},
        {"001c", "20010db8000000000000000000000001", {{"dns.aaaa", "2001:db8::1"}}},
        {"0005", "016e c010", {{"dns.cname", "n.example.com"}}},
        {"0002", "c010", {{"dns.ns", "example.com"}}},
        {"000c", "c00c", {{"dns.ptr.domain_name", "www.example.com"}}},
        {"0027", "c010", {{"dns.dname", "example.com"}}},
        {"000f", "000a 016d c010", {{"dns.mx.preference", "10"}, {"dns.mx.mail_exchange", "m.example.com"}}},
        {"0010", "02 6869 00 01 78", {{"dns.txt", "hi,,x"}, {"dns.txt.length", "2,0,1"}}},
        {"0006",
         "016e c010 0172 c010 00000001 00000002 00000003 00000004 00000005",
         {{"dns.soa.mname", "n.example.com"},
          {"dns.soa.rname", "r.example.com"},
          {"dns.soa.serial_number", "1"},
          {"dns.soa.refresh_interval", "2"},
          {"dns.soa.retry_interval", "3"},
          {"dns.soa.expire_limit", "4"},
          {"dns.soa.minimum_ttl", "5"}}},
        {"0021",
         "0001 0002 01bb 0173 00",
         {{"dns.srv.priority", "1"},
          {"dns.srv.weight", "2"},
          {"dns.srv.port", "443"},
          {"dns.srv.target", "s"},
          {"dns.srv.service", "www"},
          {"dns.srv.proto", "example"},
          {"dns.srv.name", "com"},
          {"dns.resp.name", ""}}},
    };
    for (const Case& c : cases) {
        const Decoded decoded{in_udp(53, answer(c.type, hex(c.data)))};
        INFO(c.type);
        CHECK(decoded.values("dns.resp.type") == std::to_string(std::stoi(c.type, nullptr, 16)));
        CHECK(decoded.values("dns.resp.class") == "1");
        CHECK(decoded.values("dns.resp.ttl") == "3600");
        CHECK(decoded.values("dns.resp.len") == std::to_string(hex(c.data).size()));
        for (const auto& [field, value] : c.values) {
            INFO(field);
            CHECK(decoded.values(field) == value);
        }
    }
}

TEST_CASE("an OPT record has fields of its own") {
    const Decoded decoded{in_udp(53, message("0001 0120 0000 0000 0000 0001 00 0029 04d0 01 02 8001 0006 000a 0002 abcd"))};
    const std::pair<const char*, const char*> fields[] = {
        {"dns.resp.name", "<Root>"}, {"dns.resp.type", "41"},     {"dns.resp.class", ""},           {"dns.resp.ttl", ""},
        {"dns.resp.len", "6"},       {"dns.resp.ext_rcode", "1"}, {"dns.resp.edns0_version", "2"},  {"dns.rr.udp_payload_size", "1232"},
        {"dns.resp.z", "32769"},     {"dns.resp.z.do", "1"},      {"dns.resp.z.reserved", "1"},     {"dns.opt.code", "10"},
        {"dns.opt.len", "2"},        {"dns.opt.data", "abcd"},    {"dns.flags.authenticated", "1"},
    };
    for (const auto& [field, value] : fields) {
        INFO(field);
        CHECK(decoded.values(field) == value);
    }
}

TEST_CASE("DNS record data of a wrong size gives no value, and the next record is read") {
    const char* const next = "c00c 0001 0001 00000000 0004 c0000207";
    for (const char* record :
         {"0001 0001 00000000 0003 c00002", "001c 0001 00000000 0004 c0000201", "000f 0001 00000000 0002 000a",
          "0021 0001 00000000 0006 000100020003", "0010 0001 00000000 0002 05 61", "0006 0001 00000000 0004 c00cc00c"}) {
        INFO(record);
        const auto bytes = message(std::string{"0001 8180 0001 0002 0000 0000"} + name + "00010001 c00c" + record + next);
        CHECK(over_udp(bytes, "dns.a") == "192.0.2.7");
    }
}

TEST_CASE("several DNS messages over TCP are one layer") {
    const auto one = message(std::string{query_header} + name + "0001 0001");
    const auto framed = join(be16_bytes(one.size()), one);
    const Decoded decoded{in_tcp(53, join(framed, framed))};
    CHECK(decoded.stack() == "eth:ip:tcp:dns");
    CHECK(decoded.values("dns.length") == "33,33");
    CHECK(decoded.values("dns.qry.name") == "www.example.com,www.example.com");
}

TEST_CASE("a TCP segment that does not begin with a DNS message is payload") {
    for (const char* bytes :
         {"0021 3a7c 0100 ffff 0000 0000 0000", "000b 3a7c 0100 0000 0000 0000 0000", "0fff 3a7c 7800 0001 0000 0000 0000", "0021 3a7c"}) {
        INFO(bytes);
        CHECK(Decoded{in_tcp(53, hex(bytes))}.stack() == "eth:ip:tcp");
    }
}

TEST_CASE("DNS names are spelled as tshark spells them") {
    struct Case {
        const char* what;
        std::string encoded;
        const char* name;
    };
    const std::string long_label = "3f" + std::string(126, '6');
    const Case cases[] = {
        {"the root", "00", "<Root>"},
        {"a dot in a label", "03612e62 0163 00", "a.b.c"},
        {"253 characters", long_label + long_label + long_label + "3d" + std::string(122, '6') + "00", nullptr},
        {"254 characters", long_label + long_label + long_label + "3e" + std::string(124, '6') + "00", "<Name too long>"},
        {"a pointer to itself", "c00c", "<Name contains a pointer that loops>"},
        {"a loop with labels", "0161 c00c", "<Name contains a pointer that loops>"},
        {"a loop that is too long before it is a loop", "03772077 c00c", "<Name contains a pointer that loops>"},
        {"a pointer beyond the message", "c0ff", ""},
        {"a label beyond the message", "3f61", ""},
        {"a pointer cut in two", "c0", ""},
        {"an extended label", "4161 00", ""},
    };
    for (const Case& c : cases) {
        INFO(c.what);
        const std::string found = over_udp(message(query_header + c.encoded + "00010001"), "dns.qry.name");
        if (c.name) {
            CHECK(found == c.name);
        } else {
            CHECK(found.size() == 253);
        }
    }
}

TEST_CASE("a name made of pointers to pointers is given up") {
    std::string chain;
    for (int place = 12; place < 12 + 2 * 70; place += 2) chain += "c0" + two_digits(place + 2);
    CHECK(over_udp(message(query_header + chain + "0161 00"), "dns.qry.name") == "<Name contains a pointer that loops>");
}

TEST_CASE("a string that leaves its TXT record gives no value") {
    CHECK(over_udp(answer("0010", hex("01 61 05 62")), "dns.txt") == "a");
    CHECK(over_udp(join(answer("0010", hex("01 61 02 62")), hex("63 64")), "dns.txt") == "a");
}

TEST_CASE("counts that promise more than the message holds are harmless") {
    const Decoded decoded{in_udp(53, message(std::string{"3a7c 8180 ffff ffff ffff ffff"} + name + "0001 0001"))};
    CHECK(decoded.values("dns.qry.name") == "www.example.com");
    CHECK(decoded.values("dns.count.answers") == "65535");
}

TEST_CASE("a message full of pointers is read in no time") {
    // 5,000 records whose names are pointers to a name that is as long as names can be.
    ByteVector bytes = hex("0001 8180 0001 1388 0000 0000");
    for (int i = 0; i < 126; ++i) bytes = join(bytes, hex("0161"));
    bytes = join(bytes, hex("00 0001 0001"));
    for (int i = 0; i < 5000; ++i) bytes = join(bytes, hex("c00c 0001 0001 00000000 0000"));
    const Decoded decoded{in_udp(53, bytes)};
    const auto start = std::chrono::steady_clock::now();
    CHECK(decoded.values("dns.resp.name").size() == 5000 * 252 - 1);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{1});
}

TEST_CASE("a DNS message cut anywhere is not the packet's fault") {
    const auto bytes = answer("0006", hex("016e c010 0172 c010 00000001 00000002 00000003 00000004 00000005"));
    CHECK(broken_at_a_prefix(in_udp(53, bytes)) == "");
    CHECK(broken_at_a_prefix(in_tcp(53, join(be16_bytes(bytes.size()), bytes))) == "");
}

}  // namespace pcapline::test
