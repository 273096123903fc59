// Internet Group Management Protocol.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Internet Group Management Protocol, versions 1 (RFC 1112, appendix I), 2 (RFC 2236, section 2) and 3 (RFC 3376, section
/// 4). Sources and group records of version 3 are read from what follows the 8 bytes.
///
///     |     type      | max resp code |           checksum            |
///     |            group, or number of group records                  |
///     | res |S| QRV   |     QQIC      |      number of sources        |  version 3 query
struct Igmp {
    static constexpr std::string_view name = "igmp";
    static constexpr std::string_view title = "Internet Group Management Protocol";
    static constexpr Edge found_at[] = {{Space::ip_proto, 2}};
    static constexpr std::size_t size = 8;

    enum Type : std::uint8_t {
        query = 0x11,
        report_v1 = 0x12,
        report_v2 = 0x16,
        leave = 0x17,
        report_v3 = 0x22,
    };

    Fixed<size> h;
    constexpr std::uint8_t type() const { return u8<0>(h); }
    constexpr std::uint8_t max_response() const { return u8<1>(h); }
    constexpr std::uint16_t checksum() const { return be16<2>(h); }
    constexpr Fixed<4> group() const { return h.part<4, 4>(); }
    constexpr std::uint16_t group_records() const { return be16<6>(h); }

    static constexpr Next decode(Cursor& rest) {
        if (!rest.take<size>()) return Next::too_short();
        return Next::payload();
    }

    static void walk(const Context& context, const Layer& layer, FieldValues& out);
};

enum class IgmpField {
    version,
    type,
    max_response,
    checksum,
    group,
    suppress,
    robustness,
    query_interval,
    group_records,
    record_type,
    aux_length,
    source_count,
    source,
    count,
};

template <>
inline constexpr std::array fields<Igmp>{
    Field{"igmp.version", FieldType::uint8, "Version, seen from type and length"},
    Field{"igmp.type", FieldType::uint8, "Type", nullptr, Display::hex},
    Field{"igmp.max_resp", FieldType::uint8, "Maximum response time in tenths of a second"},
    Field{"igmp.checksum", FieldType::uint16, "Checksum", nullptr, Display::hex},
    Field{"igmp.maddr", FieldType::ipv4, "Group", nullptr, Display::none, Repeat::list},
    Field{"igmp.s", FieldType::boolean, "Suppress router-side processing"},
    Field{"igmp.qrv", FieldType::uint8, "Querier's robustness variable"},
    Field{"igmp.qqic", FieldType::uint8, "Querier's query interval code"},
    Field{"igmp.num_grp_recs", FieldType::uint16, "Number of group records"},
    Field{"igmp.record_type", FieldType::uint8, "Type of a group record", nullptr, Display::dec, Repeat::list},
    Field{"igmp.aux_data_len", FieldType::uint8, "Auxiliary data of a group record in 32-bit words", nullptr, Display::dec, Repeat::list},
    Field{"igmp.num_src", FieldType::uint16, "Number of sources", nullptr, Display::dec, Repeat::list},
    Field{"igmp.saddr", FieldType::ipv4, "Sources", nullptr, Display::none, Repeat::list},
};
static_assert(fields<Igmp>.size() == static_cast<std::size_t>(IgmpField::count));

}  // namespace pcapline
