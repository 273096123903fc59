// What --by takes.
#include "pcapline/split/split_by.h"

#include "support/catch.h"

using namespace pcapline;

TEST_CASE("--by takes a word, and how much of it where that is asked", "[split]") {
    using Kind = SplitBy::Kind;
    struct Case {
        std::string_view text;
        Kind kind;
        std::uint64_t amount;
    };
    const Case cases[] = {{"session", Kind::session, 0},
                          {"flow", Kind::session, 0},
                          {"host", Kind::host, 0},
                          {"host-pair", Kind::host_pair, 0},
                          {"port", Kind::port, 0},
                          {"vlan", Kind::vlan, 0},
                          {"time:1h", Kind::time, 3'600'000'000'000},
                          {"time:0.5", Kind::time, 500'000'000},
                          {"size:10M", Kind::size, 10'000'000},
                          {"size:64KiB", Kind::size, 65'536},
                          {"count:1000", Kind::count, 1000},
                          {"hash:8", Kind::hash, 8}};
    for (const Case& one : cases) {
        CAPTURE(one.text);
        const auto by = SplitBy::parse(one.text);
        REQUIRE(by);
        CHECK(by->kind == one.kind);
        CHECK(by->amount == one.amount);
        CHECK(by->copies() == (one.kind == Kind::host || one.kind == Kind::port));
        CHECK(by->default_name().starts_with("{seq}_"));
    }
}

TEST_CASE("--by refuses what it does not know", "[split]") {
    for (const std::string_view text :
         {"", "hosts", "host:1", "session:", "time", "time:", "time:0", "time:-1", "time:x", "count:0", "count:1k", "count:", "size:0",
          "size", "hash:0", "hash:1000001", "filter:tcp", "count:9999999999999999999"}) {
        CAPTURE(text);
        const auto by = SplitBy::parse(text);
        REQUIRE(!by);
        CHECK(by.error().code == Errc::usage);
    }
}
