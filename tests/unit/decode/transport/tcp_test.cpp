#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

/// A SYN with maximum segment size, SACK permitted, timestamps, no-operation and window scale.
const char* const syn =
    "c93a 01bb 89abcdef 01234567 a0c2 faf0 1122 0007"
    "020405b4 0402 080a 0000046e 00000abc 01 030307";

std::string with_options(const std::string& options, const char* field) {
    const std::size_t length = 20 + options.size() / 2;
    std::string header = "c93a01bb0000000100000002" + std::string{"0123456789abcdef"[length / 4]} + "010faf000000000" + options;
    return Decoded{in_ipv4(6, hex(header))}.values(field);
}

}  // namespace

TEST_CASE("a TCP header gives its fields as they stand in it") {
    const Decoded decoded{in_ipv4(6, join(hex(syn), hex("aabb")))};
    CHECK(decoded.stack() == "eth:ip:tcp");
    CHECK(decoded.end() == "payload");
    const std::pair<const char*, const char*> fields[] = {
        {"tcp.srcport", "51514"},
        {"tcp.dstport", "443"},
        {"tcp.port", "51514,443"},
        {"tcp.len", "2"},
        {"tcp.seq_raw", "2309737967"},
        {"tcp.ack_raw", "19088743"},
        {"tcp.hdr_len", "40"},
        {"tcp.flags", "194"},
        {"tcp.flags.res", "0"},
        {"tcp.flags.ae", "0"},
        {"tcp.flags.cwr", "1"},
        {"tcp.flags.ece", "1"},
        {"tcp.flags.urg", "0"},
        {"tcp.flags.ack", "0"},
        {"tcp.flags.push", "0"},
        {"tcp.flags.reset", "0"},
        {"tcp.flags.syn", "1"},
        {"tcp.flags.fin", "0"},
        {"tcp.flags.str", "\u00b7\u00b7\u00b7\u00b7CE\u00b7\u00b7\u00b7\u00b7S\u00b7"},
        {"tcp.window_size_value", "64240"},
        {"tcp.checksum", "4386"},
        {"tcp.urgent_pointer", "7"},
        {"tcp.options", "020405b40402080a0000046e00000abc01030307"},
        {"tcp.option_kind", "2,4,8,1,3"},
        {"tcp.option_len", "4,2,10,3"},
        {"tcp.options.mss_val", "1460"},
        {"tcp.options.sack_perm", "0402"},
        {"tcp.options.timestamp.tsval", "1134"},
        {"tcp.options.timestamp.tsecr", "2748"},
        {"tcp.options.wscale.shift", "7"},
        {"tcp.options.wscale.multiplier", "128"},
        {"tcp.payload", "aabb"},
    };
    for (const auto& [name, value] : fields) {
        INFO(name);
        CHECK(decoded.values(name) == value);
    }
}

TEST_CASE("every flag of TCP is its own bit") {
    const std::pair<const char*, const char*> flags[] = {
        {"0001", "tcp.flags.fin"}, {"0002", "tcp.flags.syn"}, {"0004", "tcp.flags.reset"}, {"0008", "tcp.flags.push"},
        {"0010", "tcp.flags.ack"}, {"0020", "tcp.flags.urg"}, {"0040", "tcp.flags.ece"},   {"0080", "tcp.flags.cwr"},
        {"0100", "tcp.flags.ae"},  {"0800", "tcp.flags.res"},
    };
    for (const auto& [bits, set] : flags) {
        std::string word = bits;
        word[0] = '5';
        const Decoded decoded{in_ipv4(6, hex("c93a01bb0000000100000002" + word + "faf000000000"))};
        for (const auto& [other_bits, name] : flags) {
            INFO(bits << ' ' << name);
            CHECK(decoded.values(name) == (std::string{name} == set ? "1" : "0"));
        }
    }
}

TEST_CASE("a TCP data offset that cannot be is the packet's fault") {
    struct Case {
        const char* name;
        const char* segment;
        const char* end;
    };
    const Case cases[] = {
        {"four words", "c93a01bb00000001000000024010faf000000000", "bad tcp header_length"},
        {"no words", "c93a01bb00000001000000020010faf000000000", "bad tcp header_length"},
        {"more than the packet", "c93a01bb00000001000000026010faf000000000", "bad tcp header_beyond_packet"},
        {"header beyond the packet", "c93a01bb00000001000000025010", "bad tcp header_beyond_packet"},
    };
    for (const Case& c : cases) {
        INFO(c.name);
        const Decoded decoded{in_ipv4(6, hex(c.segment))};
        CHECK(decoded.end() == c.end);
        CHECK(decoded.stack() == "eth:ip");
    }
}

TEST_CASE("TCP options of impossible lengths end the options and do no harm") {
    struct Case {
        const char* name;
        const char* options;
        const char* kinds;
    };
    const Case cases[] = {
        {"length zero", "0101020005b40303", "1,1"},       {"length one", "0101020105b40303", "1,1"},
        {"beyond the header", "010102ff05b40303", "1,1"}, {"kind without a length", "0101010101010102", "1,1,1,1,1,1,1"},
        {"end of options", "0100020405b40303", "1,0"},    {"padding behind the end", "0101000000000204", "1,1,0,0,0,0"},
    };
    for (const Case& c : cases) {
        INFO(c.name);
        CHECK(with_options(c.options, "tcp.option_kind") == c.kinds);
        CHECK(with_options(c.options, "tcp.options.mss_val") == "");
    }
}

TEST_CASE("TCP options of a wrong size give no value") {
    CHECK(with_options("020305"
                       "01",
                       "tcp.options.mss_val") == "");
    CHECK(with_options("030405b4", "tcp.options.wscale.shift") == "");
    CHECK(with_options("080400000101010101010101", "tcp.options.timestamp.tsval") == "");
    CHECK(with_options("05070000000101", "tcp.options.sack.count") == "");
}

TEST_CASE("a window scale above 14 counts as 14") {
    CHECK(with_options("0303ff01", "tcp.options.wscale.shift") == "255");
    CHECK(with_options("0303ff01", "tcp.options.wscale.multiplier") == "16384");
}

TEST_CASE("selective acknowledgements are counted") {
    CHECK(with_options("01010512000000010000000200000003000000040000", "tcp.options.sack.count") == "2");
}

TEST_CASE("a TCP segment cut anywhere is not the packet's fault") {
    CHECK(broken_at_a_prefix(in_ipv4(6, join(hex(syn), hex("aabb")))) == "");
}

}  // namespace pcapline::test
