#include "pcapline/io/source.h"

#include <algorithm>
#include <cstring>

namespace pcapline {

Result<std::size_t> read_full(Source& source, std::span<std::uint8_t> into) {
    std::size_t filled = 0;
    while (filled < into.size()) {
        const Result<std::size_t> got = source.read(into.subspan(filled));
        if (!got) {
            if (filled == 0) return got.error();
            break;
        }
        if (*got == 0) break;
        filled += *got;
    }
    return filled;
}

Result<std::size_t> MemorySource::read(std::span<std::uint8_t> into) {
    const std::size_t n = std::min({into.size(), bytes_.size() - at_, std::max<std::size_t>(step_, 1)});
    if (n > 0) std::memcpy(into.data(), bytes_.data() + at_, n);
    at_ += n;
    return n;
}

}  // namespace pcapline
