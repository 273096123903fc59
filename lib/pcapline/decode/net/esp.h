// IP encapsulating security payload.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Encapsulating security payload (RFC 4303, section 2). What follows is encrypted.
///
///     |                   security parameters index                   |
///     |                       sequence number                         |
struct Esp {
    static constexpr std::string_view name = "esp";
    static constexpr std::string_view title = "Encapsulating Security Payload";
    static constexpr Edge found_at[] = {{Space::ip_proto, 50}};
    static constexpr std::size_t size = 8;

    Fixed<size> h;
    constexpr std::uint32_t spi() const { return be32<0>(h); }
    constexpr std::uint32_t sequence() const { return be32<4>(h); }

    static constexpr Next decode(Cursor& rest) {
        if (!rest.take<size>()) return Next::too_short();
        return Next::payload();
    }
};

template <>
inline constexpr std::array fields<Esp>{
    Field{"esp.spi", FieldType::uint32, "Security parameters index", get<Esp, &Esp::spi>, Display::hex},
    Field{"esp.sequence", FieldType::uint32, "Sequence number", get<Esp, &Esp::sequence>},
};

}  // namespace pcapline
