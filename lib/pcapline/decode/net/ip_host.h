// Addresses as text, for the fields that are names in tshark when names are resolved.
#pragma once

#include <cstring>
#include <string_view>

#include "pcapline/base/text.h"
#include "pcapline/decode/field.h"

namespace pcapline {

template <std::size_t N>
std::string_view address_text(FieldValues& out, Fixed<N> address) {
    static_assert(N == 4 || N == 16);
    constexpr std::size_t room = N == 4 ? ipv4_chars : ipv6_chars;
    char text[room];
    char* const end = N == 4 ? put_ipv4(text, address.data()) : put_ipv6(text, address.data());
    const auto length = static_cast<std::size_t>(end - text);
    std::uint8_t* const kept = out.scratch().take(length);
    std::memcpy(kept, text, length);
    return {reinterpret_cast<const char*>(kept), length};
}

/// Reader for an address accessor, as text.
template <class Owner, auto Accessor>
void ip_host(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    out.text(index, address_text(out, (detail::view<Owner>(context.bytes(layer)).*Accessor)()));
}
/// Reader for two of them.
template <class Owner, auto First, auto Second>
void ip_hosts(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    ip_host<Owner, First>(context, layer, index, out);
    ip_host<Owner, Second>(context, layer, index, out);
}

}  // namespace pcapline
