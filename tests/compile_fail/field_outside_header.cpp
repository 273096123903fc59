// A field outside its header. error: field lies outside the header
#include <array>

#include "pcapline/base/bytes.h"

std::uint16_t last_field() {
    const std::array<std::uint8_t, 8> bytes{};
    const auto header = pcapline::first_of<8>(pcapline::Bytes(bytes));
#ifdef MISTAKE
    return pcapline::be16<7>(header);
#else
    return pcapline::be16<6>(header);
#endif
}
