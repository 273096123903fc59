// The bytes of a sink that is gone. error: deleted
#include "pcapline/io/sink.h"

std::size_t written() {
#ifdef MISTAKE
    const auto& bytes = pcapline::MemorySink{}.bytes();
#else
    const pcapline::MemorySink sink;
    const auto& bytes = sink.bytes();
#endif
    return bytes.size();
}
