// Fields of IGMP.
#include "pcapline/decode/net/igmp.h"

namespace pcapline {
namespace {

constexpr std::size_t at(IgmpField field) {
    return static_cast<std::size_t>(field);
}

/// `count` sources, as far as they are there; what follows them.
Bytes read_sources(Bytes from, std::size_t count, FieldValues& out) {
    for (; count > 0 && from.size() >= 4; --count, from = from.subspan(4)) out.bytes(at(IgmpField::source), from.first(4));
    return count == 0 ? from : Bytes{};
}

void read_query_v3(Bytes rest, FieldValues& out) {
    const auto h = first_of<4>(rest);
    out.number(at(IgmpField::suppress), u8<0>(h) >> 3U & 1U);
    out.number(at(IgmpField::robustness), u8<0>(h) & 7U);
    out.number(at(IgmpField::query_interval), u8<1>(h));
    out.number(at(IgmpField::source_count), be16<2>(h));
    read_sources(rest.subspan(4), be16<2>(h), out);
}

void read_group_records(Bytes rest, std::size_t count, FieldValues& out) {
    for (; count > 0 && rest.size() >= 8; --count) {
        const auto record = first_of<8>(rest);
        out.number(at(IgmpField::record_type), u8<0>(record));
        out.number(at(IgmpField::aux_length), u8<1>(record));
        out.number(at(IgmpField::source_count), be16<2>(record));
        out.bytes(at(IgmpField::group), record.part<4, 4>().bytes());
        rest = read_sources(rest.subspan(8), be16<2>(record), out);
        const std::size_t aux = std::size_t{u8<1>(record)} * 4;
        rest = aux <= rest.size() ? rest.subspan(aux) : Bytes{};
    }
}

}  // namespace

void Igmp::walk(const Context& context, const Layer& layer, FieldValues& out) {
    const Igmp igmp{first_of<size>(context.bytes(layer))};
    const Bytes rest = context.content(layer);
    out.number(at(IgmpField::type), igmp.type());
    out.number(at(IgmpField::checksum), igmp.checksum());
    switch (igmp.type()) {
        case query: {
            // RFC 3376, section 7.1: 12 bytes and more are version 3; of 8 bytes, a zero code is version 1.
            const bool v3 = rest.size() >= 4;
            out.number(at(IgmpField::version), v3 ? 3U : igmp.max_response() == 0 ? 1U : 2U);
            if (v3 || igmp.max_response() != 0) out.number(at(IgmpField::max_response), igmp.max_response());
            out.bytes(at(IgmpField::group), igmp.group().bytes());
            if (v3) read_query_v3(rest, out);
            return;
        }
        case report_v1:
            out.number(at(IgmpField::version), 1);
            out.bytes(at(IgmpField::group), igmp.group().bytes());
            return;
        case report_v2:
        case leave:
            out.number(at(IgmpField::version), 2);
            out.number(at(IgmpField::max_response), igmp.max_response());
            out.bytes(at(IgmpField::group), igmp.group().bytes());
            return;
        case report_v3:
            out.number(at(IgmpField::version), 3);
            out.number(at(IgmpField::group_records), igmp.group_records());
            read_group_records(rest, igmp.group_records(), out);
            return;
        default:
            return;
    }
}

}  // namespace pcapline
