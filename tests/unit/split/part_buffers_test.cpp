// Any number of files, under any budget and any limit of descriptors.
#include "pcapline/split/part_buffers.h"

#include <sys/resource.h>

#include <map>
#include <random>

#include "support/catch.h"
#include "unit/split/temp_folder.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

/// Fewer descriptors, as long as it lives.
class FewDescriptors {
 public:
    explicit FewDescriptors(rlim_t most) {
        getrlimit(RLIMIT_NOFILE, &before_);
        struct rlimit few {
            most, before_.rlim_max
        };
        setrlimit(RLIMIT_NOFILE, &few);
    }
    ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
    struct rlimit before_ {};
};

}  // namespace

TEST_CASE("What parts are given is in their files, in order, under every budget", "[split]") {
    for (const std::size_t budget : {std::size_t{1}, std::size_t{4096}, std::size_t{100'000}, PartBuffers::default_budget}) {
        CAPTURE(budget);
        const TempFolder temp;
        auto folder = OutputFolder::open(temp.path("out"), false);
        REQUIRE(folder);
        const FewDescriptors few{64};
        Parts parts;
        PartFiles files{std::move(*folder), ".txt", parts};
        PartBuffers buffers{files, budget};
        std::map<Parts::Number, std::string> expected;
        std::mt19937 random{7};
        for (unsigned i = 0; i < 5000; ++i) {
            const auto part = static_cast<Parts::Number>(1 + random() % 300);
            while (parts.size() <= part) parts.add("part-" + std::to_string(parts.size()), "");
            const std::string record(random() % 1200, static_cast<char>('a' + i % 26));
            expected[part] += record;
            REQUIRE(buffers.add(part, as_bytes(record)));
        }
        REQUIRE(buffers.finish());
        REQUIRE(files.finish());
        for (const auto& [part, text] : expected) {
            CHECK(temp.read("out/part-" + std::to_string(part) + ".txt") == text);
            CHECK(parts[part].file_bytes == text.size());
            CHECK(parts[part].created);
        }
    }
}

TEST_CASE("A part that is worth writing is written, one that is dropped is not", "[split]") {
    const TempFolder temp;
    auto folder = OutputFolder::open(temp.path("out"), false);
    REQUIRE(folder);
    Parts parts;
    PartFiles files{std::move(*folder), "", parts};
    PartBuffers buffers{files};
    const Parts::Number large = parts.add("large", "");
    const Parts::Number dropped = parts.add("dropped", "");
    const std::string half(600 * 1024, 'x');
    REQUIRE(buffers.add(large, as_bytes(half)));
    CHECK(!parts[large].created);
    REQUIRE(buffers.add(large, as_bytes(half)));
    CHECK(parts[large].file_bytes == 2 * half.size());
    REQUIRE(buffers.add(large, as_bytes(std::string(3 * 1024 * 1024, 'y'))));
    REQUIRE(buffers.add(dropped, as_bytes("gone")));
    CHECK(buffers.drop(dropped) == 4);
    CHECK(buffers.drop(dropped) == 0);
    REQUIRE(buffers.finish());
    CHECK(files.remove(large));
    REQUIRE(files.finish());
    CHECK(!temp.has("out/dropped"));
    CHECK(!temp.has("out/large"));
}

TEST_CASE("A file that cannot be made is an error that names it", "[split]") {
    const TempFolder temp;
    auto folder = OutputFolder::open(temp.path("out"), false);
    REQUIRE(folder);
    temp.write("out/a", "mine");
    Parts parts;
    PartFiles files{std::move(*folder), "", parts};
    const Parts::Number part = parts.add("a", "");
    const auto done = files.append(part, as_bytes("text"), true);
    REQUIRE(!done);
    CHECK(holds(done.error().message(), "out/a"));
    CHECK(holds(done.error().message(), "--force"));
    CHECK(!parts[part].created);
    CHECK(temp.read("out/a") == "mine");
}
