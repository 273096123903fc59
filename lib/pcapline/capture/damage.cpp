#include "pcapline/capture/damage.h"

#include <utility>

namespace pcapline {

Damage damage_at(const BlockStream& stream, std::string what, std::uint64_t good_packets) {
    Damage damage;
    damage.what = std::move(what);
    damage.offset = stream.offset();
    damage.good_packets = good_packets;
    damage.skipped_bytes = stream.left();
    const std::uint64_t size = stream.source().plain_size();
    if (stream.source().plain_fd() >= 0 && size > damage.offset) damage.skipped_bytes = size - damage.offset;
    return damage;
}

}  // namespace pcapline
