#include "pcapline/base/result.h"

#include <cerrno>
#include <memory>

#include "support/catch.h"

namespace pcapline {

TEST_CASE("an error is one line: where, what, why, at which byte", "[base][result]") {
    struct Case {
        std::string name;
        Error error;
        std::string want;
    };
    const Case c = GENERATE(values<Case>({
        {"place and offset", {Errc::damage, "record cut short", "trace.pcap", 404}, "trace.pcap: record cut short (at byte 404)"},
        {"only what", {Errc::usage, "filter: no such field"}, "filter: no such field"},
        {"offset 0 is an offset", {Errc::input, "no capture", "a", 0}, "a: no capture (at byte 0)"},
        {"errno", {Errc::output, "cannot write", "/tmp/x", -1, ENOSPC}, "/tmp/x: cannot write: No space left on device"},
        {"errno and offset", {Errc::input, "cannot read", "x", 8, EIO}, "x: cannot read: Input/output error (at byte 8)"},
        {"only errno", {Errc::input, "", "x", -1, ENOENT}, "x: No such file or directory"},
        {"a name with controls", {Errc::input, "is a directory", "a\nb\x1b[0m"}, "a\\x0ab\\x1b[0m: is a directory"},
        {"a name with a backslash", {Errc::input, "is empty", "a\\b"}, "a\\\\b: is empty"},
        {"a name that is not UTF-8", {Errc::input, "is empty", "\xff"}, "\\xff: is empty"},
        {"what with a newline", {Errc::usage, "not a size: \"1\n\""}, "not a size: \"1\\x0a\""},
        {"what that is harmless already", {Errc::usage, "not a size: \"\\x0a\\\\\""}, "not a size: \"\\x0a\\\\\""},
        {"what ends in a backslash", {Errc::usage, "odd: \\"}, "odd: \\"},
    }));
    CAPTURE(c.name);
    CHECK(c.error.message() == c.want);
}

TEST_CASE("a result holds a value or an error", "[base][result]") {
    const Result<int> good = 42;
    REQUIRE(good);
    CHECK(*good == 42);
    const Result<int> bad = Error{Errc::busy, "locked"};
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == Errc::busy);
    const Result<void> done;
    CHECK(done);
    const Result<void> failed = Error{Errc::memory, "out of memory"};
    REQUIRE_FALSE(failed);
    CHECK(failed.error().what == "out of memory");
}

TEST_CASE("a value that can only be moved is moved out of its result", "[base][result]") {
    Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
    const std::unique_ptr<int> value = *std::move(result);
    REQUIRE(value);
    CHECK(*value == 7);
}

}  // namespace pcapline
