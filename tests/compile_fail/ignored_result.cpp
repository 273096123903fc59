// A failed write that nobody looks at. error: ignoring return
#include "pcapline/io/sink.h"

#pragma GCC diagnostic error "-Wunused-result"

bool write_all(pcapline::Sink& sink, pcapline::Bytes bytes) {
#ifdef MISTAKE
    sink.write(bytes);
    return true;
#else
    return static_cast<bool>(sink.write(bytes));
#endif
}
