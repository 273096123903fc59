#include "pcapline/base/time.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <limits>
#include <random>
#include <string>

#include "support/catch.h"

namespace pcapline {
namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min() + 1;
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t day_ns = 86'400 * ns_per_second;

std::string iso(std::int64_t ns) {
    std::array<char, iso_time_chars> chars{};
    return {chars.data(), put_iso_time(chars.data(), ns)};
}

std::string epoch(std::int64_t ns) {
    std::array<char, 32> chars{};
    return {chars.data(), put_epoch(chars.data(), ns)};
}

/// The same by the C library.
std::string iso_by_gmtime(std::int64_t ns) {
    std::int64_t seconds = ns / ns_per_second;
    std::int64_t rest = ns % ns_per_second;
    if (rest < 0) {
        --seconds;
        rest += ns_per_second;
    }
    const std::time_t time = seconds;
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 64> chars{};
    std::strftime(chars.data(), chars.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::array<char, 16> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%09dZ", static_cast<int>(rest));
    return std::string(chars.data()) + fraction.data();
}

}  // namespace

TEST_CASE("every day from 1678 to 2261 has its name, and reads back", "[base][time]") {
    std::tm first{};
    first.tm_year = 1678 - 1900;
    first.tm_mday = 1;
    std::tm last = first;
    last.tm_year = 2262 - 1900;
    const std::int64_t end = timegm(&last) * ns_per_second;
    std::int64_t days = 0;
    for (std::int64_t time = timegm(&first) * ns_per_second; time < end; time += day_ns, ++days) {
        for (const std::int64_t ns : {time, time + day_ns - 1}) {
            const std::string text = iso(ns);
            if (text != iso_by_gmtime(ns)) FAIL(text << " is not " << iso_by_gmtime(ns));
            const auto back = parse_time(text);
            if (!back || back->ns != ns) FAIL(text << " does not read back");
        }
        const auto date = parse_time(iso(time).substr(0, 10));
        if (!date || date->ns != time) FAIL("date at " << time);
    }
    CHECK(days == 584 * 365 + 141);  // a leap day every 4 years, but not in 1700, 1800, 1900, 2100, 2200
}

TEST_CASE("random times are those of gmtime and read back in both forms", "[base][time]") {
    std::mt19937_64 random(7);
    for (int i = 0; i < 200'000; ++i) {
        const auto ns = static_cast<std::int64_t>(random()) >> (random() % 40);
        if (ns == no_time) continue;
        const std::string text = iso(ns);
        if (text != iso_by_gmtime(ns)) FAIL(text << " is not " << iso_by_gmtime(ns));
        const auto back = parse_time(text);
        if (!back || back->ns != ns) FAIL(text << " does not read back");
        const auto number = parse_time("@" + epoch(ns));
        if (!number || number->ns != ns) FAIL(epoch(ns) << " does not read back");
    }
}

TEST_CASE("times at the edges", "[base][time]") {
    struct Case {
        std::int64_t ns;
        std::string iso;
        std::string epoch;
    };
    const Case c = GENERATE(values<Case>({
        {0, "1970-01-01T00:00:00.000000000Z", "0.000000000"},
        {1, "1970-01-01T00:00:00.000000001Z", "0.000000001"},
        {-1, "1969-12-31T23:59:59.999999999Z", "-0.000000001"},
        {-500'000'000, "1969-12-31T23:59:59.500000000Z", "-0.500000000"},
        {-ns_per_second, "1969-12-31T23:59:59.000000000Z", "-1.000000000"},
        {-1'500'000'000, "1969-12-31T23:59:58.500000000Z", "-1.500000000"},
        {999'999'999, "1970-01-01T00:00:00.999999999Z", "0.999999999"},
        {1'714'550'400'120'000'000, "2024-05-01T08:00:00.120000000Z", "1714550400.120000000"},
        {951'782'400'000'000'000, "2000-02-29T00:00:00.000000000Z", "951782400.000000000"},
        {4'107'542'400'000'000'000, "2100-03-01T00:00:00.000000000Z", "4107542400.000000000"},
        {lowest, "1677-09-21T00:12:43.145224193Z", "-9223372036.854775807"},
        {highest, "2262-04-11T23:47:16.854775807Z", "9223372036.854775807"},
    }));
    CHECK(iso(c.ns) == c.iso);
    CHECK(epoch(c.ns) == c.epoch);
    const auto back = parse_time(c.iso);
    REQUIRE(back);
    CHECK(back->ns == c.ns);
    CHECK(back->kind == TimeSpec::Kind::absolute);
}

TEST_CASE("points in time, as options give them", "[base][time]") {
    using enum TimeSpec::Kind;
    constexpr std::int64_t eight = 1'714'550'400 * ns_per_second;  // 2024-05-01T08:00:00Z
    struct Case {
        std::string text;
        TimeSpec::Kind kind;
        std::int64_t ns;
    };
    const Case c = GENERATE_COPY(values<Case>({
        {"2024-05-01", absolute, eight - 8 * 3600 * ns_per_second},
        {"2024-05-01T08:00", absolute, eight},
        {"2024-05-01 08:00", absolute, eight},
        {"2024-05-01T08:00:00", absolute, eight},
        {"2024-05-01T08:00:00Z", absolute, eight},
        {"2024-05-01T08:00Z", absolute, eight},
        {"2024-05-01T08:00:00.5", absolute, eight + ns_per_second / 2},
        {"2024-05-01T08:00:00.123456789", absolute, eight + 123'456'789},
        {"2024-05-01T08:00:00.1234567890", absolute, eight + 123'456'789},
        {"2024-05-01 10:00:00+02:00", absolute, eight},
        {"2024-05-01T10:00+02:00", absolute, eight},
        {"2024-05-01T02:30:00-05:30", absolute, eight},
        {"2024-04-30T23:00:00-09:00", absolute, eight},
        {"1714550400", absolute, eight},
        {"@1714550400", absolute, eight},
        {"@1714550400.5", absolute, eight + ns_per_second / 2},
        {"1714550400.000000001", absolute, eight + 1},
        {"@-1.5", absolute, -1'500'000'000},
        {"0", absolute, 0},
        {"+10m", after_first, 600 * ns_per_second},
        {"+0", after_first, 0},
        {"+1.5", after_first, 1'500'000'000},
        {"-10m", before_last, 600 * ns_per_second},
        {"-250ms", before_last, 250'000'000},
    }));
    CAPTURE(c.text);
    const auto spec = parse_time(c.text);
    REQUIRE(spec);
    CHECK(spec->kind == c.kind);
    CHECK(spec->ns == c.ns);
}

TEST_CASE("words that are no time are named, with examples", "[base][time]") {
    const std::string text = GENERATE(values<std::string>({
        "",
        "yesterday",
        "@",
        "@x",
        "2024-5-1",
        "2024-13-01",
        "2024-00-01",
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "2024-05-00",
        "0000-01-01",
        "2024-05-01T",
        "2024-05-01T8:00",
        "2024-05-01T24:00",
        "2024-05-01T08",
        "2024-05-01T08:60",
        "2024-05-01T08:00:60",
        "2024-05-01T08:00:00.",
        "2024-05-01T08:00:00.x",
        "2024-05-01T08:00:00z",
        "2024-05-01T08:00:00+2",
        "2024-05-01T08:00:00+02:00x",
        "2024-05-01T08:00:00+24:00",
        "2024-05-01T08:00:00+02:60",
        "2024-05-01T08:00.5",
        "2024-05-01Z",
        "2024-05-01  08:00",
        " 2024-05-01",
        "2024-05-01 ",
        "@1.",
        ".5",
        "1714550400s",
        "1.5.5",
        "+",
        "-",
        "+-5",
        "--5",
        "@--5",
        "@+5",
        "2024-05-01T08:00:00.0000000001",
        "1e9",
        "12345-01-01",
        "@9223372036.854775808",
        "9999-01-01",
        "1677-01-01",
        "2263-01-01",
        "2262-04-11T23:47:16.854775808",
        "1677-09-21T00:12:43.145224192",
        "99999999999999999999999999",
        "@-9223372036.854775808",
    }));
    CAPTURE(text);
    const auto spec = parse_time(text);
    REQUIRE_FALSE(spec);
    CHECK(spec.error().code == Errc::usage);
    CHECK(spec.error().what.find('"' + text + '"') != std::string::npos);
    CHECK(spec.error().what.find("2024-05-01") != std::string::npos);
}

TEST_CASE("durations", "[base][time]") {
    const auto [text, ns] = GENERATE(table<std::string, std::int64_t>({
        {"0", 0},
        {"10", 10'000'000'000},
        {"10s", 10'000'000'000},
        {"1.5m", 90'000'000'000},
        {"250ms", 250'000'000},
        {"7us", 7'000},
        {"7ns", 7},
        {"1.000000000000ns", 1},
        {"0.5us", 500},
        {"2h", 7'200'000'000'000},
        {"1d", 86'400'000'000'000},
        {"0.1d", 8'640'000'000'000},
        {"0.0000000000003125d", 27},  // as fine as a fraction of a day can be
        {"0.000000001", 1},
        {"0.0000000010", 1},
        {"1.123456789s", 1'123'456'789},
        {"9223372036.854775807", highest},
        {"106751d", 106'751 * day_ns},
    }));
    CAPTURE(text);
    const auto duration = parse_duration(text);
    REQUIRE(duration);
    CHECK(*duration == ns);
}

TEST_CASE("durations may be negative where that means something", "[base][time]") {
    CHECK(*parse_duration("-1.5s", true) == -1'500'000'000);
    CHECK(*parse_duration("+1h", true) == 3'600'000'000'000);
    CHECK(*parse_duration("-9223372036.854775807", true) == lowest);
    CHECK_FALSE(parse_duration("-9223372036.854775808", true));
    CHECK_FALSE(parse_duration("+-1", true));
    CHECK_FALSE(parse_duration("-+1", true));
    CHECK_FALSE(parse_duration("-1"));
    CHECK_FALSE(parse_duration("+1"));
}

TEST_CASE("words that are no duration are named, with examples", "[base][time]") {
    const std::string text = GENERATE(values<std::string>({
        "",
        "s",
        "x",
        "1x",
        "1.",
        "1.s",
        ".5",
        "1.5.5",
        "1 s",
        " 1",
        "1 ",
        "1S",
        "1M",
        "1min",
        "1mss",
        "-1",
        "1e3",
        "0x10",
        "1,5",
        "0.5ns",
        "0.0000000001",
        "1.0000000000000000000001",
        "0.33333333333333333333m",
        "0.18446744073709551616d",  // 2^64: nothing may wrap around

        "9223372036.854775808",
        "9223372037",
        "18446744074",
        "106752d",
        "99999999999999999999",
        "99999999999999999999999999999999d",
    }));
    CAPTURE(text);
    const auto duration = parse_duration(text);
    REQUIRE_FALSE(duration);
    CHECK(duration.error().code == Errc::usage);
    CHECK(duration.error().what.find('"' + text + '"') != std::string::npos);
    CHECK(duration.error().what.find("250ms") != std::string::npos);
}

TEST_CASE("sizes", "[base][time]") {
    const auto [text, size] = GENERATE(table<std::string, std::uint64_t>({
        {"0", 0},
        {"1500", 1500},
        {"1500B", 1500},
        {"64KiB", 65'536},
        {"64Ki", 65'536},
        {"10M", 10'000'000},
        {"10MB", 10'000'000},
        {"1k", 1000},
        {"1K", 1000},
        {"1kB", 1000},
        {"2G", 2'000'000'000},
        {"2T", 2'000'000'000'000},
        {"1Mi", 1 << 20},
        {"1GiB", 1 << 30},
        {"1TiB", std::uint64_t{1} << 40},
        {"18446744073709551615", std::numeric_limits<std::uint64_t>::max()},
        {"16777215Ti", std::uint64_t{16'777'215} << 40},
    }));
    CAPTURE(text);
    const auto parsed = parse_size(text);
    REQUIRE(parsed);
    CHECK(*parsed == size);
}

TEST_CASE("words that are no size are named, with examples", "[base][time]") {
    const std::string text = GENERATE(values<std::string>({
        "",
        "B",
        "k",
        "KiB",
        "-1",
        "+1",
        "1.5M",
        "1x",
        "1 M",
        " 1",
        "1 ",
        "1BB",
        "1m",
        "1ki",
        "1g",
        "1KIB",
        "1P",
        "1kb",
        "0x10",
        "18446744073709551616",
        "16777216Ti",
        "99999999999999999999999",
        "18446744073709552k",
    }));
    CAPTURE(text);
    const auto size = parse_size(text);
    REQUIRE_FALSE(size);
    CHECK(size.error().code == Errc::usage);
    CHECK(size.error().what.find('"' + text + '"') != std::string::npos);
    CHECK(size.error().what.find("64KiB") != std::string::npos);
}

TEST_CASE("error texts say what is wrong", "[base][time]") {
    CHECK(parse_time("2024-02-30").error().what ==
          "not a time: \"2024-02-30\" (write 2024-05-01, 2024-05-01T08:00:00.5Z, @1714550400.5, +10m or -10m)");
    CHECK(parse_time("2263-01-01").error().what.starts_with("outside the range of times: \"2263-01-01\""));
    CHECK(parse_duration("0.5ns").error().what.starts_with("finer than a nanosecond: \"0.5ns\""));
    CHECK(parse_duration("9999999999d").error().what.starts_with("outside the range of durations: "));
    CHECK(parse_size("10Q\n").error().what == "not a size: \"10Q\\x0a\" (write 1500, 64KiB or 10M; units are k M G T and Ki Mi Gi Ti)");
}

}  // namespace pcapline
