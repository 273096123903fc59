#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "capture_bytes.h"
#include "support/catch.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

/// A file that is gone with the test.
struct TempFile {
    std::string path = (std::filesystem::temp_directory_path() / "pcapline-range-XXXXXX").string();
    int fd;
    explicit TempFile(const std::vector<std::uint8_t>& bytes) : fd(::mkstemp(path.data())) {
        REQUIRE(fd >= 0);
        REQUIRE(::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }
    TempFile(const TempFile&) = delete;
    TempFile& operator=(const TempFile&) = delete;
    ~TempFile() {
        ::close(fd);
        ::unlink(path.c_str());
    }
};

FileBytes many_packets(bool ng, ByteOrder order) {
    std::minstd_rand random(7);
    FileBytes file(order);
    ng ? file.section().interface() : file.pcap();
    for (unsigned i = 0; i < 3000; ++i) {
        const auto size = static_cast<std::uint32_t>(random() % 300);
        ng ? file.packet(0, 1714550400000000 + i, size, size) : file.record(1714550400 + i, i, size, size);
    }
    return file;
}

}  // namespace

TEST_CASE("ranges at any cuts, joined, are the serial reading") {
    for (const bool ng : {false, true}) {
        for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
            const FileBytes file = many_packets(ng, order);
            const Reading serial = read_all(file.bytes());
            const TempFile temp(file.bytes());
            auto head = open_capture(temp.path);
            REQUIRE(head);
            std::minstd_rand random(1);
            for (int round = 0; round < 200; ++round) {
                const std::uint64_t cut = random() % (file.size() + 1);
                Reading joined;
                std::uint64_t expected = 0;
                for (const auto& [begin, end] : {std::pair{std::uint64_t{0}, cut}, std::pair{cut, std::uint64_t{file.size()}}}) {
                    auto reader = open_range(**head, {temp.fd, temp.path, begin, end});
                    REQUIRE(reader);
                    if (begin != 0) {
                        CAPTURE(ng, cut);
                        CHECK((*reader)->first_record() == expected);
                    }
                    read_on(**reader, joined);
                    CHECK_FALSE(joined.damage);
                    CHECK((*reader)->independent());
                    expected = (*reader)->next_record();
                }
                CHECK(expected == file.size());
                REQUIRE(joined.packets == serial.packets);
            }
        }
    }
}

TEST_CASE("a pcapng range stops before what the next ranges cannot know, and is read on through it") {
    FileBytes file;
    file.section().interface();
    for (unsigned i = 0; i < 50; ++i) file.packet(0, i, 60, 60);
    const std::size_t before = file.size();
    file.interface(101);
    for (unsigned i = 0; i < 50; ++i) file.packet(1, i, 60, 60);
    FileBytes big(ByteOrder::big);
    big.section().interface(113);
    for (unsigned i = 0; i < 50; ++i) big.packet(0, i, 60, 60);
    file.add(big.bytes());
    const Reading serial = read_all(file.bytes());
    const TempFile temp(file.bytes());
    auto head = open_capture(temp.path);
    REQUIRE(head);
    Reading joined;
    auto first = open_range(**head, {temp.fd, temp.path, 1000, file.size()});
    REQUIRE(first);
    read_on(**first, joined);
    CHECK_FALSE((*first)->independent());
    CHECK((*first)->next_record() == before);
    CHECK_FALSE(joined.damage);
    joined = {};
    first = open_range(**head, {temp.fd, temp.path, 0, file.size()});
    read_on(**first, joined);
    CHECK_FALSE((*first)->independent());
    auto rest = open_range(**first, {temp.fd, temp.path, (*first)->next_record(), file.size(), true});
    REQUIRE(rest);
    read_on(**rest, joined);
    CHECK(joined.packets == serial.packets);
    CHECK(joined.interfaces.size() == 3);
    CHECK((*rest)->next_record() == file.size());
}

TEST_CASE("a range in which no record begins is empty") {
    const FileBytes file = FileBytes().pcap().record(1, 1, 5000, 5000).record(2, 2, 10, 10);
    const TempFile temp(file.bytes());
    auto head = open_capture(temp.path);
    auto reader = open_range(**head, {temp.fd, temp.path, 1000, 2000});
    REQUIRE(reader);
    Batch batch;
    CHECK_FALSE((*reader)->next(batch));
    CHECK((*reader)->first_record() == 2000);
    CHECK_FALSE((*reader)->damage());
}
