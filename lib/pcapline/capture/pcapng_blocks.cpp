#include "pcapline/capture/pcapng_blocks.h"

#include <algorithm>
#include <array>
#include <limits>

#include "pcapline/capture/pcapng_format.h"
#include "pcapline/capture/pcapng_options.h"

namespace pcapline {
namespace {

void reverse(std::vector<std::uint8_t>& value, std::size_t at, std::size_t count) {
    if (value.size() >= at + count)
        std::reverse(value.begin() + static_cast<std::ptrdiff_t>(at), value.begin() + static_cast<std::ptrdiff_t>(at + count));
}

void turn_value(std::uint16_t code, std::vector<std::uint8_t>& value) {
    switch (code) {
        case option::epb_flags:
        case option::epb_queue:
            if (value.size() == 4) reverse(value, 0, 4);
            break;
        case option::epb_drop_count:
        case option::epb_packet_id:
            if (value.size() == 8) reverse(value, 0, 8);
            break;
        case option::epb_verdict:  // kinds 1 and 2 are a 64-bit number
            if (value.size() == 9 && (value[0] == 1 || value[0] == 2)) reverse(value, 1, 8);
            break;
        case option::custom_text:
        case option::custom_bytes:
        case option::custom_text_private:
        case option::custom_bytes_private:  // the enterprise number; what follows is only its owner's to know
            reverse(value, 0, 4);
            break;
        default:
            break;
    }
}

}  // namespace

BlockBuilder::BlockBuilder(std::uint32_t type, ByteOrder order) : order_(order) {
    u32(type).u32(0);
}

BlockBuilder& BlockBuilder::bytes(Bytes bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
}

BlockBuilder& BlockBuilder::pad() {
    bytes_.resize(padded(static_cast<std::uint32_t>(bytes_.size())));
    return *this;
}

BlockBuilder& BlockBuilder::option(std::uint16_t code, Bytes value) {
    const Bytes kept = value.first(std::min<std::size_t>(value.size(), std::numeric_limits<std::uint16_t>::max()));
    has_options_ = true;
    return u16(code).u16(static_cast<std::uint16_t>(kept.size())).bytes(kept).pad();
}

BlockBuilder& BlockBuilder::option(std::uint16_t code, std::string_view text) {
    return text.empty() ? *this : option(code, bytes_of(text));
}

BlockBuilder& BlockBuilder::end_options() {
    return has_options_ ? u32(0) : *this;
}

Bytes BlockBuilder::finish() {
    const auto length = static_cast<std::uint32_t>(bytes_.size() + 4);
    u32(length);
    store(bytes_.data() + 4, length, order_);
    return bytes_;
}

BlockBuilder section_block(const CaptureInfo& info, ByteOrder order) {
    BlockBuilder block(static_cast<std::uint32_t>(BlockType::section_header), order);
    block.u32(pcapng_byte_order_magic).u16(1).u16(0).u64(std::numeric_limits<std::uint64_t>::max());
    for (const std::string& comment : info.comments) block.option(option::comment, comment);
    block.option(option::shb_hardware, info.hardware).option(option::shb_os, info.os).option(option::shb_application, info.application);
    return block.end_options();
}

BlockBuilder interface_block(const Interface& interface, ByteOrder order) {
    BlockBuilder block(static_cast<std::uint32_t>(BlockType::interface_description), order);
    block.u16(interface.link_type).u16(0).u32(interface.snap_len);
    block.option(option::if_name, interface.name).option(option::if_description, interface.description);
    const std::array resolution = {static_cast<std::uint8_t>((interface.time.binary ? 0x80U : 0U) | interface.time.exponent)};
    block.option(option::if_tsresol, resolution);
    if (!interface.filter.empty()) block.option(option::if_filter, std::string(1, '\0') + interface.filter);
    block.option(option::if_os, interface.os);
    if (interface.fcs_len != 0) block.option(option::if_fcslen, std::array{interface.fcs_len});
    if (interface.time.offset != 0) {
        std::array<std::uint8_t, 8> offset{};
        store(offset.data(), static_cast<std::uint64_t>(interface.time.offset), order);
        block.option(option::if_tsoffset, offset);
    }
    return block.option(option::if_hardware, interface.hardware).end_options();
}

BlockBuilder statistics_block(std::uint32_t interface, std::uint64_t ticks, std::uint64_t received, std::uint64_t drops, ByteOrder order) {
    BlockBuilder block(static_cast<std::uint32_t>(BlockType::interface_statistics), order);
    block.u32(interface).u32(static_cast<std::uint32_t>(ticks >> 32)).u32(static_cast<std::uint32_t>(ticks));
    std::array<std::uint8_t, 8> number{};
    store(number.data(), received, order);
    block.option(option::isb_received, number);
    store(number.data(), drops, order);
    return block.option(option::isb_drops, number).end_options();
}

std::vector<std::uint8_t> packet_options_in(ByteOrder to, Bytes options, ByteOrder from) {
    std::vector<std::uint8_t> out;
    OptionWalk walk(options, from);
    while (const auto found = walk.next()) {
        std::vector<std::uint8_t> value(found->value.begin(), found->value.end());
        if (to != from) turn_value(found->code, value);
        const std::size_t at = out.size();
        out.resize(at + 4);
        store(out.data() + at, found->code, to);
        store(out.data() + at + 2, static_cast<std::uint16_t>(value.size()), to);
        out.insert(out.end(), value.begin(), value.end());
        out.resize(padded(static_cast<std::uint32_t>(out.size())));
    }
    return out;
}

}  // namespace pcapline
