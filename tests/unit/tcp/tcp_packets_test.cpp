#include "pcapline/tcp/tcp_packets.h"

#include "support/catch.h"
#include "talk.h"

using namespace pcapline;
using namespace pcapline::test;

TEST_CASE("Numbers are relative to those of the SYNs, also when they wrap", "[tcp]") {
    const Bases bases = GENERATE(values<Bases>({{1000, 5000}, {0xffffffff, 0xfffffffe}}));
    Talk talk{bases};
    CHECK(talk.tell("> S 0 0 0 1000 0").seq == 0);
    const TcpPacket answer = talk.tell("< SA 0 1 0 1000 10");
    CHECK(answer.seq == 0);
    CHECK(answer.ack == 1);
    CHECK(answer.next_seq == 1);
    const TcpPacket data = talk.tell("> PA 1 1 100 1000 20");
    CHECK(data.seq == 1);
    CHECK(data.ack == 1);
    CHECK(data.next_seq == 101);
}

TEST_CASE("Without SYNs the first numbers seen are 1", "[tcp]") {
    Talk talk;
    const TcpPacket first = talk.tell("> PA 700 900 10 1000 0");
    CHECK(first.seq == 1);
    CHECK(first.ack == 1);
    const TcpPacket answer = talk.tell("< A 900 710 0 1000 0");
    CHECK(answer.seq == 1);
    CHECK(answer.ack == 11);
}

TEST_CASE("Of a fragment the numbers stand as they are until others have told where they begin", "[tcp]") {
    Talk talk;
    const TcpPacket fragment = talk.tell("> PA 700 900 10 1000 0 frag");
    CHECK(fragment.seq == 1700);
    CHECK(fragment.ack == 5900);
    talk.tell("> PA 700 900 10 1000 0");
    CHECK(talk.tell("> PA 710 900 10 1000 0 frag").seq == 11);
}

TEST_CASE("Without the ACK flag the acknowledgment number is shown as it stands", "[tcp]") {
    Talk talk;
    CHECK(talk.tell("> S 0 0 0 1000 0").ack == 0);
}

TEST_CASE("Windows are scaled if both SYNs say so", "[tcp]") {
    struct Case {
        const char* name;
        std::vector<std::string> before;
        std::uint32_t size;
        int factor;
    };
    const Case c = GENERATE(values<Case>({
        {"both", {"> S 0 0 0 9 0 shift=7", "< SA 0 1 0 9 1 shift=2"}, 100 << 7, 128},
        {"both, factor 1", {"> S 0 0 0 9 0 shift=0", "< SA 0 1 0 9 1 shift=2"}, 100, 1},
        {"more than 14 is 14", {"> S 0 0 0 9 0 shift=77", "< SA 0 1 0 9 1 shift=2"}, 100 << 14, 1 << 14},
        {"only the SYN", {"> S 0 0 0 9 0 shift=7", "< SA 0 1 0 9 1"}, 100, -2},
        {"only the SYN+ACK", {"> S 0 0 0 9 0", "< SA 0 1 0 9 1 shift=2"}, 100, -2},
        {"neither", {"> S 0 0 0 9 0", "< SA 0 1 0 9 1"}, 100, -2},
        {"no SYN seen", {"> A 1 1 0 9 0"}, 100, -1},
        {"only its own SYN seen", {"> S 0 0 0 9 0 shift=7"}, 100 << 7, 128},
    }));
    INFO(c.name);
    Talk talk;
    for (const std::string& line : c.before) {
        const TcpPacket packet = talk.tell(line);
        CHECK(packet.window_size == 9);  // never in a SYN
        CHECK(packet.window_factor == (line == "> A 1 1 0 9 0" ? -1 : 0));
    }
    const TcpPacket packet = talk.tell("> A 1 1 0 100 2");
    CHECK(packet.window_size == c.size);
    CHECK(packet.window_factor == c.factor);
}

TEST_CASE("Duplicate ACKs are numbered, and name the first", "[tcp]") {
    Talk talk;
    talk.tell_all(handshake);
    talk.tell("> PA 1 1 100 1000 21");
    talk.tell("< A 1 101 0 1000 22");  // packet 5
    for (std::uint32_t i = 1; i <= 3; ++i) {
        const TcpPacket packet = talk.tell("< A 1 101 0 1000 23");
        CHECK(packet.duplicate_number == i);
        CHECK(packet.duplicate_of == 5);
    }
    talk.tell("> PA 101 1 100 1000 24");
    CHECK(talk.tell("< A 1 201 0 1000 25").duplicate_number == 0);  // packet 10
    const TcpPacket packet = talk.tell("< A 1 201 0 1000 26");
    CHECK(packet.duplicate_number == 1);
    CHECK(packet.duplicate_of == 10);
}

TEST_CASE("Bytes in flight", "[tcp]") {
    Talk talk{{0xffffffe0, 0}};
    talk.tell_all(handshake);
    CHECK(talk.tell("> PA 1 1 100 1000 21").bytes_in_flight == 100);
    CHECK(talk.tell("> PA 101 1 100 1000 22").bytes_in_flight == 200);
    CHECK(talk.tell("< A 1 101 0 1000 23").bytes_in_flight == 0);
    CHECK(talk.tell("> PA 201 1 100 1000 24").bytes_in_flight == 200);
    CHECK(talk.tell("> FA 301 1 10 1000 25").bytes_in_flight == 210);
    CHECK(talk.tell("> PA 412 1 10 1000 26").bytes_in_flight == 0);  // something is missing
    talk.tell("< A 1 312 0 1000 27");
    CHECK(talk.tell("> PA 422 1 10 1000 28").bytes_in_flight == 20);
}

TEST_CASE("Times of a connection: since its first packet, and since the one before", "[tcp]") {
    Talk talk;
    const TcpPacket first = talk.tell("> S 0 0 0 1000 5");
    CHECK(first.time_relative == 0);
    CHECK(first.time_delta == 0);
    const TcpPacket second = talk.tell("< SA 0 1 0 1000 12");
    CHECK(second.time_relative == 7'000'000);
    CHECK(second.time_delta == 7'000'000);
    CHECK(second.ack_rtt == 7'000'000);
    CHECK(second.initial_rtt == no_time);
    const TcpPacket third = talk.tell("> A 1 1 0 1000 10");
    CHECK(third.time_relative == 5'000'000);
    CHECK(third.time_delta == -2'000'000);
    CHECK(third.initial_rtt == 5'000'000);
}

TEST_CASE("What SACK names is not in flight", "[tcp]") {
    Talk talk;
    talk.tell_all(handshake);
    talk.tell("> PA 1 1 100 1000 21");
    talk.tell("> PA 101 1 100 1000 22");
    talk.tell("< A 1 1 0 1000 23 sack=101-201");
    CHECK(talk.tell("> PA 201 1 100 1000 24").bytes_in_flight == 200);
    talk.tell("< A 1 1 0 1000 25");
    CHECK(talk.tell("> PA 301 1 100 1000 26").bytes_in_flight == 400);
}

TEST_CASE("An ACK is timed if it ends where a segment ends: from the first time that this was sent", "[tcp]") {
    struct Case {
        const char* name;
        std::vector<std::string> then;  // after the handshake, segments of A
        const char* ack;
        std::int64_t ms;  // -1: none
    };
    const Case c = GENERATE(values<Case>({
        {"one segment", {"> PA 1 1 100 9 30"}, "< A 1 101 0 9 37", 7},
        {"the newest of two", {"> PA 1 1 100 9 30", "> PA 101 1 100 9 31"}, "< A 1 201 0 9 37", 6},
        {"part of one", {"> PA 1 1 100 9 30"}, "< A 1 51 0 9 37", -1},
        {"the rest of one", {"> PA 1 1 100 9 30", "< A 1 51 0 9 32"}, "< A 1 101 0 9 37", 7},
        {"sent twice", {"> PA 1 1 100 9 30", "> PA 1 1 100 9 35"}, "< A 1 101 0 9 37", 7},
        {"acknowledged before", {"> PA 1 1 100 9 30", "< A 1 101 0 9 32"}, "< A 1 101 0 9 37", -1},
        {"time ran backwards", {"> PA 1 1 100 9 30"}, "< A 1 101 0 9 29", -2},
        {"nothing was sent", {}, "< A 1 1 0 9 37", -1},
    }));
    INFO(c.name);
    Talk talk;
    talk.tell_all(handshake + c.then);
    const std::int64_t rtt = talk.tell(c.ack).ack_rtt;
    if (c.ms == -2) {
        CHECK(rtt == -1'000'000);
    } else {
        CHECK(rtt == (c.ms < 0 ? no_time : c.ms * 1'000'000));
    }
}

TEST_CASE("Segments in flight are followed up to a limit, and given back", "[tcp]") {
    Talk talk;
    for (std::uint32_t i = 0; i < 11'000; ++i) talk.tell("> A " + std::to_string(i * 10 + 1) + " 1 10 1000 1");
    CHECK(talk.pools().unacked.used() == TcpPackets::max_unacked);
    talk.tell("< A 1 50001 0 1000 2");
    CHECK(talk.pools().unacked.used() == TcpPackets::max_unacked / 2);
    talk.tell("< A 1 110001 0 1000 3");
    CHECK(talk.pools().unacked.used() == 0);
}

TEST_CASE("What an ICMP error quotes changes nothing but the times", "[tcp]") {
    TcpPools pools;
    TcpPackets packets;
    Segment segment;
    segment.seq = 1000;
    segment.flags = Tcp::ack;
    segment.window = 9;
    segment.payload_bytes = 10;
    packets.add(segment, Way::ab, pools);
    segment.time_ns = 5;
    const TcpPacket quoted = packets.add_quoted(segment, Way::ab);
    CHECK(quoted.seq == 1000);
    CHECK(quoted.window_factor == -1);
    CHECK(quoted.time_delta == 5);
    CHECK(quoted.bytes_in_flight == 0);
    segment.seq = 1010;
    const TcpPacket next = packets.add(segment, Way::ab, pools);
    CHECK(next.analysis.empty());
    CHECK(next.bytes_in_flight == 20);
    packets.release(pools);
    CHECK(pools.unacked.used() == 0);
}

TEST_CASE("The first round trip is from the last SYN to the next ACK, whoever sends that and whatever it says", "[tcp]") {
    struct Case {
        const char* name;
        std::vector<std::string> lines;
        std::int64_t ms;  // -1: none
    };
    const Case c = GENERATE(values<Case>({
        {"a handshake", handshake, 20},
        {"the SYN was sent twice", {"> S 0 0 0 9 1000", "> S 0 0 0 9 1005", "< SA 0 1 0 9 1010", "> A 1 1 0 9 1011"}, 6},
        {"the answer goes on first", {"> S 0 0 0 9 1000", "< SA 0 1 0 9 1010", "< PA 1 1 5 9 1012", "> A 1 6 0 9 1030"}, 12},
        {"another number", {"> S 0 0 0 9 1000", "< SA 0 1 0 9 1010", "> A 77 1 5 9 1013"}, 13},
        {"no time between them is none", {"> S 0 0 0 9 1000", "< SA 0 1 0 9 1000", "> A 1 1 0 9 1000", "> PA 1 1 5 9 1004"}, 4},
        {"no SYN", {"< SA 0 1 0 9 1010", "> A 1 1 0 9 1030"}, -1},
        {"only the first counts", handshake + std::vector<std::string>{"> S 0 0 0 9 1000", "> A 1 1 0 9 1001"}, 20},
    }));
    INFO(c.name);
    Talk talk;
    TcpPacket last;
    for (const std::string& line : c.lines) last = talk.tell(line);
    CHECK(last.initial_rtt == (c.ms < 0 ? no_time : c.ms * 1'000'000));
}

TEST_CASE("A SYN at the beginning of time is none, as in Wireshark", "[tcp]") {
    Talk talk{{}, 0};
    talk.tell_all(handshake);
    CHECK(talk.tell("> PA 1 1 5 9 30").initial_rtt == no_time);
}

TEST_CASE("Without a first round trip, 3 ms count", "[tcp]") {
    Talk talk{{}, 0};
    talk.tell_all(handshake + std::vector<std::string>{"> PA 1 1 10 9 30", "> PA 11 1 10 9 30"});
    CHECK(talk.tell("> PA 1 1 10 9 32.999999").analysis.has(TcpEvent::out_of_order));
    CHECK(talk.tell("> PA 1 1 10 9 33").analysis.has(TcpEvent::retransmission));
}

TEST_CASE("A segment that is late by less than the first round trip is out of order", "[tcp]") {
    Talk talk;
    talk.tell_all({"> S 0 0 0 9 0", "< SA 0 1 0 9 10", "> A 77 1 0 9 40", "> PA 177 1 100 9 41"});
    CHECK(talk.tell("> PA 77 1 50 9 80").analysis.has(TcpEvent::out_of_order));
    CHECK(talk.tell("> PA 77 1 50 9 82").analysis.has(TcpEvent::retransmission));
}

TEST_CASE("Bytes sent since the last push are told where bytes in flight are", "[tcp]") {
    Talk talk;
    CHECK(talk.tell("> A 1 1 10 9 0").pushed_bytes == 10);
    CHECK(talk.tell("> PA 11 1 5 9 1").pushed_bytes == 15);
    CHECK(talk.tell("> PA 16 1 3 9 2").pushed_bytes == 3);
    CHECK(talk.tell("> A 19 1 2 9 3").pushed_bytes == 2);
    CHECK(talk.tell("> A 21 1 0 9 4").pushed_bytes == 0);
    CHECK(talk.tell("> A 99 1 4 9 5").pushed_bytes == 0);  // something is missing
}

TEST_CASE("An ACK names the packet that it acknowledges, be there a time or not", "[tcp]") {
    Talk talk;
    talk.tell("> PA 1 1 10 9 5");
    talk.tell("> PA 11 1 10 9 5");
    const TcpPacket answer = talk.tell("< A 1 21 0 9 5");
    CHECK(answer.acks_frame == 2);
    CHECK(answer.ack_rtt == no_time);  // 0: not told
    CHECK(answer.is_analysed());
}

TEST_CASE("Bytes in flight are counted from the new base when an answer to the SYN brings one", "[tcp]") {
    Talk talk;
    talk.tell_all(handshake);
    CHECK(talk.tell("< PA 1 1 100 9 21").bytes_in_flight == 100);
    CHECK(talk.tell("< SA 51 1 9 9 22").bytes_in_flight == 49);
}

TEST_CASE("An ACK that repeats another for multipath TCP is no duplicate", "[tcp]") {
    struct Case {
        const char* name;
        std::uint16_t one, other;  // subtypes of the segments: of A's, of the B's after it
        std::uint32_t duplicates;
    };
    const Case c = GENERATE(values<Case>({{"none", 0, 0, 2}, {"the same, at last", 4, 4, 1}, {"another", 4, 8, 0}}));
    INFO(c.name);
    TcpPools pools;
    TcpPackets packets;
    Segment segment;
    segment.seq = 1;
    segment.ack = 1;
    segment.flags = Tcp::ack;
    segment.window = 9;
    TcpPacket last;
    const std::pair<Way, std::uint16_t> sent[] = {
        {Way::ab, c.one}, {Way::ba, c.one}, {Way::ab, c.one}, {Way::ba, c.other}, {Way::ab, c.other}};
    for (const auto& [way, subtypes] : sent) {
        segment.multipath = subtypes;
        last = packets.add(segment, way, pools);
    }
    CHECK(last.analysis.has(TcpEvent::duplicate_ack) == (c.duplicates != 0));
    CHECK(last.duplicate_number == c.duplicates);
    packets.release(pools);
}

TEST_CASE("What is acknowledged is taken out of flight, whatever the order in which it was sent", "[tcp]") {
    struct Case {
        const char* name;
        std::vector<std::string> sent;
        const char* ack;
        std::uint32_t in_flight;  // with 10 bytes more, from 41
    };
    const Case c = GENERATE(values<Case>({
        {"in order", {"> A 1 1 10 9 1", "> A 11 1 10 9 1", "> A 21 1 20 9 1"}, "< A 1 21 0 9 2", 30},
        {"in order, a part of one", {"> A 1 1 10 9 1", "> A 11 1 10 9 1", "> A 21 1 20 9 1"}, "< A 1 26 0 9 2", 25},
        {"all", {"> A 1 1 10 9 1", "> A 11 1 30 9 1"}, "< A 1 41 0 9 2", 10},
        {"the first last", {"> A 11 1 30 9 1", "> A 1 1 10 9 1"}, "< A 1 21 0 9 2", 30},
        {"twice", {"> A 1 1 10 9 1", "> A 11 1 30 9 1", "> A 11 1 30 9 1"}, "< A 1 21 0 9 2", 30},
        {"one from long before", {"> A 1 1 10 9 1", "> A 11 1 30 9 1", "> A 4294967200 1 10 9 1"}, "< A 1 21 0 9 2", 30},
    }));
    INFO(c.name);
    Talk talk;
    talk.tell_all(handshake + c.sent);
    talk.tell(c.ack);
    CHECK(talk.tell("> A 41 1 10 9 3").bytes_in_flight == c.in_flight);
}
