#include "pcapline/record/value_text.h"

#include "pcapline/base/text.h"

namespace pcapline {
namespace {

/// The types that every format but tshark's writes alike, without quotes. False: text, bytes and addresses of odd size are left.
bool put_scalar(TextBuffer& out, FieldType type, const Value& value) {
    switch (type) {
        case FieldType::boolean:
            out.put(value.number != 0 ? std::string_view{"true"} : std::string_view{"false"});
            return true;
        case FieldType::uint8:
        case FieldType::uint16:
        case FieldType::uint24:
        case FieldType::uint32:
        case FieldType::uint64:
            out.decimal(value.number);
            return true;
        case FieldType::int32:
            out.signed_decimal(static_cast<std::int64_t>(value.number));
            return true;
        case FieldType::epoch:
            out.epoch(static_cast<std::int64_t>(value.number));
            return true;
        case FieldType::duration: {
            const auto ns = static_cast<std::int64_t>(value.number);
            if (ns < 0) out.put('-');
            out.fixed(ns < 0 ? 0 - value.number : value.number, 9);
            return true;
        }
        default:
            return false;
    }
}

/// Types that JSON puts in quotes and other formats write bare; nothing in them needs an escape.
bool put_quotable(TextBuffer& out, FieldType type, const Value& value) {
    switch (type) {
        case FieldType::number_text:
            out.decimal(value.number);
            return true;
        case FieldType::bytes:
            out.hex_bytes(value.bytes);
            return true;
        case FieldType::time:
            out.iso_time(static_cast<std::int64_t>(value.number));
            return true;
        case FieldType::ipv4:
            if (value.bytes.size() != 4) break;
            out.advance(put_ipv4(out.room(ipv4_chars), value.bytes.data()));
            return true;
        case FieldType::ipv6:
            if (value.bytes.size() != 16) break;
            out.advance(put_ipv6(out.room(ipv6_chars), value.bytes.data()));
            return true;
        case FieldType::ether:
            if (value.bytes.size() != 6) break;
            out.advance(put_mac(out.room(mac_chars), value.bytes.data()));
            return true;
        default:
            return false;
    }
    out.hex_bytes(value.bytes);  // an address of odd size
    return true;
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

}  // namespace

void put_json_value(TextBuffer& out, FieldType type, const Value& value) {
    if (put_scalar(out, type, value)) return;
    if (type == FieldType::text) {
        out.json_string(value.bytes);
    } else if (type == FieldType::protocol) {
        out.put("{}");
    } else {
        out.put('"');
        put_quotable(out, type, value);
        out.put('"');
    }
}

void put_plain_value(TextBuffer& out, FieldType type, const Value& value, bool tsv) {
    if (put_scalar(out, type, value) || put_quotable(out, type, value)) return;
    if (type == FieldType::protocol) {
        out.put('1');
    } else if (tsv) {
        out.tsv_text(value.bytes);
    } else {
        out.harmless_text(value.bytes);
    }
}

void put_tshark_value(TextBuffer& out, FieldType type, Display display, const Value& value) {
    if (type == FieldType::boolean) {
        out.put(value.number != 0 ? '1' : '0');
    } else if (display == Display::hex && type != FieldType::bytes && type != FieldType::text) {
        out.put("0x");
        out.hex(value.number, hex_digits(type));
    } else {
        put_plain_value(out, type, value, false);
    }
}

}  // namespace pcapline
