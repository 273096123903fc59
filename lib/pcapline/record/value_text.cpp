#include "pcapline/record/value_text.h"

#include <cstring>

#include "pcapline/base/text.h"

namespace pcapline {
namespace {

char* put_word(char* to, std::string_view word) {
    std::memcpy(to, word.data(), word.size());
    return to + word.size();
}

/// JSON puts these in quotes, other formats write them bare; nothing in them needs an escape.
constexpr bool is_quoted(FieldType type) {
    switch (type) {
        case FieldType::number_text:
        case FieldType::time:
        case FieldType::ipv4:
        case FieldType::ipv6:
        case FieldType::ether:
            return true;
        default:
            return false;
    }
}

unsigned hex_digits(FieldType type) {
    switch (type) {
        case FieldType::uint8:
            return 2;
        case FieldType::uint16:
            return 4;
        case FieldType::uint24:
            return 6;
        case FieldType::uint64:
        case FieldType::number_text:
            return 16;
        default:
            return 8;
    }
}

/// The types without a bound, and addresses of odd size.
void put_long_plain(TextBuffer& out, FieldType type, const Value& value, bool tsv) {
    if (type != FieldType::text) {
        out.hex_bytes(value.bytes);
    } else if (tsv) {
        out.tsv_text(value.bytes);
    } else {
        out.harmless_text(value.bytes);
    }
}

}  // namespace

bool is_short(FieldType type) {
    return type != FieldType::text && type != FieldType::bytes;
}

char* put_short_plain(char* to, FieldType type, const Value& value) {
    switch (type) {
        case FieldType::uint8:
        case FieldType::uint16:
        case FieldType::uint24:
        case FieldType::uint32:
        case FieldType::uint64:
        case FieldType::number_text:
            return put_decimal(to, value.number);
        case FieldType::int32:
            return put_signed(to, static_cast<std::int64_t>(value.number));
        case FieldType::boolean:
            return put_word(to, value.number != 0 ? "true" : "false");
        case FieldType::epoch:
            return put_epoch(to, static_cast<std::int64_t>(value.number));
        case FieldType::duration: {
            const auto ns = static_cast<std::int64_t>(value.number);
            if (ns < 0) *to++ = '-';
            return put_fixed(to, ns < 0 ? 0 - value.number : value.number, 9);
        }
        case FieldType::time:
            return put_iso_time(to, static_cast<std::int64_t>(value.number));
        case FieldType::ipv4:
            return value.bytes.size() == 4 ? put_ipv4(to, value.bytes.data()) : nullptr;
        case FieldType::ipv6:
            return value.bytes.size() == 16 ? put_ipv6(to, value.bytes.data()) : nullptr;
        case FieldType::ether:
            return value.bytes.size() == 6 ? put_mac(to, value.bytes.data()) : nullptr;
        case FieldType::protocol:
            *to = '1';
            return to + 1;
        case FieldType::text:
        case FieldType::bytes:
            break;
    }
    return nullptr;
}

char* put_short_json(char* to, FieldType type, const Value& value) {
    if (type == FieldType::protocol) return put_word(to, "{}");
    if (!is_quoted(type)) return put_short_plain(to, type, value);
    *to = '"';
    char* const end = put_short_plain(to + 1, type, value);
    if (!end) return nullptr;
    *end = '"';
    return end + 1;
}

char* put_short_tshark(char* to, FieldType type, Display display, const Value& value) {
    if (type == FieldType::boolean) {
        *to = value.number != 0 ? '1' : '0';
        return to + 1;
    }
    if (display != Display::hex) return put_short_plain(to, type, value);
    return put_hex(put_word(to, "0x"), value.number, hex_digits(type));
}

void put_json_value(TextBuffer& out, FieldType type, const Value& value) {
    if (is_short(type)) {
        if (char* const end = put_short_json(out.room(short_value_chars), type, value)) return out.advance(end);
    } else if (type == FieldType::text) {
        return out.json_string(value.bytes);
    }
    out.put('"');
    out.hex_bytes(value.bytes);
    out.put('"');
}

void put_plain_value(TextBuffer& out, FieldType type, const Value& value, bool tsv) {
    if (is_short(type))
        if (char* const end = put_short_plain(out.room(short_value_chars), type, value)) return out.advance(end);
    put_long_plain(out, type, value, tsv);
}

void put_tshark_value(TextBuffer& out, FieldType type, Display display, const Value& value) {
    if (is_short(type))
        if (char* const end = put_short_tshark(out.room(short_value_chars), type, display, value)) return out.advance(end);
    put_long_plain(out, type, value, false);
}

}  // namespace pcapline
