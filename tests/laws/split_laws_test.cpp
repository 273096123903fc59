// Cutting a capture neither loses nor changes a packet, whatever it is cut by and on whichever way the packets go.
#include <map>

#include "pcapline/capture/frame_source.h"
#include "pcapline/io/file_source.h"
#include "pcapline/split/packet_index.h"
#include "pcapline/split/partition.h"
#include "support/catch.h"
#include "support/corpus.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

constexpr std::uint64_t most_packets = 20'000;  ///< of a file

/// What must come back of a packet.
struct Kept {
    std::int64_t time_ns;
    std::uint32_t wire_len;
    std::uint16_t link_type;
    std::string interface;
    std::vector<std::uint8_t> data;
    std::vector<std::uint8_t> options;
    bool operator==(const Kept&) const = default;
};

Kept kept(const Batch& batch, std::size_t i, const FrameSource& source) {
    const Frame& frame = batch.frames[i];
    const Bytes data = frame.bytes();
    const Bytes options = batch.options_of(i);
    // A packet without a time gets time 0 where it is not its file's first interface's.
    return {frame.has_time() ? frame.time_ns : 0,
            frame.wire_len,
            frame.link_type,
            frame.interface < source.interfaces().size() ? source.interfaces()[frame.interface].name : "",
            {data.begin(), data.end()},
            {options.begin(), options.end()}};
}

std::vector<Kept> read_back(Bytes bytes) {
    std::vector<Kept> packets;
    auto source = open_capture(std::make_unique<MemorySource>(std::vector<std::uint8_t>{bytes.begin(), bytes.end()}));
    if (!source) return packets;
    Batch batch;
    while ((*source)->next(batch))
        for (std::size_t i = 0; i < batch.frames.size(); ++i) packets.push_back(kept(batch, i, **source));
    if ((*source)->damage()) packets.clear();
    return packets;
}

/// A run over a file by one kind of parts; what came out in memory.
struct Cut {
    Cut(const std::string& file, const SplitBy& by) : namer(*NameTemplate::parse(by.default_name()), parts), encoder(options()) {
        auto source = open_capture(file);
        if (!source) return;
        const auto partition = make_partition(by, {}, namer, encoder);
        const int fd = (*source)->source().plain_fd();
        if (fd >= 0) mapped = *MappedFile::open(fd, file);
        if (mapped) index.begin_input(0, mapped);
        Batch batch;
        std::vector<Targets> targets;
        while (packets < most_packets && (*source)->next(batch)) {
            const RecordEncoder::Origin from{0, (*source)->interfaces(), (*source)->info(), batch.order};
            partition->assign(batch, from, targets);
            for (std::size_t i = 0; i < targets.size(); ++i) {
                for (const Parts::Number part : {targets[i].first, targets[i].second}) {
                    if (part == Parts::none) continue;
                    out.try_emplace(part);
                    REQUIRE(encoder.put(batch.frames[i], batch.number_of(i), batch.options_of(i), from, parts[part].encoding, out[part]));
                    Kept one = kept(batch, i, **source);
                    if (batch.order != native_order) one.options.clear();  // their numbers are turned
                    expected[part].push_back(std::move(one));
                    if (mapped) index.add(part, batch, i, batch.offset_of(batch.frames[i].data));
                    copies += part == targets[i].second ? 1 : 0;
                }
            }
            packets += batch.frames.size();
            if (batch.order != native_order) turned = true;
        }
        if (mapped) index.end_input((*source)->interfaces(), (*source)->info());
    }
    static WriterOptions options() {
        WriterOptions options;
        options.format = WriteFormat::pcapng;
        return options;
    }

    Parts parts;
    Namer namer;
    RecordEncoder encoder;
    std::shared_ptr<const MappedFile> mapped;
    PacketIndex index;
    std::map<Parts::Number, ByteBuffer> out;
    std::map<Parts::Number, std::vector<Kept>> expected;
    std::uint64_t packets = 0;
    std::uint64_t copies = 0;
    bool turned = false;
};

}  // namespace

TEST_CASE("Every packet is in its part as it was, and both ways to the parts give the same bytes", "[laws][split]") {
    for (const std::string& file : corpus_files()) {
        for (const std::string_view by : {"host", "host-pair", "port", "vlan", "time:100ms", "count:7", "size:2000", "hash:5"}) {
            CAPTURE(file, by);
            Cut cut{file, *SplitBy::parse(by)};
            std::uint64_t written = 0;
            for (auto& [part, bytes] : cut.out) {
                std::vector<Kept> packets = read_back(bytes.bytes());
                written += packets.size();
                if (cut.turned)
                    for (Kept& one : packets) one.options.clear();
                if (packets != cut.expected[part]) FAIL_CHECK("part " << part << " is not what it was");
            }
            CHECK(written == cut.packets + cut.copies);
            if (!cut.mapped) continue;
            RecordEncoder encoder{Cut::options()};
            cut.index.sort(cut.parts.size(), nullptr);
            for (const auto& [part, bytes] : cut.out) {
                RecordEncoder::State state = 0;
                ByteBuffer again;
                std::vector<std::uint8_t> all;
                const auto emit = [&](Bytes records) {
                    all.insert(all.end(), records.begin(), records.end());
                    return Result<void>{};
                };
                REQUIRE(cut.index.encode(part, encoder, state, again, emit));
                REQUIRE(emit(again.bytes()));
                const Bytes once = bytes.bytes();
                if (!std::equal(all.begin(), all.end(), once.begin(), once.end()))
                    FAIL_CHECK("part " << part << " differs on the other way");
            }
        }
    }
}
