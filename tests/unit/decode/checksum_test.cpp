#include "pcapline/decode/checksum.h"

#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

const char* told(const ByteVector& bytes, std::uint32_t wire_len = 0, std::uint16_t link_type = 228) {
    const Decoded decoded{bytes, wire_len, link_type};
    constexpr const char* names[] = {"good", "bad", "unknown"};
    return names[static_cast<std::size_t>(transport_checksum(decoded.frame(), innermost_ip(decoded.packet()), &decoded.packet()))];
}

/// The sum as RFC 1071 says it: word by word.
std::uint16_t slow_sum(const ByteVector& bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] * 256U : bytes[i];
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

constexpr std::string_view ip_start = "4500 002b 0001 ";
constexpr std::string_view ip_end = " 4006 0000 c0000201 c6336407";
constexpr std::string_view segment = "c350 0050 00000001 00000002 5018 0400 3787 0000 616263";

std::string ipv4(std::string_view flags, std::string_view tcp = segment) {
    return std::string{ip_start} + std::string{flags} + std::string{ip_end} + std::string{tcp};
}

bool is_bad(const ByteVector& bytes) {
    const Decoded decoded{bytes, 0, 1};
    return has_bad_checksum(decoded.frame(), innermost_ip(decoded.packet()), &decoded.packet());
}
std::uint16_t sum_of(Bytes bytes) {
    return slow_sum(ByteVector(bytes.begin(), bytes.end()));
}
std::uint16_t fold(std::uint64_t sum) {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

}  // namespace

TEST_CASE("The ones' complement sum of any length is that of its words", "[decode]") {
    CHECK(ones_sum({}) == 0);
    const ByteVector rfc_1071 = hex("0001 f203 f4f5 f6f7");
    CHECK(ones_sum(rfc_1071) == 0xddf2);
    ByteVector bytes;
    for (unsigned length = 0; length < 70; ++length) {
        CHECK(ones_sum(bytes) == slow_sum(bytes));
        bytes.push_back(static_cast<std::uint8_t>(255 - length * length));
    }
    CHECK(ones_sum(ByteVector(65'536, 0xff)) == 0xffff);
}

TEST_CASE("A TCP checksum is good, bad, or cannot be told", "[decode]") {
    CHECK(told(hex(ipv4("0000"))) == std::string{"good"});
    CHECK(told(hex(ipv4("4000"))) == std::string{"good"});
    for (std::size_t i = 12; i < 43; ++i) {
        if (i == 32) continue;  // the data offset: another header
        ByteVector bytes = hex(ipv4("0000"));
        bytes[i] ^= 0x10;
        INFO(i);
        CHECK(told(bytes) == std::string{"bad"});
    }
    ByteVector padded = hex(ipv4("0000"));
    padded.insert(padded.end(), {1, 2, 3});
    CHECK(told(padded) == std::string{"good"});
    ByteVector cut = hex(ipv4("0000"));
    cut.pop_back();
    CHECK(told(cut, 43) == std::string{"unknown"});
    CHECK(told(hex(ipv4("2000"))) == std::string{"unknown"});
    CHECK(told(hex("4500 0020 0001 0000 4011 0000 c0000201 c6336407 c350 0050 000c 0000 61626364")) == std::string{"unknown"});
    // A source route hides the last address.
    CHECK(told(hex("4700 0033 0001 0000 4006 0000 c0000201 c6336407 83070401020304 00" + std::string{segment})) == std::string{"unknown"});
    CHECK(told(hex("4600 002f 0001 0000 4006 0000 c0000201 c6336407 94040000" + std::string{segment})) == std::string{"good"});
}

TEST_CASE("The IPv6 pseudo header, with what hides a part of it", "[decode]") {
    const std::string addresses = "20010db8000000000000000000000001 20010db8000000000000000000000002";
    const std::string tcp = "c350 0050 00000001 00000002 5018 0400 c84e 0000 616263";
    struct Case {
        const char* name;
        std::string bytes;
        const char* expected;
    };
    const Case cases[] = {
        {"plain", "60000000 0017 06 40" + addresses + tcp, "good"},
        {"atomic fragment", "60000000 001f 2c 40" + addresses + "06 00 0000 00000001" + tcp, "good"},
        {"first fragment", "60000000 001f 2c 40" + addresses + "06 00 0001 00000001" + tcp, "unknown"},
        {"routed, no segment left", "60000000 002f 2b 40" + addresses + "06 02 02 00 00000000 20010db8000000000000000000000003" + tcp,
         "good"},
        {"routed, a segment left", "60000000 002f 2b 40" + addresses + "06 02 02 01 00000000 20010db8000000000000000000000003" + tcp,
         "unknown"},
        {"padding option", "60000000 001f 3c 40" + addresses + "06 00 0104 00000000" + tcp, "good"},
        {"home address", "60000000 002f 3c 40" + addresses + "06 02 0102 0000 c910 20010db8000000000000000000000003" + tcp, "unknown"},
    };
    for (const Case& c : cases) {
        INFO(c.name);
        CHECK(told(hex(c.bytes), 0, 229) == std::string{c.expected});
    }
}

const std::string link = "020000000002 020000000001 0800 ";
const std::string link6 = "020000000002 020000000001 86dd ";

TEST_CASE("A changed bit in a header or its payload makes the checksum bad", "[decode]") {
    const struct {
        const char* name;
        std::string bytes;
    } packets[] = {
        {"udp", link + "4500001e 00010000 40116 6cb 0a000001 0a000002 1000 2000 000a 7f3c 6869"},
        {"icmp", link + "4500001c 00010000 400166dd 0a000001 0a000002 0800 f7fe 0000 0001"},
        {"udp6", link6 + "60000000 000a1140 20010db8000000000000000000000001 20010db8000000000000000000000002 1000 2000 000a 0b01 6869"},
    };
    for (const auto& [name, text] : packets) {
        CAPTURE(name);
        const ByteVector bytes = hex(text);
        // What the field holds is computed here, so that the case above needs no care.
        ByteVector right = bytes;
        const bool v6 = right[12] == 0x86;
        const std::size_t ip = 14;
        const std::size_t above = ip + (v6 ? 40U : 20U);
        const std::size_t field = above + (right[v6 ? ip + 6 : ip + 9] == 1 ? 2U : 6U);
        const auto put = [&](std::size_t at, std::uint16_t sum) {
            right[at] = static_cast<std::uint8_t>(~sum >> 8);
            right[at + 1] = static_cast<std::uint8_t>(~sum);
        };
        if (!v6) {
            right[ip + 10] = right[ip + 11] = 0;
            put(ip + 10, sum_of(Bytes{right}.subspan(ip, 20)));
        }
        right[field] = right[field + 1] = 0;
        std::uint64_t sum = sum_of(Bytes{right}.subspan(above));
        if (field == above + 6) {
            sum += sum_of(v6 ? Bytes{right}.subspan(ip + 8, 32) : Bytes{right}.subspan(ip + 12, 8));
            sum += 17 + right.size() - above;
        }
        put(field, fold(sum));
        CHECK(!is_bad(right));
        for (const std::size_t at : {field, above, right.size() - 1}) {
            ByteVector wrong = right;
            wrong[at] ^= 0x10;
            CHECK(is_bad(wrong));
        }
    }
}

TEST_CASE("What cannot be checked is not bad", "[decode]") {
    CHECK(!is_bad(hex("020000000002 020000000001 0806")));
    // No checksum in a UDP datagram; the IPv4 header's own is right.
    CHECK(!is_bad(hex(link + "4500001e 00010000 401166cc 0a000001 0a000002 1000 2000 000a 0000 6869")));
    // Cut by the capture.
    CHECK(!is_bad(hex(link + "4500001e 00010000 401166cc 0a000001 0a000002 1000 2000 000a 1234 68")));
    CHECK(!is_bad({}));
}

}  // namespace pcapline::test
