#include "pcapline/base/bytes.h"

#include <array>

#include "pcapline/base/endian.h"
#include "support/catch.h"

namespace pcapline {

TEST_CASE("header fields are read in network order at their place", "[base][bytes]") {
    const std::array<std::uint8_t, 9> bytes = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xff};
    const auto header = first_of<9>(Bytes(bytes));
    CHECK(u8<0>(header) == 0x01);
    CHECK(u8<8>(header) == 0xff);
    CHECK(be16<1>(header) == 0x2345);
    CHECK(be24<1>(header) == 0x234567);
    CHECK(be32<5>(header) == 0xabcdefff);
    CHECK(be64<0>(header) == 0x0123456789abcdef);
    CHECK(be64<1>(header) == 0x23456789abcdefff);
    CHECK(be16<0>(header.part<4, 2>()) == 0x89ab);
    CHECK(header.bytes().data() == bytes.data());
    CHECK(header.bytes().size() == 9);
}

TEST_CASE("what is stored in a byte order is loaded in it", "[base][endian]") {
    std::array<std::uint8_t, 8> bytes{};
    store<std::uint32_t>(bytes.data(), 0xa1b2c3d4, ByteOrder::big);
    CHECK(bytes[0] == 0xa1);
    CHECK(load32(bytes.data(), ByteOrder::big) == 0xa1b2c3d4);
    CHECK(load32(bytes.data(), ByteOrder::little) == 0xd4c3b2a1);
    store<std::uint16_t>(bytes.data() + 1, 0x1234, ByteOrder::little);  // unaligned
    CHECK(bytes[1] == 0x34);
    CHECK(load16(bytes.data() + 1, ByteOrder::little) == 0x1234);
    store<std::uint64_t>(bytes.data(), 0x0102030405060708, ByteOrder::little);
    CHECK(bytes[0] == 0x08);
    CHECK(load64(bytes.data(), ByteOrder::big) == 0x0807060504030201);
}

}  // namespace pcapline
