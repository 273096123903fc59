// Host names in capture filters, found before libpcap asks a name server for them.
#pragma once

#include <string>
#include <string_view>

namespace pcapline {

/// The first word of a pcap-filter(7) expression that libpcap would look up as a host or network name; empty if there is
/// none. Names of ports and protocols come from local tables and are none.
std::string first_host_name(std::string_view expression);

}  // namespace pcapline
