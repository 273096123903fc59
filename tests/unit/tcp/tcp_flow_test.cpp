// What a TcpFlow counts and keeps.
#include <random>

#include "support/catch.h"
#include "talk.h"

using namespace pcapline;
using namespace pcapline::test;
using Lines = std::vector<std::string>;

TEST_CASE("A connection counts its events", "[tcp]") {
    Talk talk{{0xffffffc0, 17}};
    talk.tell_all(handshake + Lines{
                                  "> PA 1 1 100 1000 21",     //
                                  "> PA 101 1 100 1000 22",   //
                                  "< A 1 101 0 1000 31",      //
                                  "< A 1 101 0 1000 32",      //
                                  "< A 1 101 0 1000 33",      //
                                  "> PA 101 1 100 1000 34",   // fast
                                  "< A 1 201 0 1000 44",      //
                                  "> PA 1 1 150 1000 45",     // spurious
                                  "> PA 201 1 100 1000 400",  //
                                  "> PA 201 1 130 1000 900",  // again, and 30 more
                                  "> A 330 1 0 1000 9000",    // keep-alive
                                  "< A 1 331 0 0 9001",       // zero window
                                  "< RA 1 331 0 0 9002",      //
                              });
    const TcpCounts a = talk.counts(Way::ab);
    CHECK(a.retransmissions == 3);
    CHECK(a.fast_retransmissions == 1);
    CHECK(a.spurious_retransmissions == 1);
    CHECK(a.retransmitted_bytes == 100 + 150 + 100);
    CHECK(a.overlaps == 1);
    CHECK(a.keep_alives == 1);
    CHECK(a.duplicate_acks == 0);
    CHECK(a.lost_segments == 0);
    CHECK(a.resets == 0);
    CHECK(a.tcp_flags == (Tcp::syn | Tcp::ack | Tcp::psh));
    const TcpCounts b = talk.counts(Way::ba);
    CHECK(b.duplicate_acks == 2);
    CHECK(b.zero_windows == 1);
    CHECK(b.resets == 1);
    CHECK(b.retransmissions == 0);
    CHECK(b.tcp_flags == (Tcp::syn | Tcp::ack | Tcp::rst));
}

TEST_CASE("Holes are lost until they are filled", "[tcp]") {
    struct Case {
        const char* name;
        Lines lines;
        std::uint32_t lost;
        std::uint32_t overlaps;
    };
    // 1-101 and 401-501 came, 101-401 did not.
    const Lines hole{"> PA 1 1 100 1000 0", "> PA 401 1 100 1000 1"};
    const Case c = GENERATE_COPY(values<Case>({
        {"one", hole, 1, 0},
        {"filled at once", hole + Lines{"> PA 101 1 300 1000 2"}, 0, 0},
        {"filled from the left", hole + Lines{"> PA 101 1 100 1000 2"}, 1, 0},
        {"filled from the right", hole + Lines{"> PA 301 1 100 1000 2"}, 1, 0},
        {"filled in the middle: two", hole + Lines{"> PA 201 1 100 1000 2"}, 2, 0},
        {"filled in the middle, then the rest", hole + Lines{"> PA 201 1 100 1000 2", "> PA 301 1 100 1000 3", "> PA 101 1 100 1000 4"}, 0,
         0},
        {"filled with something on both sides", hole + Lines{"> PA 51 1 400 1000 2"}, 0, 1},
        {"filled, and beyond all", hole + Lines{"> PA 51 1 600 1000 2"}, 0, 1},
        {"not filled by what is left of it", hole + Lines{"> PA 1 1 100 1000 2"}, 1, 0},
        {"a second one", hole + Lines{"> PA 601 1 100 1000 2"}, 2, 0},
        {"two at once", hole + Lines{"> PA 601 1 100 1000 2", "> PA 101 1 500 1000 3"}, 0, 1},
        {"an ACK fills nothing", hole + Lines{"< A 1 501 0 1000 2"}, 1, 0},
    }));
    INFO(c.name);
    const Bases bases = GENERATE(values<Bases>({{1000, 5000}, {0xffffff00, 0}}));
    Talk talk{bases};
    talk.tell_all(c.lines);
    CHECK(talk.counts(Way::ab).lost_segments == c.lost);
    CHECK(talk.counts(Way::ab).overlaps == c.overlaps);
    CHECK(talk.counts(Way::ba).lost_segments == 0);
}

TEST_CASE("When there is one hole more than can be followed, the oldest counts as lost for ever", "[tcp]") {
    Talk talk;
    for (unsigned i = 0; i <= TcpFlow::max_holes + 1; ++i) talk.tell("> PA " + std::to_string(1 + 200 * i) + " 1 100 1000 0");
    CHECK(talk.counts(Way::ab).lost_segments == TcpFlow::max_holes + 1);
    for (unsigned i = 0; i <= TcpFlow::max_holes; ++i) talk.tell("> PA " + std::to_string(101 + 200 * i) + " 1 100 1000 0");
    CHECK(talk.counts(Way::ab).lost_segments == 1);
}

TEST_CASE("Round trips: one sample an ACK, its newest segment", "[tcp]") {
    struct Case {
        const char* name;
        Lines lines;
        std::uint32_t samples;
        std::int64_t min_ms;
        std::int64_t max_ms;
        std::int64_t sum_ms;
    };
    const Case c = GENERATE(values<Case>({
        {"the SYN", handshake, 1, 10, 10, 10},
        {"data", handshake + Lines{"> PA 1 1 100 1000 30", "< A 1 101 0 1000 37"}, 2, 7, 10, 17},
        {"an ACK of two: the newer", handshake + Lines{"> PA 1 1 100 1000 30", "> PA 101 1 100 1000 32", "< A 1 201 0 1000 37"}, 2, 5, 10,
         15},
        {"an ACK of each",
         handshake + Lines{"> PA 1 1 100 1000 30", "> PA 101 1 100 1000 32", "< A 1 101 0 1000 37", "< A 1 201 0 1000 38"}, 3, 6, 10, 23},
        {"an ACK of a part gives none", handshake + Lines{"> PA 1 1 100 1000 30", "< A 1 51 0 1000 37"}, 1, 10, 10, 10},
        {"the same ACK again gives none", handshake + Lines{"> PA 1 1 100 1000 30", "< A 1 101 0 1000 37", "< A 1 101 0 1000 39"}, 2, 7, 10,
         17},
        {"sent twice: none", handshake + Lines{"> PA 1 1 100 1000 30", "> PA 1 1 100 1000 300", "< A 1 101 0 1000 310"}, 1, 10, 10, 10},
        {"the older sent twice: the newer counts",
         handshake + Lines{"> PA 1 1 100 1000 30", "> PA 101 1 100 1000 31", "> PA 1 1 100 1000 300", "< A 1 201 0 1000 311"}, 2, 10, 280,
         290},
        {"an ACK of what was not seen: none", handshake + Lines{"> PA 1 1 100 1000 30", "< A 1 301 0 1000 37"}, 1, 10, 10, 10},
        {"a FIN", handshake + Lines{"> FA 1 1 0 1000 30", "< A 1 2 0 1000 37"}, 2, 7, 10, 17},
        {"time ran backwards: none", handshake + Lines{"> PA 1 1 100 1000 30", "< A 1 101 0 1000 29"}, 1, 10, 10, 10},
    }));
    INFO(c.name);
    const Bases bases = GENERATE(values<Bases>({{1000, 5000}, {0xffffffb0, 0xffffffff}}));
    Talk talk{bases};
    talk.tell_all(c.lines);
    const TcpCounts counts = talk.counts(Way::ab);
    CHECK(counts.rtt_samples == c.samples);
    CHECK(counts.rtt_min == c.min_ms * 1'000'000);
    CHECK(counts.rtt_max == c.max_ms * 1'000'000);
    CHECK(counts.rtt_sum == c.sum_ms * 1'000'000);
}

TEST_CASE("Many segments in flight are timed one by one, and their room is given back", "[tcp]") {
    const unsigned in_flight = GENERATE(1U, 2U, 11U, 12U, 200U, static_cast<unsigned>(TcpFlow::max_in_flight));
    Talk talk{{0xfffff000, 0}};
    talk.tell_all(handshake);
    const auto number = [](unsigned i) { return std::to_string(1 + 10 * i); };
    for (unsigned i = 0; i < in_flight; ++i) talk.tell("> PA " + number(i) + " 1 10 1000 " + std::to_string(1000 + i));
    for (unsigned i = 1; i <= in_flight; ++i) talk.tell("< A 1 " + number(i) + " 0 1000 " + std::to_string(5000 + i));
    const TcpCounts counts = talk.counts(Way::ab);
    CHECK(counts.rtt_samples == 1 + in_flight);
    CHECK(counts.rtt_max == 4001 * std::int64_t{1'000'000});
    CHECK(talk.pools().in_flight.used() == 0);
}

TEST_CASE("More segments in flight than can be timed give fewer samples, never wrong ones", "[tcp]") {
    const unsigned in_flight = TcpFlow::max_in_flight + 100;
    Talk talk;
    talk.tell_all(handshake);
    const auto number = [](unsigned i) { return std::to_string(1 + 10 * i); };
    for (unsigned i = 0; i < in_flight; ++i) talk.tell("> PA " + number(i) + " 1 10 1000 1000");
    talk.tell("< A 1 " + number(in_flight) + " 0 1000 5000");
    CHECK(talk.counts(Way::ab).rtt_samples == 1);
    talk.tell("> PA " + number(in_flight) + " 1 10 1000 6000");
    talk.tell("< A 1 " + number(in_flight + 1) + " 0 1000 6007");
    CHECK(talk.counts(Way::ab).rtt_samples == 2);
    CHECK(talk.counts(Way::ab).rtt_min == 7'000'000);
    CHECK(talk.pools().in_flight.used() == 0);
}

TEST_CASE("A side that nobody answers keeps one record", "[tcp]") {
    Talk talk;
    for (unsigned i = 0; i < 1000; ++i) talk.tell("> PA " + std::to_string(1 + 10 * i) + " 1 10 1000 0");
    CHECK(talk.pools().in_flight.used() == 1);
    CHECK(talk.pools().troubles.used() == 0);
}

TEST_CASE("The handshake's round trip is from the last SYN to the ACK of the SYN+ACK", "[tcp]") {
    struct Case {
        const char* name;
        Lines lines;
        std::int64_t ms;  // -1: none
    };
    const Case c = GENERATE(values<Case>({
        {"SYN alone", {"> S 0 0 0 1000 0"}, -1},
        {"SYN and SYN+ACK", {"> S 0 0 0 1000 0", "< SA 0 1 0 1000 10"}, -1},
        {"all three", handshake, 20},
        {"a SYN sent twice", {"> S 0 0 0 1000 0", "> S 0 0 0 1000 1000", "< SA 0 1 0 1000 1010", "> A 1 1 0 1000 1020"}, 20},
        {"with data in the third", {"> S 0 0 0 1000 0", "< SA 0 1 0 1000 10", "> PA 1 1 50 1000 20"}, 20},
        {"refused", {"> S 0 0 0 1000 0", "< RA 0 1 0 0 10"}, -1},
        {"from the middle", {"> PA 1 1 50 1000 20", "< A 1 51 0 1000 30"}, -1},
    }));
    INFO(c.name);
    Talk talk;
    talk.tell_all(c.lines);
    CHECK(talk.flow().rtt_handshake() == (c.ms < 0 ? no_time : c.ms * 1'000'000));
}

TEST_CASE("Exchanging the directions exchanges all that was counted", "[tcp]") {
    Talk talk;
    talk.tell_all(handshake + Lines{"> PA 1 1 100 1000 21", "> PA 1 1 100 1000 300", "< A 1 101 0 1000 310", "< A 1 101 0 1000 311"});
    TcpFlow flipped = talk.flow();
    flipped.flip(talk.pools());
    CHECK(flipped.counts(Way::ba, talk.pools()).retransmissions == 1);
    CHECK(flipped.counts(Way::ab, talk.pools()).duplicate_acks == 1);
    CHECK(flipped.counts(Way::ba, talk.pools()).rtt_samples == 1);
    CHECK(flipped.base(Way::ba) == 1000);
}

TEST_CASE("Any segments in any order leave the pools as they were", "[tcp]") {
    std::mt19937 random{GENERATE(1U, 2U, 3U, 4U)};
    TcpPools pools;
    const auto any = [&](std::uint32_t below) { return std::uniform_int_distribution<std::uint32_t>{0, below - 1}(random); };
    for (int flow = 0; flow < 20; ++flow) {
        TcpPackets packets;
        const std::uint32_t base = any(2) != 0 ? 0xfffffff0 : any(0xffffffff);
        for (std::uint64_t number = 1; number <= 2000; ++number) {
            Segment segment;
            segment.number = number;
            segment.time_ns = any(50) == 0 ? no_time : static_cast<std::int64_t>(number * 1000 + any(5000));
            segment.seq = any(100) == 0 ? any(0xffffffff) : base + any(3000);
            segment.ack = any(100) == 0 ? any(0xffffffff) : base + any(3000);
            segment.payload_bytes = any(3) == 0 ? 0 : any(100) == 0 ? any(0xffffffff) : any(200);
            segment.flags = static_cast<std::uint16_t>(any(20) == 0 ? any(0x1000) : Tcp::ack);
            segment.window = static_cast<std::uint16_t>(any(4) * 100);
            segment.sack_blocks = static_cast<std::uint8_t>(any(5));
            for (Segment::Block& block : segment.sack) block = {base + any(3000), base + any(3000)};
            packets.add(segment, any(2) != 0 ? Way::ab : Way::ba, pools);
        }
        CHECK(packets.flow().counts(Way::ab, pools).rtt_min >= 0);
        CHECK(packets.flow().counts(Way::ba, pools).rtt_min >= 0);
        CHECK(pools.unacked.used() <= 2 * TcpPackets::max_unacked);
        packets.release(pools);
        CHECK(pools.in_flight.used() == 0);
        CHECK(pools.troubles.used() == 0);
        CHECK(pools.unacked.used() == 0);
    }
}
