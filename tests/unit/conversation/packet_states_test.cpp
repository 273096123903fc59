#include "pcapline/conversation/packet_states.h"

#include <limits>
#include <string>
#include <vector>

#include "support/catch.h"
#include "unit/flow/flow_support.h"

namespace pcapline {
namespace {

using namespace test;

constexpr std::uint8_t syn = 0x02;
constexpr std::uint8_t ack = 0x10;

/// TCP with these numbers and two bytes of payload.
Octets segment(std::uint16_t src, std::uint16_t dst, std::uint32_t seq, std::uint8_t flags = ack) {
    Octets bytes = tcp(src, dst, flags) + hex("cafe");
    for (std::size_t i = 0; i < 4; ++i) bytes[4 + i] = static_cast<std::uint8_t>(seq >> (24 - 8 * i));
    return bytes;
}
Octets there(const Octets& above, std::uint8_t protocol = 6) {
    return ethernet(0x0800, ipv4(protocol, above));
}
Octets back(const Octets& above, std::uint8_t protocol = 6) {
    return ethernet(0x0800, ipv4(protocol, above, 2, 1));
}
Octets unreachable(const Octets& quoted) {
    return ethernet(0x0800, ipv4(1, hex("0303 0000 00000000") + quoted, 2, 1));
}

/// Packets and what is said of them.
class Watched {
 public:
    explicit Watched(StateParts parts = {.times = true, .tcp = true, .udp = true}) : states_(parts) {}

    const FlowState& next(const Octets& bytes, std::int64_t time_ns = 0) {
        Frame frame = frame_of(bytes);
        frame.time_ns = time_ns;
        decode(frame, packet_);
        return states_.next(frame, packet_, ++number_);
    }
    /// The numbers of its streams, outermost first.
    std::string streams(const Octets& bytes) {
        const FlowState& state = next(bytes);
        std::string text;
        for (std::size_t i = 0; i < state.count; ++i) text += (i == 0 ? "" : " ") + std::to_string(state.layers[i].stream);
        return text;
    }
    TcpPacket tcp(const Octets& bytes) {
        const FlowState& state = next(bytes);
        REQUIRE(state.count > 0);
        return state.layers[state.count - 1].tcp;
    }
    const Packet& packet() const { return packet_; }

 private:
    PacketStates states_;
    Packet packet_;
    std::uint64_t number_ = 0;
};

TEST_CASE("Streams are numbered from 0 by first packet, TCP and UDP for themselves, both directions alike", "[conversation]") {
    Watched watched;
    CHECK(watched.streams(there(segment(1000, 80, 1))) == "0");
    CHECK(watched.streams(there(udp(1000, 80), 17)) == "0");
    CHECK(watched.streams(there(segment(1001, 80, 1))) == "1");
    CHECK(watched.streams(back(segment(80, 1000, 1))) == "0");
    CHECK(watched.streams(there(udp(1001, 80), 17)) == "1");
    CHECK(watched.streams(back(udp(80, 1000), 17)) == "0");
    CHECK(watched.streams(ethernet(0x86dd, ipv6(6, segment(1000, 80, 1)))) == "2");
    CHECK(watched.streams(ethernet(0x0806, hex("00"))).empty());
    CHECK(watched.streams(there(hex("0800 0000 0001 0001"), 1)).empty());
}

TEST_CASE("VLANs do not make another stream", "[conversation]") {
    Watched watched;
    CHECK(watched.streams(there(segment(1000, 80, 1))) == "0");
    CHECK(watched.streams(ethernet(0x8100, hex("0007 0800") + ipv4(6, segment(80, 1000, 1), 2, 1))) == "0");
}

TEST_CASE("Headers in tunnels and around them have streams of their own", "[conversation]") {
    Watched watched;
    const Octets inner = there(segment(1000, 80, 1));
    CHECK(watched.streams(back(udp(5000, 4789, hex("08000000 00000100") + inner), 17)) == "0 0");
    CHECK(watched.streams(back(udp(5001, 4789, hex("08000000 00000100") + inner), 17)) == "1 0");
    CHECK(watched.streams(inner) == "0");
    const Octets once_more = ethernet(0x0800, ipv4(4, ipv4(6, segment(1000, 80, 1)), 8, 9));
    CHECK(watched.streams(once_more) == "0");
}

TEST_CASE("A SYN with another sequence number begins a new stream", "[conversation]") {
    Watched watched;
    CHECK(watched.streams(there(segment(1000, 80, 7, syn))) == "0");
    CHECK(watched.streams(there(segment(1000, 80, 7, syn))) == "0");
    CHECK(watched.streams(there(segment(1000, 80, 9))) == "0");
    const FlowState& again = watched.next(there(segment(1000, 80, 500, syn)));
    CHECK(again.layers[0].stream == 1);
    CHECK(again.layers[0].tcp.analysis.has(TcpEvent::reused_ports));
    CHECK(again.layers[0].tcp.seq == 0);
    const TcpPacket later = watched.tcp(there(segment(1000, 80, 501)));
    CHECK_FALSE(later.analysis.has(TcpEvent::reused_ports));
    CHECK(later.seq == 1);
    CHECK(watched.streams(there(segment(1001, 80, 1, syn))) == "2");
}

TEST_CASE("A segment that an ICMP error quotes belongs to its stream, but tells nothing of it", "[conversation]") {
    Watched watched;
    watched.next(there(segment(1000, 80, 100)), 5);
    const Octets quoted = ipv4(6, segment(1000, 80, 100));
    const FlowState& error = watched.next(unreachable(quoted), 12);
    REQUIRE(error.count == 1);
    CHECK(error.layers[0].stream == 0);
    CHECK(error.layers[0].tcp.seq == 100);  // as it stands
    CHECK(error.layers[0].tcp.time_delta == 7);
    CHECK_FALSE(error.layers[0].tcp.length_known);
    CHECK(error.layers[0].tcp.analysis.empty());  // no retransmission
    CHECK(watched.tcp(there(segment(1000, 80, 102))).analysis.empty());
    CHECK(watched.streams(unreachable(ipv4(6, segment(1007, 80, 100)))) == "1");
}

TEST_CASE("Of a fragment only the first has a stream, and its length is not known", "[conversation]") {
    Watched watched;
    const Octets first = ethernet(0x0800, ipv4(6, segment(1000, 80, 100), 1, 2, 9, 0x2000));
    const TcpPacket said = watched.tcp(first);
    CHECK_FALSE(said.length_known);
    CHECK(watched.streams(ethernet(0x0800, ipv4(6, segment(1000, 80, 100), 1, 2, 9, 0x0003))).empty());
}

TEST_CASE("An IP length beyond the frame sends nothing", "[conversation]") {
    Watched watched;
    Octets longer = there(segment(1000, 80, 100));
    longer[14 + 3] = static_cast<std::uint8_t>(longer[14 + 3] + 50);
    const TcpPacket said = watched.tcp(longer);
    CHECK(said.next_seq == 3);
    CHECK(said.bytes_in_flight == 2);
}

TEST_CASE("What is not wanted is not kept", "[conversation]") {
    const Octets tcp_packet = there(segment(1000, 80, 1));
    const Octets udp_packet = there(udp(1000, 80), 17);
    CHECK(Watched{{.tcp = true}}.streams(udp_packet).empty());
    CHECK(Watched{{.udp = true}}.streams(tcp_packet).empty());
    CHECK(Watched{{.tcp = true}}.next(tcp_packet, 7).time_relative == no_time);
    Watched times{{.times = true}};
    CHECK(times.streams(tcp_packet).empty());
    CHECK(times.streams(udp_packet).empty());
    CHECK_FALSE(StateParts{}.any());
}

TEST_CASE("Times between packets", "[conversation]") {
    constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max();
    struct Case {
        const char* name;
        std::vector<std::int64_t> times;
        std::int64_t delta;  // of the last
        std::int64_t relative;
    };
    const Case c = GENERATE(values<Case>({
        {"the first", {5}, 0, 0},
        {"later", {5, 7, 10}, 3, 5},
        {"earlier than the one before", {5, 7, 4}, -3, -1},
        {"without a time", {5, no_time}, no_time, no_time},
        {"after one without a time", {5, no_time, 9}, no_time, 4},
        {"the first with a time", {no_time, 9}, 0, 0},
        {"too far apart", {-5, far}, no_time, no_time},
    }));
    INFO(c.name);
    Watched watched;
    const Octets packet = there(udp(1, 2), 17);
    for (std::size_t i = 0; i + 1 < c.times.size(); ++i) watched.next(packet, c.times[i]);
    const FlowState& state = watched.next(packet, c.times.back());
    CHECK(state.time_delta == c.delta);
    CHECK(state.time_relative == c.relative);
}

TEST_CASE("A layer's state is found by the layer", "[conversation]") {
    Watched watched;
    const FlowState& state = watched.next(there(segment(1000, 80, 1)));
    const Packet& packet = watched.packet();
    REQUIRE(packet.depth == 3);
    CHECK(state.of(packet.layers[0]) == nullptr);
    CHECK(state.of(packet.layers[2]) == &state.layers[0]);
}

}  // namespace
}  // namespace pcapline
