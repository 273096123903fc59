#include "pcapline/io/file_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace pcapline {

namespace {

/// Readable once interrupt_reads() was called; made when the first input is opened that may have to wait.
std::atomic<int> interrupted{-1};

void signal_event(int fd) {
    const std::uint64_t one = 1;
    static_cast<void>(::write(fd, &one, sizeof one) == sizeof one);  // cannot fail before 2^64 calls
}

Descriptor make_event() {
    return Descriptor{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
}

void prepare_interrupt() {
    static const Descriptor event = make_event();
    interrupted = event.get();
}

/// Sleeps until `data` can be read or reading was cancelled or interrupted; true if one of the latter.
bool wait_for_either(int data, int cancelled) {
    std::array<pollfd, 3> wanted{pollfd{data, POLLIN, 0}, pollfd{cancelled, POLLIN, 0}, pollfd{interrupted, POLLIN, 0}};
    while (::poll(wanted.data(), wanted.size(), -1) < 0 && errno == EINTR) {}
    return wanted[1].revents != 0 || wanted[2].revents != 0;
}

}  // namespace

FileSource::~FileSource() = default;

Result<std::unique_ptr<Source>> FileSource::open(const std::string& path) {
    const bool standard_input = path == "-";
    std::string name = standard_input ? "standard input" : path;
    Descriptor owned;
    if (!standard_input) {
        owned = open_descriptor(path, O_RDONLY);
        if (!owned) return system_error(Errc::input, "cannot open", std::move(name), errno);
    }
    const int fd = standard_input ? STDIN_FILENO : owned.get();

    struct stat status {};
    if (::fstat(fd, &status) != 0) return system_error(Errc::input, "cannot open", std::move(name), errno);
    if (S_ISDIR(status.st_mode)) return system_error(Errc::input, "cannot read", std::move(name), EISDIR);

    std::unique_ptr<FileSource> source{new FileSource{std::move(owned), fd, std::move(name)}};
    // Files of /proc say that they are regular and empty, and are neither.
    const bool at_start = !standard_input || ::lseek(fd, 0, SEEK_CUR) == 0;
    if (!S_ISREG(status.st_mode)) {
        prepare_interrupt();
        source->cancelled_ = make_event();
    }
    if (S_ISREG(status.st_mode) && status.st_size > 0 && at_start) {
        source->plain_size_ = static_cast<std::uint64_t>(status.st_size);
        static_cast<void>(::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
    }
    return std::unique_ptr<Source>{std::move(source)};
}

Result<std::size_t> FileSource::read(std::span<std::uint8_t> into) {
    if (failed_) return *failed_;
    while (true) {
        if (cancelled_ && wait_for_either(fd_, cancelled_.get())) return 0;
        const ssize_t got = ::read(fd_, into.data(), into.size());
        if (got >= 0) {
            bytes_in_ += static_cast<std::uint64_t>(got);
            return static_cast<std::size_t>(got);
        }
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            wait_for(fd_, POLLIN);
            continue;
        }
        failed_ = system_error(Errc::input, "cannot read", name_, errno, static_cast<std::int64_t>(bytes_in_));
        return *failed_;
    }
}

void FileSource::cancel() {
    if (cancelled_) signal_event(cancelled_.get());
}

void interrupt_reads() noexcept {
    if (const int event = interrupted; event >= 0) signal_event(event);
}

Result<std::unique_ptr<Source>> open_file(const std::string& path) {
    return FileSource::open(path);
}

}  // namespace pcapline
