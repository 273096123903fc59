// What section headers and interface blocks of pcapng say.
#pragma once

#include <cstdint>
#include <optional>

#include "pcapline/base/bytes.h"
#include "pcapline/base/endian.h"
#include "pcapline/base/result.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/capture/interface.h"

namespace pcapline {

/// The byte order of a section, from the first 12 bytes of its header (section 4.1); empty without the byte-order magic.
std::optional<ByteOrder> section_order(Bytes header);
/// Why a whole section header block cannot be read; empty if it can: version 1.0, or the 1.2 that some writers put there.
std::string section_refusal(Bytes block, ByteOrder order);
/// Fills hardware, operating system, application and comments.
void read_section_options(Bytes block, ByteOrder order, CaptureInfo& info);

/// An interface description block (section 4.2) of at least 20 bytes. Options that make no sense are passed over.
Interface read_interface(Bytes block, ByteOrder order, std::uint32_t section);
/// Decimal digits of a second that the scale tells apart, at most 9.
std::uint8_t time_digits(const TimeScale& time);

/// What an interface statistics block (section 4.6) tells of drops.
struct InterfaceDrops {
    std::uint32_t interface = 0;  ///< within its section
    std::uint64_t drops = 0;
};
std::optional<InterfaceDrops> read_drops(Bytes block, ByteOrder order);

}  // namespace pcapline
