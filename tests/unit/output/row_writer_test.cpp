#include "pcapline/output/row_writer.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/catch.h"

namespace pcapline {
namespace {

struct Thing {
    std::string name;
    std::uint64_t count = 0;
    bool known = true;
    std::vector<std::string> tags;
    std::int64_t time_ns = no_time;
};

const std::vector<RowColumn<Thing>> columns{
    {"name", 6, false, [](const Thing& thing, CellWriter& cell) { cell.text(thing.name); }},
    {"count", 4, true, [](const Thing& thing, CellWriter& cell) { cell.number(thing.count); }},
    {"change", 4, true,
     [](const Thing& thing, CellWriter& cell) {
         if (thing.known) cell.signed_number(-3);
     }},
    {"percent", 7, true, [](const Thing&, CellWriter& cell) { cell.fixed(9167, 2); }},
    {"known", 5, false, [](const Thing& thing, CellWriter& cell) { cell.truth(thing.known); }},
    {"time", 30, false, [](const Thing& thing, CellWriter& cell) { cell.time(thing.time_ns); }},
    {"time_epoch", 20, true, [](const Thing& thing, CellWriter& cell) { cell.epoch(thing.time_ns); }},
    {"tags", 4, false,
     [](const Thing& thing, CellWriter& cell) {
         if (!thing.known) return;
         cell.begin_list();
         for (const std::string& tag : thing.tags) cell.text(tag);
         cell.end_list();
     }},
};

const std::vector<Thing> things{{"a,b", 24, true, {"x", "y\""}, 0}, {"line\n\\", 7, false, {}, no_time}, {"", 0, true, {}, -1}};

RowStyle as(Format format) {
    RowStyle style;
    style.format = format;
    style.plural = "things";
    return style;
}

std::string written(const RowStyle& style, std::string_view extra = "", std::size_t rows = 3) {
    RowWriter<Thing> writer{columns, style};
    TextBuffer out;
    writer.begin(out);
    for (std::size_t i = 0; i < rows; ++i) writer.row(out, things[i]);
    writer.end(out, extra);
    CHECK(writer.rows() == rows);
    return std::string(out.view());
}

TEST_CASE("Rows are objects of what is known, one a line or in a document", "[output]") {
    CHECK(
        written(as(Format::ndjson)) ==
        R"({"name":"a,b","count":24,"change":-3,"percent":91.67,"known":true,"time":"1970-01-01T00:00:00.000000000Z","time_epoch":0.000000000,"tags":["x","y\""]})"
        "\n"
        R"({"name":"line\u000a\\","count":7,"percent":91.67,"known":false})"
        "\n"
        R"({"name":"","count":0,"change":-3,"percent":91.67,"known":true,"time":"1969-12-31T23:59:59.999999999Z","time_epoch":-0.000000001,"tags":[]})"
        "\n");
    const auto document = nlohmann::json::parse(written(as(Format::json), R"(,"left_out":{"not_ip":2})"));
    CHECK(document["schema"] == "pcapline.things/1");
    CHECK(document["things"].size() == 3);
    CHECK(document["total_things"] == 3);
    CHECK(document["left_out"]["not_ip"] == 2);
    const auto empty = nlohmann::json::parse(written(as(Format::json), "", 0));
    CHECK(empty["things"].empty());
    RowStyle with_nulls = as(Format::json);
    with_nulls.nulls = true;
    const auto nulls = nlohmann::json::parse(written(with_nulls));
    CHECK(nulls["things"][1]["change"].is_null());
    CHECK(nulls["things"][1].size() == columns.size());
}

TEST_CASE("Rows are lines of CSV and TSV with a cell for every column", "[output]") {
    RowStyle headless = as(Format::tsv);
    headless.header = false;
    CHECK(written(as(Format::csv)) ==
          "name,count,change,percent,known,time,time_epoch,tags\n"
          "\"a,b\",24,-3,91.67,true,1970-01-01T00:00:00.000000000Z,0.000000000,\"x,y\"\"\"\n"
          "line\\x0a\\\\,7,,91.67,false,,,\n"
          "\"\",0,-3,91.67,true,1969-12-31T23:59:59.999999999Z,-0.000000001,\n");
    CHECK(written(headless) ==
          "a,b\t24\t-3\t91.67\ttrue\t1970-01-01T00:00:00.000000000Z\t0.000000000\tx,y\"\n"
          "line\\n\\\\\t7\t\t91.67\tfalse\t\t\t\n"
          "\t0\t-3\t91.67\ttrue\t1969-12-31T23:59:59.999999999Z\t-0.000000001\t\n");
}

TEST_CASE("Rows stand in columns, numbers to the right, and a long value pushes no further than it must", "[output]") {
    CHECK(written(as(Format::table)) ==
          "name    count  change  percent  known  time                                      time_epoch  tags\n"
          "a,b        24      -3    91.67  true   1970-01-01T00:00:00.000000000Z           0.000000000  x,y\"\n"
          "line\\x0a\\\\  7            91.67  false\n"
          "            0      -3    91.67  true   1969-12-31T23:59:59.999999999Z          -0.000000001\n");
}

}  // namespace
}  // namespace pcapline
