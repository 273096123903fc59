// Sink: where bytes go. Every write, flush and close is checked.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pcapline/base/bytes.h"
#include "pcapline/base/result.h"

namespace pcapline {

/// Takes bytes in order. Nothing is guaranteed to be written before finish() succeeded.
class Sink {
 public:
    virtual ~Sink() = default;
    virtual Result<void> write(Bytes bytes) = 0;
    /// Hands everything to the kernel (a compressor ends its block).
    virtual Result<void> flush() = 0;
    /// Flushes and closes; a file that was written under another name is renamed into place.
    /// A sink that is destroyed without finish() removes its unfinished file, if it was to be renamed.
    virtual Result<void> finish() = 0;
    virtual std::string name() const = 0;
};

/// Collects bytes in memory.
class MemorySink final : public Sink {
 public:
    Result<void> write(Bytes bytes) override {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        return {};
    }
    Result<void> flush() override { return {}; }
    Result<void> finish() override { return {}; }
    std::string name() const override { return "memory"; }
    const std::vector<std::uint8_t>& bytes() const& { return bytes_; }
    const std::vector<std::uint8_t>& bytes() && = delete;  // would dangle

 private:
    std::vector<std::uint8_t> bytes_;
};

/// How a file comes to its name.
enum class Naming : std::uint8_t {
    when_whole,  ///< written beside its name, renamed by finish(): reports and records
    at_once,     ///< carries its name from the start and grows: captures
};

struct SinkOptions {
    Naming naming = Naming::when_whole;
    bool force = false;            ///< replace an existing regular file
    std::string compression = "";  ///< "", "gzip", "xz", "zstd", "bzip2", "lz4"
};

/// Opens a path, or "-" for standard output (never renamed; existing devices and FIFOs are written to as they are,
/// never truncated, renamed over or chowned). Errors: Errc::output, with errno.
Result<std::unique_ptr<Sink>> open_sink(const std::string& path, const SinkOptions& options);
/// Standard output; flushed by finish(), not closed.
std::unique_ptr<Sink> stdout_sink();
/// A compressor in front of another sink. An unknown or missing method is Errc::usage.
Result<std::unique_ptr<Sink>> compressed(std::unique_ptr<Sink> sink, const std::string& method);

}  // namespace pcapline
