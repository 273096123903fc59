// Descriptor: a file descriptor with an owner. For the .cpp files of this module.
#pragma once

#include <string>
#include <utility>

#include "pcapline/base/result.h"

namespace pcapline {

/// Owns a descriptor and closes it; -1 is none. Errors of that close are not seen: see close().
class Descriptor {
 public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() { static_cast<void>(close()); }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    /// Closes it now; the errno of the close, or 0.
    int close();

 private:
    int fd_ = -1;
};

/// open(2) with O_CLOEXEC and O_NOCTTY, again after EINTR. Never answers 0, 1 or 2, even if those are closed:
/// what is meant for standard output must not end in some file. The errno is in errno if there is none.
Descriptor open_descriptor(const std::string& path, int flags, unsigned mode = 0);

/// An Error of a system call.
Error system_error(Errc code, std::string what, std::string where, int sys, std::int64_t offset = -1);

/// Sleeps until a descriptor that was set to non-blocking by somebody else can be read (POLLIN) or written (POLLOUT).
void wait_for(int fd, short events);

}  // namespace pcapline
