// Building pcapng blocks and options.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "pcapline/base/bytes.h"
#include "pcapline/base/endian.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/capture/interface.h"

namespace pcapline {

/// One block, grown field by field: type and both lengths are its own business.
class BlockBuilder {
 public:
    BlockBuilder(std::uint32_t type, ByteOrder order);

    BlockBuilder& u16(std::uint16_t value) { return put(value); }
    BlockBuilder& u32(std::uint32_t value) { return put(value); }
    BlockBuilder& u64(std::uint64_t value) { return put(value); }
    BlockBuilder& bytes(Bytes bytes);
    /// Zeros up to a multiple of 4.
    BlockBuilder& pad();
    /// Appends an option with its padding; longer values than 65535 bytes are cut.
    BlockBuilder& option(std::uint16_t code, Bytes value);
    /// Nothing is written for an empty text.
    BlockBuilder& option(std::uint16_t code, std::string_view text);
    /// opt_endofopt, if there was any option.
    BlockBuilder& end_options();
    /// Sets both lengths. The bytes are valid as long as the builder.
    Bytes finish();

 private:
    template <class Unsigned>
    BlockBuilder& put(Unsigned value) {
        bytes_.resize(bytes_.size() + sizeof value);
        store(bytes_.data() + bytes_.size() - sizeof value, value, order_);
        return *this;
    }

    std::vector<std::uint8_t> bytes_;
    ByteOrder order_;
    bool has_options_ = false;
};

/// A section header (section 4.1) of unknown section length, with what `info` says of the machine.
BlockBuilder section_block(const CaptureInfo& info, ByteOrder order);
/// An interface description (section 4.2).
BlockBuilder interface_block(const Interface& interface, ByteOrder order);
/// An interface statistics block (section 4.6), for captures. Ticks count in the interface's own scale.
BlockBuilder statistics_block(std::uint32_t interface, std::uint64_t ticks, std::uint64_t received, std::uint64_t drops, ByteOrder order);
/// Options of an enhanced packet block in the other byte order: known numbers and enterprise numbers are turned, the rest is bytes.
std::vector<std::uint8_t> packet_options_in(ByteOrder to, Bytes options, ByteOrder from);

}  // namespace pcapline
