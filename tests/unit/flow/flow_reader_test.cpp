#include "pcapline/flow/flow_reader.h"

#include "support/catch.h"
#include "unit/flow/flow_support.h"

using namespace pcapline;
using namespace pcapline::test;

TEST_CASE("A reader says which frames belong to which flows", "[flow]") {
    const std::vector<Octets> bytes{
        ethernet(0x0800, ipv4(6, tcp(1, 2))),
        ethernet(0x0806, hex("00")),
        ethernet(0x0800, ipv4(17, udp(53, 99, Octets(16)), 1, 2, 7, 0x2000)),
        ethernet(0x0800, ipv4(17, Octets(8), 1, 2, 7, 3)),
        ethernet(0x8100, be16_of(5) + be16_of(0x0800) + ipv4(6, tcp(2, 1), 2, 1)),
    };
    std::vector<Frame> frames;
    for (const Octets& each : bytes) frames.push_back(frame_of(each));
    const auto texts = [&](FlowReader& reader) {
        std::vector<std::string> all;
        for (const FlowOf& flow : reader.flows()) all.push_back(flow.has_flow() ? text_of(flow) : "none");
        return all;
    };
    SECTION("by flow") {
        FlowReader reader;
        reader.read(frames);
        CHECK(texts(reader) == std::vector<std::string>{"6 10.0.0.1:1 > 10.0.0.2:2", "none", "17 10.0.0.1:53 > 10.0.0.2:99",
                                                        "17 10.0.0.1:53 > 10.0.0.2:99", "6 10.0.0.2:2 > 10.0.0.1:1"});
        CHECK(reader.left_out() == 1);
        CHECK(reader.inner(0).ip_bytes == 40);
        CHECK(reader.inner(4).ip_begin == 18);
        CHECK(reader.flows()[0].key == reader.flows()[4].key);
        reader.read(std::span{frames}.first(2));
        CHECK(texts(reader) == std::vector<std::string>{"6 10.0.0.1:1 > 10.0.0.2:2", "none"});
        CHECK(reader.left_out() == 2);
    }
    SECTION("by Ethernet addresses") {
        FlowReader reader{{.by = FlowBy::eth}};
        reader.read(frames);
        CHECK(reader.left_out() == 0);
        CHECK(!reader.inner(1).has_ip());
    }
    SECTION("with VLANs and interfaces") {
        FlowReader reader{{.vlan = true}};
        reader.read(frames);
        CHECK(!(reader.flows()[0].key == reader.flows()[4].key));
        CHECK(reader.flows()[0].key.extra == 0);
        FlowReader with_interface{{.interface = true}};
        with_interface.read(frames);
        CHECK(with_interface.flows()[0].key.extra != 0);
        CHECK(with_interface.flows()[0].key == with_interface.flows()[4].key);
    }
}

TEST_CASE("Frames of all shapes are read in file order where it matters", "[flow]") {
    // Fragments look like plain packets at first, those behind a tag do not: each belongs to the flow of the last first fragment before it.
    std::vector<Octets> bytes;
    std::vector<std::string> expected;
    for (std::uint16_t n = 1; n <= 100; ++n) {
        bytes.push_back(ethernet(0x8100, be16_of(5) + be16_of(0x0800) + ipv4(17, udp(n, 99, Octets(16)), 1, 2, 7, 0x2000)));
        bytes.push_back(ethernet(0x86dd, ipv6(6, tcp(n, 2))));
        bytes.push_back(ethernet(0x0800, ipv4(17, Octets(8), 1, 2, 7, 3)));
        bytes.push_back(ethernet(0x0806, hex("00")));
        bytes.push_back(ethernet(0x0800, ipv4(6, tcp(2, n), 2, 1)));
        const std::string port = std::to_string(n);
        expected.push_back("17 10.0.0.1:" + port + " > 10.0.0.2:99");
        expected.push_back("6 2001:db8::1:" + port + " > 2001:db8::2:2");
        expected.push_back("17 10.0.0.1:" + port + " > 10.0.0.2:99");
        expected.emplace_back("none");
        expected.push_back("6 10.0.0.2:2 > 10.0.0.1:" + port);
    }
    std::vector<Frame> frames;
    for (const Octets& each : bytes) frames.push_back(frame_of(each));
    FlowReader reader;
    reader.read(frames);
    std::vector<std::string> read;
    for (const FlowOf& flow : reader.flows()) read.push_back(flow.has_flow() ? text_of(flow) : "none");
    CHECK(read == expected);
    CHECK(reader.left_out() == 100);
}
