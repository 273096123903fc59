#include "pcapline/capture/link_type.h"

#include <pcap/dlt.h>

#include "support/catch.h"

using namespace pcapline;

TEST_CASE("link types have the names that tools print") {
    const std::pair<unsigned, const char*> rows[] = {{0, "NULL"},         {1, "EN10MB"},       {9, "PPP"},
                                                     {12, "RAW"},         {50, "PPP_HDLC"},    {101, "RAW"},
                                                     {105, "IEEE802_11"}, {113, "LINUX_SLL"},  {127, "IEEE802_11_RADIO"},
                                                     {189, "USB_LINUX"},  {231, "DBUS"},       {276, "LINUX_SLL2"},
                                                     {301, "DECT_NR"},    {17, "LINKTYPE_17"}, {57845, "LINKTYPE_57845"}};
    for (const auto& [number, name] : rows) CHECK(link_type_name(static_cast<std::uint16_t>(number)) == name);
}

TEST_CASE("link types become the DLT numbers of this platform") {
    const std::pair<unsigned, int> rows[] = {
        {0, DLT_NULL},     {1, DLT_EN10MB}, {12, DLT_RAW},        {101, DLT_RAW},   {100, DLT_ATM_RFC1483},
        {107, DLT_FRELAY}, {108, DLT_LOOP}, {113, DLT_LINUX_SLL}, {117, DLT_PFLOG}, {127, DLT_IEEE802_11_RADIO},
        {228, DLT_IPV4}};
    for (const auto& [number, dlt] : rows) CHECK(dlt_of_link_type(static_cast<std::uint16_t>(number)) == dlt);
}
