#include "pcapline/record/info_names.h"

#include <algorithm>
#include <array>
#include <span>

namespace pcapline {
namespace {

struct Named {
    std::uint64_t number;
    std::string_view name;
};

std::string_view find(std::span<const Named> names, std::uint64_t number) {
    const auto at = std::find_if(names.begin(), names.end(), [&](const Named& n) { return n.number == number; });
    return at == names.end() ? std::string_view{} : at->name;
}

constexpr std::array dns_types{
    Named{1, "A"},       Named{2, "NS"},     Named{5, "CNAME"},  Named{6, "SOA"},    Named{12, "PTR"},   Named{13, "HINFO"},
    Named{15, "MX"},     Named{16, "TXT"},   Named{28, "AAAA"},  Named{29, "LOC"},   Named{33, "SRV"},   Named{35, "NAPTR"},
    Named{39, "DNAME"},  Named{41, "OPT"},   Named{43, "DS"},    Named{44, "SSHFP"}, Named{46, "RRSIG"}, Named{47, "NSEC"},
    Named{48, "DNSKEY"}, Named{50, "NSEC3"}, Named{52, "TLSA"},  Named{64, "SVCB"},  Named{65, "HTTPS"}, Named{99, "SPF"},
    Named{250, "TSIG"},  Named{251, "IXFR"}, Named{252, "AXFR"}, Named{255, "ANY"},  Named{257, "CAA"},
};
constexpr std::array dns_rcodes{
    Named{1, "FormErr"},  Named{2, "ServFail"}, Named{3, "NXDomain"}, Named{4, "NotImp"},  Named{5, "Refused"},
    Named{6, "YXDomain"}, Named{7, "YXRRSet"},  Named{8, "NXRRSet"},  Named{9, "NotAuth"}, Named{10, "NotZone"},
};
constexpr std::array tls_handshakes{
    Named{0, "hello request"},        Named{1, "client hello"},        Named{2, "server hello"},         Named{4, "new session ticket"},
    Named{8, "encrypted extensions"}, Named{11, "certificate"},        Named{12, "server key exchange"}, Named{13, "certificate request"},
    Named{14, "server hello done"},   Named{15, "certificate verify"}, Named{16, "client key exchange"}, Named{20, "finished"},
    Named{22, "certificate status"},  Named{24, "key update"},
};
constexpr std::array tls_contents{
    Named{20, "change cipher spec"}, Named{21, "alert"}, Named{22, "handshake"}, Named{23, "application data"}, Named{24, "heartbeat"},
};
constexpr std::array icmp_types{
    Named{0, "echo reply"},           Named{3, "destination unreachable"},
    Named{4, "source quench"},        Named{5, "redirect"},
    Named{8, "echo request"},         Named{9, "router advertisement"},
    Named{10, "router solicitation"}, Named{11, "time exceeded"},
    Named{12, "parameter problem"},   Named{13, "timestamp request"},
    Named{14, "timestamp reply"},     Named{17, "address mask request"},
    Named{18, "address mask reply"},
};
constexpr std::array icmpv6_types{
    Named{1, "destination unreachable"},
    Named{2, "packet too big"},
    Named{3, "time exceeded"},
    Named{4, "parameter problem"},
    Named{128, "echo request"},
    Named{129, "echo reply"},
    Named{130, "multicast listener query"},
    Named{131, "multicast listener report"},
    Named{132, "multicast listener done"},
    Named{133, "router solicitation"},
    Named{134, "router advertisement"},
    Named{135, "neighbor solicitation"},
    Named{136, "neighbor advertisement"},
    Named{137, "redirect"},
    Named{143, "multicast listener report v2"},
};
constexpr std::array igmp_types{
    Named{0x11, "membership query"}, Named{0x12, "v1 membership report"}, Named{0x16, "v2 membership report"},
    Named{0x17, "leave group"},      Named{0x22, "v3 membership report"},
};
constexpr std::array arp_opcodes{
    Named{1, "request"},       Named{2, "reply"},           Named{3, "reverse request"},
    Named{4, "reverse reply"}, Named{8, "inverse request"}, Named{9, "inverse reply"},
};
constexpr std::array sctp_chunks{
    Named{0, "DATA"},          Named{1, "INIT"},        Named{2, "INIT ACK"},     Named{3, "SACK"},         Named{4, "HEARTBEAT"},
    Named{5, "HEARTBEAT ACK"}, Named{6, "ABORT"},       Named{7, "SHUTDOWN"},     Named{8, "SHUTDOWN ACK"}, Named{9, "ERROR"},
    Named{10, "COOKIE ECHO"},  Named{11, "COOKIE ACK"}, Named{12, "ECNE"},        Named{13, "CWR"},         Named{14, "SHUTDOWN COMPLETE"},
    Named{15, "AUTH"},         Named{64, "I-DATA"},     Named{128, "ASCONF ACK"}, Named{130, "RE-CONFIG"},  Named{132, "PAD"},
    Named{192, "FORWARD TSN"}, Named{193, "ASCONF"},
};

}  // namespace

std::string_view dns_type_name(std::uint64_t type) {
    return find(dns_types, type);
}
std::string_view dns_rcode_name(std::uint64_t rcode) {
    return find(dns_rcodes, rcode);
}
std::string_view tls_handshake_name(std::uint64_t type) {
    return find(tls_handshakes, type);
}
std::string_view tls_content_name(std::uint64_t type) {
    return find(tls_contents, type);
}
std::string_view icmp_type_name(std::uint64_t type) {
    return find(icmp_types, type);
}
std::string_view icmpv6_type_name(std::uint64_t type) {
    return find(icmpv6_types, type);
}
std::string_view igmp_type_name(std::uint64_t type) {
    return find(igmp_types, type);
}
std::string_view arp_opcode_name(std::uint64_t opcode) {
    return find(arp_opcodes, opcode);
}
std::string_view sctp_chunk_name(std::uint64_t type) {
    return find(sctp_chunks, type);
}

}  // namespace pcapline
