// THE list of protocols. Ids, dispatch tables, names, fields and completions follow from it.
#pragma once

#include "pcapline/decode/app/dns.h"
#include "pcapline/decode/app/tls.h"
#include "pcapline/decode/link/arp.h"
#include "pcapline/decode/link/chdlc.h"
#include "pcapline/decode/link/ethernet.h"
#include "pcapline/decode/link/ieee8021ad.h"
#include "pcapline/decode/link/linux_sll.h"
#include "pcapline/decode/link/llc.h"
#include "pcapline/decode/link/mpls.h"
#include "pcapline/decode/link/null.h"
#include "pcapline/decode/link/ppp.h"
#include "pcapline/decode/link/pppoe.h"
#include "pcapline/decode/link/raw.h"
#include "pcapline/decode/link/vlan.h"
#include "pcapline/decode/net/ah.h"
#include "pcapline/decode/net/esp.h"
#include "pcapline/decode/net/hip.h"
#include "pcapline/decode/net/icmp.h"
#include "pcapline/decode/net/icmpv6.h"
#include "pcapline/decode/net/igmp.h"
#include "pcapline/decode/net/ipv4.h"
#include "pcapline/decode/net/ipv6.h"
#include "pcapline/decode/net/ipv6_fragment.h"
#include "pcapline/decode/net/ipv6_options.h"
#include "pcapline/decode/net/ipv6_routing.h"
#include "pcapline/decode/net/mobility.h"
#include "pcapline/decode/net/shim6.h"
#include "pcapline/decode/transport/sctp.h"
#include "pcapline/decode/transport/tcp.h"
#include "pcapline/decode/transport/udp.h"
#include "pcapline/decode/tunnel/gre.h"
#include "pcapline/decode/tunnel/vxlan.h"
#include "pcapline/decode/type_list.h"

namespace pcapline {

/// Order decides ids and the order of --list-fields; nothing else.
using Protocols = TypeList<  //
    Ethernet,                //
    Llc,                     //
    Vlan,                    //
    Ieee8021ad,              //
    Mpls,                    //
    PppoeDiscovery,          //
    PppoeSession,            //
    Ppp,                     //
    Chdlc,                   //
    LinuxSll,                //
    Null,                    //
    Raw,                     //
    Arp,                     //
    Ipv4,                    //
    Ipv6,                    //
    Ipv6HopByHop,            //
    Ipv6Routing,             //
    Ipv6Fragment,            //
    Ipv6DestinationOptions,  //
    Ah,                      //
    Esp,                     //
    Mobility,                //
    Hip,                     //
    Shim6,                   //
    Icmp,                    //
    Icmpv6,                  //
    Igmp,                    //
    Udp,                     //
    Tcp,                     //
    Sctp,                    //
    Gre,                     //
    Vxlan,                   //
    Dns,                     //
    Tls>;

}  // namespace pcapline
