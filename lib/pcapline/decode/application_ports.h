// Well-known ports: the table of applications by port.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pcapline::detail {

/// A port and what is usually behind it, by Wireshark's name.
struct PortName {
    std::uint16_t port = 0;
    std::string_view name;
};

// IANA "Service Name and Transport Protocol Port Number Registry", and what is commonly found without being registered. Ports that
// a protocol of protocols.h claims need no line: they have that protocol's name, unless a line says otherwise. Ascending.

inline constexpr PortName tcp_ports[] = {
    {7, "echo"},        {9, "discard"},      {13, "daytime"},     {19, "chargen"},      {20, "ftp-data"},
    {21, "ftp"},        {22, "ssh"},         {23, "telnet"},      {25, "smtp"},         {37, "time"},
    {43, "whois"},      {49, "tacplus"},     {70, "gopher"},      {79, "finger"},       {80, "http"},
    {88, "kerberos"},   {102, "tpkt"},       {104, "dicom"},      {110, "pop"},         {111, "rpc"},
    {113, "ident"},     {119, "nntp"},       {135, "dcerpc"},     {139, "nbss"},        {143, "imap"},
    {161, "snmp"},      {162, "snmp"},       {179, "bgp"},        {194, "irc"},         {199, "smux"},
    {389, "ldap"},      {427, "srvloc"},     {445, "smb"},        {464, "kpasswd"},     {502, "modbus"},
    {512, "exec"},      {513, "rlogin"},     {514, "rsh"},        {515, "lpd"},         {524, "ncp"},
    {548, "afp"},       {554, "rtsp"},       {563, "tls"},        {587, "smtp"},        {591, "http"},
    {631, "ipp"},       {639, "msdp"},       {646, "ldp"},        {860, "iscsi"},       {873, "rsync"},
    {989, "tls"},       {990, "tls"},        {992, "tls"},        {994, "tls"},         {1080, "socks"},
    {1099, "rmi"},      {1194, "openvpn"},   {1344, "icap"},      {1433, "tds"},        {1521, "tns"},
    {1720, "h225"},     {1723, "pptp"},      {1883, "mqtt"},      {1935, "rtmpt"},      {2000, "skinny"},
    {2049, "nfs"},      {2375, "docker"},    {2376, "tls"},       {2401, "cvspserver"}, {2404, "iec60870_104"},
    {2427, "mgcp"},     {2575, "hl7"},       {3050, "gdsdb"},     {3128, "http"},       {3260, "iscsi"},
    {3268, "ldap"},     {3269, "tls"},       {3306, "mysql"},     {3389, "rdp"},        {3478, "stun"},
    {3868, "diameter"}, {4189, "pcep"},      {4303, "srcp"},      {4369, "epmd"},       {4420, "nvme-tcp"},
    {4840, "opcua"},    {5060, "sip"},       {5222, "xmpp"},      {5223, "tls"},        {5269, "xmpp"},
    {5353, "mdns"},     {5432, "pgsql"},     {5672, "amqp"},      {5683, "coap"},       {5900, "vnc"},
    {5901, "vnc"},      {5985, "http"},      {6000, "x11"},       {6001, "x11"},        {6379, "resp"},
    {6633, "openflow"}, {6653, "openflow"},  {6667, "irc"},       {6697, "tls"},        {6881, "bittorrent"},
    {8008, "http"},     {8009, "ajp13"},     {8080, "http"},      {8088, "http"},       {8443, "tls"},
    {8554, "rtsp"},     {9001, "websocket"}, {9042, "cql"},       {9092, "kafka"},      {9300, "elasticsearch"},
    {9418, "git"},      {10000, "ndmp"},     {11211, "memcache"}, {11371, "http"},      {13400, "doip"},
    {20000, "dnp3"},    {27017, "mongo"},    {29418, "ssh"},      {44818, "enip"},
};

inline constexpr PortName udp_ports[] = {
    {7, "echo"},       {9, "discard"},        {13, "daytime"},       {19, "chargen"},    {37, "time"},
    {49, "tacacs"},    {67, "dhcp"},          {68, "dhcp"},          {69, "tftp"},       {88, "kerberos"},
    {111, "rpc"},      {123, "ntp"},          {137, "nbns"},         {138, "nbdgm"},     {161, "snmp"},
    {162, "snmp"},     {177, "xdmcp"},        {319, "ptp"},          {320, "ptp"},       {389, "cldap"},
    {427, "srvloc"},   {443, "quic"},         {464, "kpasswd"},      {500, "isakmp"},    {502, "modbus"},
    {514, "syslog"},   {520, "rip"},          {521, "ripng"},        {546, "dhcpv6"},    {547, "dhcpv6"},
    {623, "rmcp"},     {631, "cups"},         {646, "ldp"},          {698, "olsr"},      {853, "dtls"},
    {1194, "openvpn"}, {1645, "radius"},      {1646, "radius"},      {1701, "l2tp"},     {1719, "h225"},
    {1812, "radius"},  {1813, "radius"},      {1900, "ssdp"},        {1985, "hsrp"},     {2049, "nfs"},
    {2055, "cflow"},   {2123, "gtp"},         {2152, "gtp"},         {2222, "cipio"},    {2427, "mgcp"},
    {3222, "glbp"},    {3389, "rdpudp"},      {3478, "stun"},        {3544, "teredo"},   {3702, "ws-discovery"},
    {3784, "bfd"},     {3785, "bfd_echo"},    {3799, "radius"},      {4500, "udpencap"}, {4569, "iax2"},
    {4739, "cflow"},   {4784, "bfd"},         {5004, "rtp"},         {5005, "rtcp"},     {5060, "sip"},
    {5246, "capwap"},  {5247, "capwap.data"}, {5351, "portcontrol"}, {5353, "mdns"},     {5355, "llmnr"},
    {5683, "coap"},    {5684, "dtls"},        {6081, "geneve"},      {6343, "sflow"},    {6784, "bfd"},
    {8805, "pfcp"},    {9996, "cflow"},       {11211, "memcache"},   {13400, "doip"},    {17500, "db-lsp-disc"},
    {20000, "dnp3"},   {34962, "pn_rt"},      {37008, "tzsp"},       {44818, "enip"},    {47808, "bvlc"},
    {51820, "wg"},
};

inline constexpr PortName sctp_ports[] = {
    {22, "ssh"},      {80, "http"},    {179, "bgp"},     {443, "tls"},       {2904, "m2ua"},  {2905, "m3ua"},
    {2944, "megaco"}, {3565, "m2pa"},  {3863, "asap"},   {3868, "diameter"}, {5060, "sip"},   {9900, "iua"},
    {9901, "enrp"},   {14001, "sua"},  {29118, "sgsap"}, {29168, "sbcap"},   {36412, "s1ap"}, {36422, "x2ap"},
    {36443, "m2ap"},  {36444, "m3ap"}, {38412, "ngap"},  {38422, "xnap"},    {38462, "e1ap"}, {38472, "f1ap"},
};

/// What the original Python tool called a port, behind its "TCP_" or "UDP_". Its own words, and only these ports.
inline constexpr PortName original_tcp_ports[] = {
    {20, "FTP"},         {21, "FTPC"},          {22, "SSH"},         {23, "TELNET"},          {25, "SMTP"},
    {53, "DNS"},         {80, "HTTP"},          {143, "IMAP"},       {443, "HTTP_TLS"},       {502, "MODBUS"},
    {802, "MODBUS_TLS"}, {1883, "MQTT"},        {2375, "DOCKERAPI"}, {2376, "DOCKERAPI_TLS"}, {2404, "IEC60870"},
    {3389, "RDP"},       {4303, "SRCP"},        {5683, "COAP"},      {5684, "COAP_TLS"},      {8080, "HTTP2"},
    {8883, "MQTT_TLS"},  {9001, "MQTT_SOCKET"}, {19999, "DNP2"},     {20000, "DNP"},
};
inline constexpr PortName original_udp_ports[] = {
    {53, "DNS"}, {67, "DHCP_QUERY"}, {68, "DHCP_RESPONSE"}, {123, "NTP"}, {161, "SNMP"},
};

template <std::size_t N>
constexpr bool is_ascending(const PortName (&ports)[N]) {
    for (std::size_t i = 1; i < N; ++i)
        if (ports[i].port <= ports[i - 1].port) return false;
    return true;
}
static_assert(is_ascending(tcp_ports) && is_ascending(udp_ports) && is_ascending(sctp_ports) && is_ascending(original_tcp_ports) &&
                  is_ascending(original_udp_ports),
              "a port stands twice, or in the wrong place");

}  // namespace pcapline::detail
