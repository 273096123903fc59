// Stream Control Transmission Protocol.
#pragma once

#include <optional>

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// One chunk of an SCTP packet (RFC 9260, section 3.2).
struct SctpChunk {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::uint16_t length = 0;  ///< as claimed: header and value, without padding
    Bytes value;               ///< behind the four bytes of header, as far as captured

    static constexpr std::uint8_t data = 0;
    static constexpr std::uint8_t init = 1;
    static constexpr std::uint8_t init_ack = 2;
    static constexpr std::uint8_t sack = 3;
    static constexpr std::uint8_t i_data = 64;

    /// Takes the next chunk with its padding; a cut one as far as it goes. Nothing at the end, and at a
    /// length that cannot be.
    static constexpr std::optional<SctpChunk> take(Cursor& rest) {
        const auto header = rest.peek<4>();
        if (!header || be16<2>(*header) < 4) return std::nullopt;
        SctpChunk chunk;
        chunk.type = u8<0>(*header);
        chunk.flags = u8<1>(*header);
        chunk.length = be16<2>(*header);
        const std::size_t have = chunk.length < rest.left() ? chunk.length : rest.left();
        chunk.value = rest.take(have)->subspan(4);
        const std::size_t padding = (4U - chunk.length % 4U) % 4U;
        static_cast<void>(rest.take(padding < rest.left() ? padding : rest.left()));
        return chunk;
    }
};

/// Stream Control Transmission Protocol (RFC 9260, section 3). The layer is the common header and the
/// chunks before the first user data, with that data's own header; the data is what follows. Fields tell of
/// all chunks of the packet.
///
///     |          source port          |       destination port        |
///     |                       verification tag                        |
///     |                           checksum                            |
///     |   type    |   flags   |        length         |  value … | chunk
struct Sctp {
    static constexpr std::string_view name = "sctp";
    static constexpr std::string_view title = "Stream Control Transmission Protocol";
    static constexpr Edge found_at[] = {{Space::ip_proto, 132}, {Space::udp_port, 9899}};
    static constexpr std::size_t size = 12;

    Fixed<size> h;
    constexpr std::uint16_t src_port() const { return be16<0>(h); }
    constexpr std::uint16_t dst_port() const { return be16<2>(h); }
    constexpr std::uint32_t verification_tag() const { return be32<4>(h); }
    constexpr std::uint32_t checksum() const { return be32<8>(h); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Sctp sctp{*header};
        while (const auto chunk = rest.peek<4>()) {
            const std::uint8_t type = u8<0>(*chunk);
            if (type == SctpChunk::data) return user_data<16>(sctp, rest);
            if (type == SctpChunk::i_data) return user_data<20>(sctp, rest);
            if (!SctpChunk::take(rest)) return Next::payload();
        }
        static_cast<void>(rest.take_rest());
        return Next::payload();
    }

    static void walk(const Context& context, const Layer& layer, FieldValues& out);

 private:
    /// The header of a DATA (RFC 9260, section 3.3.1) or I-DATA chunk (RFC 8260, section 2.1): what it
    /// carries is known by its payload protocol identifier, else by the ports. Only a whole message can be decoded.
    template <std::size_t Size>
    static constexpr Next user_data(const Sctp& sctp, Cursor& rest) {
        const auto header = rest.take<Size>();
        if (!header) {
            static_cast<void>(rest.take_rest());
            return Next::payload();
        }
        const std::uint16_t length = be16<2>(*header);
        if (length < Size) return Next::payload();
        rest.limit(length - Size);
        const bool whole = (u8<1>(*header) & 0x03) == 0x03;
        if (!whole) return Next::payload();
        const std::uint32_t ppid = be32 < Size == 16 ? 12 : 16 > (*header);
        if (ppid != 0) return Next::in(Space::sctp_ppid, ppid);
        return Next::ports(Space::sctp_port, sctp.src_port(), sctp.dst_port());
    }
};

namespace sctp_field {

/// Places in the table of fields below.
enum : std::size_t {
    srcport,
    dstport,
    port,
    verification_tag,
    checksum,
    chunk_type,
    chunk_flags,
    chunk_length,
    init_initiate_tag,
    init_credit,
    init_nr_out_streams,
    init_nr_in_streams,
    init_initial_tsn,
    initack_initiate_tag,
    initack_credit,
    initack_nr_out_streams,
    initack_nr_in_streams,
    initack_initial_tsn,
    data_e_bit,
    data_b_bit,
    data_u_bit,
    data_i_bit,
    data_tsn_raw,
    data_sid,
    data_ssn,
    data_mid,
    data_fsn,
    data_payload_proto_id,
    sack_cumulative_tsn_ack_raw,
    sack_a_rwnd,
    sack_number_of_gap_blocks,
    sack_number_of_duplicated_tsns,
    count,
};

/// INIT and INIT ACK have one layout (RFC 9260, sections 3.3.2 and 3.3.3); `first` is the place of the first field.
inline void init(Cursor value, std::size_t first, FieldValues& out) {
    if (const auto tag = value.take<4>()) out.number(first, be32<0>(*tag));
    if (const auto credit = value.take<4>()) out.number(first + 1, be32<0>(*credit));
    if (const auto streams = value.take<2>()) out.number(first + 2, be16<0>(*streams));
    if (const auto streams = value.take<2>()) out.number(first + 3, be16<0>(*streams));
    if (const auto tsn = value.take<4>()) out.number(first + 4, be32<0>(*tsn));
}

inline void data(const SctpChunk& chunk, FieldValues& out) {
    out.number(data_e_bit, chunk.flags & 0x01);
    out.number(data_b_bit, chunk.flags >> 1 & 0x01);
    out.number(data_u_bit, chunk.flags >> 2 & 0x01);
    out.number(data_i_bit, chunk.flags >> 3 & 0x01);
    Cursor value{chunk.value, 0};
    if (const auto tsn = value.take<4>()) out.number(data_tsn_raw, be32<0>(*tsn));
    if (const auto sid = value.take<2>()) out.number(data_sid, be16<0>(*sid));
    const auto ssn = value.take<2>();  // I-DATA: reserved
    if (chunk.type == SctpChunk::data) {
        if (ssn) out.number(data_ssn, be16<0>(*ssn));
        if (const auto ppid = value.take<4>()) out.number(data_payload_proto_id, be32<0>(*ppid));
        return;
    }
    if (const auto mid = value.take<4>()) out.number(data_mid, be32<0>(*mid));
    const bool begins = (chunk.flags & 0x02) != 0;  // the word is the protocol in the first fragment, its number in the others
    if (const auto word = value.take<4>()) out.number(begins ? data_payload_proto_id : data_fsn, be32<0>(*word));
}

inline void sack(Cursor value, FieldValues& out) {
    if (const auto tsn = value.take<4>()) out.number(sack_cumulative_tsn_ack_raw, be32<0>(*tsn));
    if (const auto window = value.take<4>()) out.number(sack_a_rwnd, be32<0>(*window));
    if (const auto blocks = value.take<2>()) out.number(sack_number_of_gap_blocks, be16<0>(*blocks));
    if (const auto duplicates = value.take<2>()) out.number(sack_number_of_duplicated_tsns, be16<0>(*duplicates));
}

/// All that the packet holds from the layer on: the outer header's content, as far as captured.
inline Bytes packet_of(const Context& context, const Layer& layer) {
    for (const Layer& outer : context.packet.stack())
        if (outer.end == layer.begin) return context.content(outer);
    return context.bytes(layer);
}

}  // namespace sctp_field

inline void Sctp::walk(const Context& context, const Layer& layer, FieldValues& out) {
    Cursor rest{sctp_field::packet_of(context, layer), 0};
    const auto header = rest.take<size>();
    if (!header) return;
    const Sctp sctp{*header};
    out.number(sctp_field::srcport, sctp.src_port());
    out.number(sctp_field::dstport, sctp.dst_port());
    out.number(sctp_field::port, sctp.src_port());
    out.number(sctp_field::port, sctp.dst_port());
    out.number(sctp_field::verification_tag, sctp.verification_tag());
    out.number(sctp_field::checksum, sctp.checksum());
    while (const auto chunk = SctpChunk::take(rest)) {
        out.number(sctp_field::chunk_type, chunk->type);
        out.number(sctp_field::chunk_flags, chunk->flags);
        out.number(sctp_field::chunk_length, chunk->length);
        const Cursor value{chunk->value, 0};
        switch (chunk->type) {
            case SctpChunk::init:
                sctp_field::init(value, sctp_field::init_initiate_tag, out);
                break;
            case SctpChunk::init_ack:
                sctp_field::init(value, sctp_field::initack_initiate_tag, out);
                break;
            case SctpChunk::sack:
                sctp_field::sack(value, out);
                break;
            case SctpChunk::data:
            case SctpChunk::i_data:
                sctp_field::data(*chunk, out);
                break;
            default:
                break;
        }
    }
}

template <>
inline constexpr std::array fields<Sctp>{
    Field{"sctp.srcport", FieldType::uint16, "Source port"},
    Field{"sctp.dstport", FieldType::uint16, "Destination port"},
    Field{"sctp.port", FieldType::uint16, "Source and destination port", nullptr, Display::dec, Repeat::list, Shown::asked},
    Field{"sctp.verification_tag", FieldType::uint32, "Verification tag", nullptr, Display::hex},
    Field{"sctp.checksum", FieldType::uint32, "Checksum", nullptr, Display::hex},
    Field{"sctp.chunk_type", FieldType::uint8, "Chunk types", nullptr, Display::dec, Repeat::list},
    Field{"sctp.chunk_flags", FieldType::uint8, "Chunk flags", nullptr, Display::hex, Repeat::list},
    Field{"sctp.chunk_length", FieldType::uint16, "Chunk lengths", nullptr, Display::dec, Repeat::list},
    Field{"sctp.init_initiate_tag", FieldType::uint32, "INIT: initiate tag", nullptr, Display::hex},
    Field{"sctp.init_credit", FieldType::uint32, "INIT: advertised receiver window"},
    Field{"sctp.init_nr_out_streams", FieldType::uint16, "INIT: number of outbound streams"},
    Field{"sctp.init_nr_in_streams", FieldType::uint16, "INIT: number of inbound streams"},
    Field{"sctp.init_initial_tsn", FieldType::uint32, "INIT: initial transmission sequence number"},
    Field{"sctp.initack_initiate_tag", FieldType::uint32, "INIT ACK: initiate tag", nullptr, Display::hex},
    Field{"sctp.initack_credit", FieldType::uint32, "INIT ACK: advertised receiver window"},
    Field{"sctp.initack_nr_out_streams", FieldType::uint16, "INIT ACK: number of outbound streams"},
    Field{"sctp.initack_nr_in_streams", FieldType::uint16, "INIT ACK: number of inbound streams"},
    Field{"sctp.initack_initial_tsn", FieldType::uint32, "INIT ACK: initial transmission sequence number"},
    Field{"sctp.data_e_bit", FieldType::boolean, "DATA: last fragment of a message", nullptr, Display::dec, Repeat::list},
    Field{"sctp.data_b_bit", FieldType::boolean, "DATA: first fragment of a message", nullptr, Display::dec, Repeat::list},
    Field{"sctp.data_u_bit", FieldType::boolean, "DATA: unordered", nullptr, Display::dec, Repeat::list},
    Field{"sctp.data_i_bit", FieldType::boolean, "DATA: acknowledge at once", nullptr, Display::dec, Repeat::list},
    Field{"sctp.data_tsn_raw", FieldType::uint32, "DATA: transmission sequence number", nullptr, Display::dec, Repeat::list},
    Field{"sctp.data_sid", FieldType::uint16, "DATA: stream identifier", nullptr, Display::hex, Repeat::list},
    Field{"sctp.data_ssn", FieldType::uint16, "DATA: stream sequence number", nullptr, Display::dec, Repeat::list},
    Field{"sctp.data_mid", FieldType::uint32, "I-DATA: message identifier", nullptr, Display::dec, Repeat::list},
    Field{"sctp.data_fsn", FieldType::uint32, "I-DATA: fragment sequence number", nullptr, Display::dec, Repeat::list},
    Field{"sctp.data_payload_proto_id", FieldType::uint32, "DATA: payload protocol identifier", nullptr, Display::dec, Repeat::list},
    Field{"sctp.sack_cumulative_tsn_ack_raw", FieldType::uint32, "SACK: cumulative acknowledged TSN", nullptr, Display::dec, Repeat::list},
    Field{"sctp.sack_a_rwnd", FieldType::uint32, "SACK: advertised receiver window", nullptr, Display::dec, Repeat::list},
    Field{"sctp.sack_number_of_gap_blocks", FieldType::uint16, "SACK: number of gap blocks", nullptr, Display::dec, Repeat::list},
    Field{"sctp.sack_number_of_duplicated_tsns", FieldType::uint16, "SACK: number of duplicate TSNs", nullptr, Display::dec, Repeat::list},
};
static_assert(fields<Sctp>.size() == sctp_field::count);

}  // namespace pcapline
