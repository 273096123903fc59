// TarWriter: files one after another in a stream.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pcapline/io/sink.h"

namespace pcapline {

/// A POSIX archive (pax interchange format) of regular files.
class TarWriter {
 public:
    explicit TarWriter(std::unique_ptr<Sink> sink) : sink_(std::move(sink)) {}

    /// A file of exactly `size` bytes, which the calls of write() bring. `time`: seconds since 1970.
    Result<void> begin(const std::string& name, std::uint64_t size, std::int64_t time);
    Result<void> write(Bytes bytes);
    /// Ends the file at hand.
    Result<void> end();
    /// Ends the archive.
    Result<void> finish();

 private:
    Result<void> header(const std::string& name, std::uint64_t size, std::int64_t time, char type);
    Result<void> pad(std::uint64_t size);

    std::unique_ptr<Sink> sink_;
    std::uint64_t size_ = 0;
};

}  // namespace pcapline
