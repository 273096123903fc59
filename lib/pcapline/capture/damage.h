// Building a Damage where a reader stands.
#pragma once

#include <cstdint>
#include <string>

#include "pcapline/capture/block_stream.h"
#include "pcapline/capture/frame_source.h"

namespace pcapline {

/// Damage at the start of the record that the stream stands at. What follows it is counted to the end of a plain file,
/// else as far as it was read.
Damage damage_at(const BlockStream& stream, std::string what, std::uint64_t good_packets);

}  // namespace pcapline
