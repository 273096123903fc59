#include "pcapline/decode/app/tls.h"

#include <algorithm>
#include <optional>

namespace pcapline {
namespace {

namespace f = tls_field;

constexpr std::uint8_t client_hello = 1;
constexpr std::uint8_t server_hello = 2;
constexpr std::uint8_t certificate_message = 11;

/// The next `n` bytes, or as many of them as there are: a cut record is read as far as it goes.
Cursor part(Cursor& rest, std::size_t n) {
    return Cursor{*rest.take(std::min(n, rest.left())), 0};
}

/// A big-endian number of Size bytes into `field`; its value, or nothing if it is not there.
template <std::size_t Size>
std::optional<std::uint32_t> number(Cursor& rest, std::size_t field, FieldValues& out) {
    const auto bytes = rest.take<Size>();
    if (!bytes) return std::nullopt;
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes->bytes()) value = value << 8 | byte;
    out.number(field, value);
    return value;
}

/// A vector of numbers of Size bytes behind its length of LengthSize bytes.
template <std::size_t LengthSize, std::size_t Size>
void numbers(Cursor& rest, std::size_t length_field, std::size_t field, FieldValues& out) {
    const auto length = number<LengthSize>(rest, length_field, out);
    if (!length) return;
    Cursor list = part(rest, *length);
    while (number<Size>(list, field, out)) {}
}

/// Bytes behind their length of LengthSize bytes; empty ones give no value. False if they are cut.
template <std::size_t LengthSize>
bool counted_bytes(Cursor& rest, std::size_t length_field, std::size_t field, FieldValues& out) {
    const auto length = number<LengthSize>(rest, length_field, out);
    if (!length) return false;
    const auto bytes = rest.take(*length);
    if (!bytes) return false;
    if (!bytes->empty()) out.bytes(field, *bytes);
    return true;
}

void read_server_names(Cursor rest, FieldValues& out) {  // RFC 6066, section 3
    const auto length = number<2>(rest, f::server_name_list_len, out);
    if (!length) return;
    Cursor list = part(rest, *length);
    while (number<1>(list, f::server_name_type, out) && counted_bytes<2>(list, f::server_name_len, f::server_name, out)) {}
}

void read_application_protocols(Cursor rest, FieldValues& out) {  // RFC 7301, section 3.1
    const auto length = number<2>(rest, f::alpn_len, out);
    if (!length) return;
    Cursor list = part(rest, *length);
    while (counted_bytes<1>(list, f::alpn_str_len, f::alpn_str, out)) {}
}

void read_key_shares(Cursor rest, std::uint8_t message, FieldValues& out) {  // RFC 8446, section 4.2.8
    if (message == server_hello && rest.left() == 2) {                       // a hello retry request
        number<2>(rest, f::key_share_selected_group, out);
        return;
    }
    Cursor list = rest;
    if (message == client_hello) {
        const auto length = number<2>(rest, f::key_share_client_length, out);
        if (!length) return;
        list = part(rest, *length);
    }
    while (number<2>(list, f::key_share_group, out) &&
           counted_bytes<2>(list, f::key_share_key_exchange_length, f::key_share_key_exchange, out)) {}
}

void read_extensions(Cursor& rest, std::uint8_t message, FieldValues& out) {
    const auto length = number<2>(rest, f::extensions_length, out);
    if (!length) return;
    Cursor list = part(rest, *length);
    while (const auto type = number<2>(list, f::extension_type, out)) {
        const auto size = number<2>(list, f::extension_len, out);
        if (!size) return;
        Cursor data = part(list, *size);
        switch (*type) {
            case 0:
                read_server_names(data, out);
                break;
            case 10:
                numbers<2, 2>(data, f::supported_groups_length, f::supported_group, out);
                break;
            case 11:
                numbers<1, 1>(data, f::ec_point_formats_length, f::ec_point_format, out);
                break;
            case 13:
                numbers<2, 2>(data, f::sig_hash_alg_len, f::sig_hash_alg, out);
                break;
            case 16:
                read_application_protocols(data, out);
                break;
            case 43:
                if (message == client_hello) {
                    numbers<1, 2>(data, f::supported_versions_len, f::supported_version, out);
                } else {
                    number<2>(data, f::supported_version, out);
                }
                break;
            case 51:
                read_key_shares(data, message, out);
                break;
            default:
                break;
        }
    }
}

void read_hello(Cursor rest, std::uint8_t message, FieldValues& out) {
    if (!number<2>(rest, f::handshake_version, out)) return;
    const auto random = rest.take(32);
    if (!random) return;
    out.bytes(f::random, *random);
    if (!counted_bytes<1>(rest, f::session_id_length, f::session_id, out)) return;
    if (message == client_hello) {
        numbers<2, 2>(rest, f::cipher_suites_length, f::ciphersuite, out);
        numbers<1, 1>(rest, f::comp_methods_length, f::comp_method, out);
    } else {
        number<2>(rest, f::ciphersuite, out);
        number<1>(rest, f::comp_method, out);
    }
    read_extensions(rest, message, out);
}

/// The list of TLS 1.2 and before (RFC 5246, section 7.4.2); later ones are encrypted.
void read_certificates(Cursor rest, FieldValues& out) {
    const auto length = number<3>(rest, f::certificates_length, out);
    if (!length) return;
    Cursor list = part(rest, *length);
    while (counted_bytes<3>(list, f::certificate_length, f::certificate, out)) {}
}

/// HandshakeType, of all versions (IANA).
constexpr bool is_handshake_type(std::uint8_t type) {
    return type <= 6 || type == 8 || (type >= 11 && type <= 16) || (type >= 20 && type <= 25) || type == 67 || type == 254;
}

/// Reads the records of one layer. What an earlier record said of a later one is kept.
class RecordReader {
 public:
    explicit RecordReader(FieldValues& out) : out_(out) {}

    void read(Bytes bytes) {
        Cursor rest{bytes, 0};
        while (const auto header = rest.take<Tls::size>()) {
            const Tls record{*header};
            if (!record.plausible()) return;
            out_.number(f::record_content_type, record.content_type());
            out_.number(f::record_version, record.version());
            out_.number(f::record_length, record.length());
            const Cursor body = part(rest, record.length());
            switch (record.content_type()) {
                case Tls::change_cipher_spec:
                    encrypted_ = true;
                    break;
                case Tls::alert:
                    read_alert(body, record.length());
                    break;
                case Tls::handshake:
                    read_handshake(body, record.length());
                    break;
                default:
                    break;
            }
        }
    }

 private:
    /// An encrypted alert is longer than two bytes.
    void read_alert(Cursor body, std::size_t length) {
        if (encrypted_ || length != 2) return;
        number<1>(body, f::alert_level, out_);
        number<1>(body, f::alert_desc, out_);
    }

    /// `length`: of the record, however much of it is here.
    void read_handshake(Cursor body, std::size_t length) {
        std::size_t left = length;
        const std::size_t continued = std::min(left, continues_);  // the rest of a message that began in the record before
        continues_ -= continued;
        left -= continued;
        static_cast<void>(part(body, continued));
        while (const auto header = body.peek<4>()) {
            const std::uint8_t type = u8<0>(*header);
            const std::size_t size = be24<1>(*header);
            left -= 4;
            if (!readable(type, size, left)) return;
            static_cast<void>(body.take<4>());
            out_.number(f::handshake_type, type);
            out_.number(f::handshake_length, size);
            const Cursor message = part(body, size);
            if (type == client_hello || type == server_hello) read_hello(message, type, out_);
            if (type == certificate_message) read_certificates(message, out_);
            continues_ = size > left ? size - left : 0;
            left -= std::min(size, left);
        }
    }

    /// Random bytes of an encrypted message hardly ever look like this. After a change of cipher spec only a hello
    /// is readable, the second one of TLS 1.3 (RFC 8446, appendix D.4).
    bool readable(std::uint8_t type, std::size_t size, std::size_t left) const {
        if (encrypted_) return (type == client_hello || type == server_hello) && size == left;
        return is_handshake_type(type) && (size <= left || may_be_long(type, size));
    }

    /// Messages that are often longer than a record: hellos, tickets, certificates, key exchanges, requests, statuses.
    static constexpr bool may_be_long(std::uint8_t type, std::size_t size) {
        return (type == 1 || type == 2 || type == 4 || (type >= 11 && type <= 13) || type == 22) && size < 131072;
    }

    FieldValues& out_;
    std::size_t continues_ = 0;
    bool encrypted_ = false;
};

}  // namespace

bool Tls::is_records(Bytes payload) {
    Cursor rest{payload, 0};
    const auto first = rest.peek<11>();
    if (!first) return false;
    if (!Tls{first->part<0, 5>()}.plausible()) return false;
    const std::uint8_t message = u8<5>(*first);
    if (u8<0>(*first) == handshake && (message == client_hello || message == server_hello))
        return be24<6>(*first) >= 38 && u8<9>(*first) == 3 && u8<10>(*first) <= 4;
    while (const auto header = rest.take<size>())
        if (!Tls{*header}.plausible() || !rest.take(Tls{*header}.length())) return false;
    return rest.left() == 0;
}

void Tls::walk(const Context& context, const Layer& layer, FieldValues& out) {
    RecordReader{out}.read(context.bytes(layer));
}

}  // namespace pcapline
