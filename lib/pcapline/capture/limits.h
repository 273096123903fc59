// Ceilings: what a length field may claim before it is called damage.
#pragma once

#include <cstdint>

namespace pcapline {

/// The most captured bytes that a classic pcap record may claim. 262144 is libpcap's MAXIMUM_SNAPLEN, above which
/// it and Wireshark call a record damaged. Three families carry messages, not frames, and get the larger of the
/// two programs' limits: D-Bus messages (128 MiB by its specification), USB transfers (128 MiB in Wireshark),
/// and EBHSCR (32 MiB in Wireshark, 8 MiB in libpcap).
constexpr std::uint32_t max_captured(std::uint16_t link_type) {
    switch (link_type) {
        case 189:  // USB_LINUX
        case 220:  // USB_LINUX_MMAPPED
        case 231:  // DBUS
        case 249:  // USBPCAP
        case 266:  // USB_DARWIN
            return 128U << 20;
        case 279:  // EBHSCR
            return 32U << 20;
        default:
            return 262144;
    }
}

/// The longest pcapng block, as in libpcap; packet blocks of the link types above may be longer by that much.
constexpr std::uint32_t max_block_length = 16U << 20;

/// Frame::interface has 16 bits.
constexpr std::uint32_t max_interfaces = 65536;

}  // namespace pcapline
