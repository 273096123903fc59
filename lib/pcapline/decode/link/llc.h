// IEEE 802.2 logical link control, with the SNAP extension.
#pragma once

#include <optional>

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Logical link control (IEEE 802.2, section 5.2). Unnumbered frames have one control octet, all others two, low octet
/// first. SAPs of aa announce SNAP (RFC 1042; IEEE 802, section 9.5): an organisation and its protocol number.
///
///     |     DSAP      |     SSAP      |    control (1 or 2 octets)    |
///     |              organisation                     |  protocol ...
struct Llc {
    static constexpr std::string_view name = "llc";
    static constexpr std::string_view title = "Logical Link Control";
    static constexpr Edge found_at[] = {{Space::llc, 0}, {Space::ethertype, 0x8870}, {Space::link_type, 100}};
    static constexpr std::size_t size = 3;
    static constexpr std::size_t snap_size = 5;

    static constexpr std::uint32_t oui_ethernet = 0x000000;
    static constexpr std::uint32_t oui_cisco_90 = 0x0000f8;  // RFC 1042 over 802.1H bridges
    static constexpr std::uint32_t oui_cisco = 0x00000c;
    static constexpr std::uint32_t oui_apple = 0x080007;
    /// The protocol number is an EtherType.
    static constexpr bool is_ethertype(std::uint32_t oui) { return oui == oui_ethernet || oui == oui_cisco_90; }

    Fixed<size> h;
    constexpr std::uint8_t dsap() const { return u8<0>(h); }
    constexpr std::uint8_t dsap_sap() const { return u8<0>(h) >> 1; }
    constexpr bool dsap_group() const { return (u8<0>(h) & 1) != 0; }
    constexpr std::uint8_t ssap() const { return u8<1>(h); }
    constexpr std::uint8_t ssap_sap() const { return u8<1>(h) >> 1; }
    constexpr bool response() const { return (u8<1>(h) & 1) != 0; }
    constexpr bool unnumbered() const { return (u8<2>(h) & 3) == 3; }
    constexpr bool unnumbered_information() const { return (u8<2>(h) & 0xef) == 3; }
    constexpr bool information() const { return (u8<2>(h) & 1) == 0; }
    constexpr bool snap() const { return dsap() == 0xaa && ssap() == 0xaa; }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Llc llc{*header};
        if (!llc.unnumbered() && !rest.take<1>()) return Next::too_short();
        if (llc.snap()) {
            const auto snap = rest.take<snap_size>();
            if (!snap) return Next::too_short();
            const std::uint32_t oui = be24<0>(*snap);
            const std::uint16_t pid = be16<3>(*snap);
            return is_ethertype(oui) || oui == oui_apple ? Next::in(Space::ethertype, pid) : Next::in(Space::snap_pid, oui << 16 | pid);
        }
        if (llc.unnumbered_information() || llc.information()) return Next::in(Space::llc_sap, llc.dsap());
        return Next::payload();
    }

    /// Control as one number, the second octet in the upper half.
    static void control(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        const Bytes bytes = context.bytes(layer);
        const Llc llc{first_of<size>(bytes)};
        out.number(index, llc.unnumbered() ? bytes[2] : static_cast<std::uint64_t>(bytes[3] << 8 | bytes[2]));
    }
    static void frame_type(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        const Llc llc{first_of<size>(context.bytes(layer))};
        out.number(index, llc.information() ? 0U : u8<2>(llc.h) & 3U);
    }
    /// The SNAP part of a layer, or nothing.
    static std::optional<Fixed<snap_size>> snap_of(const Context& context, const Layer& layer) {
        const Bytes bytes = context.bytes(layer);
        if (!Llc{first_of<size>(bytes)}.snap()) return std::nullopt;
        return first_of<snap_size>(bytes.last(snap_size));
    }
    static void oui(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        if (const auto snap = snap_of(context, layer)) out.number(index, be24<0>(*snap));
    }
    static void type(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        if (const auto snap = snap_of(context, layer); snap && is_ethertype(be24<0>(*snap))) out.number(index, be16<3>(*snap));
    }
    /// Reader for the protocol number of one organisation or, for 0, of all that have no field of their own.
    template <std::uint32_t organisation>
    static void pid(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        const auto snap = snap_of(context, layer);
        if (!snap) return;
        const std::uint32_t oui = be24<0>(*snap);
        const bool own = oui == oui_cisco || oui == oui_apple || is_ethertype(oui);
        if (organisation == 0 ? !own : oui == organisation) out.number(index, be16<3>(*snap));
    }
};

template <>
inline constexpr std::array fields<Llc>{
    Field{"llc.dsap", FieldType::uint8, "Destination service access point", get<Llc, &Llc::dsap>, Display::hex},
    Field{"llc.dsap.sap", FieldType::uint8, "Destination SAP without its group bit", get<Llc, &Llc::dsap_sap>, Display::dec, Repeat::one,
          Shown::asked},
    Field{"llc.dsap.ig", FieldType::boolean, "Destination SAP is a group", get<Llc, &Llc::dsap_group>, Display::dec, Repeat::one,
          Shown::asked},
    Field{"llc.ssap", FieldType::uint8, "Source service access point", get<Llc, &Llc::ssap>, Display::hex},
    Field{"llc.ssap.sap", FieldType::uint8, "Source SAP without its response bit", get<Llc, &Llc::ssap_sap>, Display::dec, Repeat::one,
          Shown::asked},
    Field{"llc.ssap.cr", FieldType::boolean, "Frame is a response", get<Llc, &Llc::response>, Display::dec, Repeat::one, Shown::asked},
    Field{"llc.control", FieldType::uint16, "Control", Llc::control, Display::hex},
    Field{"llc.control.ftype", FieldType::uint8, "Frame type: 0 information, 1 supervisory, 3 unnumbered", Llc::frame_type, Display::hex,
          Repeat::one, Shown::asked},
    Field{"llc.oui", FieldType::uint24, "SNAP organisation", Llc::oui},
    Field{"llc.type", FieldType::uint16, "SNAP EtherType", Llc::type, Display::hex},
    Field{"llc.pid", FieldType::uint16, "SNAP protocol of another organisation", Llc::pid<0>, Display::hex},
    Field{"llc.cisco_pid", FieldType::uint16, "SNAP protocol of Cisco", Llc::pid<Llc::oui_cisco>, Display::hex},
    Field{"llc.apple_atalk_pid", FieldType::uint16, "SNAP protocol of Apple", Llc::pid<Llc::oui_apple>, Display::hex},
};

}  // namespace pcapline
