// Borrowed bytes, and header fields that cannot be read outside their header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pcapline {

/// Borrowed bytes: valid as long as whoever lent them says.
using Bytes = std::span<const std::uint8_t>;

/// The bytes of a text.
inline Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Exactly N borrowed bytes. Only a length check makes one (Cursor::take and
/// first_of), so holding one is the proof that the check was done.
template <std::size_t N>
class Fixed {
 public:
    static constexpr std::size_t size() { return N; }
    constexpr const std::uint8_t* data() const { return data_; }
    constexpr Bytes bytes() const { return {data_, N}; }

    /// Bytes At … At+Count-1. A range outside the header does not compile.
    template <std::size_t At, std::size_t Count>
    constexpr Fixed<Count> part() const {
        static_assert(At + Count <= N, "field lies outside the header");
        return Fixed<Count>{data_ + At};
    }

 private:
    friend class Cursor;
    template <std::size_t>
    friend class Fixed;
    template <std::size_t M>
    friend constexpr Fixed<M> first_of(Bytes bytes);

    explicit constexpr Fixed(const std::uint8_t* data) : data_(data) {}
    const std::uint8_t* data_;
};

/// The first N bytes of a layer that decode() has already measured. Undersized
/// bytes are a programmer's mistake: they trap.
template <std::size_t N>
constexpr Fixed<N> first_of(Bytes bytes) {
    if (bytes.size() < N) __builtin_trap();
    return Fixed<N>{bytes.data()};
}

template <std::size_t At, std::size_t N>
constexpr std::uint8_t u8(Fixed<N> b) {
    static_assert(At + 1 <= N, "field lies outside the header");
    return b.data()[At];
}

template <std::size_t At, std::size_t N>
constexpr std::uint16_t be16(Fixed<N> b) {
    static_assert(At + 2 <= N, "field lies outside the header");
    return static_cast<std::uint16_t>(b.data()[At] << 8 | b.data()[At + 1]);
}

template <std::size_t At, std::size_t N>
constexpr std::uint32_t be24(Fixed<N> b) {
    static_assert(At + 3 <= N, "field lies outside the header");
    return static_cast<std::uint32_t>(b.data()[At]) << 16 | static_cast<std::uint32_t>(be16<At + 1>(b));
}

template <std::size_t At, std::size_t N>
constexpr std::uint32_t be32(Fixed<N> b) {
    static_assert(At + 4 <= N, "field lies outside the header");
    return static_cast<std::uint32_t>(be16<At>(b)) << 16 | be16<At + 2>(b);
}

template <std::size_t At, std::size_t N>
constexpr std::uint64_t be64(Fixed<N> b) {
    static_assert(At + 8 <= N, "field lies outside the header");
    return static_cast<std::uint64_t>(be32<At>(b)) << 32 | be32<At + 4>(b);
}

}  // namespace pcapline
