// A number that two protocols claim. error: two protocols claim the same number
#define Protocols AllProtocols
#include "pcapline/decode/protocols.h"
#undef Protocols

#include <string_view>

namespace pcapline {

struct Newcomer {
    static constexpr std::string_view name = "newcomer";
    static constexpr std::string_view title = "A protocol that is being added";
#ifdef MISTAKE
    static constexpr Edge found_at[] = {{Space::ip_proto, 17}};  // that is UDP
#else
    static constexpr Edge found_at[] = {{Space::ip_proto, 253}};
#endif
    static constexpr std::size_t size = 4;
    static Next decode(Cursor& rest) {
        return rest.take<size>() ? Next::payload() : Next::too_short();
    }
};

using Protocols = TypeList<Ethernet, Udp, Newcomer>;

}  // namespace pcapline

#include "pcapline/decode/edges.h"
