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
    CHECK(talk.tell("> PA 422 1 10 1000 28").bytes_in_flight == 120);
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
