// Files in one folder, and nothing outside of it.
#include "pcapline/split/output_folder.h"

#include "support/catch.h"
#include "unit/split/temp_folder.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

std::string refusal(const Result<Descriptor>& file) {
    return file ? "" : file.error().message();
}

}  // namespace

TEST_CASE("A folder is made, one that is there is taken, a link to one is not", "[split]") {
    const TempFolder temp;
    CHECK(OutputFolder::open(temp.path("new"), false));
    CHECK(OutputFolder::open(temp.path("new"), false));
    CHECK(!OutputFolder::open(temp.path("no/such/parent"), false));
    temp.write("file", "x");
    CHECK(!OutputFolder::open(temp.path("file"), false));
    std::filesystem::create_directory_symlink(temp.path("new"), temp.path("link"));
    const auto link = OutputFolder::open(temp.path("link"), false);
    REQUIRE(!link);
    CHECK(link.error().code == Errc::output);
    CHECK(holds(link.error().message(), "symbolic link"));
}

TEST_CASE("Existing files stay, unless they may be replaced; links are never followed", "[split]") {
    const TempFolder temp;
    temp.write("there", "mine");
    temp.write("outside", "not yours");
    std::filesystem::create_directory(temp.path("out"));
    std::filesystem::create_symlink(temp.path("outside"), temp.path("out/link"));
    std::filesystem::create_directory(temp.path("out/folder"));
    std::filesystem::create_symlink(temp.path("nowhere"), temp.path("out/dangling"));
    std::filesystem::copy(temp.path("there"), temp.path("out/there"));
    for (const bool force : {false, true}) {
        CAPTURE(force);
        const auto folder = OutputFolder::open(temp.path("out"), force);
        REQUIRE(folder);
        CHECK(holds(refusal(folder->create("link")), "symbolic link"));
        CHECK(holds(refusal(folder->create("dangling")), "symbolic link"));
        CHECK(holds(refusal(folder->create("folder")), "is no file"));
        CHECK(holds(refusal(folder->reopen("link", 9)), "cannot open again"));
        CHECK(!folder->sink("link"));
        CHECK(temp.read("outside") == "not yours");
        CHECK(!temp.has("nowhere"));
        if (!force) CHECK(holds(refusal(folder->create("there")), "--force"));
        if (!force) CHECK(temp.read("out/there") == "mine");
        if (force) CHECK(folder->create("there"));
        if (force) CHECK(temp.read("out/there").empty());
    }
}

TEST_CASE("A file that is opened again is the one that was written", "[split]") {
    const TempFolder temp;
    const auto folder = OutputFolder::open(temp.path("out"), false);
    REQUIRE(folder);
    CHECK(folder->create("a"));
    CHECK(folder->reopen("a", 0));
    temp.write("out/a", "changed");
    CHECK(holds(refusal(folder->reopen("a", 0)), "somebody else"));
    CHECK(folder->remove("a"));
    CHECK(!temp.has("out/a"));
    CHECK(!folder->remove("a"));
}

TEST_CASE("A file that has its name when it is whole is not there before", "[split]") {
    const TempFolder temp;
    const auto folder = OutputFolder::open(temp.path("out"), false);
    REQUIRE(folder);
    {
        const auto sink = folder->sink("a");
        REQUIRE(sink);
        CHECK((*sink)->write(as_bytes("text")));
        CHECK(!temp.has("out/a"));
        CHECK((*sink)->finish());
    }
    CHECK(temp.read("out/a") == "text");
    CHECK(!folder->sink("a"));
    {
        const auto sink = folder->sink("b");
        REQUIRE(sink);
        CHECK((*sink)->write(as_bytes("text")));
    }
    {
        const auto sink = folder->sink("c");
        REQUIRE(sink);
        temp.write("out/c", "came in between");
        CHECK(!(*sink)->finish());
    }
    CHECK(temp.read("out/c") == "came in between");
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(temp.path("out"))) ++files;
    CHECK(files == 2);
}
