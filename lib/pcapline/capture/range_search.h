// Where does a record begin, somewhere in the middle of a capture?
#pragma once

#include <cstdint>
#include <string>

#include "pcapline/base/endian.h"
#include "pcapline/base/result.h"
#include "pcapline/capture/pcap_format.h"

namespace pcapline {

/// Where to look: a plain file, and the half-open range in which the record must begin.
struct SearchRange {
    int fd = -1;
    std::string name;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t file_size = 0;
};

/// Offset of the first record header in the range from which a chain of plausible headers follows – 8 of them, or
/// as many as there are up to exactly the end of the file; `range.end` if there is none. A guess: payload may hold a capture.
Result<std::uint64_t> find_pcap_record(const SearchRange& range, const PcapHeader& header);
/// The same for pcapng blocks, which begin at multiples of 4 and carry their length twice.
Result<std::uint64_t> find_pcapng_block(const SearchRange& range, ByteOrder order, std::uint32_t longest_block);

}  // namespace pcapline
