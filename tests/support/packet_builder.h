// Bytes for tests, written as hex.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "pcapline/base/frame.h"

namespace pcapline::test {

/// Hex digits to bytes; blanks and '|' are skipped.
std::vector<std::uint8_t> hex(std::string_view digits);
/// A frame over bytes that the caller keeps; `wire_len` 0 means nothing was cut.
Frame frame_of(const std::vector<std::uint8_t>& bytes, std::uint16_t link_type = 1, std::uint32_t wire_len = 0);

}  // namespace pcapline::test
