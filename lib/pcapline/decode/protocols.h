// THE list of protocols. Ids, dispatch tables, names, fields and completions follow from it.
#pragma once

#include "pcapline/decode/link/ethernet.h"
#include "pcapline/decode/transport/udp.h"
#include "pcapline/decode/type_list.h"

namespace pcapline {

/// Order decides ids and the order of --list-fields; nothing else.
using Protocols = TypeList<  //
    Ethernet,                //
    Udp>;

}  // namespace pcapline
