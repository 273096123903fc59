// CaptureWriter: frames into pcap or pcapng.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "pcapline/base/result.h"
#include "pcapline/capture/batch.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/io/sink.h"

namespace pcapline {

enum class WriteFormat : std::uint8_t {
    pcap,
    nsecpcap,
    pcapng
};

/// Writes captures. Keeps precision, link type, interface, comments (pcapng), original length and non-packet blocks.
/// pcap holds one link type: a frame of another one is an Errc::usage error that says `-F pcapng`.
class CaptureWriter {
 public:
    virtual ~CaptureWriter() = default;
    /// Writes the frames. `interfaces` are the batch's source's; several inputs may be written one after another
    /// (told apart by batch.input).
    virtual Result<void> write(const Batch& batch, std::span<const Interface> interfaces, const CaptureInfo& info) = 0;
    /// Everything written so far goes to the kernel, in whole records.
    virtual Result<void> flush() = 0;
    /// Flushes and closes the sink. Without any frame a valid header is written all the same.
    virtual Result<void> finish() = 0;
    virtual std::uint64_t packets_written() const = 0;
};

struct WriterOptions {
    WriteFormat format = WriteFormat::pcap;
    std::uint16_t link_type = 1;      ///< pcap: of the file header, if no frame comes to tell
    std::uint32_t snap_len = 262144;  ///< pcap: of the file header
    bool all_interfaces = false;      ///< pcapng: describe the interfaces without packets too (a capture does)
};
/// pcapng: an input's own section headers begin sections, and its blocks are copied as they lie in it, in its byte order;
/// frames of inputs without blocks (pcap, live) join the section that is open, or a new one in this machine's order.
std::unique_ptr<CaptureWriter> make_writer(std::unique_ptr<Sink> sink, const WriterOptions& options);

}  // namespace pcapline
