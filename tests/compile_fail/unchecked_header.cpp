// Bytes taken for a header without a length check. error: private
#include "pcapline/decode/cursor.h"

std::uint8_t first_byte(const std::uint8_t* data, std::size_t size) {
#ifdef MISTAKE
    static_cast<void>(size);
    const pcapline::Fixed<4> header{data};
    return pcapline::u8<0>(header);
#else
    pcapline::Cursor rest({data, size}, 0);
    const auto header = rest.take<4>();
    return header ? pcapline::u8<0>(*header) : std::uint8_t{0};
#endif
}
