#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

const ByteVector common = hex("1389 0b59 11223344 aabbccdd");
const ByteVector sack = hex("03000010 00000009 0001f400 0001 0002");
const ByteVector whole_data = hex("00030013 00000007 0001 0002 00000099 616263 00");
const ByteVector part_data = hex("00020012 00000008 0001 0003 00000099 6465 0000");

Decoded decode_chunks(const ByteVector& chunks) {
    return Decoded{in_ipv4(132, join(common, chunks))};
}

}  // namespace

TEST_CASE("the common header of SCTP") {
    const Decoded decoded = decode_chunks({});
    CHECK(decoded.stack() == "eth:ip:sctp");
    CHECK(decoded.values("sctp.srcport") == "5001");
    CHECK(decoded.values("sctp.dstport") == "2905");
    CHECK(decoded.values("sctp.port") == "5001,2905");
    CHECK(decoded.values("sctp.verification_tag") == "287454020");
    CHECK(decoded.values("sctp.checksum") == "2864434397");
}

TEST_CASE("all chunks of a packet are told of, those behind the first data too") {
    const Decoded decoded = decode_chunks(join(join(sack, whole_data), part_data));
    CHECK(decoded.stack() == "eth:ip:sctp");
    CHECK(decoded.values("sctp.chunk_type") == "3,0,0");
    CHECK(decoded.values("sctp.chunk_flags") == "0,3,2");
    CHECK(decoded.values("sctp.chunk_length") == "16,19,18");
    CHECK(decoded.values("sctp.data_tsn_raw") == "7,8");
    CHECK(decoded.values("sctp.data_b_bit") == "1,1");
    CHECK(decoded.values("sctp.data_e_bit") == "1,0");
    CHECK(decoded.values("sctp.data_payload_proto_id") == "153,153");
    CHECK(decoded.values("sctp.sack_cumulative_tsn_ack_raw") == "9");
    CHECK(decoded.values("sctp.sack_number_of_duplicated_tsns") == "2");
}

TEST_CASE("the first whole message is what follows SCTP") {
    const Decoded decoded = decode_chunks(join(sack, whole_data));
    CHECK(decoded.end() == "unknown");
    CHECK(decoded.packet().unknown_space == Space::sctp_ppid);
    CHECK(decoded.packet().unknown_key == 0x99);
    CHECK(decoded.packet().payload_end - decoded.packet().payload_begin == 3);
}

TEST_CASE("a fragment of a message is payload") {
    CHECK(decode_chunks(part_data).end() == "payload");
}

TEST_CASE("INIT and INIT ACK") {
    const char* const body = "0014 00000001 00010000 000a 0800 00000005";
    const Decoded init = decode_chunks(hex(std::string{"0100"} + body));
    CHECK(init.values("sctp.init_initiate_tag") == "1");
    CHECK(init.values("sctp.init_credit") == "65536");
    CHECK(init.values("sctp.init_nr_out_streams") == "10");
    CHECK(init.values("sctp.init_nr_in_streams") == "2048");
    CHECK(init.values("sctp.init_initial_tsn") == "5");
    CHECK(init.values("sctp.initack_initiate_tag") == "");
    const Decoded init_ack = decode_chunks(hex(std::string{"0200"} + body));
    CHECK(init_ack.values("sctp.initack_initial_tsn") == "5");
}

TEST_CASE("I-DATA names its message, and its protocol or its fragment") {
    const char* const first = "40020018 00000007 0001 0000 00000005 00000033 61626364";
    const char* const later = "40010018 00000008 0001 0000 00000005 00000001 61626364";
    CHECK(decode_chunks(hex(first)).values("sctp.data_payload_proto_id") == "51");
    CHECK(decode_chunks(hex(first)).values("sctp.data_mid") == "5");
    CHECK(decode_chunks(hex(later)).values("sctp.data_fsn") == "1");
    CHECK(decode_chunks(hex(later)).values("sctp.data_payload_proto_id") == "");
}

TEST_CASE("SCTP chunks of impossible lengths end the list") {
    for (const char* chunk : {"03000000", "03000003", "00030003 00000000 00000000 00000000", "0003000f 00000007 0001 0002 00000099"}) {
        INFO(chunk);
        const Decoded decoded = decode_chunks(hex(chunk));
        CHECK(decoded.stack() == "eth:ip:sctp");
        CHECK(decoded.end() == "payload");
    }
}

TEST_CASE("an SCTP packet cut anywhere is not the packet's fault") {
    CHECK(broken_at_a_prefix(in_ipv4(132, join(join(join(common, sack), whole_data), part_data))) == "");
}

}  // namespace pcapline::test
