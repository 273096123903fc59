#include "pcapline/conversation/host_pairs.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/catch.h"
#include "unit/flow/flow_support.h"

namespace pcapline {
namespace {

using namespace test;

struct Sent {
    double seconds;
    Octets bytes;
};

nlohmann::json report(const std::vector<Sent>& packets, const HostPairRules& reckon = {}, const TrackRules& rules = {}) {
    HostPairs pairs{rules, reckon};
    Batch batch;
    for (const Sent& packet : packets) {
        Frame frame = frame_of(packet.bytes);
        frame.time_ns = static_cast<std::int64_t>(packet.seconds * 1e9 + 0.5);
        batch.frames.push_back(frame);
    }
    pairs.add(batch);
    TextBuffer text;
    text.put('{');
    const std::vector<HostPair>& all = pairs.finish();
    pairs.put_totals(text);
    text.put(",\"conversations\":[");
    for (const HostPair& pair : all) {
        if (&pair != all.data()) text.put(',');
        pairs.put_json(text, pair);
    }
    text.put("]}");
    return nlohmann::json::parse(text.view());
}

Octets dns(std::uint16_t port, std::uint8_t src = 1, std::uint8_t dst = 2) {
    return ethernet(0x0800, ipv4(17, udp(port, 123, hex("0102")), src, dst));
}
Octets dns_answer(std::uint16_t port) {
    return ethernet(0x0800, ipv4(17, udp(123, port, hex("010203")), 2, 1));
}

TEST_CASE("Intervals are means over all conversations, or the original's running half-average", "[conversation]") {
    const std::vector<Sent> packets = {{0, dns(1000)}, {1, dns(1000)}, {2.5, dns(1000)}, {3.5, dns(1000)}, {4, dns_answer(1000)}};
    const auto mean = report(packets)["conversations"][0];
    CHECK(mean["hosts"] == nlohmann::json({"10.0.0.1", "10.0.0.2"}));
    CHECK(mean["packet_intervals"]["AB_intervals"].dump() == R"({"UDP_NTP_44B":1.166666667})");
    CHECK(mean["packet_intervals"]["BA_intervals"].dump() == R"({"UDP_NTP_45B":null})");
    CHECK(mean["repeat_mean"].is_null());
    const auto original = report(packets, {true, false})["conversations"][0];
    CHECK(original["packet_intervals"]["AB_intervals"].dump() == R"({"UDP_NTP_44B":1.125})");
}

TEST_CASE("Conversations of two hosts are one pair, whoever began the later ones, and their sums are sums", "[conversation]") {
    std::vector<Sent> packets;
    for (const auto& [start, port] : {std::pair{0.0, 1000}, {60.0, 1001}, {125.0, 1002}, {185.0, 1003}})
        packets.push_back({start, dns(static_cast<std::uint16_t>(port))});
    packets.push_back({200, ethernet(0x0800, ipv4(17, udp(9999, 8888, hex("01")), 2, 1))});
    packets.push_back({201, ethernet(0x0806, hex("0001"))});
    const auto all = report(packets);
    CHECK(all["packet_count"] == 6);
    CHECK(all["duration"] == 201.0);
    CHECK(all["unhandled_packets"] == 1);
    CHECK(all["unhandled_types"].size() == 1);
    REQUIRE(all["conversations"].size() == 1);
    const auto pair = all["conversations"][0];
    CHECK(pair["hosts"] == nlohmann::json({"10.0.0.1", "10.0.0.2"}));
    CHECK(pair["count"] == 5);
    CHECK(pair["applications"] == nlohmann::json({"UDP_NTP", "UDP_8888"}));
    CHECK(pair["start_times"] == nlohmann::json({0.0, 60.0, 125.0, 185.0, 200.0}));
    CHECK(pair["bytes"] == 4 * 44 + 43);
    CHECK(pair["repeat_mean"] == 50.0);
    CHECK(pair["packet_intervals"]["BA_intervals"].dump() == R"({"UDP_8888_43B":null})");
}

TEST_CASE("What stays inside of local networks is counted and left out", "[conversation]") {
    TrackRules rules;
    rules.local = *Networks::parse("10.0.0.1,10.0.0.2");
    const auto all = report({{0, dns(1000)}, {1, dns(1000, 1, 3)}}, {}, rules);
    CHECK(all["local_packets"] == 1);
    CHECK(all["local_bytes"] == 44);
    CHECK(all["conversations"].size() == 1);
    CHECK(all["bytes_total"] == 88);
}

TEST_CASE("A flow for which there is no room is still part of its pair", "[conversation]") {
    TrackRules rules;
    rules.limits.max_flows = 1;
    const auto all = report({{0, dns(1000)}, {1, dns(1001)}, {2, dns(1002)}}, {}, rules);
    REQUIRE(all["conversations"].size() == 1);
    CHECK(all["conversations"][0]["count"] == 3);
    CHECK(all["conversations"][0]["bytes"] == 3 * 44);
}

}  // namespace
}  // namespace pcapline
