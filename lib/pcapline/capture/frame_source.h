// FrameSource: a capture as batches of frames.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pcapline/base/endian.h"
#include "pcapline/base/result.h"
#include "pcapline/capture/batch.h"
#include "pcapline/capture/interface.h"
#include "pcapline/io/source.h"

namespace pcapline {

/// Where a capture stops making sense. Everything before it has been delivered.
struct Damage {
    std::string what;                 ///< "packet cut short"
    std::uint64_t offset = 0;         ///< of the first bad byte (decompressed)
    std::uint64_t good_packets = 0;   ///< packets delivered before it
    std::uint64_t skipped_bytes = 0;  ///< bytes from there to the end, as far as they were read
};

enum class CaptureFormat : std::uint8_t {
    pcap,
    pcapng
};

/// What the header of a capture says.
struct CaptureInfo {
    CaptureFormat format = CaptureFormat::pcap;
    ByteOrder order = native_order;
    bool modified = false;         ///< Kuznetzov's 24-byte record headers
    std::uint8_t time_digits = 6;  ///< decimal digits of the finest time scale, at most 9
    std::string hardware;          ///< pcapng section header options (of the first section)
    std::string os;
    std::string application;
    std::vector<std::string> comments;  ///< section comments
};

/// A capture, read once from begin to end. Not thread-safe; batches may leave the thread.
class FrameSource {
 public:
    virtual ~FrameSource() = default;
    /// Fills `batch` (at most Batch::max_frames) and returns true, or returns false at the end – also at damage,
    /// after everything before it has been delivered. Numbers run from 1.
    virtual bool next(Batch& batch) = 0;
    /// Interfaces so far, of all sections; may grow (and get drops) with each next(). References do not survive it.
    virtual std::span<const Interface> interfaces() const = 0;
    virtual const CaptureInfo& info() const = 0;
    /// Set once the end was reached, if the file is damaged.
    virtual const std::optional<Damage>& damage() const = 0;
    /// Bytes of the (decompressed) stream consumed so far.
    virtual std::uint64_t offset() const = 0;
    virtual const Source& source() const = 0;
};

/// Finds the format by magic. Errors (Errc::input): empty, unknown magic, header cut or impossible –
/// one clear line each; known foreign formats (ERF, NetMon, snoop, an HTML page …) are named.
Result<std::unique_ptr<FrameSource>> open_capture(std::unique_ptr<Source> source);
/// open_source + open_capture.
Result<std::unique_ptr<FrameSource>> open_capture(const std::string& path);

/// A part of a plain capture file for one of several threads: all records that begin in [begin, end).
struct FrameRange {
    int fd = -1;
    std::string name;
    std::uint64_t begin = 0;  ///< 0: from the file header on
    std::uint64_t end = 0;
    bool exact = false;  ///< begin is known to be the start of a record (no search)
};

/// Reads a range. `head` is a source opened on the same file (its header read, its interfaces before the first
/// packet known); only these are used of it. Where `begin` is not exact, the first record is looked for by a chain
/// of plausible headers; first_record() tells where it was found, and the caller checks that the range before ended there.
class RangeReader : public FrameSource {
 public:
    /// Offset of the first record read; = end if none begins in the range.
    virtual std::uint64_t first_record() const = 0;
    /// Offset behind the last record read.
    virtual std::uint64_t next_record() const = 0;
    /// False once a new pcapng section or interface was met, which the ranges behind know nothing of. A range that is not
    /// exact ends before it, an exact one goes on through it; either way read on with an exact range from next_record(), with
    /// this reader (which knows all sections and interfaces so far) as its head.
    virtual bool independent() const = 0;
};
Result<std::unique_ptr<RangeReader>> open_range(const FrameSource& head, const FrameRange& range);

}  // namespace pcapline
