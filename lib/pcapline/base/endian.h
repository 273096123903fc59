// Loads and stores in either byte order, for file formats. The caller has checked the size.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace pcapline {

enum class ByteOrder : std::uint8_t {
    little,
    big
};

constexpr ByteOrder native_order = std::endian::native == std::endian::little ? ByteOrder::little : ByteOrder::big;

constexpr std::uint16_t byteswap(std::uint16_t v) {
    return __builtin_bswap16(v);
}
constexpr std::uint32_t byteswap(std::uint32_t v) {
    return __builtin_bswap32(v);
}
constexpr std::uint64_t byteswap(std::uint64_t v) {
    return __builtin_bswap64(v);
}

template <class Unsigned>
Unsigned load(const std::uint8_t* from, ByteOrder order) {
    Unsigned value;
    std::memcpy(&value, from, sizeof value);
    return order == native_order ? value : byteswap(value);
}

template <class Unsigned>
void store(std::uint8_t* to, Unsigned value, ByteOrder order) {
    if (order != native_order) value = byteswap(value);
    std::memcpy(to, &value, sizeof value);
}

inline std::uint16_t load16(const std::uint8_t* from, ByteOrder order) {
    return load<std::uint16_t>(from, order);
}
inline std::uint32_t load32(const std::uint8_t* from, ByteOrder order) {
    return load<std::uint32_t>(from, order);
}
inline std::uint64_t load64(const std::uint8_t* from, ByteOrder order) {
    return load<std::uint64_t>(from, order);
}

}  // namespace pcapline
