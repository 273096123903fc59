#include "pcapline/decode/app/dns_name.h"

#include <cstring>
#include <optional>

namespace pcapline {
namespace {

constexpr std::size_t max_name = 253;     // 255 bytes as encoded (RFC 1035, section 2.3.4), less the root and the first length
constexpr std::size_t max_pointers = 64;  // a name has at most 127 labels; nobody writes one pointer a label

/// What the first byte of a label says: its length, or the beginning of a pointer.
constexpr bool is_pointer(std::uint8_t first) {
    return (first & 0xc0) == 0xc0;
}
constexpr bool is_label(std::uint8_t first) {
    return (first & 0xc0) == 0;
}

}  // namespace

bool skip_dns_name(Bytes message, std::size_t& at) {
    while (at < message.size()) {
        const std::uint8_t first = message[at];
        if (is_pointer(first)) {
            if (message.size() - at < 2) return false;
            at += 2;
            return true;
        }
        if (!is_label(first) || message.size() - at <= first) return false;
        at += std::size_t{1} + first;
        if (first == 0) return true;
    }
    return false;
}

std::optional<std::string_view> read_dns_name(Bytes message, std::size_t& at, Scratch& scratch) {
    std::size_t from = at;
    if (!skip_dns_name(message, at)) return std::nullopt;

    std::uint8_t* const text = scratch.take(max_name);
    std::size_t length = 0;
    const auto finish = [&](std::string_view words) {
        scratch.give_back(max_name);
        return words;
    };
    std::size_t pointers = 0;
    std::size_t processed = 0;  // more than the message holds: some of it was read twice
    while (from < message.size()) {
        const std::uint8_t first = message[from];
        if (is_pointer(first)) {
            if (message.size() - from < 2) break;
            processed += 2;
            if (++pointers > max_pointers || processed >= message.size()) return finish("<Name contains a pointer that loops>");
            from = static_cast<std::size_t>(first & 0x3f) << 8 | message[from + 1];
            continue;
        }
        if (!is_label(first) || message.size() - from <= first) break;
        if (first == 0) {
            if (length == 0) return finish("<Root>");
            scratch.give_back(max_name - length);
            return std::string_view{reinterpret_cast<const char*>(text), length};
        }
        if (length + (length != 0 ? 1U : 0U) + first > max_name) return finish("<Name too long>");
        if (length != 0) text[length++] = '.';
        std::memcpy(text + length, message.data() + from + 1, first);
        length += first;
        from += std::size_t{1} + first;
        processed += std::size_t{1} + first;
    }
    scratch.give_back(max_name);
    return std::nullopt;
}

}  // namespace pcapline
