// Transport Layer Security: records, and handshake messages as far as they are readable.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Transport Layer Security: the header of a record (RFC 8446, section 5.1; RFC 5246, section 6.2.1). All records
/// of a segment are one layer. A segment that does not begin with a record is not TLS: what it continues is known
/// only to who follows the stream.
///
///     |  content type |    version    |            length             |
struct Tls {
    static constexpr std::string_view name = "tls";
    static constexpr std::string_view title = "Transport Layer Security";
    static constexpr Edge found_at[] = {
        {Space::tcp_port, 324},  {Space::tcp_port, 443},   {Space::tcp_port, 465},   {Space::tcp_port, 636},   {Space::tcp_port, 802},
        {Space::tcp_port, 853},  {Space::tcp_port, 993},   {Space::tcp_port, 995},   {Space::tcp_port, 1300},  {Space::tcp_port, 2221},
        {Space::tcp_port, 2443}, {Space::tcp_port, 3249},  {Space::tcp_port, 3250},  {Space::tcp_port, 3251},  {Space::tcp_port, 3252},
        {Space::tcp_port, 3496}, {Space::tcp_port, 5061},  {Space::tcp_port, 5671},  {Space::tcp_port, 5684},  {Space::tcp_port, 5868},
        {Space::tcp_port, 8883}, {Space::tcp_port, 11207}, {Space::tcp_port, 19999}, {Space::tcp_port, 27017},
    };
    static constexpr Space guess_in = Space::tcp_port;
    static constexpr bool topmost = true;  ///< nothing is found above it
    static constexpr std::size_t size = 5;

    Fixed<size> h;
    constexpr std::uint8_t content_type() const { return u8<0>(h); }
    constexpr std::uint16_t version() const { return be16<1>(h); }
    constexpr std::uint16_t length() const { return be16<3>(h); }

    static constexpr std::uint8_t change_cipher_spec = 20;
    static constexpr std::uint8_t alert = 21;
    static constexpr std::uint8_t handshake = 22;
    static constexpr std::uint8_t application_data = 23;
    static constexpr std::uint8_t heartbeat = 24;

    /// 2^14 bytes of content and what the largest allowed expansion adds (RFC 5246, section 6.2.3).
    static constexpr std::size_t max_length = 16384 + 2048;

    /// A known content type, SSL 3.0 to TLS 1.3, and a length that is allowed.
    constexpr bool plausible() const {
        return content_type() >= change_cipher_spec && content_type() <= heartbeat && version() >= 0x0300 && version() <= 0x0304 &&
               length() <= max_length && (length() > 0 || content_type() == application_data);
    }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.peek<size>();
        if (!header || !Tls{*header}.plausible()) return Next::not_mine();
        static_cast<void>(rest.take_rest());
        return Next::payload();
    }

    /// On a port of no protocol: a hello, or records that fill the payload exactly.
    static bool guess(Bytes payload) {
        return payload.size() >= 11 && payload[0] >= change_cipher_spec && payload[0] <= heartbeat && payload[1] == 3 &&
               is_records(payload);
    }
    /// Whole records, or the beginning of a hello.
    static bool is_records(Bytes payload);
    static void walk(const Context& context, const Layer& layer, FieldValues& out);
};

namespace tls_field {

/// Places in the table of fields below.
enum : std::size_t {
    record_content_type,
    record_version,
    record_length,
    alert_level,
    alert_desc,
    handshake_type,
    handshake_length,
    handshake_version,
    random,
    session_id_length,
    session_id,
    cipher_suites_length,
    ciphersuite,
    comp_methods_length,
    comp_method,
    extensions_length,
    extension_type,
    extension_len,
    server_name_list_len,
    server_name_type,
    server_name_len,
    server_name,
    alpn_len,
    alpn_str_len,
    alpn_str,
    supported_versions_len,
    supported_version,
    supported_groups_length,
    supported_group,
    ec_point_formats_length,
    ec_point_format,
    sig_hash_alg_len,
    sig_hash_alg,
    key_share_client_length,
    key_share_group,
    key_share_key_exchange_length,
    key_share_key_exchange,
    key_share_selected_group,
    certificates_length,
    certificate_length,
    certificate,
    count,
};

}  // namespace tls_field

template <>
inline constexpr std::array fields<Tls>{
    Field{"tls.record.content_type", FieldType::uint8, "Content types of the records", nullptr, Display::dec, Repeat::list},
    Field{"tls.record.version", FieldType::uint16, "Versions of the records", nullptr, Display::hex, Repeat::list},
    Field{"tls.record.length", FieldType::uint16, "Lengths of the records", nullptr, Display::dec, Repeat::list},
    Field{"tls.alert_message.level", FieldType::uint8, "Alert: level", nullptr, Display::dec, Repeat::list},
    Field{"tls.alert_message.desc", FieldType::uint8, "Alert: description", nullptr, Display::dec, Repeat::list},
    Field{"tls.handshake.type", FieldType::uint8, "Types of the handshake messages", nullptr, Display::dec, Repeat::list},
    Field{"tls.handshake.length", FieldType::uint24, "Lengths of the handshake messages", nullptr, Display::dec, Repeat::list},
    Field{"tls.handshake.version", FieldType::uint16, "Hello: version", nullptr, Display::hex, Repeat::list},
    Field{"tls.handshake.random", FieldType::bytes, "Hello: random", nullptr, Display::none, Repeat::list, Shown::asked},
    Field{"tls.handshake.session_id_length", FieldType::uint16, "Hello: length of the session identifier", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.session_id", FieldType::bytes, "Hello: session identifier", nullptr, Display::none, Repeat::list, Shown::asked},
    Field{"tls.handshake.cipher_suites_length", FieldType::uint16, "Client hello: length of the cipher suites", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.ciphersuite", FieldType::uint16, "Hello: cipher suites", nullptr, Display::hex, Repeat::list},
    Field{"tls.handshake.comp_methods_length", FieldType::uint8, "Client hello: number of compression methods", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.comp_method", FieldType::uint8, "Hello: compression methods", nullptr, Display::dec, Repeat::list, Shown::asked},
    Field{"tls.handshake.extensions_length", FieldType::uint16, "Hello: length of the extensions", nullptr, Display::dec, Repeat::list,
          Shown::asked},
    Field{"tls.handshake.extension.type", FieldType::uint16, "Hello: types of the extensions", nullptr, Display::dec, Repeat::list},
    Field{"tls.handshake.extension.len", FieldType::uint16, "Hello: lengths of the extensions", nullptr, Display::dec, Repeat::list,
          Shown::asked},
    Field{"tls.handshake.extensions_server_name_list_len", FieldType::uint16, "Server name: length of the list", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.extensions_server_name_type", FieldType::uint8, "Server name: type", nullptr, Display::dec, Repeat::list,
          Shown::asked},
    Field{"tls.handshake.extensions_server_name_len", FieldType::uint16, "Server name: length", nullptr, Display::dec, Repeat::list,
          Shown::asked},
    Field{"tls.handshake.extensions_server_name", FieldType::text, "Server name", nullptr, Display::none},
    Field{"tls.handshake.extensions_alpn_len", FieldType::uint16, "Application protocols: length of the list", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.extensions_alpn_str_len", FieldType::uint8, "Application protocols: length of a name", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.extensions_alpn_str", FieldType::text, "Application protocols (ALPN)", nullptr, Display::none, Repeat::list},
    Field{"tls.handshake.extensions.supported_versions_len", FieldType::uint8, "Supported versions: length", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.extensions.supported_version", FieldType::uint16, "Supported versions", nullptr, Display::hex, Repeat::list},
    Field{"tls.handshake.extensions_supported_groups_length", FieldType::uint16, "Supported groups: length", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.extensions_supported_group", FieldType::uint16, "Supported groups", nullptr, Display::hex, Repeat::list},
    Field{"tls.handshake.extensions_ec_point_formats_length", FieldType::uint8, "Point formats: length", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.extensions_ec_point_format", FieldType::uint8, "Point formats", nullptr, Display::dec, Repeat::list, Shown::asked},
    Field{"tls.handshake.sig_hash_alg_len", FieldType::uint16, "Signature algorithms: length", nullptr, Display::dec, Repeat::list,
          Shown::asked},
    Field{"tls.handshake.sig_hash_alg", FieldType::uint16, "Signature algorithms", nullptr, Display::hex, Repeat::list, Shown::asked},
    Field{"tls.handshake.extensions_key_share_client_length", FieldType::uint16, "Key shares: length", nullptr, Display::dec, Repeat::list,
          Shown::asked},
    Field{"tls.handshake.extensions_key_share_group", FieldType::uint16, "Key shares: groups", nullptr, Display::dec, Repeat::list},
    Field{"tls.handshake.extensions_key_share_key_exchange_length", FieldType::uint16, "Key shares: length of a key", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.extensions_key_share_key_exchange", FieldType::bytes, "Key shares: keys", nullptr, Display::none, Repeat::list,
          Shown::asked},
    Field{"tls.handshake.extensions_key_share_selected_group", FieldType::uint16, "Hello retry request: group", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.certificates_length", FieldType::uint24, "Certificate message: length of the list", nullptr, Display::dec,
          Repeat::list, Shown::asked},
    Field{"tls.handshake.certificate_length", FieldType::uint24, "Certificate message: lengths", nullptr, Display::dec, Repeat::list,
          Shown::asked},
    Field{"tls.handshake.certificate", FieldType::bytes, "Certificate message: certificates", nullptr, Display::none, Repeat::list,
          Shown::asked},
};
static_assert(fields<Tls>.size() == tls_field::count);

}  // namespace pcapline
