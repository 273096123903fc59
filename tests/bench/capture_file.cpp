#include "bench/capture_file.h"

#include <array>

namespace pcapline::bench {

namespace {
constexpr std::uint32_t snap_len = 262144;
constexpr std::array<std::uint8_t, 3> padding{};
}  // namespace

std::unique_ptr<CaptureFile> CaptureFile::create(const std::string& path, Format format) {
    std::FILE* const file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) return nullptr;
    std::setvbuf(file, nullptr, _IOFBF, 1 << 20);
    std::unique_ptr<CaptureFile> made(new CaptureFile(file, format));
    if (format == Format::pcap) {
        const std::array<std::uint32_t, 6> header{0xa1b2c3d4, 4u << 16 | 2u, 0, 0, snap_len, 1};
        made->put(header.data(), sizeof header);
    } else {
        const std::array<std::uint32_t, 7> section{0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28};
        const std::array<std::uint32_t, 5> interface { 1, 20, 1, snap_len, 20 };
        made->put(section.data(), sizeof section);
        made->put(interface.data(), sizeof interface);
    }
    return made;
}

void CaptureFile::put(const void* bytes, std::size_t size) {
    if (std::fwrite(bytes, 1, size, file_) != size) failed_ = true;
    bytes_ += size;
}

void CaptureFile::add(std::uint64_t time_us, const std::uint8_t* data, std::uint32_t captured, std::uint32_t wire) {
    if (format_ == Format::pcap) {
        const std::array<std::uint32_t, 4> header{static_cast<std::uint32_t>(time_us / 1'000'000),
                                                  static_cast<std::uint32_t>(time_us % 1'000'000), captured, wire};
        put(header.data(), sizeof header);
        put(data, captured);
    } else {
        const std::uint32_t pad = (4 - captured % 4) % 4;
        const std::uint32_t total = 32 + captured + pad;
        const std::array<std::uint32_t, 7> header{
            6, total, 0, static_cast<std::uint32_t>(time_us >> 32), static_cast<std::uint32_t>(time_us), captured, wire};
        put(header.data(), sizeof header);
        put(data, captured);
        put(padding.data(), pad);
        put(&total, sizeof total);
    }
    ++packets_;
    wire_bytes_ += wire;
}

bool CaptureFile::finish() {
    if (std::fclose(file_) != 0) failed_ = true;
    return !failed_;
}

}  // namespace pcapline::bench
