// A result used as if it could not fail. error: Result<
#include "pcapline/base/time.h"

std::int64_t timeout() {
#ifdef MISTAKE
    const std::int64_t ns = pcapline::parse_duration("10s");
    return ns;
#else
    const auto duration = pcapline::parse_duration("10s");
    return duration ? *duration : 0;
#endif
}
