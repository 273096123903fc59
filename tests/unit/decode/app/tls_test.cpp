#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

ByteVector record(std::uint8_t type, const ByteVector& content) {
    ByteVector bytes{type, 3, 3};
    return join(join(bytes, be16_bytes(content.size())), content);
}

ByteVector handshake(std::uint8_t type, const ByteVector& body) {
    ByteVector bytes{type, 0};
    return join(join(bytes, be16_bytes(body.size())), body);
}

ByteVector extension(const char* type, const ByteVector& data) {
    return join(join(hex(type), be16_bytes(data.size())), data);
}

const ByteVector random_bytes(32, 0x11);

ByteVector client_hello() {
    ByteVector extensions;
    const std::pair<const char*, const char*> all[] = {
        {"0000", "000e 00 000b 6578616d706c652e636f6d"},  // server_name: example.com
        {"000a", "0004 001d 0017"},                       // supported_groups
        {"000b", "01 00"},                                // ec_point_formats
        {"000d", "0004 0403 0804"},                       // signature_algorithms
        {"0010", "000c 02 6832 08 687474702f312e31"},     // application_layer_protocol_negotiation: h2, http/1.1
        {"002b", "04 0304 0303"},                         // supported_versions
        {"0033", "0008 001d 0004 01020304"},              // key_share
        {"0017", ""},                                     // extended_main_secret
    };
    for (const auto& [type, data] : all) extensions = join(extensions, extension(type, hex(data)));
    ByteVector body = join(join(hex("0303"), random_bytes), hex("04 22222222 0004 1301 1302 01 00"));
    body = join(join(body, be16_bytes(extensions.size())), extensions);
    return record(22, handshake(1, body));
}

ByteVector server_hello(const char* key_share) {
    const ByteVector extensions = join(extension("002b", hex("0304")), extension("0033", hex(key_share)));
    ByteVector body = join(join(hex("0303"), random_bytes), hex("00 1301 00"));
    body = join(join(body, be16_bytes(extensions.size())), extensions);
    return record(22, handshake(2, body));
}

}  // namespace

TEST_CASE("a client hello gives what the client offers") {
    const Decoded decoded{in_tcp(443, client_hello())};
    CHECK(decoded.stack() == "eth:ip:tcp:tls");
    const std::pair<const char*, const char*> fields[] = {
        {"tls.record.content_type", "22"},
        {"tls.record.version", "771"},
        {"tls.handshake.type", "1"},
        {"tls.handshake.version", "771"},
        {"tls.handshake.random", "1111111111111111111111111111111111111111111111111111111111111111"},
        {"tls.handshake.session_id_length", "4"},
        {"tls.handshake.session_id", "22222222"},
        {"tls.handshake.cipher_suites_length", "4"},
        {"tls.handshake.ciphersuite", "4865,4866"},
        {"tls.handshake.comp_methods_length", "1"},
        {"tls.handshake.comp_method", "0"},
        {"tls.handshake.extension.type", "0,10,11,13,16,43,51,23"},
        {"tls.handshake.extension.len", "16,6,2,6,14,5,10,0"},
        {"tls.handshake.extensions_server_name_list_len", "14"},
        {"tls.handshake.extensions_server_name_type", "0"},
        {"tls.handshake.extensions_server_name_len", "11"},
        {"tls.handshake.extensions_server_name", "example.com"},
        {"tls.handshake.extensions_supported_group", "29,23"},
        {"tls.handshake.extensions_ec_point_format", "0"},
        {"tls.handshake.sig_hash_alg", "1027,2052"},
        {"tls.handshake.extensions_alpn_str", "h2,http/1.1"},
        {"tls.handshake.extensions_alpn_str_len", "2,8"},
        {"tls.handshake.extensions.supported_version", "772,771"},
        {"tls.handshake.extensions_key_share_client_length", "8"},
        {"tls.handshake.extensions_key_share_group", "29"},
        {"tls.handshake.extensions_key_share_key_exchange_length", "4"},
        {"tls.handshake.extensions_key_share_key_exchange", "01020304"},
    };
    for (const auto& [field, value] : fields) {
        INFO(field);
        CHECK(decoded.values(field) == value);
    }
}

TEST_CASE("a server hello gives what the server chose") {
    const Decoded chosen{in_tcp(443, server_hello("001d 0002 aabb"))};
    CHECK(chosen.values("tls.handshake.type") == "2");
    CHECK(chosen.values("tls.handshake.ciphersuite") == "4865");
    CHECK(chosen.values("tls.handshake.extensions.supported_version") == "772");
    CHECK(chosen.values("tls.handshake.extensions_key_share_group") == "29");
    CHECK(chosen.values("tls.handshake.extensions_key_share_key_exchange") == "aabb");
    const Decoded retry{in_tcp(443, server_hello("0017"))};
    CHECK(retry.values("tls.handshake.extensions_key_share_selected_group") == "23");
    CHECK(retry.values("tls.handshake.extensions_key_share_group") == "");
}

TEST_CASE("all records of a segment are one layer") {
    const auto bytes = join(join(server_hello("001d 0002 aabb"), record(20, hex("01"))), record(23, hex("0102030405")));
    const Decoded decoded{in_tcp(443, bytes)};
    CHECK(decoded.stack() == "eth:ip:tcp:tls");
    CHECK(decoded.values("tls.record.content_type") == "22,20,23");
    CHECK(decoded.values("tls.record.length") == "60,1,5");
}

TEST_CASE("a record that goes on in the next segment is read as far as it goes") {
    ByteVector bytes = client_hello();
    bytes.resize(5 + 4 + 2 + 32 + 1 + 4 + 2 + 4 + 2 + 2 + 20);  // up to and with the server name
    const Decoded decoded{in_tcp(443, bytes)};
    CHECK(decoded.stack() == "eth:ip:tcp:tls");
    CHECK(decoded.values("tls.handshake.extensions_server_name") == "example.com");
    CHECK(decoded.values("tls.handshake.extensions_supported_group") == "");
}

TEST_CASE("a handshake message may go on in the next record") {
    const ByteVector certificates = handshake(11, hex("00000b 000003 aabbcc 000002 ddee"));
    const ByteVector begin(certificates.begin(), certificates.begin() + 9);
    const ByteVector rest(certificates.begin() + 9, certificates.end());
    const Decoded decoded{in_tcp(443, join(record(22, begin), record(22, join(rest, handshake(14, {})))))};
    CHECK(decoded.values("tls.handshake.type") == "11,14");
    CHECK(Decoded{in_tcp(443, record(22, certificates))}.values("tls.handshake.certificate") == "aabbcc,ddee");
}

TEST_CASE("what is encrypted is not read") {
    const auto finished = record(22, hex("1400000c 0102030405060708090a0b0c"));
    const Decoded clear{in_tcp(443, finished)};
    CHECK(clear.values("tls.handshake.type") == "20");
    CHECK(Decoded{in_tcp(443, join(record(20, hex("01")), finished))}.values("tls.handshake.type") == "");
    CHECK(Decoded{in_tcp(443, join(record(20, hex("01")), client_hello()))}.values("tls.handshake.type") == "1");
    CHECK(Decoded{in_tcp(443, record(22, hex("07a1b2c3d4e5f60718293a4b5c6d7e8f")))}.values("tls.handshake.type") == "");
    CHECK(Decoded{in_tcp(443, record(22, hex("01a1b2c3d4e5f60718293a4b5c6d7e8f")))}.values("tls.handshake.type") == "");
}

TEST_CASE("alerts are read where they are not encrypted") {
    const Decoded decoded{in_tcp(443, record(21, hex("0228")))};
    CHECK(decoded.values("tls.alert_message.level") == "2");
    CHECK(decoded.values("tls.alert_message.desc") == "40");
    CHECK(Decoded{in_tcp(443, record(21, hex("0228010203040506")))}.values("tls.alert_message.level") == "");
}

TEST_CASE("a segment that does not begin with a plausible record is payload") {
    struct Case {
        const char* name;
        const char* bytes;
    };
    const Case cases[] = {
        {"noise", "5a5a5a5a5a5a5a5a5a5a"},        {"unknown content type", "19 0303 0001 00"},
        {"version of no TLS", "16 0305 0001 00"}, {"longer than a record can be", "16 0303 4801 00"},
        {"empty handshake", "16 0303 0000 00"},   {"shorter than its header", "16 0303 00"},
    };
    for (const Case& c : cases) {
        INFO(c.name);
        const Decoded decoded{in_tcp(443, hex(c.bytes))};
        CHECK(decoded.stack() == "eth:ip:tcp");
        CHECK(decoded.end() == "payload");
    }
}

TEST_CASE("on other ports TLS is known by a hello, or by records that fill the segment") {
    CHECK(Decoded{in_tcp(9999, client_hello())}.stack() == "eth:ip:tcp:tls");
    CHECK(Decoded{in_tcp(9999, join(record(23, hex("0102030405060708")), record(21, hex("0100"))))}.stack() == "eth:ip:tcp:tls");
    ByteVector cut = record(23, hex("0102030405060708"));
    cut.pop_back();
    CHECK(Decoded{in_tcp(9999, cut)}.stack() == "eth:ip:tcp");
    CHECK(Decoded{in_tcp(9999, join(record(23, hex("0102030405060708")), hex("00")))}.stack() == "eth:ip:tcp");
}

TEST_CASE("lengths inside a hello that are too long do no harm") {
    const ByteVector hello = client_hello();
    for (std::size_t at = 5; at < hello.size(); ++at) {
        ByteVector broken = hello;
        broken[at] = 0xff;
        INFO(at);
        CHECK(broken_at_a_prefix(in_tcp(443, broken)) == "");
    }
}

TEST_CASE("a TLS segment cut anywhere is not the packet's fault") {
    CHECK(broken_at_a_prefix(in_tcp(443, join(client_hello(), record(23, hex("0102"))))) == "");
}

}  // namespace pcapline::test
