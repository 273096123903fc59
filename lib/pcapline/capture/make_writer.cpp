#include <utility>

#include "pcapline/capture/pcap_writer.h"
#include "pcapline/capture/pcapng_writer.h"

namespace pcapline {

std::unique_ptr<CaptureWriter> make_writer(std::unique_ptr<Sink> sink, const WriterOptions& options) {
    if (options.format == WriteFormat::pcapng) return std::make_unique<PcapngWriter>(std::move(sink), options);
    return std::make_unique<PcapWriter>(std::move(sink), options);
}

}  // namespace pcapline
