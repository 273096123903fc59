// The classic pcap file: its header and its records (draft-ietf-opsawg-pcap, and libpcap's older variants).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "pcapline/base/bytes.h"
#include "pcapline/base/endian.h"
#include "pcapline/base/result.h"

namespace pcapline {

constexpr std::uint32_t pcap_magic_us = 0xa1b2c3d4;
constexpr std::uint32_t pcap_magic_ns = 0xa1b23c4d;
constexpr std::uint32_t pcap_magic_modified = 0xa1b2cd34;  ///< Kuznetzov's: records say interface, protocol and packet type
constexpr std::size_t pcap_header_size = 24;
constexpr std::size_t pcap_record_size = 16;
constexpr std::size_t pcap_modified_record_size = 24;

/// What the 24 bytes at the start of a pcap file say. The time zone and accuracy fields are ignored, as by libpcap.
struct PcapHeader {
    ByteOrder order = native_order;
    bool nanoseconds = false;
    std::uint8_t record_size = pcap_record_size;
    /// Which of a record's two lengths is the captured one: versions before 2.3 have them the other way round,
    /// files of 2.3 either way (then the smaller one is the captured length).
    enum class Lengths : std::uint8_t {
        captured_first,
        original_first,
        smaller
    } lengths = Lengths::captured_first;
    std::uint16_t link_type = 0;
    std::uint8_t fcs_len = 0;
    std::uint32_t snap_len = 0;
};

/// The byte order and variant that a magic number tells, if it is one of pcap's.
std::optional<PcapHeader> pcap_variant(Bytes magic);
/// Parses a header of 24 bytes whose magic is known. Errors: Errc::input without a place, for versions that libpcap refuses too.
Result<PcapHeader> parse_pcap_header(Bytes header);
/// The link-type field of a header: bits 0–15 the link type, bit 26 "the FCS length is given", bits 28–31 that length in
/// 16-bit words, the others reserved.
std::uint32_t pcap_link_field(std::uint16_t link_type, std::uint8_t fcs_len);

}  // namespace pcapline
