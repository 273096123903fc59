// open_range: a part of a plain capture file.
#include <algorithm>
#include <utility>

#include "pcapline/capture/block_stream.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/capture/pcap_reader.h"
#include "pcapline/capture/pcapng_reader.h"
#include "pcapline/capture/range_search.h"
#include "pcapline/capture/range_source.h"

namespace pcapline {
namespace {

using Opened = Result<std::unique_ptr<RangeReader>>;

BlockStream stream_at(const FrameSource& head, const FrameRange& range, std::uint64_t offset) {
    return BlockStream(std::make_unique<RangeSource>(range.fd, range.name, offset, head.source().plain_size()), offset);
}

SearchRange search(const FrameSource& head, const FrameRange& range) {
    return {range.fd, range.name, range.begin, range.end, head.source().plain_size()};
}

Opened open_pcap_range(const PcapReader& head, const FrameRange& range) {
    std::uint64_t begin = range.begin;
    if (begin < pcap_header_size) {
        begin = pcap_header_size;
    } else if (!range.exact) {
        const auto found = find_pcap_record(search(head, range), head.header());
        if (!found) return found.error();
        begin = *found;
    }
    return std::unique_ptr<RangeReader>(std::make_unique<PcapReader>(stream_at(head, range, begin), head.header(), range.end));
}

Opened open_pcapng_range(const PcapngReader& head, const FrameRange& range) {
    if (range.begin == 0) {
        auto reader = PcapngReader::open_first_range(stream_at(head, range, 0), range.end);
        if (!reader) return reader.error();
        return std::unique_ptr<RangeReader>(std::move(*reader));
    }
    std::uint64_t begin = range.begin;
    if (!range.exact) {
        const auto found = find_pcapng_block(search(head, range), head.order(), head.longest_block());
        if (!found) return found.error();
        begin = *found;
    }
    return std::unique_ptr<RangeReader>(std::make_unique<PcapngReader>(stream_at(head, range, begin), head, range.end, range.exact));
}

}  // namespace

Opened open_range(const FrameSource& head, const FrameRange& range) {
    if (const auto* pcap = dynamic_cast<const PcapReader*>(&head)) return open_pcap_range(*pcap, range);
    if (const auto* pcapng = dynamic_cast<const PcapngReader*>(&head)) return open_pcapng_range(*pcapng, range);
    return Error{Errc::input, "not a capture that can be read in ranges", range.name};
}

}  // namespace pcapline
