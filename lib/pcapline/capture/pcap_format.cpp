#include "pcapline/capture/pcap_format.h"

namespace pcapline {
namespace {

constexpr std::uint32_t fcs_present = 0x04000000;

}  // namespace

std::optional<PcapHeader> pcap_variant(Bytes magic) {
    if (magic.size() < 4) return std::nullopt;
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        PcapHeader header;
        header.order = order;
        switch (load32(magic.data(), order)) {
            case pcap_magic_us:
                return header;
            case pcap_magic_ns:
                header.nanoseconds = true;
                return header;
            case pcap_magic_modified:
                header.record_size = pcap_modified_record_size;
                return header;
            default:
                break;
        }
    }
    return std::nullopt;
}

Result<PcapHeader> parse_pcap_header(Bytes bytes) {
    PcapHeader header = *pcap_variant(bytes);
    const std::uint16_t major = load16(bytes.data() + 4, header.order);
    const std::uint16_t minor = load16(bytes.data() + 6, header.order);
    if (major == 543 && minor == 0) {  // DG/UX tcpdump
        header.lengths = PcapHeader::Lengths::original_first;
    } else if (major == 2 && minor <= 4) {
        if (minor < 3) header.lengths = PcapHeader::Lengths::original_first;
        if (minor == 3) header.lengths = PcapHeader::Lengths::smaller;
    } else {
        return Error{Errc::input, "pcap version " + std::to_string(major) + "." + std::to_string(minor) + " is not supported"};
    }
    header.snap_len = load32(bytes.data() + 16, header.order);
    const std::uint32_t link = load32(bytes.data() + 20, header.order);
    header.link_type = static_cast<std::uint16_t>(link);
    if ((link & fcs_present) != 0) header.fcs_len = static_cast<std::uint8_t>((link >> 28) * 2);
    return header;
}

std::uint32_t pcap_link_field(std::uint16_t link_type, std::uint8_t fcs_len) {
    const std::uint32_t words = fcs_len / 2U;
    if (words == 0 || words > 15 || fcs_len % 2 != 0) return link_type;
    return link_type | fcs_present | words << 28;
}

}  // namespace pcapline
