// CaptureFile: writes Ethernet frames into a pcap or pcapng file, as fast as the disk takes them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace pcapline::bench {

/// A capture that grows. Times are microseconds since 1970. Written without the library's own writers, so that
/// the benchmark's inputs do not depend on what is measured.
class CaptureFile {
 public:
    enum class Format : std::uint8_t {
        pcap,
        pcapng
    };
    /// Null if the file cannot be created.
    static std::unique_ptr<CaptureFile> create(const std::string& path, Format format);

    void add(std::uint64_t time_us, const std::uint8_t* data, std::uint32_t captured, std::uint32_t wire);
    std::uint64_t bytes() const { return bytes_; }
    std::uint64_t packets() const { return packets_; }
    std::uint64_t wire_bytes() const { return wire_bytes_; }
    /// False if any byte was not taken.
    bool finish();

 private:
    CaptureFile(std::FILE* file, Format format) : file_(file), format_(format) {}
    void put(const void* bytes, std::size_t size);

    std::FILE* file_;
    Format format_;
    bool failed_ = false;
    std::uint64_t bytes_ = 0;
    std::uint64_t packets_ = 0;
    std::uint64_t wire_bytes_ = 0;
};

}  // namespace pcapline::bench
