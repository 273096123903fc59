// Short names for numbers in info texts.
#pragma once

#include <cstdint>
#include <string_view>

namespace pcapline {

// Each gives an empty text for a number without a name.
std::string_view dns_type_name(std::uint64_t type);       ///< IANA "DNS Parameters", resource record types
std::string_view dns_rcode_name(std::uint64_t rcode);     ///< IANA "DNS Parameters", RCODEs
std::string_view tls_handshake_name(std::uint64_t type);  ///< RFC 8446 section 4, RFC 5246 section 7.4
std::string_view tls_content_name(std::uint64_t type);    ///< RFC 8446 section 5.1
std::string_view icmp_type_name(std::uint64_t type);      ///< RFC 792
std::string_view icmpv6_type_name(std::uint64_t type);    ///< RFC 4443, RFC 4861, RFC 2710
std::string_view igmp_type_name(std::uint64_t type);      ///< RFC 3376 section 4
std::string_view arp_opcode_name(std::uint64_t opcode);   ///< RFC 826, RFC 903
std::string_view sctp_chunk_name(std::uint64_t type);     ///< RFC 9260 section 3.2

}  // namespace pcapline
