#include "pcapline/output/json_writer.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "support/catch.h"

namespace pcapline {

TEST_CASE("commas stand between values and members, and nowhere else", "[output][json]") {
    TextBuffer out;
    JsonWriter json(out);
    json.begin_object().key("schema").text("pcapline.stats/1").key("empty").begin_object().end_object();
    json.key("none").begin_array().end_array().key("list").begin_array();
    json.number(1).begin_array().number(2).number(3).end_array().begin_object().key("a").number(4).end_object().null().end_array();
    json.key("last").truth(true).end_object();
    CHECK(out.view() == R"({"schema":"pcapline.stats/1","empty":{},"none":[],"list":[1,[2,3],{"a":4},null],"last":true})");
    CHECK(nlohmann::json::accept(out.view()));
}

TEST_CASE("each kind of value is written as records say", "[output][json]") {
    TextBuffer out;
    JsonWriter json(out);
    json.begin_array();
    json.number(std::numeric_limits<std::uint64_t>::max()).signed_number(std::numeric_limits<std::int64_t>::min());
    json.fixed(9167, 2).fixed(0, 9).truth(false).text("a\"\n").text(Bytes{}).null();
    json.iso_time(1'714'550'400'120'000'000).epoch(-1'500'000'000).raw("{\"x\":1}");
    json.value_follows().put("17");
    json.end_array();
    CHECK(out.view() == R"([18446744073709551615,-9223372036854775808,91.67,0.000000000,false,"a\"\u000a","",null,)"
                        R"("2024-05-01T08:00:00.120000000Z",-1.500000000,{"x":1},17])");
    CHECK(nlohmann::json::accept(out.view()));
}

TEST_CASE("a document may be drained while it is written", "[output][json]") {
    TextBuffer out;
    MemorySink sink;
    JsonWriter json(out);
    json.begin_array();
    for (unsigned i = 0; i < 3; ++i) {
        json.begin_object().key("n").number(i).end_object();
        CHECK(out.drain(sink));
    }
    json.end_array();
    CHECK(out.drain(sink));
    CHECK(std::string(sink.bytes().begin(), sink.bytes().end()) == R"([{"n":0},{"n":1},{"n":2}])");
}

}  // namespace pcapline
