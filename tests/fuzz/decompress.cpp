// Any bytes as a compressed stream: no crash, no hang, and no more output than is asked for.
#include <algorithm>

#include "pcapline/io/source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t most_output = 4 * 1024 * 1024;
    if (size == 0) return 0;
    // The first byte says in what pieces the rest comes.
    const std::size_t step = data[0] % 8 == 0 ? pcapline::block_size : data[0];
    std::vector<std::uint8_t> bytes{data + 1, data + size};
    auto source = pcapline::decompressed(std::make_unique<pcapline::MemorySource>(std::move(bytes), "fuzz", step));
    if (!source) return 0;
    std::vector<std::uint8_t> block(pcapline::block_size);
    for (std::size_t total = 0; total < most_output;) {
        const auto got = (*source)->read(block);
        if (!got || *got == 0) break;
        total += *got;
    }
    return 0;
}
