// Two fields that would meet in one key of a JSON record. error: two fields give one JSON key
#define Protocols AllProtocols
#include "pcapline/decode/protocols.h"
#undef Protocols

#include <string_view>

namespace pcapline {

struct Newcomer {
    static constexpr std::string_view name = "newcomer";
    static constexpr std::string_view title = "A protocol that is being added";
    static constexpr Edge found_at[] = {{Space::ip_proto, 253}};
};

template <>
inline constexpr auto fields<Newcomer> = std::array{
    Field{"newcomer.flags.urgent", FieldType::boolean, "Urgent"},
#ifdef MISTAKE
    Field{"newcomer.flags_urgent", FieldType::boolean, "Urgent"},
#else
    Field{"newcomer.flags_reset", FieldType::boolean, "Reset"},
#endif
};

using Protocols = TypeList<Ethernet, Newcomer>;

}  // namespace pcapline

#include "pcapline/decode/registry.cpp"
