// Domain Name System.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Domain Name System (RFC 1035, section 4.1). Over TCP a length of two bytes stands before each message
/// (section 4.2.2), and all messages of a segment are one layer.
///
///     |        identifier             |Q| opcode|A|T|R|R|Z|A|C| rcode |
///     |    number of questions        |       number of answers       |
///     |    number of authorities      |      number of additionals    |
struct Dns {
    static constexpr std::string_view name = "dns";
    static constexpr std::string_view title = "Domain Name System";
    static constexpr Edge found_at[] = {{Space::udp_port, 53}, {Space::tcp_port, 53}};
    static constexpr bool topmost = true;  ///< nothing is found above it
    static constexpr std::size_t size = 12;

    Fixed<size> h;
    constexpr std::uint16_t id() const { return be16<0>(h); }
    constexpr std::uint16_t flags() const { return be16<2>(h); }
    constexpr bool is_response() const { return (flags() & 0x8000) != 0; }
    constexpr std::uint16_t opcode() const { return flags() >> 11 & 0x0f; }
    constexpr std::uint16_t rcode() const { return flags() & 0x0f; }
    constexpr std::uint16_t questions() const { return be16<4>(h); }
    constexpr std::uint16_t answers() const { return be16<6>(h); }
    constexpr std::uint16_t authorities() const { return be16<8>(h); }
    constexpr std::uint16_t additionals() const { return be16<10>(h); }

    static constexpr std::uint16_t update = 5;  ///< opcode of RFC 2136, which names the sections otherwise

    static constexpr Next decode(Cursor& rest, Space found_in) {
        if (found_in == Space::tcp_port && !begins_message(rest)) return Next::not_mine();
        if (!rest.peek<size>()) return Next::too_short();
        static_cast<void>(rest.take_rest());
        return Next::payload();
    }

    static void walk(const Context& context, const Layer& layer, FieldValues& out);

 private:
    /// A TCP segment may begin inside a message: the counts must fit into the length in front of it.
    static constexpr bool begins_message(const Cursor& rest) {
        const auto start = rest.peek<2 + size>();
        if (!start) return false;
        const std::size_t length = be16<0>(*start);
        const Dns dns{start->part<2, size>()};
        const std::size_t records = std::size_t{dns.answers()} + dns.authorities() + dns.additionals();
        return dns.opcode() <= 6 && length >= size + dns.questions() * 5U + records * 11U;
    }
};

namespace dns_field {

/// Places in the table of fields below.
enum : std::size_t {
    length,
    id,
    flags,
    flags_response,
    flags_opcode,
    flags_authoritative,
    flags_truncated,
    flags_recdesired,
    flags_recavail,
    flags_z,
    flags_authenticated,
    flags_checkdisable,
    flags_rcode,
    count_queries,
    count_answers,
    count_auth_rr,
    count_add_rr,
    count_zones,
    count_prerequisites,
    count_updates,
    qry_name,
    qry_name_len,
    count_labels,
    qry_type,
    qry_class,
    resp_name,
    resp_type,
    resp_class,
    resp_ttl,
    resp_len,
    a,
    aaaa,
    cname,
    ns,
    ptr_domain_name,
    dname,
    mx_preference,
    mx_mail_exchange,
    txt_length,
    txt,
    soa_mname,
    soa_rname,
    soa_serial_number,
    soa_refresh_interval,
    soa_retry_interval,
    soa_expire_limit,
    soa_minimum_ttl,
    srv_service,
    srv_proto,
    srv_name,
    srv_priority,
    srv_weight,
    srv_port,
    srv_target,
    rr_udp_payload_size,
    resp_ext_rcode,
    resp_edns0_version,
    resp_z,
    resp_z_do,
    resp_z_reserved,
    opt_code,
    opt_len,
    opt_data,
    field_count,
};

}  // namespace dns_field

template <>
inline constexpr std::array fields<Dns>{
    Field{"dns.length", FieldType::uint16, "Length in front of a message over TCP"},
    Field{"dns.id", FieldType::uint16, "Identifier", nullptr, Display::hex},
    Field{"dns.flags", FieldType::uint16, "Flags", nullptr, Display::hex},
    Field{"dns.flags.response", FieldType::boolean, "Message is a response"},
    Field{"dns.flags.opcode", FieldType::uint16, "Kind of query"},
    Field{"dns.flags.authoritative", FieldType::boolean, "Server is an authority (responses)"},
    Field{"dns.flags.truncated", FieldType::boolean, "Message is truncated", nullptr, Display::dec, Repeat::one, Shown::asked},
    Field{"dns.flags.recdesired", FieldType::boolean, "Recursion desired"},
    Field{"dns.flags.recavail", FieldType::boolean, "Recursion available (responses)"},
    Field{"dns.flags.z", FieldType::boolean, "Reserved", nullptr, Display::dec, Repeat::one, Shown::asked},
    Field{"dns.flags.authenticated", FieldType::boolean, "Answers are authenticated", nullptr, Display::dec, Repeat::one, Shown::asked},
    Field{"dns.flags.checkdisable", FieldType::boolean, "Data that is not authenticated is acceptable", nullptr, Display::dec, Repeat::one,
          Shown::asked},
    Field{"dns.flags.rcode", FieldType::uint16, "Response code"},
    Field{"dns.count.queries", FieldType::uint16, "Number of questions"},
    Field{"dns.count.answers", FieldType::uint16, "Number of answers"},
    Field{"dns.count.auth_rr", FieldType::uint16, "Number of authority records"},
    Field{"dns.count.add_rr", FieldType::uint16, "Number of additional records"},
    Field{"dns.count.zones", FieldType::uint16, "Update: number of zones"},
    Field{"dns.count.prerequisites", FieldType::uint16, "Update: number of prerequisites"},
    Field{"dns.count.updates", FieldType::uint16, "Update: number of updates"},
    Field{"dns.qry.name", FieldType::text, "Name asked for", nullptr, Display::none, Repeat::list},
    Field{"dns.qry.name.len", FieldType::uint16, "Length of that name", nullptr, Display::dec, Repeat::list, Shown::asked},
    Field{"dns.count.labels", FieldType::uint16, "Number of its labels", nullptr, Display::dec, Repeat::list, Shown::asked},
    Field{"dns.qry.type", FieldType::uint16, "Type asked for", nullptr, Display::dec, Repeat::list},
    Field{"dns.qry.class", FieldType::uint16, "Class asked for", nullptr, Display::hex, Repeat::list},
    Field{"dns.resp.name", FieldType::text, "Name of a record", nullptr, Display::none, Repeat::list},
    Field{"dns.resp.type", FieldType::uint16, "Type of a record", nullptr, Display::dec, Repeat::list},
    Field{"dns.resp.class", FieldType::uint16, "Class of a record", nullptr, Display::hex, Repeat::list},
    Field{"dns.resp.ttl", FieldType::uint32, "Time to live of a record, seconds", nullptr, Display::dec, Repeat::list},
    Field{"dns.resp.len", FieldType::uint16, "Length of a record's data", nullptr, Display::dec, Repeat::list},
    Field{"dns.a", FieldType::ipv4, "A: address", nullptr, Display::none, Repeat::list},
    Field{"dns.aaaa", FieldType::ipv6, "AAAA: address", nullptr, Display::none, Repeat::list},
    Field{"dns.cname", FieldType::text, "CNAME: canonical name", nullptr, Display::none, Repeat::list},
    Field{"dns.ns", FieldType::text, "NS: name server", nullptr, Display::none, Repeat::list},
    Field{"dns.ptr.domain_name", FieldType::text, "PTR: name", nullptr, Display::none, Repeat::list},
    Field{"dns.dname", FieldType::text, "DNAME: name", nullptr, Display::none, Repeat::list},
    Field{"dns.mx.preference", FieldType::uint16, "MX: preference", nullptr, Display::dec, Repeat::list},
    Field{"dns.mx.mail_exchange", FieldType::text, "MX: mail exchange", nullptr, Display::none, Repeat::list},
    Field{"dns.txt.length", FieldType::uint8, "TXT: length of a string", nullptr, Display::dec, Repeat::list, Shown::asked},
    Field{"dns.txt", FieldType::text, "TXT: string", nullptr, Display::none, Repeat::list},
    Field{"dns.soa.mname", FieldType::text, "SOA: primary name server", nullptr, Display::none, Repeat::list},
    Field{"dns.soa.rname", FieldType::text, "SOA: mailbox of who is responsible", nullptr, Display::none, Repeat::list},
    Field{"dns.soa.serial_number", FieldType::uint32, "SOA: serial number", nullptr, Display::dec, Repeat::list},
    Field{"dns.soa.refresh_interval", FieldType::uint32, "SOA: refresh interval, seconds", nullptr, Display::dec, Repeat::list},
    Field{"dns.soa.retry_interval", FieldType::uint32, "SOA: retry interval, seconds", nullptr, Display::dec, Repeat::list},
    Field{"dns.soa.expire_limit", FieldType::uint32, "SOA: expire limit, seconds", nullptr, Display::dec, Repeat::list},
    Field{"dns.soa.minimum_ttl", FieldType::uint32, "SOA: minimum time to live, seconds", nullptr, Display::dec, Repeat::list},
    Field{"dns.srv.service", FieldType::text, "SRV: service, from the record's name", nullptr, Display::none, Repeat::list},
    Field{"dns.srv.proto", FieldType::text, "SRV: protocol, from the record's name", nullptr, Display::none, Repeat::list},
    Field{"dns.srv.name", FieldType::text, "SRV: domain, from the record's name", nullptr, Display::none, Repeat::list},
    Field{"dns.srv.priority", FieldType::uint16, "SRV: priority", nullptr, Display::dec, Repeat::list},
    Field{"dns.srv.weight", FieldType::uint16, "SRV: weight", nullptr, Display::dec, Repeat::list},
    Field{"dns.srv.port", FieldType::uint16, "SRV: port", nullptr, Display::dec, Repeat::list},
    Field{"dns.srv.target", FieldType::text, "SRV: target", nullptr, Display::none, Repeat::list},
    Field{"dns.rr.udp_payload_size", FieldType::uint16, "OPT: UDP payload size"},
    Field{"dns.resp.ext_rcode", FieldType::uint8, "OPT: upper bits of the response code", nullptr, Display::hex},
    Field{"dns.resp.edns0_version", FieldType::uint8, "OPT: EDNS version"},
    Field{"dns.resp.z", FieldType::uint16, "OPT: flags", nullptr, Display::hex},
    Field{"dns.resp.z.do", FieldType::boolean, "OPT: accepts DNSSEC records"},
    Field{"dns.resp.z.reserved", FieldType::uint16, "OPT: reserved flags", nullptr, Display::hex},
    Field{"dns.opt.code", FieldType::uint16, "OPT: code of an option", nullptr, Display::dec, Repeat::list},
    Field{"dns.opt.len", FieldType::uint16, "OPT: length of an option", nullptr, Display::dec, Repeat::list},
    Field{"dns.opt.data", FieldType::bytes, "OPT: data of an option", nullptr, Display::none, Repeat::list},
};
static_assert(fields<Dns>.size() == dns_field::field_count);

}  // namespace pcapline
