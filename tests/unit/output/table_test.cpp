#include "pcapline/output/table.h"

#include <nlohmann/json.hpp>
#include <string>

#include "support/catch.h"

namespace pcapline {
namespace {

/// One column of each kind, a row that has all of them and a row that has none.
Table all_kinds() {
    Table table;
    table.name = "things";
    table.columns = {
        {"name"}, {"count"}, {"change"}, {"percent"}, {"truth"}, {"time"}, {"time_epoch"}, {"nested", true, false}, {"flat", false, true}};
    table.rows.push_back({Cell::of(std::string("a,b")), Cell::of(std::uint64_t{24}), Cell::signed_of(-3), Cell::fixed(9167, 2),
                          Cell::truth(true), Cell::time(0), Cell::epoch(-1), Cell::json(R"([1,{"x":2}])"), Cell::of(std::string("1 2"))});
    table.rows.push_back(std::vector<Cell>(9));
    return table;
}

template <class... Options>
std::string csv(const Table& table, Options... options) {
    TextBuffer out;
    put_csv(out, table, options...);
    return std::string(out.view());
}

template <class... Options>
std::string tsv(const Table& table, Options... options) {
    TextBuffer out;
    put_tsv(out, table, options...);
    return std::string(out.view());
}

template <class... Options>
std::string json(const Table& table, Options... options) {
    TextBuffer out;
    put_json_array(out, table, options...);
    return std::string(out.view());
}

std::string text(const Table& table) {
    TextBuffer out;
    put_text_table(out, table);
    return std::string(out.view());
}

}  // namespace

TEST_CASE("JSON holds the values that are there, in column order", "[output][table]") {
    CHECK(json(all_kinds()) ==
          R"([{"name":"a,b","count":24,"change":-3,"percent":91.67,"truth":true,"time":"1970-01-01T00:00:00.000000000Z",)"
          R"("time_epoch":-0.000000001,"nested":[1,{"x":2}]},{}])");
    CHECK(nlohmann::json::accept(json(all_kinds())));
}

TEST_CASE("nulls are written when asked for", "[output][table]") {
    Table table = all_kinds();
    TextBuffer out;
    put_json_object(out, table, table.rows[1], true);
    CHECK(out.view() ==
          R"({"name":null,"count":null,"change":null,"percent":null,"truth":null,"time":null,"time_epoch":null,"nested":null})");
}

TEST_CASE("CSV has a header, quotes where needed and empty cells for what is absent", "[output][table]") {
    CHECK(csv(all_kinds()) ==
          "name,count,change,percent,truth,time,time_epoch,flat\n"
          "\"a,b\",24,-3,91.67,true,1970-01-01T00:00:00.000000000Z,-0.000000001,1 2\n"
          ",,,,,,,\n");
    CHECK(csv(all_kinds(), false).starts_with("\"a,b\",24"));
}

TEST_CASE("empty text is told from absent text in CSV", "[output][table]") {
    Table table;
    table.columns = {{"a"}, {"b"}};
    table.rows = {{Cell::of(std::string()), Cell::absent()}};
    CHECK(csv(table) == "a,b\n\"\",\n");
    CHECK(json(table) == R"([{"a":""}])");
}

TEST_CASE("TSV has no quotes", "[output][table]") {
    Table table = all_kinds();
    table.rows[0][0] = Cell::of(std::string("a\tb\\\"\n"));
    CHECK(tsv(table) ==
          "name\tcount\tchange\tpercent\ttruth\ttime\ttime_epoch\tflat\n"
          "a\\tb\\\\\"\\n\t24\t-3\t91.67\ttrue\t1970-01-01T00:00:00.000000000Z\t-0.000000001\t1 2\n"
          "\t\t\t\t\t\t\t\n");
    CHECK(tsv(table, false).starts_with("a\\tb"));
}

TEST_CASE("a table without rows is its header, an empty list, a heading", "[output][table]") {
    Table table;
    table.columns = {{"layer"}, {"packets"}};
    CHECK(csv(table) == "layer,packets\n");
    CHECK(csv(table, false).empty());
    CHECK(json(table) == "[]");
    CHECK(text(table) == "layer  packets\n");
}

TEST_CASE("a text table is aligned: numbers to the right, text to the left, no trailing blanks", "[output][table]") {
    Table table;
    table.columns = {{"protocols"}, {"packets"}, {"percent"}, {"note"}};
    table.rows = {
        {Cell::of(std::string("eth")), Cell::of(std::uint64_t{24}), Cell::fixed(10000, 2), Cell::of(std::string("x"))},
        {Cell::of(std::string("eth:ip:udp:dns")), Cell::of(std::uint64_t{12'345'678}), Cell::fixed(833, 2), Cell::absent()},
        {Cell::absent(), Cell::absent(), Cell::absent(), Cell::of(std::string("blanks at the end  "))},
    };
    CHECK(text(table) ==
          "protocols        packets  percent  note\n"
          "eth                   24   100.00  x\n"
          "eth:ip:udp:dns  12345678     8.33\n"
          "                                   blanks at the end\n");
}

TEST_CASE("a text table counts code points and lets no control through", "[output][table]") {
    Table table;
    table.columns = {{"name"}, {"n"}};
    table.rows = {{Cell::of(std::string("caf\xc3\xa9")), Cell::of(std::uint64_t{1})},
                  {Cell::of(std::string("a\x1b")), Cell::of(std::uint64_t{2})},
                  {Cell::of(std::string("ascii")), Cell::of(std::uint64_t{3})}};
    CHECK(text(table) ==
          "name   n\n"
          "caf\xc3\xa9   1\n"
          "a\\x1b  2\n"
          "ascii  3\n");
}

TEST_CASE("a column of numbers and words is text", "[output][table]") {
    Table table;
    table.columns = {{"value"}, {"flag"}};
    table.rows = {{Cell::of(std::uint64_t{1}), Cell::truth(false)}, {Cell::of(std::string("none")), Cell::truth(true)}};
    CHECK(text(table) == "value  flag\n1      false\nnone   true\n");
}

TEST_CASE("a time outside the range is an absent cell", "[output][table]") {
    CHECK(Cell::time(no_time).kind == Cell::Kind::absent);
    CHECK(Cell::epoch(no_time).kind == Cell::Kind::absent);
}

}  // namespace pcapline
