#include "pcapline/decode/checksum.h"

#include <string>

#include "pcapline/decode/packet.h"
#include "support/catch.h"
#include "support/packet_builder.h"

namespace pcapline {
namespace {

using test::frame_of;
using test::hex;
using Octets = std::vector<std::uint8_t>;

bool is_bad(const Octets& bytes) {
    const Frame frame = frame_of(bytes);
    Packet packet;
    decode(frame, packet);
    return has_bad_checksum(frame, innermost_ip(packet));
}

/// The sum as RFC 1071 defines it.
std::uint16_t plain_sum(Bytes bytes) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += std::uint64_t{bytes[i]} << (i % 2 == 0 ? 8 : 0);
    return folded_sum(sum);
}

TEST_CASE("The sum is the same at every length and place, however it is added up", "[decode]") {
    Octets bytes(300);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + i / 7 * 101 + (i < 40 ? 0xff : 0));
    for (std::size_t begin = 0; begin < 9; ++begin) {
        for (std::size_t size = 0; begin + size <= bytes.size(); ++size) {
            const Bytes part{bytes.data() + begin, size};
            if (folded_sum(internet_sum(part)) != plain_sum(part)) FAIL_CHECK("at " << begin << ", size " << size);
        }
    }
    const Octets ones(64, 0xff);
    CHECK(folded_sum(internet_sum(ones)) == 0xffff);
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
        const Octets bytes = hex(text);
        // What the field holds is computed here, so that the case above needs no care.
        Octets right = bytes;
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
            put(ip + 10, plain_sum(Bytes{right}.subspan(ip, 20)));
        }
        right[field] = right[field + 1] = 0;
        std::uint64_t sum = plain_sum(Bytes{right}.subspan(above));
        if (field == above + 6) {
            sum += plain_sum(v6 ? Bytes{right}.subspan(ip + 8, 32) : Bytes{right}.subspan(ip + 12, 8));
            sum += 17 + right.size() - above;
        }
        put(field, folded_sum(sum));
        CHECK(!is_bad(right));
        for (const std::size_t at : {field, above, right.size() - 1}) {
            Octets wrong = right;
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

}  // namespace
}  // namespace pcapline
