// Source: where the bytes of a file or stream come from.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pcapline/base/bytes.h"
#include "pcapline/base/result.h"

namespace pcapline {

/// A sequence of bytes: a file, a pipe, memory, or a decompressor over another source.
/// Virtual, but called once per block (256 KiB), never once per frame.
class Source {
 public:
    virtual ~Source() = default;

    /// Fills `into` with what is there, at least one byte; 0 means the end. A decorator hands out
    /// everything that it could decode before it returns the error that stopped it.
    virtual Result<std::size_t> read(std::span<std::uint8_t> into) = 0;

    /// For messages: "trace.pcap.gz (gunzipped)"; "standard input" for "-".
    virtual std::string name() const = 0;
    /// "none", "gzip", "bzip2", "xz", "zstd", "lz4"; nested ones joined by "+", the outermost first.
    virtual std::string compression() const { return "none"; }
    /// Bytes of the file as it lies on disk that were read so far.
    virtual std::uint64_t bytes_in() const = 0;
    /// Descriptor and size of a plain regular file, so that several threads may pread() ranges of it; -1 otherwise.
    virtual int plain_fd() const { return -1; }
    virtual std::uint64_t plain_size() const { return 0; }
    /// From another thread: ends a read() that waits for a pipe, and all later ones, as if the source ended there.
    /// Sources that never wait need not know of it.
    virtual void cancel() {}
};

/// Makes every read that waits for a pipe or terminal, now or later, give the end of its input. Async-signal-safe: this is
/// how a signal ends a program that has nothing to read.
void interrupt_reads() noexcept;

constexpr std::size_t block_size = 256 * 1024;

/// Reads until `into` is full or the source ends. An error after some bytes is returned by the next call:
/// every source here repeats the error that stopped it.
Result<std::size_t> read_full(Source& source, std::span<std::uint8_t> into);

/// Owned bytes as a source, handed out in pieces of at most `step` bytes (tests use 1).
class MemorySource final : public Source {
 public:
    explicit MemorySource(std::vector<std::uint8_t> bytes, std::string name = "memory", std::size_t step = block_size)
        : bytes_(std::move(bytes)), name_(std::move(name)), step_(step) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override;
    std::string name() const override { return name_; }
    std::uint64_t bytes_in() const override { return at_; }

 private:
    std::vector<std::uint8_t> bytes_;
    std::string name_;
    std::size_t step_;
    std::size_t at_ = 0;
};

/// How a source is opened.
struct SourceOptions {
    bool read_ahead = false;  ///< decompress in a thread of its own: for consumers that are busy between two reads
};

/// Opens a path or "-" (standard input), looks at the magic, and wraps the decompressors that it asks for
/// (nested at most once). Errors: missing, directory, no permission. An empty file is no error here.
Result<std::unique_ptr<Source>> open_source(const std::string& path, const SourceOptions& options = {});
/// The same over any source (tests, nested streams).
Result<std::unique_ptr<Source>> decompressed(std::unique_ptr<Source> source);
/// The file itself, never decompressed.
Result<std::unique_ptr<Source>> open_file(const std::string& path);

}  // namespace pcapline
