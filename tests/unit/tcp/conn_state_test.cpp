#include "pcapline/tcp/conn_state.h"

#include "support/catch.h"
#include "talk.h"

using namespace pcapline;
using namespace pcapline::test;
using Lines = std::vector<std::string>;

namespace {

ConnState state_after(const Lines& lines) {
    ConnState state;
    TcpPools pools;
    TcpFlow flow;
    for (const std::string& text : lines) {
        const Line line = line_of(text, {0xffffffff, 5000});
        const Events events = flow.add(line.segment, line.way, pools);
        const TcpCounts counts = flow.counts(line.way, pools);
        state.add_tcp(line.segment, line.way, events, {counts.retransmissions, counts.zero_windows, counts.acked_unseen, 0});
    }
    flow.release(pools);
    return state;
}

}  // namespace

TEST_CASE("Every conn_state", "[tcp]") {
    struct Case {
        const char* name;
        Lines lines;
        const char* state;
        const char* history;
    };
    const Lines data = handshake + Lines{"> PA 1 1 10 1000 30", "< A 1 11 0 1000 31", "< PA 1 11 20 1000 32", "> A 11 21 0 1000 33"};
    const Case c = GENERATE_COPY(values<Case>({
        {"nothing answers", {"> S 0 0 0 1000 0"}, "S0", "S"},
        {"nothing answers, tried again", {"> S 0 0 0 1000 0", "> S 0 0 0 1000 900"}, "S0", "S"},
        {"established by the SYN+ACK", {"> S 0 0 0 1000 0", "< SA 0 1 0 1000 10"}, "S1", "Sh"},
        {"established", handshake, "S1", "ShA"},
        {"established, with data", data, "S1", "ShADad"},
        {"both closed", data + Lines{"> FA 11 21 0 1000 40", "< FA 21 12 0 1000 41", "> A 12 22 0 1000 42"}, "SF", "ShADadFf"},
        {"both closed, then reset", data + Lines{"> FA 11 21 0 1000 40", "< FA 21 12 0 1000 41", "> R 12 0 0 0 42"}, "SF", "ShADadFfR"},
        {"A closed, reset, and B closed", data + Lines{"> FA 11 21 0 1000 40", "> R 12 0 0 0 41", "< FA 21 12 0 1000 42"}, "SF",
         "ShADadFRf"},
        {"refused", {"> S 0 0 0 1000 0", "< RA 0 1 0 0 1"}, "REJ", "Sr"},
        {"only A closed", data + Lines{"> FA 11 21 0 1000 40", "< A 21 12 0 1000 41"}, "S2", "ShADadF"},
        {"only B closed", data + Lines{"< FA 21 11 0 1000 40", "> A 11 22 0 1000 41"}, "S3", "ShADadf"},
        {"A reset", data + Lines{"> RA 11 21 0 0 40"}, "RSTO", "ShADadR"},
        {"A reset at once", {"> S 0 0 0 1000 0", "< SA 0 1 0 1000 10", "> R 1 0 0 0 20"}, "RSTO", "ShR"},
        {"B closed, A reset", data + Lines{"< FA 21 11 0 1000 40", "> RA 11 22 0 0 41"}, "RSTO", "ShADadfR"},
        {"B reset", data + Lines{"< RA 21 11 0 0 40"}, "RSTR", "ShADadr"},
        {"SYN, then reset by A", {"> S 0 0 0 1000 0", "> R 1 0 0 0 20"}, "RSTOS0", "SR"},
        {"SYN+ACK, then reset by B", {"< SA 0 1 0 1000 0", "< R 1 0 0 0 20"}, "RSTRH", "hr"},
        {"SYN, then FIN by A", {"> S 0 0 0 1000 0", "> F 1 0 0 1000 20"}, "SH", "SF"},
        {"SYN+ACK, then FIN by B", {"< SA 0 1 0 1000 0", "< FA 1 1 0 1000 20"}, "SHR", "hf"},
        {"from the middle", {"> PA 10 10 10 1000 0", "< A 10 20 0 1000 1"}, "OTH", "Da"},
        {"a lone ACK", {"> A 10 10 0 1000 0"}, "OTH", "A"},
        {"only the SYN+ACK", {"< SA 0 1 0 1000 0"}, "OTH", "h"},
    }));
    INFO(c.name);
    const ConnState state = state_after(c.lines);
    CHECK(state.conn_state() == c.state);
    CHECK(state.history() == c.history);
}

TEST_CASE("History letters", "[tcp]") {
    struct Case {
        const char* name;
        Lines lines;
        const char* history;
    };
    const Case c = GENERATE(values<Case>({
        {"a SYN with another number is written again", {"> S 0 0 0 1000 0", "> S 9 0 0 1000 1"}, "SS"},
        {"resets with the same number once, with another again", {"> R 5 0 0 0 0", "> R 5 0 0 0 1", "> R 6 0 0 0 2"}, "RR"},
        {"a FIN sent again with its data is one", {"> FA 1 1 10 1000 0", "> FA 11 1 0 1000 500"}, "F"},
        {"data and ACKs once a direction",
         {"> PA 1 1 10 1000 0", "< PA 1 11 10 1000 1", "> PA 11 11 10 1000 2", "< A 11 21 0 1000 3"},
         "Dda"},
        {"a retransmission", {"> PA 1 1 10 1000 0", "> PA 1 1 10 1000 500"}, "DT"},
        {"the tenth retransmission",
         {"> PA 1 1 10 1000 0", "> PA 1 1 10 1000 500", "> PA 1 1 10 1000 600", "> PA 1 1 10 1000 700", "> PA 1 1 10 1000 800",
          "> PA 1 1 10 1000 900", "> PA 1 1 10 1000 1000", "> PA 1 1 10 1000 1100", "> PA 1 1 10 1000 1200", "> PA 1 1 10 1000 1300",
          "> PA 1 1 10 1000 1400"},
         "DTT"},
        {"a SYN sent again is no retransmission of payload", {"> S 0 0 0 1000 0", "> S 0 0 0 1000 900"}, "S"},
        {"a zero window", {"> A 1 1 0 1000 0", "< A 1 1 0 0 1"}, "Aaw"},
        {"a zero window after the other's FIN does not matter", {"> FA 1 1 0 1000 0", "< A 1 2 0 0 1"}, "Fa"},
        {"an ACK of bytes that were not seen: a gap of the other's", {"> PA 1 1 10 1000 0", "< A 1 500 0 1000 1"}, "DaG"},
        {"FIN and RST", {"> FRA 1 1 0 0 0"}, "I"},
        {"SYN and FIN", {"> SF 1 1 0 0 0"}, "Q"},
        {"SYN and RST", {"< SR 1 1 0 0 0"}, "q"},
    }));
    INFO(c.name);
    CHECK(state_after(c.lines).history() == c.history);
}

TEST_CASE("A bad checksum is written for the first, tenth, hundredth … time", "[tcp]") {
    ConnState state;
    Segment segment;
    segment.flags = Tcp::ack;
    Events events;
    events.add(TcpEvent::bad_checksum);
    for (std::uint64_t count = 1; count <= 1000; ++count) state.add_tcp(segment, Way::ba, events, {0, 0, 0, count});
    CHECK(state.history() == "caccc");
}

TEST_CASE("History ends after its last place", "[tcp]") {
    ConnState state;
    Segment segment;
    segment.flags = Tcp::rst;
    for (segment.seq = 0; segment.seq < 100; ++segment.seq) state.add_tcp(segment, Way::ab, {}, {});
    CHECK(state.history() == std::string(History::max_letters, 'R'));
}

TEST_CASE("UDP and ICMP: answered or not", "[tcp]") {
    ConnState udp;
    udp.add_other(Way::ab, true, true);
    CHECK(udp.conn_state() == "S0");
    CHECK(udp.history() == "D");
    udp.add_other(Way::ab, true, true);
    udp.add_other(Way::ba, true, true, true, 1);
    CHECK(udp.conn_state() == "SF");
    CHECK(udp.history() == "Dcd");
    ConnState icmp;
    icmp.add_other(Way::ab, true, false);
    icmp.add_other(Way::ba, true, false);
    CHECK(icmp.conn_state() == "SF");
    CHECK(icmp.history().empty());
}

TEST_CASE("When the initiator was the other side, the letters change their case and '^' says so", "[tcp]") {
    ConnState state = state_after({"> PA 1 1 10 1000 0", "< A 1 11 0 1000 1"});
    state.flip();
    CHECK(state.history() == "dA^");
    ConnState rejected = state_after({"< S 0 0 0 1000 0", "> RA 0 1 0 0 1"});
    rejected.flip();
    CHECK(rejected.conn_state() == "REJ");
}

TEST_CASE("How it ended: FIN both ways, or a reset", "[tcp]") {
    CHECK_FALSE(state_after(handshake).finished());
    CHECK(state_after(handshake).saw_syn());
    CHECK_FALSE(state_after({"> PA 1 1 10 1000 0"}).saw_syn());
    CHECK(state_after({"> FA 1 1 0 1000 0", "< FA 1 2 0 1000 0"}).finished());
    CHECK(state_after({"> FA 1 1 0 1000 0", "< RA 1 2 0 1000 0"}).was_reset());
    CHECK_FALSE(state_after({"> FA 1 1 0 1000 0"}).finished());
}
