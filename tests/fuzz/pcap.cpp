// Fuzzes the reader of classic pcap: any bytes, in pieces of any size.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "pcapline/capture/frame_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pcapline;
    if (size < 1) return 0;
    static constexpr std::uint8_t magic[] = {0xd4, 0xc3, 0xb2, 0xa1};
    std::vector<std::uint8_t> bytes(data + 1, data + size);
    for (std::size_t i = 0; (data[0] & 0x80) != 0 && i < bytes.size() && i < sizeof magic; ++i) bytes[i] = magic[i];
    auto source = open_capture(std::make_unique<MemorySource>(std::move(bytes), "fuzz", 1 + std::size_t{data[0] & 0x7fU} * 16));
    if (!source) return 0;
    std::uint64_t packets = 0;
    std::uint8_t sum = 0;
    for (Batch batch; (*source)->next(batch);) {
        for (const Frame& frame : batch.frames) {
            if (frame.wire_len < frame.cap_len || frame.interface >= (*source)->interfaces().size()) __builtin_trap();
            for (const std::uint8_t byte : frame.bytes()) sum = static_cast<std::uint8_t>(sum + byte);
        }
        packets += batch.frames.size();
    }
    if ((*source)->damage() && (*source)->damage()->good_packets != packets) __builtin_trap();
    return static_cast<int>(sum) * 0;
}
