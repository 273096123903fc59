// Fuzzes the reader and the writer of pcapng: what can be read can be written, and reads back the same.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "pcapline/capture/writer.h"
#include "support/borrowed_sink.h"

namespace {

using namespace pcapline;
using pcapline::test::Borrowed;

std::uint64_t sum_of(FrameSource& source, CaptureWriter* writer) {
    std::uint64_t sum = 0;
    for (Batch batch; source.next(batch);) {
        for (std::size_t i = 0; i < batch.frames.size(); ++i) {
            const Frame& frame = batch.frames[i];
            if (frame.wire_len < frame.cap_len || frame.interface >= source.interfaces().size()) __builtin_trap();
            sum = sum * 31 + frame.cap_len + frame.wire_len + frame.link_type;
            for (const std::uint8_t byte : frame.bytes()) sum = sum * 31 + byte;
            for (const std::uint8_t byte : batch.options_of(i)) sum += byte;
        }
        if (writer != nullptr && !writer->write(batch, source.interfaces(), source.info())) __builtin_trap();
    }
    return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    auto source = open_capture(
        std::make_unique<MemorySource>(std::vector<std::uint8_t>(data + 1, data + size), "fuzz", 1 + std::size_t{data[0]} * 8));
    if (!source) return 0;
    std::vector<std::uint8_t> bytes;
    WriterOptions options;
    options.format = WriteFormat::pcapng;
    auto writer = make_writer(std::make_unique<Borrowed>(bytes), options);
    const std::uint64_t sum = sum_of(**source, writer.get());
    if (!writer->finish()) __builtin_trap();
    auto again = open_capture(std::make_unique<MemorySource>(std::move(bytes)));
    if (!again || sum_of(**again, nullptr) != sum || (*again)->damage()) __builtin_trap();
    return 0;
}
