#include "support/packet_builder.h"

#include <stdexcept>
#include <string>

namespace pcapline::test {

std::vector<std::uint8_t> hex(std::string_view digits) {
    std::vector<std::uint8_t> bytes;
    int high = -1;
    for (const char c : digits) {
        if (c == ' ' || c == '|' || c == '\n') continue;
        const std::size_t at = std::string_view{"0123456789abcdef"}.find(c);
        if (at == std::string_view::npos) throw std::invalid_argument{std::string{"not a hex digit: "} + c};
        if (high < 0) {
            high = static_cast<int>(at);
        } else {
            bytes.push_back(static_cast<std::uint8_t>(high << 4 | static_cast<int>(at)));
            high = -1;
        }
    }
    if (high >= 0) throw std::invalid_argument{"odd number of hex digits"};
    return bytes;
}

Frame frame_of(const std::vector<std::uint8_t>& bytes, std::uint16_t link_type, std::uint32_t wire_len) {
    Frame frame;
    frame.data = bytes.data();
    frame.cap_len = static_cast<std::uint32_t>(bytes.size());
    frame.wire_len = wire_len == 0 ? frame.cap_len : wire_len;
    frame.link_type = link_type;
    return frame;
}

}  // namespace pcapline::test
