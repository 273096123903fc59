// Domain names of DNS messages, decompressed.
#pragma once

#include <optional>
#include <string_view>

#include "pcapline/base/bytes.h"
#include "pcapline/decode/field.h"

namespace pcapline {

/// The name that begins at byte `at` of `message` (RFC 1035, section 3.1; compression: section 4.1.4), labels
/// joined with dots and otherwise as they stand in the packet, without the last dot; the root is "<Root>".
/// A name of more than 255 bytes is "<Name too long>", one whose pointers do not end
/// "<Name contains a pointer that loops>" (tshark's words). `at` moves behind the name. Nothing if the name
/// leaves the message. The text lives in `scratch`.
std::optional<std::string_view> read_dns_name(Bytes message, std::size_t& at, Scratch& scratch);

/// Moves `at` behind the name that begins there, without looking at it; false if it leaves the message.
bool skip_dns_name(Bytes message, std::size_t& at);

}  // namespace pcapline
