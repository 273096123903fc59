// The table of protocols with their fields, made from the list; checks that names and JSON keys are unique.
#include "pcapline/decode/registry.h"

#include <algorithm>
#include <optional>

namespace pcapline {
namespace {

template <class P>
concept Walked = requires {
    &P::walk;
};
template <class P>
concept NamesEthertype = requires {
    P::names_ethertype;
};

template <class P>
constexpr ProtocolInfo info_of() {
    ProtocolInfo info;
    info.name = P::name;
    info.title = P::title;
    info.fields = fields<P>;
    if constexpr (Walked<P>) info.walk = &P::walk;
    if constexpr (NamesEthertype<P>) info.names_ethertype = P::names_ethertype;
    for (const Edge& edge : P::found_at) info.by_ethertype = info.by_ethertype || edge.space == Space::ethertype;
    static_assert(fields<P>.size() <= max_fields_per_protocol);
    return info;
}

template <class... P>
constexpr auto make_table(TypeList<P...>) {
    return std::array<ProtocolInfo, sizeof...(P)>{info_of<P>()...};
}

constexpr auto table = make_table(Protocols{});

/// Names that would meet in one JSON path: equal but for '.', '-' and '_' after the first dot.
constexpr char path_char(char c) {
    return c == '.' || c == '-' ? '_' : c;
}
constexpr bool same_path(std::string_view a, std::string_view b) {
    if (a.size() != b.size() || a.find('.') != b.find('.')) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (path_char(a[i]) != path_char(b[i])) return false;
    return true;
}

/// Within one protocol (its first name part is its own, so two protocols cannot meet).
constexpr bool paths_are_unique(std::span<const Field> of) {
    for (std::size_t i = 0; i < of.size(); ++i)
        for (std::size_t j = i + 1; j < of.size(); ++j)
            if (same_path(of[i].name, of[j].name)) return false;
    return true;
}
template <class... P>
constexpr bool all_paths_are_unique(TypeList<P...>) {
    return (paths_are_unique(fields<P>) && ...);
}
static_assert(all_paths_are_unique(Protocols{}), "two fields give one JSON key");

constexpr bool names_are_unique() {
    for (std::size_t i = 0; i < table.size(); ++i)
        for (std::size_t j = i + 1; j < table.size(); ++j)
            if (table[i].name == table[j].name) return false;
    return true;
}
static_assert(names_are_unique(), "two protocols have one name");

}  // namespace

std::span<const ProtocolInfo> protocol_table() {
    return table;
}

std::optional<FieldPlace> find_field(std::string_view name) {
    for (std::size_t proto = 0; proto < table.size(); ++proto)
        for (std::size_t i = 0; i < table[proto].fields.size(); ++i)
            if (table[proto].fields[i].name == name) return FieldPlace{static_cast<Proto>(proto), static_cast<std::uint8_t>(i)};
    return std::nullopt;
}

Proto find_protocol(std::string_view name) {
    const auto at = std::find_if(table.begin(), table.end(), [&](const ProtocolInfo& p) { return p.name == name; });
    return at == table.end() ? no_proto : static_cast<Proto>(at - table.begin());
}

void read_fields(const Context& context, const Layer& layer, FieldValues& out) {
    const ProtocolInfo& info = table[layer.proto];
    if (info.walk) {
        info.walk(context, layer, out);
        return;
    }
    for (std::size_t i = 0; i < info.fields.size(); ++i)
        if (out.wants(i)) info.fields[i].read.all(context, layer, i, out);
}

}  // namespace pcapline
