// Raw IP.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Raw IP (LINKTYPE_RAW of tcpdump.org; 12 and 14 are DLT_RAW of some systems, written to files by mistake): no header at
/// all, the packet's first nibble says which IP it is. The layer is empty.
struct Raw {
    static constexpr std::string_view name = "raw";
    static constexpr std::string_view title = "Raw IP";
    static constexpr Edge found_at[] = {{Space::link_type, 101}, {Space::link_type, 12}, {Space::link_type, 14}};
    static constexpr std::size_t size = 0;

    static constexpr Next decode(Cursor& rest) {
        const auto first = rest.peek<1>();
        if (!first) return Next::too_short();
        const unsigned version = u8<0>(*first) >> 4U;
        return version == 4 || version == 6 ? Next::in(Space::ip_version, version) : Next::payload();
    }
};

}  // namespace pcapline
