#include "pcapline/pipeline/input.h"

#include <unistd.h>
#include <cstdio>
#include <fstream>

#include "support/catch.h"

using namespace pcapline;

namespace {

/// A file of `packets` empty Ethernet packets, one a second from `first` on; removed at the end.
class TimedFile {
 public:
    TimedFile(const std::string& name, std::uint32_t packets, std::uint32_t first, std::size_t cut = 0)
        : path_(name + "." + std::to_string(getpid()) + ".pcap") {
        std::string bytes;
        const auto put32 = [&](std::uint32_t value) { bytes.append(reinterpret_cast<const char*>(&value), 4); };
        for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 65535U, 1U}) put32(word);
        for (std::uint32_t i = 0; i < packets; ++i) {
            for (const std::uint32_t word : {first + i, 0U, 14U, 14U}) put32(word);
            bytes.append(14, '\0');
        }
        bytes.erase(bytes.size() - cut);
        std::ofstream{path_, std::ios::binary} << bytes;
    }
    ~TimedFile() { std::remove(path_.c_str()); }
    const std::string& path() const { return path_; }

 private:
    std::string path_;
};

struct Run {
    std::vector<std::uint64_t> numbers;
    std::vector<std::string> problems;
    int code = 0;
};

Run run(InputOptions options) {
    Run result;
    auto input = PacketInput::make(std::move(options), [&](const Error& error) { result.problems.push_back(error.message()); });
    REQUIRE(input);
    Batch batch;
    while (input->next(batch))
        for (std::size_t i = 0; i < batch.frames.size(); ++i) result.numbers.push_back(batch.number_of(i));
    result.code = input->exit_code();
    return result;
}

using Numbers = std::vector<std::uint64_t>;

TimeSpec at(std::int64_t seconds, TimeSpec::Kind kind = TimeSpec::Kind::absolute) {
    return {kind, seconds * ns_per_second};
}

}  // namespace

TEST_CASE("Packet numbers run on over several files, whatever is filtered", "[pipeline]") {
    const TimedFile a{"input_a", 5, 1000};
    const TimedFile b{"input_b", 5, 2000};
    InputOptions options;
    options.files = {a.path(), b.path()};
    CHECK(run(options).numbers == Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    options.count = 7;
    CHECK(run(options).numbers == Numbers{1, 2, 3, 4, 5, 6, 7});
    options.count.reset();
    options.ranges = {{2, 3}, {5, 6}, {10, 99}};
    CHECK(run(options).numbers == Numbers{2, 3, 5, 6, 10});
    options.read_count = 5;
    CHECK(run(options).numbers == Numbers{2, 3, 5});
    options.count = 2;
    CHECK(run(options).numbers == Numbers{2, 3});
    options = {};
    options.files = {a.path()};
    options.first_number = 100;
    CHECK(run(options).numbers == Numbers{100, 101, 102, 103, 104});
}

TEST_CASE("A time window is half-open, absolute, after the first packet or before the last", "[pipeline]") {
    const TimedFile a{"input_t", 10, 1000};
    InputOptions options;
    options.files = {a.path()};
    options.from = at(1002);
    options.to = at(1005);
    CHECK(run(options).numbers == Numbers{3, 4, 5});
    options.from = at(2, TimeSpec::Kind::after_first);
    options.to = at(4, TimeSpec::Kind::after_first);
    CHECK(run(options).numbers == Numbers{3, 4});
    options.from = at(2, TimeSpec::Kind::before_last);
    options.to.reset();
    CHECK(run(options).numbers == Numbers{8, 9, 10});
}

TEST_CASE("A damaged or missing file never costs the others, and each is told once", "[pipeline]") {
    const TimedFile good{"input_g", 3, 1000};
    const TimedFile cut{"input_c", 3, 1000, 5};
    InputOptions options;
    options.files = {cut.path(), "no-such-file.pcap", good.path()};
    const Run all = run(options);
    CHECK(all.numbers == Numbers{1, 2, 3, 4, 5});
    CHECK(all.code == 1);
    REQUIRE(all.problems.size() == 2);
    CHECK(all.problems[0].find("2 good packets before it") != std::string::npos);
    CHECK(all.problems[0].find("at byte 84") != std::string::npos);
    options.strict = true;
    const Run strict = run(options);
    CHECK(strict.numbers == Numbers{1, 2});
    CHECK(strict.code == 1);
    options.files = {"no-such-file.pcap"};
    CHECK(run(options).code == 2);
}

TEST_CASE("A capture filter keeps numbers, and a bad one is a usage error", "[pipeline]") {
    const TimedFile a{"input_f", 3, 1000};
    InputOptions options;
    options.files = {a.path()};
    options.filter = "ether src 00:00:00:00:00:00";
    CHECK(run(options).numbers == Numbers{1, 2, 3});
    options.filter = "tcp";
    CHECK(run(options).numbers.empty());
    options.filter = "no sense at all";
    const auto refused = PacketInput::make(options, [](const Error&) {});
    REQUIRE(!refused);
    CHECK(refused.error().code == Errc::usage);
}
