// An address that runs over the end of its header. error: field lies outside the header
#include "pcapline/base/bytes.h"

pcapline::Bytes address(pcapline::Fixed<20> header) {
#ifdef MISTAKE
    return header.part<18, 4>().bytes();
#else
    return header.part<16, 4>().bytes();
#endif
}
