#include "pcapline/capture/link_type.h"

#include <pcap/dlt.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace pcapline {
namespace {

struct Name {
    std::uint16_t number;
    std::string_view name;
};

// Sorted by number. 1 keeps the name that every tool prints for it; 11 to 19 are DLT numbers that old programs wrote.
constexpr auto names = std::to_array<Name>({
    {0, "NULL"},
    {1, "EN10MB"},
    {2, "EN3MB"},
    {3, "AX25"},
    {4, "PRONET"},
    {5, "CHAOS"},
    {6, "IEEE802"},
    {7, "ARCNET"},
    {8, "SLIP"},
    {9, "PPP"},
    {10, "FDDI"},
    {11, "ATM_RFC1483"},
    {12, "RAW"},
    {13, "ENC"},
    {14, "RAW"},
    {15, "SLIP_BSDOS"},
    {16, "PPP_BSDOS"},
    {19, "ATM_CLIP"},
    {32, "REDBACK_SMARTEDGE"},
    {50, "PPP_HDLC"},
    {51, "PPP_ETHER"},
    {99, "SYMANTEC_FIREWALL"},
    {100, "ATM_RFC1483"},
    {101, "RAW"},
    {102, "SLIP_BSDOS"},
    {103, "PPP_BSDOS"},
    {104, "C_HDLC"},
    {105, "IEEE802_11"},
    {106, "ATM_CLIP"},
    {107, "FRELAY"},
    {108, "LOOP"},
    {109, "ENC"},
    {110, "LANE8023"},
    {111, "HIPPI"},
    {112, "NETBSD_HDLC"},
    {113, "LINUX_SLL"},
    {114, "LTALK"},
    {115, "ECONET"},
    {116, "IPFILTER"},
    {117, "PFLOG"},
    {118, "CISCO_IOS"},
    {119, "PRISM_HEADER"},
    {120, "AIRONET_HEADER"},
    {121, "HHDLC"},
    {122, "IP_OVER_FC"},
    {123, "SUNATM"},
    {124, "RIO"},
    {125, "PCI_EXP"},
    {126, "AURORA"},
    {127, "IEEE802_11_RADIO"},
    {128, "TZSP"},
    {129, "ARCNET_LINUX"},
    {130, "JUNIPER_MLPPP"},
    {131, "JUNIPER_MLFR"},
    {132, "JUNIPER_ES"},
    {133, "JUNIPER_GGSN"},
    {134, "JUNIPER_MFR"},
    {135, "JUNIPER_ATM2"},
    {136, "JUNIPER_SERVICES"},
    {137, "JUNIPER_ATM1"},
    {138, "APPLE_IP_OVER_IEEE1394"},
    {139, "MTP2_WITH_PHDR"},
    {140, "MTP2"},
    {141, "MTP3"},
    {142, "SCCP"},
    {143, "DOCSIS"},
    {144, "LINUX_IRDA"},
    {145, "IBM_SP"},
    {146, "IBM_SN"},
    {147, "USER0"},
    {148, "USER1"},
    {149, "USER2"},
    {150, "USER3"},
    {151, "USER4"},
    {152, "USER5"},
    {153, "USER6"},
    {154, "USER7"},
    {155, "USER8"},
    {156, "USER9"},
    {157, "USER10"},
    {158, "USER11"},
    {159, "USER12"},
    {160, "USER13"},
    {161, "USER14"},
    {162, "USER15"},
    {163, "IEEE802_11_RADIO_AVS"},
    {164, "JUNIPER_MONITOR"},
    {165, "BACNET_MS_TP"},
    {166, "PPP_PPPD"},
    {167, "JUNIPER_PPPOE"},
    {168, "JUNIPER_PPPOE_ATM"},
    {169, "GPRS_LLC"},
    {170, "GPF_T"},
    {171, "GPF_F"},
    {172, "GCOM_T1E1"},
    {173, "GCOM_SERIAL"},
    {174, "JUNIPER_PIC_PEER"},
    {175, "ERF_ETH"},
    {176, "ERF_POS"},
    {177, "LINUX_LAPD"},
    {178, "JUNIPER_ETHER"},
    {179, "JUNIPER_PPP"},
    {180, "JUNIPER_FRELAY"},
    {181, "JUNIPER_CHDLC"},
    {182, "MFR"},
    {183, "JUNIPER_VP"},
    {184, "A429"},
    {185, "A653_ICM"},
    {186, "USB_FREEBSD"},
    {187, "BLUETOOTH_HCI_H4"},
    {188, "IEEE802_16_MAC_CPS"},
    {189, "USB_LINUX"},
    {190, "CAN20B"},
    {191, "IEEE802_15_4_LINUX"},
    {192, "PPI"},
    {193, "IEEE802_16_MAC_CPS_RADIO"},
    {194, "JUNIPER_ISM"},
    {195, "IEEE802_15_4_WITHFCS"},
    {196, "SITA"},
    {197, "ERF"},
    {198, "RAIF1"},
    {199, "IPMB_KONTRON"},
    {200, "JUNIPER_ST"},
    {201, "BLUETOOTH_HCI_H4_WITH_PHDR"},
    {202, "AX25_KISS"},
    {203, "LAPD"},
    {204, "PPP_WITH_DIR"},
    {205, "C_HDLC_WITH_DIR"},
    {206, "FRELAY_WITH_DIR"},
    {207, "LAPB_WITH_DIR"},
    {209, "IPMB_LINUX"},
    {210, "FLEXRAY"},
    {211, "MOST"},
    {212, "LIN"},
    {213, "X2E_SERIAL"},
    {214, "X2E_XORAYA"},
    {215, "IEEE802_15_4_NONASK_PHY"},
    {216, "LINUX_EVDEV"},
    {217, "GSMTAP_UM"},
    {218, "GSMTAP_ABIS"},
    {219, "MPLS"},
    {220, "USB_LINUX_MMAPPED"},
    {221, "DECT"},
    {222, "AOS"},
    {223, "WIHART"},
    {224, "FC_2"},
    {225, "FC_2_WITH_FRAME_DELIMS"},
    {226, "IPNET"},
    {227, "CAN_SOCKETCAN"},
    {228, "IPV4"},
    {229, "IPV6"},
    {230, "IEEE802_15_4_NOFCS"},
    {231, "DBUS"},
    {232, "JUNIPER_VS"},
    {233, "JUNIPER_SRX_E2E"},
    {234, "JUNIPER_FIBRECHANNEL"},
    {235, "DVB_CI"},
    {236, "MUX27010"},
    {237, "STANAG_5066_D_PDU"},
    {238, "JUNIPER_ATM_CEMIC"},
    {239, "NFLOG"},
    {240, "NETANALYZER"},
    {241, "NETANALYZER_TRANSPARENT"},
    {242, "IPOIB"},
    {243, "MPEG_2_TS"},
    {244, "NG40"},
    {245, "NFC_LLCP"},
    {246, "PFSYNC"},
    {247, "INFINIBAND"},
    {248, "SCTP"},
    {249, "USBPCAP"},
    {250, "RTAC_SERIAL"},
    {251, "BLUETOOTH_LE_LL"},
    {252, "WIRESHARK_UPPER_PDU"},
    {253, "NETLINK"},
    {254, "BLUETOOTH_LINUX_MONITOR"},
    {255, "BLUETOOTH_BREDR_BB"},
    {256, "BLUETOOTH_LE_LL_WITH_PHDR"},
    {257, "PROFIBUS_DL"},
    {258, "PKTAP"},
    {259, "EPON"},
    {260, "IPMI_HPM_2"},
    {261, "ZWAVE_R1_R2"},
    {262, "ZWAVE_R3"},
    {263, "WATTSTOPPER_DLM"},
    {264, "ISO_14443"},
    {265, "RDS"},
    {266, "USB_DARWIN"},
    {267, "OPENFLOW"},
    {268, "SDLC"},
    {269, "TI_LLN_SNIFFER"},
    {270, "LORATAP"},
    {271, "VSOCK"},
    {272, "NORDIC_BLE"},
    {273, "DOCSIS31_XRA31"},
    {274, "ETHERNET_MPACKET"},
    {275, "DISPLAYPORT_AUX"},
    {276, "LINUX_SLL2"},
    {277, "SERCOS_MONITOR"},
    {278, "OPENVIZSLA"},
    {279, "EBHSCR"},
    {280, "VPP_DISPATCH"},
    {281, "DSA_TAG_BRCM"},
    {282, "DSA_TAG_BRCM_PREPEND"},
    {283, "IEEE802_15_4_TAP"},
    {284, "DSA_TAG_DSA"},
    {285, "DSA_TAG_EDSA"},
    {286, "ELEE"},
    {287, "Z_WAVE_SERIAL"},
    {288, "USB_2_0"},
    {289, "ATSC_ALP"},
    {290, "ETW"},
    {291, "NETANALYZER_NG"},
    {292, "ZBOSS_NCP"},
    {293, "USB_2_0_LOW_SPEED"},
    {294, "USB_2_0_FULL_SPEED"},
    {295, "USB_2_0_HIGH_SPEED"},
    {296, "AUERSWALD_LOG"},
    {297, "ZWAVE_TAP"},
    {298, "SILABS_DEBUG_CHANNEL"},
    {299, "FIRA_UCI"},
    {300, "MDB"},
    {301, "DECT_NR"},
});
static_assert(std::is_sorted(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.number < b.number; }));

}  // namespace

std::string link_type_name(std::uint16_t link_type) {
    const auto* const found =
        std::lower_bound(names.begin(), names.end(), link_type, [](const Name& a, std::uint16_t b) { return a.number < b; });
    if (found != names.end() && found->number == link_type) return std::string(found->name);
    return "LINKTYPE_" + std::to_string(link_type);
}

// The two agree but for the types whose DLT number differs between platforms, which got a number of their own in files.
int dlt_of_link_type(std::uint16_t link_type) {
    switch (link_type) {
        case 50:
            return DLT_PPP_SERIAL;
        case 51:
            return DLT_PPP_ETHER;
        case 100:
            return DLT_ATM_RFC1483;
        case 101:
            return DLT_RAW;
        case 102:
            return DLT_SLIP_BSDOS;
        case 103:
            return DLT_PPP_BSDOS;
        case 104:
            return DLT_C_HDLC;
        case 106:
            return DLT_ATM_CLIP;
        case 107:
            return DLT_FRELAY;
        case 108:
            return DLT_LOOP;
        case 109:
            return DLT_ENC;
        case 112:
            return DLT_HDLC;
        case 117:
            return DLT_PFLOG;
        case 246:
            return DLT_PFSYNC;
        case 258:
            return DLT_PKTAP;
        default:
            return link_type;
    }
}

}  // namespace pcapline
