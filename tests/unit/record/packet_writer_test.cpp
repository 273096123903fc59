#include "pcapline/record/packet_writer.h"

#include <algorithm>

#include "support/catch.h"
#include "support/packet_builder.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

/// IPv4 in IPv4 (192.0.2.1 > 192.0.2.2, inside 10.0.0.1 > 10.0.0.2), UDP 1000 > 2000 without payload.
const std::vector<std::uint8_t> tunnel = hex(
    "00005e005301 00005e00530a 0800 | 4500 0030 0001 0000 4004 0000 c0000201 c0000202 | 4500 001c 0002 0000 4011 0000 0a000001 0a000002 |"
    "03e8 07d0 0008 0000");

std::string written(const std::vector<std::uint8_t>& bytes, RecordOptions options, const std::vector<std::string>& fields = {},
                    std::int64_t time = 0) {
    if (!fields.empty()) {
        auto found = find_record_fields(fields);
        REQUIRE(found);
        options.fields = *found;
    }
    Frame frame = frame_of(bytes);
    frame.time_ns = time;
    Packet packet;
    decode(frame, packet);
    PacketWriter writer{options};
    TextBuffer out;
    writer.begin(out);
    writer.packet(out, {frame, packet, 7, nullptr, {}});
    writer.end(out, "");
    return std::string{out.view()};
}

RecordOptions as(Format format) {
    RecordOptions options;
    options.format = format;
    return options;
}

}  // namespace

TEST_CASE("The first dot nests, further dots become _, and groups keep the order asked for", "[record]") {
    CHECK(written(tunnel, as(Format::ndjson), {"udp.srcport", "ip.flags.df", "frame.number", "udp.dstport"}) ==
          R"({"udp":{"srcport":1000,"dstport":2000},"ip":{"flags_df":[false,false]},"frame":{"number":7}})"
          "\n");
}

TEST_CASE("A list field is always an array, a one field only where its layer repeats", "[record]") {
    RecordOptions options = as(Format::ndjson);
    const std::vector<std::string> fields{"ip.src", "udp.port", "udp.length"};
    CHECK(written(tunnel, options, fields) == R"({"ip":{"src":["192.0.2.1","10.0.0.1"]},"udp":{"port":[1000,2000],"length":8}})"
                                              "\n");
    options.occurrence = Occurrence::first;
    CHECK(written(tunnel, options, fields) == R"({"ip":{"src":"192.0.2.1"},"udp":{"port":1000,"length":8}})"
                                              "\n");
    options.occurrence = Occurrence::last;
    CHECK(written(tunnel, options, fields) == R"({"ip":{"src":"10.0.0.1"},"udp":{"port":2000,"length":8}})"
                                              "\n");
    options.occurrence = Occurrence::all;
    CHECK(written(tunnel, options, fields) == R"({"ip":{"src":["192.0.2.1","10.0.0.1"]},"udp":{"port":[1000,2000],"length":[8]}})"
                                              "\n");
}

TEST_CASE("Absent values have no key, no group, or null, and a protocol is an empty object", "[record]") {
    RecordOptions options = as(Format::ndjson);
    CHECK(written(tunnel, options, {"tcp.srcport", "udp", "ip.ttl"}) == R"({"udp":{},"ip":{"ttl":[64,64]}})"
                                                                        "\n");
    CHECK(written(tunnel, options, {"tcp.srcport"}) == "{}\n");
    options.nulls = true;
    CHECK(written(tunnel, options, {"tcp.srcport", "udp.length"}) == R"({"tcp":{"srcport":null},"udp":{"length":8}})"
                                                                     "\n");
}

TEST_CASE("CSV joins and quotes lists, -T fields spells numbers as tshark does", "[record]") {
    RecordOptions csv = as(Format::csv);
    csv.header = true;
    CHECK(written(tunnel, csv, {"udp.port", "ip.flags.df", "tcp", "udp", "udp.checksum"}) ==
          "udp.port,ip.flags.df,tcp,udp,udp.checksum\n\"1000,2000\",\"false,false\",,1,0\n");
    RecordOptions fields = as(Format::fields);
    CHECK(written(tunnel, fields, {"udp.port", "ip.flags.df", "tcp", "udp", "udp.checksum"}) == "1000,2000\t0,0\t\t1\t0x0000\n");
    fields.separator = ";";
    fields.aggregator = "/";
    fields.quote = '"';
    fields.header = true;
    CHECK(written(tunnel, fields, {"udp.port", "tcp"}) == "udp.port;tcp\n\"1000/2000\";\n");
}

TEST_CASE("A packet without a time says so instead of giving one", "[record]") {
    const std::string record = written(tunnel, as(Format::ndjson), {}, no_time);
    CHECK(record.starts_with(R"({"number":7,"time_bad":true,"length":62,"captured":62,"protocols":"eth:ip:ip:udp","layers":[)"));
    RecordOptions csv = as(Format::csv);
    CHECK(written(tunnel, csv, {}, no_time).starts_with("7,,,62,62,eth:ip:ip:udp,10.0.0.1,10.0.0.2,1000,2000,udp,"));
}

TEST_CASE("Bytes stand at the end of each record", "[record]") {
    RecordOptions options = as(Format::ndjson);
    options.bytes = BytesAs::hex;
    CHECK(written(hex("0102ff"), options, {"frame.len"}) == R"({"frame":{"len":3},"bytes":"0102ff"})"
                                                            "\n");
    CHECK(written(hex("0102ff"), options, {"tcp"}) == "{\"bytes\":\"0102ff\"}\n");
    options.bytes = BytesAs::base64;
    CHECK(written(hex("0102ff"), options, {"tcp"}) == "{\"bytes\":\"AQL/\"}\n");
}

TEST_CASE("Unknown fields are all named, with the nearest known ones", "[record]") {
    const std::vector<std::string> names{"ip.src", "udp.dstprot", "nonsense.field.of.mine"};
    const auto found = find_record_fields(names);
    REQUIRE(!found);
    CHECK(found.error().code == Errc::usage);
    CHECK(found.error().what.find("udp.dstprot (did you mean udp.dstport") != std::string::npos);
    CHECK(found.error().what.find("nonsense.field.of.mine") != std::string::npos);
}

TEST_CASE("A JSON document counts its packets", "[record]") {
    CHECK(written(tunnel, as(Format::json), {"frame.number"}) ==
          R"({"schema":"pcapline.packets/1","packets":[{"frame":{"number":7}}],"total_packets":1})"
          "\n");
}

TEST_CASE("A field that several protocols have gives the values of all of them, in the order of the packet", "[record]") {
    const auto options =
        hex("00005e005301 00005e00530a 86dd | 60000000 0010 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002 |"
            "3c00 05020000 0100 | 3b00 c20400010000");
    CHECK(written(options, as(Format::ndjson), {"ipv6.opt.type"}) == R"({"ipv6":{"opt_type":[5,1,194]}})"
                                                                     "\n");
    const auto discovery = hex("ffffffffffff 00005e00530a 8863 | 1109 0000 0000");
    const auto session = hex("00005e005301 00005e00530a 8864 | 1100 0017 0002 c021");
    CHECK(written(discovery, as(Format::ndjson), {"pppoe.code"}) == R"({"pppoe":{"code":9}})"
                                                                    "\n");
    CHECK(written(session, as(Format::ndjson), {"pppoe.session_id", "pppoe.code"}) == R"({"pppoe":{"session_id":23,"code":0}})"
                                                                                      "\n");
    const auto listed = list_fields();
    CHECK(std::count_if(listed.begin(), listed.end(), [](const FieldListing& field) { return field.name == "pppoe.code"; }) == 1);
}
