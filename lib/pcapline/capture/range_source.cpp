#include "pcapline/capture/range_source.h"

#include <unistd.h>

#include <cerrno>

namespace pcapline {
namespace {

Result<std::size_t> read_once(int fd, const std::string& name, std::uint64_t offset, std::span<std::uint8_t> into) {
    for (;;) {
        const ssize_t got = ::pread(fd, into.data(), into.size(), static_cast<off_t>(offset));
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return Error{Errc::input, "cannot read", name, static_cast<std::int64_t>(offset), errno};
    }
}

}  // namespace

Result<std::size_t> RangeSource::read(std::span<std::uint8_t> into) {
    auto got = read_once(fd_, name_, at_, into);
    if (got) at_ += *got;
    return got;
}

Result<std::size_t> read_at(int fd, const std::string& name, std::uint64_t offset, std::span<std::uint8_t> into) {
    std::size_t filled = 0;
    while (filled < into.size()) {
        auto got = read_once(fd, name, offset + filled, into.subspan(filled));
        if (!got) return got;
        if (*got == 0) break;
        filled += *got;
    }
    return filled;
}

}  // namespace pcapline
