// Each event, on talks as small as can be, at sequence numbers that do and do not wrap.
#include <limits>

#include "support/catch.h"
#include "talk.h"

using namespace pcapline;
using namespace pcapline::test;
using Lines = std::vector<std::string>;

namespace {

struct Case {
    const char* name;
    Lines lines;
    const char* last;  // the events of the last line
};

Bases any_bases() {
    return GENERATE(values<Bases>({
        {1000, 5000},
        {0, 0},
        {0xffffffff, 0xffffffff},
        {0xffffff9c, 0xfffffc17},  // wraps within the data
        {0x7fffffff, 0x80000000},
    }));
}

void check(const Case& c, Bases bases) {
    INFO(c.name);
    CAPTURE(bases.a, bases.b);
    Talk talk{bases};
    CHECK(names_of(talk.tell_all(c.lines)) == c.last);
}

}  // namespace

TEST_CASE("Segments that come when they should", "[tcp]") {
    const Case c = GENERATE(values<Case>({
        {"a SYN", {"> S 0 0 0 1000 0"}, ""},
        {"its answer", {"> S 0 0 0 1000 0", "< SA 0 1 0 1000 10"}, ""},
        {"the third", handshake, ""},
        {"data", handshake + Lines{"> PA 1 1 100 1000 21"}, ""},
        {"more data", handshake + Lines{"> PA 1 1 100 1000 21", "> PA 101 1 100 1000 22"}, ""},
        {"an ACK", handshake + Lines{"> PA 1 1 100 1000 21", "< A 1 101 0 1000 31"}, ""},
        {"FIN", handshake + Lines{"> FA 1 1 0 1000 21"}, ""},
        {"FIN with data", handshake + Lines{"> FA 1 1 10 1000 21"}, ""},
        {"data from the middle", {"> PA 500 900 100 1000 0"}, ""},
        {"and its answer", {"> PA 500 900 100 1000 0", "< PA 900 600 100 1000 1"}, ""},
        {"a fragment", handshake + Lines{"> PA 1 1 100 1000 21", "> PA 1 1 100 1000 500 frag"}, ""},
        {"data behind a byte that was probed",
         handshake + Lines{"< A 1 1 0 0 21", "> A 1 1 1 1000 30", "< A 1 2 0 500 31", "> A 1 1 100 1000 32"}, ""},
    }));
    check(c, any_bases());
}

TEST_CASE("Segments that are sent again", "[tcp]") {
    const Lines sent = handshake + Lines{"> PA 1 1 100 1000 21", "> PA 101 1 100 1000 22", "> PA 201 1 100 1000 23"};
    const Lines asked = sent + Lines{"< A 1 1 0 1000 31", "< A 1 1 0 1000 32"};
    const Case c = GENERATE_COPY(values<Case>({
        {"the last one, later than a round trip", sent + Lines{"> PA 201 1 100 1000 300"}, "retransmission"},
        {"the last one, soon: its end is the end of all", sent + Lines{"> PA 201 1 100 1000 24"}, "retransmission"},
        {"an older one, later than a round trip", sent + Lines{"> PA 1 1 100 1000 300"}, "retransmission"},
        {"a round trip later to the nanosecond", sent + Lines{"> PA 1 1 100 1000 43"}, "retransmission"},
        {"an older one, sooner than a round trip", sent + Lines{"> PA 1 1 100 1000 42.999999"}, "out_of_order"},
        {"time ran backwards", sent + Lines{"> PA 1 1 100 1000 5"}, "retransmission"},
        {"after two duplicate ACKs", asked + Lines{"< A 1 1 0 1000 33", "> PA 1 1 100 1000 34"}, "retransmission fast_retransmission"},
        {"after two duplicate ACKs, 20 ms later", asked + Lines{"< A 1 1 0 1000 33", "> PA 1 1 100 1000 53"}, "retransmission"},
        {"another one than the duplicate ACKs ask for", asked + Lines{"< A 1 1 0 1000 33", "> PA 101 1 100 1000 34"}, "out_of_order"},
        {"another one, and SACK asks for it", asked + Lines{"< A 1 1 0 1000 33 sack=201-301", "> PA 101 1 100 1000 34"}, "out_of_order"},
        {"after an ACK beyond all that was seen", sent + Lines{"< PA 1 101 10 1000 31", "> A 301 99 0 1000 32", "> PA 101 11 100 1000 33"},
         "retransmission fast_retransmission"},
        {"acknowledged already", sent + Lines{"< A 1 301 0 1000 31", "> PA 101 1 100 1000 32"}, "retransmission spurious_retransmission"},
        {"acknowledged to its last byte but one", sent + Lines{"< A 1 200 0 1000 31", "> PA 101 1 100 1000 300"}, "retransmission"},
        {"a SYN", {"> S 0 0 0 1000 0", "> S 0 0 0 1000 1000"}, "retransmission"},
        {"a SYN+ACK", {"> S 0 0 0 1000 0", "< SA 0 1 0 1000 10", "< SA 0 1 0 1000 1010"}, "retransmission"},
        {"a FIN", handshake + Lines{"> FA 1 1 0 1000 21", "> FA 1 1 0 1000 300"}, "retransmission"},
        {"more than was sent before", sent + Lines{"> PA 201 1 200 1000 300"}, "retransmission overlap"},
        {"the middle of what is missing", handshake + Lines{"> PA 1 1 100 1000 21", "> PA 401 1 100 1000 22", "> PA 201 1 100 1000 23"},
         "out_of_order"},
        {"what is missing and some more", handshake + Lines{"> PA 1 1 100 1000 21", "> PA 201 1 100 1000 22", "> PA 51 1 150 1000 23"},
         "out_of_order overlap"},
    }));
    check(c, any_bases());
}

TEST_CASE("Segments that are missing", "[tcp]") {
    const Lines sent = handshake + Lines{"> PA 1 1 100 1000 21"};
    const Case c = GENERATE_COPY(values<Case>({
        {"data before it", sent + Lines{"> PA 201 1 100 1000 22"}, "lost_segment gap"},
        {"a bare ACK shows it too", sent + Lines{"> A 201 1 0 1000 22"}, "lost_segment gap"},
        {"a reset does not", sent + Lines{"> R 201 0 0 0 22"}, "reset"},
        {"an ACK of what was not seen", sent + Lines{"< A 1 201 0 1000 22"}, "ack_lost_segment acked_beyond"},
        {"the same ACK again: told once", sent + Lines{"< A 1 201 0 1000 22", "< A 1 201 0 900 23"}, "window_update acked_beyond"},
        {"nor is the next one told", sent + Lines{"< A 1 201 0 1000 22", "< A 1 301 0 1000 23"}, "acked_beyond"},
        {"nor one after data that fits", sent + Lines{"< A 1 201 0 1000 22", "> PA 101 1 50 1000 23", "< A 1 301 0 1000 24"},
         "acked_beyond"},
        {"but after a new ACK of the other side", sent + Lines{"< PA 1 201 10 1000 22", "> A 101 11 0 1000 23", "< A 11 301 0 1000 24"},
         "ack_lost_segment acked_beyond"},
        {"and after data with a gap before it", sent + Lines{"< A 1 201 0 1000 22", "> PA 251 1 10 1000 23", "< A 1 301 0 1000 24"},
         "ack_lost_segment acked_beyond"},
        {"an ACK of what was seen", sent + Lines{"< A 1 101 0 1000 22"}, ""},
        {"an ACK of what is missing", sent + Lines{"> PA 201 1 100 1000 22", "< A 1 301 0 1000 31"}, "ack_lost_segment acked_beyond"},
    }));
    check(c, any_bases());
}

TEST_CASE("Windows and keep-alives", "[tcp]") {
    const Lines idle = handshake + Lines{"> PA 1 1 100 1000 21", "< A 1 101 0 1000 22"};
    const Case c = GENERATE_COPY(values<Case>({
        {"a duplicate ACK", idle + Lines{"< A 1 101 0 1000 23"}, "duplicate_ack"},
        {"another window: an update", idle + Lines{"< A 1 101 0 900 23"}, "window_update"},
        {"a zero window", idle + Lines{"< A 1 101 0 0 23"}, "zero_window"},
        {"a zero window in a reset says nothing", idle + Lines{"< R 1 0 0 0 23"}, "reset"},
        {"a keep-alive without data", idle + Lines{"> A 100 1 0 1000 9000"}, "keep_alive"},
        {"a keep-alive with a byte", idle + Lines{"> A 100 1 1 1000 9000"}, "keep_alive"},
        {"two bytes are no keep-alive", idle + Lines{"> A 100 1 2 1000 9000"}, "overlap"},
        {"a FIN is no keep-alive", idle + Lines{"> FA 100 1 0 1000 9000"}, "retransmission"},
        {"the answer to a keep-alive", idle + Lines{"> A 100 1 0 1000 9000", "< A 1 101 0 1000 9001"}, "keep_alive_ack"},
        {"a probe", idle + Lines{"< A 1 101 0 0 23", "> A 101 1 1 1000 900"}, "zero_window_probe"},
        {"its answer", idle + Lines{"< A 1 101 0 0 23", "> A 101 1 1 1000 900", "< A 1 101 0 0 901"}, "zero_window zero_window_probe_ack"},
        {"its answer, which takes the byte", idle + Lines{"< A 1 101 0 0 23", "> A 101 1 1 1000 900", "< A 1 102 0 0 901"},
         "zero_window ack_lost_segment acked_beyond"},
        {"and the window opens", idle + Lines{"< A 1 101 0 0 23", "> A 101 1 1 1000 900", "< A 1 102 0 500 901"},
         "ack_lost_segment acked_beyond"},
        {"one byte to who has not spoken yet", {"> A 1 1 1 1000 0", "> A 2 1 1 1000 1"}, ""},
        {"the window is full", idle + Lines{"> PA 101 1 1000 1000 23"}, "window_full"},
        {"all but one byte of it", idle + Lines{"> PA 101 1 999 1000 23"}, ""},
    }));
    check(c, any_bases());
}

TEST_CASE("A scaled window is full when its factor says so", "[tcp]") {
    Talk talk;
    talk.tell_all({"> S 0 0 0 1000 0 shift=2", "< SA 0 1 0 1000 10 shift=3", "> A 1 1 0 1000 20"});
    CHECK(names_of(talk.tell("> PA 1 1 1000 1000 21").analysis) == "window_full");  // the SYN+ACK's window is not scaled
    CHECK(names_of(talk.tell("< A 1 1001 0 100 22").analysis).empty());
    CHECK(names_of(talk.tell("> PA 1001 1 100 1000 23").analysis).empty());
    CHECK(names_of(talk.tell("> PA 1101 1 700 1000 24").analysis) == "window_full");
}

TEST_CASE("A new SYN begins another connection, the same one sent again does not", "[tcp]") {
    Talk talk;
    talk.tell_all(handshake);
    const auto begins = [&](std::string_view text) {
        const Line line = line_of(text, {});
        return talk.flow().begins_another(line.segment, line.way);
    };
    CHECK_FALSE(begins("> S 0 0 0 1000 500"));
    CHECK(begins("> S 1 0 0 1000 500"));
    CHECK_FALSE(begins("> SA 77 1 0 1000 500"));
    CHECK_FALSE(begins("> PA 77 1 10 1000 500"));
    CHECK(begins("< S 1 0 0 1000 500"));
    // Another answer to the same SYN stays in the connection; its numbers begin anew.
    CHECK(names_of(talk.tell("< SA 7000 1 0 1000 500").analysis) == "lost_segment reused_ports gap");
    CHECK(talk.flow().base(Way::ba) == 12000);
    CHECK_FALSE(TcpFlow{}.begins_another(line_of("> S 7 0 0 1000 0", {}).segment, Way::ab));
}

TEST_CASE("Segments without a time, or with the strangest, do no harm", "[tcp]") {
    TcpPools pools;
    TcpPackets packets;
    const auto lines = handshake + Lines{"> PA 1 1 100 1000 21", "> PA 1 1 100 1000 21", "< A 1 101 0 1000 21", "< A 1 101 0 1000 21"};
    std::uint64_t number = 0;
    for (const std::int64_t time : {no_time, std::numeric_limits<std::int64_t>::max(), no_time + 1, std::int64_t{0}}) {
        for (const std::string& text : lines) {
            Line line = line_of(text, {});
            line.segment.time_ns = time;
            line.segment.number = ++number;
            packets.add(line.segment, line.way, pools);
        }
    }
    packets.release(pools);
    CHECK(pools.troubles.used() == 0);
    CHECK(pools.in_flight.used() == 0);
}
