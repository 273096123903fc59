// Laws of reading and writing captures, over every file of tests/data and, where it is there, PCAPLINE_CORPUS.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "pcapline/capture/writer.h"
#include "support/borrowed_sink.h"
#include "support/catch.h"
#include "unit/capture/capture_bytes.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

constexpr std::uintmax_t largest = 3 << 20;

std::vector<std::string> captures() {
    std::vector<std::string> out;
    const char* const corpus = std::getenv("PCAPLINE_CORPUS");
    for (const std::string& root : {std::string(PCAPLINE_TEST_DATA), std::string(corpus == nullptr ? "" : corpus)}) {
        if (root.empty() || !std::filesystem::exists(root)) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
            if (!entry.is_regular_file() || entry.file_size() > largest) continue;
            if (open_capture(entry.path().string())) out.push_back(entry.path().string());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

/// A file's bytes, decompressed.
std::vector<std::uint8_t> contents(const std::string& path) {
    auto source = open_source(path);
    REQUIRE(source);
    std::vector<std::uint8_t> out, piece(block_size);
    for (;;) {
        const auto got = read_full(**source, piece);
        if (!got || *got == 0) return out;
        out.insert(out.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*got));
    }
}

Reading read_file(const std::string& path) {
    Reading out;
    auto opened = open_capture(path);
    REQUIRE(opened);
    read_on(**opened, out);
    return out;
}

/// The file written anew; empty if the format cannot hold it.
std::optional<Reading> rewritten(const std::string& path, WriteFormat format) {
    auto source = open_capture(path);
    REQUIRE(source);
    std::vector<std::uint8_t> bytes;
    auto writer = make_writer(std::make_unique<Borrowed>(bytes), {format});
    Batch batch;
    while ((*source)->next(batch)) {
        if (auto done = writer->write(batch, (*source)->interfaces(), (*source)->info()); !done) {
            CHECK(done.error().message().find("-F pcapng") != std::string::npos);
            return std::nullopt;
        }
    }
    REQUIRE(writer->finish());
    return read_all(std::move(bytes));
}

void check_same(const Reading& was, const Reading& is, WriteFormat format) {
    REQUIRE(is.packets.size() == was.packets.size());
    CHECK_FALSE(is.damage);
    const std::int64_t unit = format == WriteFormat::pcap ? 1000 : 1;
    for (std::size_t i = 0; i < was.packets.size(); ++i) {
        const auto& a = was.packets[i];
        const auto& b = is.packets[i];
        const std::int64_t time = a.time_ns == no_time ? 0 : a.time_ns / unit * unit;
        const bool same_time = b.time_ns == time || (format == WriteFormat::pcapng && b.time_ns == a.time_ns);
        REQUIRE(same_time);
        REQUIRE((a.data == b.data && a.wire_len == b.wire_len && a.link_type == b.link_type));
        if (format == WriteFormat::pcapng)
            REQUIRE((a.options == b.options && is.interfaces.at(b.interface).name == was.interfaces.at(a.interface).name));
    }
}

}  // namespace

TEST_CASE("law: what is written reads back the same") {
    const auto files = captures();
    REQUIRE_FALSE(files.empty());
    for (const std::string& path : files) {
        CAPTURE(path);
        const Reading was = read_file(path);
        for (const WriteFormat format : {WriteFormat::pcap, WriteFormat::nsecpcap, WriteFormat::pcapng}) {
            const auto is = rewritten(path, format);
            if (format == WriteFormat::pcapng) {
                REQUIRE(is);
                if (was.info.format == CaptureFormat::pcapng) CHECK(is->other_types == was.other_types);
            }
            if (is) check_same(was, *is, format);
        }
    }
}

TEST_CASE("law: the pieces that bytes come in change nothing") {
    for (const std::string& path : captures()) {
        CAPTURE(path);
        const auto bytes = contents(path);
        const Reading whole = read_all(bytes);
        for (std::size_t step = 1; step <= (bytes.size() < 100000 ? 7U : 1U); ++step) {
            const Reading drip = read_all(bytes, step);
            REQUIRE(drip.packets == whole.packets);
            REQUIRE(drip.other_types == whole.other_types);
            REQUIRE(drip.damage.has_value() == whole.damage.has_value());
            if (whole.damage) REQUIRE((drip.damage->what == whole.damage->what && drip.damage->offset == whole.damage->offset));
        }
    }
}

TEST_CASE("law: a capture cut anywhere gives the packets before the cut, and one damage at most") {
    for (const std::string& path : captures()) {
        CAPTURE(path);
        auto bytes = contents(path);
        const Reading whole = read_all(bytes);
        const std::size_t most = std::min<std::size_t>(bytes.size(), 2048);
        std::size_t before = 0;
        for (std::size_t size = 0; size < most; ++size) {
            const Reading cut = read_all({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)});
            CAPTURE(size);
            REQUIRE(cut.packets.size() >= before);
            REQUIRE(cut.packets.size() <= whole.packets.size());
            before = cut.packets.size();
            REQUIRE(std::equal(cut.packets.begin(), cut.packets.end(), whole.packets.begin()));
            if (!cut.error.empty()) {
                REQUIRE(cut.packets.empty());
                continue;
            }
            if (!cut.damage) continue;  // cut between two records
            REQUIRE(cut.damage->good_packets == cut.packets.size());
            REQUIRE(cut.damage->offset <= size);
            if (!whole.damage || cut.damage->offset != whole.damage->offset)
                REQUIRE(cut.damage->offset + cut.damage->skipped_bytes == size);
        }
    }
}

TEST_CASE("law: ranges joined at their ends are the whole") {
    std::minstd_rand random(5);
    for (const std::string& path : captures()) {
        CAPTURE(path);
        auto head = open_capture(path);
        REQUIRE(head);
        const std::uint64_t size = (*head)->source().plain_size();
        const int fd = (*head)->source().plain_fd();
        if (fd < 0) continue;
        const Reading whole = read_file(path);
        for (int round = 0; round < 5; ++round) {
            Reading joined;
            const std::uint64_t cut = random() % size;
            auto reader = open_range(**head, {fd, path, 0, cut});
            if (!reader) continue;
            read_on(**reader, joined);
            auto rest = open_range(**head, {fd, path, std::max<std::uint64_t>(cut, 1), size});
            REQUIRE(rest);
            if (!(*reader)->independent() || joined.damage || (*rest)->first_record() != (*reader)->next_record()) {
                if (joined.damage) continue;
                // The way that callers take: on from where the first range ended, reading everything.
                rest = open_range(**reader, {fd, path, (*reader)->next_record(), size, true});
                REQUIRE(rest);
            }
            std::unique_ptr<RangeReader> next;
            for (RangeReader* at = rest->get();;) {
                read_on(*at, joined);
                if (joined.damage || at->next_record() >= size || at->independent()) break;
                auto more = open_range(*at, {fd, path, at->next_record(), size, true});
                REQUIRE(more);
                if ((*more)->first_record() == (*more)->next_record() && at == next.get()) break;
                next = std::move(*more);
                at = next.get();
            }
            REQUIRE(joined.packets == whole.packets);
            REQUIRE(joined.damage.has_value() == whole.damage.has_value());
        }
    }
}
