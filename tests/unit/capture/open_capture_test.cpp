#include "capture_bytes.h"
#include "support/catch.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

/// An endless source, which counts what was taken from it.
class Endless final : public Source {
 public:
    Endless(std::string pattern, std::uint64_t& taken) : pattern_(std::move(pattern)), taken_(taken) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override {
        for (std::size_t i = 0; i < into.size(); ++i) into[i] = static_cast<std::uint8_t>(pattern_[(taken_ + i) % pattern_.size()]);
        taken_ += into.size();
        return into.size();
    }
    std::string name() const override { return "endless"; }
    std::uint64_t bytes_in() const override { return taken_; }

 private:
    std::string pattern_;
    std::uint64_t& taken_;
};

/// Gives some bytes, then fails.
class Failing final : public Source {
 public:
    explicit Failing(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override {
        if (std::exchange(given_, true)) return Error{Errc::damage, "gzip stream cut short", "failing"};
        std::copy(bytes_.begin(), bytes_.end(), into.begin());
        return bytes_.size();
    }
    std::string name() const override { return "failing"; }
    std::uint64_t bytes_in() const override { return 0; }

 private:
    std::vector<std::uint8_t> bytes_;
    bool given_ = false;
};

}  // namespace

TEST_CASE("what cannot be opened is told in one clear line") {
    struct Row {
        FileBytes file;
        const char* message;
    };
    const Row rows[] = {
        {FileBytes(), "memory: empty file"},
        {FileBytes().fill(3, 'x'), "memory: text, not a capture file"},
        {FileBytes().u32(0xa1b2c3d4).fill(3), "memory: pcap header cut short (7 of 24 bytes)"},
        {FileBytes().pcap(0xa1b2c3d4, 1, 1, 4), "memory: pcap version 1.4 is not supported"},
        {FileBytes().pcap(0xa1b2c3d4, 1, 2, 5), "memory: pcap version 2.5 is not supported"},
        {FileBytes().u32(0x0a0d0d0a).u32(28), "memory: pcapng section header cut short (8 bytes)"},
        {FileBytes().u32(0x0a0d0d0a).u32(28).u32(0x11223344).fill(16),
         "memory: pcapng section header without a byte-order magic (at byte 0)"},
        {FileBytes().u32(0x0a0d0d0a).u32(8).u32(0x1a2b3c4d).fill(16), "memory: pcapng block shorter than its header (at byte 0)"},
        {FileBytes().block(0x0a0d0d0a, FileBytes().u32(0x1a2b3c4d).u16(2).u16(0).u64(0)),
         "memory: pcapng version 2.0 is not supported (at byte 0)"},
        {FileBytes().block(0x0a0d0d0a, FileBytes().u32(0x1a2b3c4d)), "memory: pcapng section header shorter than its fields (at byte 0)"},
        {FileBytes().text("GMBU").fill(9), "memory: a Microsoft Network Monitor 2 capture, which is not supported"},
        {FileBytes().text("snoop").fill(9), "memory: a snoop capture, which is not supported"},
        {FileBytes().text("<!DOCTYPE html>"), "memory: an HTML page, which is not supported"},
        {FileBytes().text("\x7f").text("ELF").fill(9), "memory: a program (ELF), which is not supported"},
        {FileBytes().text("PK\3\4"), "memory: a ZIP archive, which is not supported"},
        {FileBytes().u8(0x1b).text("]0;x").u8(7), "memory: not a capture file (begins with 1b5d303b)"},
    };
    for (const Row& row : rows) {
        CHECK(read_all(row.file.bytes()).error == row.message);
        CHECK(read_all(row.file.bytes(), 24).error == row.message);
    }
}

TEST_CASE("endless input that is no capture is refused at once") {
    for (const std::string& pattern : {std::string("y\n"), std::string(1, '\0')}) {
        std::uint64_t taken = 0;
        const Reading got = read_all(std::make_unique<Endless>(pattern, taken));
        CHECK(got.error.find("not a capture file") != std::string::npos);
        CHECK(taken <= block_size);
    }
}

TEST_CASE("a source that fails is an error before the first header, and damage behind it") {
    CHECK(read_all(std::make_unique<Failing>(FileBytes().u32(0xa1b2c3d4).bytes())).error == "failing: gzip stream cut short");
    const FileBytes file = FileBytes().pcap().record(1, 0, 4, 4).u32(1).u32(2);
    const Reading got = read_all(std::make_unique<Failing>(file.bytes()));
    REQUIRE(got.damage);
    CHECK(got.damage->what == "gzip stream cut short");
    CHECK(got.damage->offset == 44);
    CHECK(got.damage->skipped_bytes == 8);
    CHECK(got.packets.size() == 1);
    const Reading ng = read_all(std::make_unique<Failing>(FileBytes().section().interface().packet(0, 1, 4, 4).bytes()));
    REQUIRE(ng.damage);
    CHECK(ng.damage->what == "gzip stream cut short");
    CHECK(ng.packets.size() == 1);
}
