// Names of outputs: placeholders, safe characters, collisions.
#include "pcapline/split/name_template.h"

#include "pcapline/base/time.h"
#include "support/catch.h"

using namespace pcapline;

namespace {

NameValues session() {
    NameValues values;
    values.seq = 2;
    values.time = 1'714'550'400'134'500'000;
    values[NamePart::proto] = "tcp";
    values[NamePart::src] = "192.0.2.10";
    values[NamePart::sport] = "51514";
    values[NamePart::dst] = "2001:db8::1";
    values[NamePart::dport] = "443";
    return values;
}

std::string made(std::string_view text, const NameValues& values) {
    const auto names = NameTemplate::parse(text);
    return names ? names->make(values) : names.error().message();
}

}  // namespace

TEST_CASE("A name is made of text and placeholders, of safe characters only", "[split]") {
    NameValues hostile;
    hostile.seq = 1;
    hostile[NamePart::input] = "../../etc/pass\nwd\x1b[0m.pcap";
    struct Case {
        std::string_view text;
        NameValues values;
        std::string_view expected;
    };
    const Case cases[] = {
        {"{seq}_{time}_{proto}_{src}_{sport}_{dst}_{dport}", session(),
         "000002_20240501T080000.134500000Z_tcp_192.0.2.10_51514_2001-db8--1_443"},
        {"{proto}-{dport}", session(), "tcp-443"},
        {"plain text", session(), "plain-text"},
        {"{input}", hostile, "_..-..-etc-pass-wd--0m.pcap"},
        {"{input}{seq}", hostile, "_..-..-etc-pass-wd--0m.pcap000001"},
        {".hidden", session(), "_.hidden"},
        {"-rf", session(), "_-rf"},
        {"..", session(), "_.."},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        CHECK(made(one.text, one.values) == one.expected);
    }
}

TEST_CASE("A placeholder that has nothing to say goes with the separator in front of it", "[split]") {
    NameValues ping = session();
    ping[NamePart::sport].clear();
    ping[NamePart::dport].clear();
    CHECK(made("{seq}_{src}_{sport}_{dst}_{dport}", ping) == "000002_192.0.2.10_2001-db8--1");
    CHECK(made("{cid}_{seq}", ping) == "000002");
    CHECK(made("{sport}", ping) == "_");
    ping.time = no_time;
    CHECK(made("a-{time}.{proto}", ping) == "a.tcp");
}

TEST_CASE("A long name is cut to what a file system takes", "[split]") {
    NameValues values = session();
    values[NamePart::input] = std::string(5000, 'x');
    CHECK(made("{input}", values).size() == 220);
    values.seq = 12'345'678;
    CHECK(made("{seq}", values) == "12345678");
}

TEST_CASE("A template with an unknown placeholder, a slash or nothing at all is refused", "[split]") {
    for (const std::string_view text : {"{sequence}", "{seq", "a/b", "", "{}", "../{seq}"}) {
        CAPTURE(text);
        const auto names = NameTemplate::parse(text);
        REQUIRE(!names);
        CHECK(names.error().code == Errc::usage);
    }
}

TEST_CASE("The ending of a template can be looked at and taken off", "[split]") {
    auto names = NameTemplate::parse("{time}.pcapng");
    REQUIRE(names);
    CHECK(names->ending() == ".pcapng");
    names->drop_ending();
    CHECK(names->ending().empty());
    CHECK(names->make(session()) == "20240501T080000.134500000Z");
    CHECK(NameTemplate::parse("a.b{seq}")->ending().empty());
    CHECK(NameTemplate::parse("ab")->ending().empty());
    CHECK(NameTemplate::parse("{seq}")->uses(NamePart::seq));
    CHECK(!NameTemplate::parse("{seq}")->uses(NamePart::cid));
}

TEST_CASE("Names that are taken are numbered, whatever was taken by itself", "[split]") {
    UniqueNames names;
    CHECK(names.claim("a") == "a");
    CHECK(names.claim("a") == "a_2");
    CHECK(names.claim("b") == "b");
    CHECK(names.claim("a_3") == "a_3");
    CHECK(names.claim("a") == "a_4");
    CHECK(names.claim("a_2") == "a_2_2");
    CHECK(names.claim("a") == "a_5");
}
