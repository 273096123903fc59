// Hop-by-hop and destination options of IPv6.
#pragma once

#include <optional>

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/net/ipv6_extension.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// The options of one header (RFC 8200, section 4.2). Ends where an option does not fit.
class Ipv6Options {
 public:
    static constexpr std::uint8_t pad1 = 0x00;
    static constexpr std::uint8_t padn = 0x01;
    static constexpr std::uint8_t tunnel_limit = 0x04;  // RFC 2473, section 4.1.1
    static constexpr std::uint8_t router_alert = 0x05;  // RFC 2711, section 2.1
    static constexpr std::uint8_t jumbo = 0xc2;         // RFC 2675, section 2
    static constexpr std::uint8_t home_address = 0xc9;  // RFC 6275, section 6.3

    /// `header`: a whole options header.
    explicit constexpr Ipv6Options(Bytes header) : left_(header.size() > 2 ? header.subspan(2) : Bytes{}) {}

    struct Option {
        std::uint8_t type = pad1;
        Bytes data = {};  ///< lives as long as the header
    };
    constexpr std::optional<Option> next() {
        if (left_.empty()) return std::nullopt;
        if (left_[0] == pad1) {
            left_ = left_.subspan(1);
            return Option{};
        }
        if (left_.size() < 2 || left_[1] > left_.size() - 2) {
            left_ = {};
            return std::nullopt;
        }
        const Option option{left_[0], left_.subspan(2, left_[1])};
        left_ = left_.subspan(2 + option.data.size());
        return option;
    }

 private:
    Bytes left_;
};

enum class Ipv6OptionPart {
    type,
    length,
    padding,
    router_alert,
    tunnel_limit,
    jumbo,
    home_address,
};

/// Reader for one part of every option that has it.
template <Ipv6OptionPart part>
void ipv6_option(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    Ipv6Options options{context.bytes(layer)};
    while (const auto option = options.next()) {
        const auto [type, data] = *option;
        if constexpr (part == Ipv6OptionPart::type) out.number(index, type);
        if constexpr (part == Ipv6OptionPart::length)
            if (type != Ipv6Options::pad1) out.number(index, data.size());
        if constexpr (part == Ipv6OptionPart::padding)
            if (type == Ipv6Options::padn && !data.empty()) out.bytes(index, data);
        if constexpr (part == Ipv6OptionPart::router_alert)
            if (type == Ipv6Options::router_alert && data.size() == 2) out.number(index, be16<0>(first_of<2>(data)));
        if constexpr (part == Ipv6OptionPart::tunnel_limit)
            if (type == Ipv6Options::tunnel_limit && data.size() == 1) out.number(index, data[0]);
        if constexpr (part == Ipv6OptionPart::jumbo)
            if (type == Ipv6Options::jumbo && data.size() == 4) out.number(index, be32<0>(first_of<4>(data)));
        if constexpr (part == Ipv6OptionPart::home_address)
            if (type == Ipv6Options::home_address && data.size() == 16) out.bytes(index, data);
    }
}

/// Options for every node on the path (RFC 8200, section 4.3). Holds the length of a jumbogram (RFC 2675, section 2).
///
///     |  next header  |    length     |  options ...
struct Ipv6HopByHop {
    static constexpr std::string_view name = "ipv6.hopopts";
    static constexpr std::string_view title = "IPv6 hop-by-hop options";
    static constexpr Edge found_at[] = {{Space::ip_proto, 0}};
    static constexpr std::size_t size = Ipv6Extension::size;

    static constexpr Next decode(Cursor& rest) {
        const auto header = Ipv6Extension::take(rest);
        if (!header) return Next::too_short();
        Ipv6Options options{*header};
        while (const auto option = options.next()) {
            if (option->type != Ipv6Options::jumbo || option->data.size() != 4) continue;
            const std::uint32_t length = be32<0>(first_of<4>(option->data));
            if (length > 65535) rest.limit(length - header->size());
        }
        return after_ipv6_header((*header)[0]);
    }
};

/// Options for the destination (RFC 8200, section 4.6).
///
///     |  next header  |    length     |  options ...
struct Ipv6DestinationOptions {
    static constexpr std::string_view name = "ipv6.dstopts";
    static constexpr std::string_view title = "IPv6 destination options";
    static constexpr Edge found_at[] = {{Space::ip_proto, 60}};
    static constexpr std::size_t size = Ipv6Extension::size;

    static constexpr Next decode(Cursor& rest) {
        const auto header = Ipv6Extension::take(rest);
        if (!header) return Next::too_short();
        return after_ipv6_header((*header)[0]);
    }
};

namespace detail {
/// Both headers: their own names, and the names that their options share.
constexpr auto ipv6_options_fields(std::string_view next, std::string_view length, std::string_view bytes) {
    using E = Ipv6Extension;
    return std::array{
        Field{next, FieldType::uint8, "Next header", get<E, &E::next_header>},
        Field{length, FieldType::uint8, "Length in units of 8 bytes, the first not counted", get<E, &E::length>},
        Field{bytes, FieldType::uint16, "Length in bytes", get<E, &E::length_in_bytes>, Display::dec, Repeat::one, Shown::asked},
        Field{"ipv6.opt.type", FieldType::uint8, "Option type", ipv6_option<Ipv6OptionPart::type>, Display::hex, Repeat::list},
        Field{"ipv6.opt.length", FieldType::uint8, "Option length", ipv6_option<Ipv6OptionPart::length>, Display::dec, Repeat::list,
              Shown::asked},
        Field{"ipv6.opt.padn", FieldType::bytes, "Padding", ipv6_option<Ipv6OptionPart::padding>, Display::none, Repeat::list,
              Shown::asked},
        Field{"ipv6.opt.router_alert", FieldType::uint16, "Router alert", ipv6_option<Ipv6OptionPart::router_alert>, Display::dec,
              Repeat::list},
        Field{"ipv6.opt.tel", FieldType::uint8, "Tunnel encapsulation limit", ipv6_option<Ipv6OptionPart::tunnel_limit>, Display::dec,
              Repeat::list},
        Field{"ipv6.opt.jumbo", FieldType::uint32, "Payload length of a jumbogram", ipv6_option<Ipv6OptionPart::jumbo>, Display::dec,
              Repeat::list},
        Field{"ipv6.opt.mipv6.home_address", FieldType::ipv6, "Mobile node's home address", ipv6_option<Ipv6OptionPart::home_address>,
              Display::none, Repeat::list},
    };
}
}  // namespace detail

template <>
inline constexpr auto fields<Ipv6HopByHop> = detail::ipv6_options_fields("ipv6.hopopts.nxt", "ipv6.hopopts.len", "ipv6.hopopts.len_oct");
template <>
inline constexpr auto fields<Ipv6DestinationOptions> = detail::ipv6_options_fields("ipv6.dstopts.nxt", "ipv6.dstopts.len",
                                                                                   "ipv6.dstopts.len_oct");

}  // namespace pcapline
