#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "io_support.h"
#include "support/catch.h"

namespace pcapline::test {
namespace {

namespace fs = std::filesystem;

/// A folder that goes away with the test.
struct Folder {
    fs::path path;
    Folder() {
        std::string name = (fs::temp_directory_path() / "pcapline-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    std::string operator/(const char* name) const { return (path / name).string(); }
    std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator{path}, fs::directory_iterator{})); }
};

Buffer contents(const std::string& path) {
    auto source = open_file(path);
    REQUIRE(source);
    return drain(**source).bytes;
}

void put(const std::string& path, const Buffer& bytes) {
    auto sink = open_sink(path, {Naming::at_once, true, ""});
    REQUIRE(sink);
    REQUIRE((*sink)->write(bytes));
    REQUIRE((*sink)->finish());
}

TEST_CASE("a report has its name only when it is whole", "[io]") {
    const Folder folder;
    const std::string path = folder / "report";
    {
        auto sink = open_sink(path, {});
        REQUIRE(sink);
        REQUIRE((*sink)->write(sample(10)));
        REQUIRE((*sink)->flush());
        CHECK_FALSE(fs::exists(path));
        CHECK(folder.files() == 1);
    }
    CHECK(folder.files() == 0);
    auto sink = open_sink(path, {});
    REQUIRE((*sink)->write(sample(700'000)));
    REQUIRE((*sink)->finish());
    CHECK(contents(path) == sample(700'000));
    CHECK(folder.files() == 1);
}

TEST_CASE("a capture has its name from the start and stays if it is not finished", "[io]") {
    const Folder folder;
    {
        auto sink = open_sink(folder / "capture", {Naming::at_once, false, ""});
        REQUIRE(sink);
        REQUIRE((*sink)->write(sample(10)));
        REQUIRE((*sink)->flush());
        CHECK(contents(folder / "capture") == sample(10));
    }
    CHECK(contents(folder / "capture") == sample(10));
}

TEST_CASE("an existing file is replaced only by force", "[io]") {
    for (const Naming naming : {Naming::when_whole, Naming::at_once}) {
        const Folder folder;
        const std::string path = folder / "file";
        put(path, sample(100));
        ::chmod(path.c_str(), 0600);
        const auto refused = open_sink(path, {naming, false, ""});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::output);
        CHECK(refused.error().what == "file exists (--force replaces it)");
        auto sink = open_sink(path, {naming, true, ""});
        REQUIRE(sink);
        REQUIRE((*sink)->write(sample(5, 2)));
        REQUIRE((*sink)->finish());
        CHECK(contents(path) == sample(5, 2));
        struct stat status {};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
    }
}

TEST_CASE("a file that came to the name in the meantime is not replaced", "[io]") {
    const Folder folder;
    const std::string path = folder / "file";
    auto sink = open_sink(path, {});
    REQUIRE(sink);
    put(path, sample(3));
    const auto done = (*sink)->finish();
    REQUIRE_FALSE(done);
    CHECK(done.error().what == "file exists (--force replaces it)");
    CHECK(contents(path) == sample(3));
}

TEST_CASE("a symbolic link stays one", "[io]") {
    const Folder folder;
    put(folder / "file", sample(3));
    REQUIRE(::symlink("file", (folder / "link").c_str()) == 0);
    auto sink = open_sink(folder / "link", {Naming::when_whole, true, ""});
    REQUIRE(sink);
    REQUIRE((*sink)->write(sample(9)));
    REQUIRE((*sink)->finish());
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(contents(folder / "file") == sample(9));
    REQUIRE(::symlink("nowhere", (folder / "dangling").c_str()) == 0);
    CHECK_FALSE(open_sink(folder / "dangling", {Naming::when_whole, true, ""}));
}

TEST_CASE("a FIFO is written into as it is", "[io]") {
    const Folder folder;
    const std::string path = folder / "fifo";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const Buffer bytes = sample(300'000);
    bool written = false;
    std::thread writer{[&] {
        auto sink = open_sink(path, {});
        written = sink && (*sink)->write(bytes) && (*sink)->finish();
    }};
    const Buffer back = contents(path);
    writer.join();
    CHECK(written);
    CHECK(back == bytes);
    CHECK(fs::is_fifo(path));
}

TEST_CASE("what cannot be opened says why", "[io]") {
    const Folder folder;
    CHECK(open_file(folder / "missing").error().sys == ENOENT);
    CHECK(open_file(folder.path.string()).error().sys == EISDIR);
    CHECK(open_sink(folder.path.string(), {}).error().sys == EISDIR);
    CHECK(open_sink(folder / "no/such", {}).error().sys == ENOENT);
    CHECK(open_sink(folder / "x", {Naming::at_once, false, "rar"}).error().code == Errc::usage);
    CHECK_FALSE(fs::exists(folder / "x"));
}

TEST_CASE("only a regular file at its first byte is plain", "[io]") {
    const Folder folder;
    put(folder / "file", sample(1000));
    auto source = open_source(folder / "file");
    REQUIRE(source);
    CHECK((*source)->plain_fd() >= 0);
    CHECK((*source)->plain_size() == 1000);
    CHECK(drain(**source, 7).bytes == sample(1000));
    CHECK((*source)->bytes_in() == 1000);
    put(folder / "packed", *packed("gzip", sample(1000)));
    auto compressed_one = open_source(folder / "packed");
    REQUIRE(compressed_one);
    CHECK((*compressed_one)->plain_fd() == -1);
}

TEST_CASE("what was flushed can be decoded although the stream goes on", "[io]") {
    for (const char* method : {"gzip", "bzip2", "xz", "zstd", "lz4"}) {
        MemorySink memory;
        auto sink = compressed(std::make_unique<Onwards>(memory), method);
        if (!sink) continue;
        INFO(method);
        Buffer all;
        for (std::uint32_t i = 1; i < 4; ++i) {
            REQUIRE((*sink)->write(sample(1000, i)));
            all = all + sample(1000, i);
            REQUIRE((*sink)->flush());
            const std::size_t size = memory.bytes().size();
            CHECK(unpacked(memory.bytes()).bytes == all);
            REQUIRE((*sink)->flush());
            CHECK(memory.bytes().size() == size);
        }
        REQUIRE((*sink)->finish());
        CHECK(unpacked(memory.bytes()).bytes == all);
        CHECK_FALSE(unpacked(memory.bytes()).error);
    }
}

TEST_CASE("a full disk is an error with its errno and place, and no half file stays", "[io]") {
    const Folder folder;
    if (::mount("none", folder.path.c_str(), "tmpfs", 0, "size=64k") != 0) {
        WARN("skipped: no right to mount a small file system");
        return;
    }
    {
        auto sink = open_sink(folder / "file", {});
        REQUIRE(sink);
        auto done = (*sink)->write(sample(400'000));
        if (done) done = (*sink)->finish();
        REQUIRE_FALSE(done);
        CHECK(done.error().code == Errc::output);
        CHECK(done.error().sys == ENOSPC);
        CHECK(done.error().offset == 64 * 1024);
        CHECK_FALSE((*sink)->finish());
    }
    CHECK(folder.files() == 0);
    CHECK(::umount(folder.path.c_str()) == 0);
}

TEST_CASE("reading ahead from a silent pipe can be given up", "[io]") {
    const Folder folder;
    const std::string path = folder / "fifo";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const int both = ::open(path.c_str(), O_RDWR | O_CLOEXEC);  // a writer that writes nothing
    REQUIRE(both >= 0);
    auto source = open_file(path);
    REQUIRE(source);
    Buffer block(10);
    std::thread reader{[&] { CHECK(*(*source)->read(block) == 0); }};
    (*source)->cancel();
    reader.join();
    ::close(both);
}

}  // namespace
}  // namespace pcapline::test
