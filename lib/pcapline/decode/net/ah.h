// IP authentication header.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/net/ipv6_extension.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Authentication header (RFC 4302, section 2).
///
///     |  next header  |    length     |           reserved            |
///     |                   security parameters index                   |
///     |                       sequence number                         |
///     |              integrity check value, variable                  |
struct Ah {
    static constexpr std::string_view name = "ah";
    static constexpr std::string_view title = "Authentication Header";
    static constexpr Edge found_at[] = {{Space::ip_proto, 51}};
    static constexpr std::size_t size = 12;

    Fixed<size> h;
    constexpr std::uint8_t next_header() const { return u8<0>(h); }
    /// In units of 4 bytes, the first two not counted.
    constexpr std::uint8_t length() const { return u8<1>(h); }
    constexpr Fixed<2> reserved() const { return h.part<2, 2>(); }
    constexpr std::uint32_t spi() const { return be32<4>(h); }
    constexpr std::uint32_t sequence() const { return be32<8>(h); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const std::size_t length = (Ah{*header}.length() + std::size_t{2}) * 4;
        if (length < size) return Next::bad(Anomaly::header_length);
        if (!rest.take(length - size)) return Next::too_short();
        return after_ipv6_header(Ah{*header}.next_header());
    }

    static void icv(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        const Bytes value = context.bytes(layer).subspan(size);
        if (!value.empty()) out.bytes(index, value);
    }
};

template <>
inline constexpr std::array fields<Ah>{
    Field{"ah.next_header", FieldType::uint8, "Next header", get<Ah, &Ah::next_header>},
    Field{"ah.length", FieldType::uint8, "Length in units of 4 bytes, the first two not counted", get<Ah, &Ah::length>},
    Field{"ah.reserved", FieldType::bytes, "Reserved", get<Ah, &Ah::reserved>, Display::none, Repeat::one, Shown::asked},
    Field{"ah.spi", FieldType::uint32, "Security parameters index", get<Ah, &Ah::spi>, Display::hex},
    Field{"ah.sequence", FieldType::uint32, "Sequence number", get<Ah, &Ah::sequence>},
    Field{"ah.icv", FieldType::bytes, "Integrity check value", Ah::icv},
};

}  // namespace pcapline
