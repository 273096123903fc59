#include "pcapline/io/descriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace pcapline {

int Descriptor::close() {
    if (fd_ < 0) return 0;
    // After EINTR Linux has closed it all the same.
    const int failed = ::close(std::exchange(fd_, -1));
    return failed != 0 && errno != EINTR ? errno : 0;
}

Descriptor open_descriptor(const std::string& path, int flags, unsigned mode) {
    int fd = -1;
    do {
        fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, static_cast<mode_t>(mode));
    } while (fd < 0 && errno == EINTR);
    if (fd < 0 || fd > STDERR_FILENO) return Descriptor{fd};
    const Descriptor low{fd};
    return Descriptor{::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
}

Error system_error(Errc code, std::string what, std::string where, int sys, std::int64_t offset) {
    return Error{code, std::move(what), std::move(where), offset, sys};
}

void wait_for(int fd, short events) {
    pollfd wanted{fd, events, 0};
    static_cast<void>(::poll(&wanted, 1, -1));
}

}  // namespace pcapline
