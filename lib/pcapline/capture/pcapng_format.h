// Numbers of the pcapng format (draft-ietf-opsawg-pcapng).
#pragma once

#include <cstddef>
#include <cstdint>

namespace pcapline {

/// Block types that are more than passed on (section 4).
enum class BlockType : std::uint32_t {
    section_header = 0x0a0d0d0a,  ///< the same in both byte orders
    interface_description = 1,
    packet = 2,  ///< obsolete (appendix A)
    simple_packet = 3,
    interface_statistics = 5,
    enhanced_packet = 6,
};

constexpr std::uint32_t pcapng_byte_order_magic = 0x1a2b3c4d;

// Sizes with the type, both length fields and no options.
constexpr std::size_t block_size_min = 12;
constexpr std::size_t section_header_size = 28;
constexpr std::size_t interface_description_size = 20;
constexpr std::size_t enhanced_packet_size = 32;
constexpr std::size_t simple_packet_size = 16;
constexpr std::size_t interface_statistics_size = 24;

/// Option codes (sections 3.5, 4.1, 4.2, 4.3, 4.6).
namespace option {
constexpr std::uint16_t end = 0;
constexpr std::uint16_t comment = 1;
constexpr std::uint16_t shb_hardware = 2;
constexpr std::uint16_t shb_os = 3;
constexpr std::uint16_t shb_application = 4;
constexpr std::uint16_t if_name = 2;
constexpr std::uint16_t if_description = 3;
constexpr std::uint16_t if_tsresol = 9;
constexpr std::uint16_t if_filter = 11;
constexpr std::uint16_t if_os = 12;
constexpr std::uint16_t if_fcslen = 13;
constexpr std::uint16_t if_tsoffset = 14;
constexpr std::uint16_t if_hardware = 15;
constexpr std::uint16_t epb_flags = 2;
constexpr std::uint16_t epb_hash = 3;
constexpr std::uint16_t epb_drop_count = 4;
constexpr std::uint16_t epb_packet_id = 5;
constexpr std::uint16_t epb_queue = 6;
constexpr std::uint16_t epb_verdict = 7;
constexpr std::uint16_t isb_received = 4;
constexpr std::uint16_t isb_drops = 5;
constexpr std::uint16_t custom_text = 2988;
constexpr std::uint16_t custom_bytes = 2989;
constexpr std::uint16_t custom_text_private = 19372;
constexpr std::uint16_t custom_bytes_private = 19373;
}  // namespace option

constexpr std::uint32_t padded(std::uint32_t length) {
    return (length + 3) & ~std::uint32_t{3};
}

}  // namespace pcapline
