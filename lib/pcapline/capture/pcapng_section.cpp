#include "pcapline/capture/pcapng_section.h"

#include <algorithm>
#include <string>

#include "pcapline/capture/pcapng_format.h"
#include "pcapline/capture/pcapng_options.h"

namespace pcapline {
namespace {

Bytes options_of(Bytes block, std::size_t fixed) {
    return block.size() < fixed ? Bytes{} : block.subspan(fixed - 4, block.size() - fixed);
}

void read_interface_option(const Option& option, ByteOrder order, Interface& out) {
    const std::uint8_t* const value = option.value.data();
    switch (option.code) {
        case option::if_name:
            out.name = option_text(option.value);
            break;
        case option::if_description:
            out.description = option_text(option.value);
            break;
        case option::if_hardware:
            out.hardware = option_text(option.value);
            break;
        case option::if_os:
            out.os = option_text(option.value);
            break;
        case option::if_filter:  // a first byte of 0 says that text follows; 1 is compiled code
            if (!option.value.empty() && value[0] == 0) out.filter = option_text(option.value.subspan(1));
            break;
        case option::if_tsresol:
            if (option.value.size() != 1) break;
            out.time.binary = (value[0] & 0x80) != 0;
            out.time.exponent = value[0] & 0x7f;
            break;
        case option::if_tsoffset:
            if (option.value.size() == 8) out.time.offset = static_cast<std::int64_t>(load64(value, order));
            break;
        case option::if_fcslen:
            if (option.value.size() == 1) out.fcs_len = value[0];
            break;
        default:
            break;
    }
}

}  // namespace

std::optional<ByteOrder> section_order(Bytes header) {
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big})
        if (header.size() >= block_size_min && load32(header.data() + 8, order) == pcapng_byte_order_magic) return order;
    return std::nullopt;
}

std::string section_refusal(Bytes block, ByteOrder order) {
    if (block.size() < section_header_size) return "pcapng section header shorter than its fields";
    const std::uint16_t major = load16(block.data() + 12, order);
    const std::uint16_t minor = load16(block.data() + 14, order);
    if (major == 1 && (minor == 0 || minor == 2)) return {};
    return "pcapng version " + std::to_string(major) + "." + std::to_string(minor) + " is not supported";
}

void read_section_options(Bytes block, ByteOrder order, CaptureInfo& info) {
    OptionWalk walk(options_of(block, section_header_size), order);
    while (const auto found = walk.next()) {
        if (found->code == option::shb_hardware) info.hardware = option_text(found->value);
        if (found->code == option::shb_os) info.os = option_text(found->value);
        if (found->code == option::shb_application) info.application = option_text(found->value);
        if (found->code == option::comment) info.comments.push_back(option_text(found->value));
    }
}

Interface read_interface(Bytes block, ByteOrder order, std::uint32_t section) {
    Interface out;
    out.section = section;
    out.link_type = load16(block.data() + 8, order);
    out.snap_len = load32(block.data() + 12, order);
    OptionWalk walk(options_of(block, interface_description_size), order);
    while (const auto found = walk.next()) read_interface_option(*found, order, out);
    return out;
}

std::uint8_t time_digits(const TimeScale& time) {
    // 2^-n tells ceil(n * log10(2)) digits apart; 1233/4096 is log10(2) to 5 digits, enough below 2^-127.
    const unsigned digits = time.binary ? (time.exponent * 1233U + 4095) / 4096 : time.exponent;
    return static_cast<std::uint8_t>(std::min(digits, 9U));
}

std::optional<InterfaceDrops> read_drops(Bytes block, ByteOrder order) {
    if (block.size() < interface_statistics_size) return std::nullopt;
    const auto value = find_option(options_of(block, interface_statistics_size), order, option::isb_drops);
    if (!value || value->size() != 8) return std::nullopt;
    return InterfaceDrops{load32(block.data() + 8, order), load64(value->data(), order)};
}

}  // namespace pcapline
