// LINKTYPE_ numbers (as in files) and their names; DLT_ numbers (as in libpcap).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pcapline {

/// "EN10MB", "RAW" …; "LINKTYPE_n" for a number without a name.
std::string link_type_name(std::uint16_t link_type);
/// LINKTYPE_ to this platform's DLT_, as libpcap needs it.
int dlt_of_link_type(std::uint16_t link_type);

}  // namespace pcapline
