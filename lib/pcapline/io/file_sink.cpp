#include "pcapline/io/file_sink.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>

#include "pcapline/io/source.h"

namespace pcapline {

namespace {

constexpr mode_t new_file_mode = 0666;  // the umask takes from it
constexpr const char* cannot_create = "cannot create";
constexpr const char* exists_already = "file exists (--force replaces it)";

/// A name beside `path` for a file that is not whole yet. The number tells sinks of one process apart.
std::string part_name(const std::string& path) {
    static std::atomic<unsigned> count{0};
    // NAME_MAX is 255: room for the rest.
    constexpr std::size_t longest = 200;
    const std::size_t slash = path.rfind('/');
    const std::size_t base = slash == std::string::npos ? 0 : slash + 1;
    return path.substr(0, base) + "." + path.substr(base, longest) + ".part-" + std::to_string(::getpid()) + "-" +
           std::to_string(count.fetch_add(1));
}

/// The file that a chain of symbolic links leads to.
std::optional<std::string> resolved(const std::string& path) {
    char* const real = ::realpath(path.c_str(), nullptr);
    if (real == nullptr) return std::nullopt;
    std::string target{real};
    std::free(real);
    return target;
}

}  // namespace

FileSink::~FileSink() {
    if (!part_path_.empty()) static_cast<void>(::unlink(part_path_.c_str()));
}

Result<std::unique_ptr<Sink>> FileSink::open(const std::string& path, Naming naming, bool force) {
    std::string target = path;
    bool replaces = false;
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) {
        if (S_ISLNK(status.st_mode)) {
            // A link stays a link: what it leads to is written.
            auto real = resolved(path);
            if (!real || ::lstat(real->c_str(), &status) != 0) return system_error(Errc::output, cannot_create, path, errno);
            target = std::move(*real);
        }
        if (S_ISDIR(status.st_mode)) return system_error(Errc::output, cannot_create, path, EISDIR);
        if (!S_ISREG(status.st_mode)) {
            Descriptor there = open_descriptor(target, O_WRONLY);
            if (!there) return system_error(Errc::output, "cannot open", path, errno);
            const int fd = there.get();
            return std::unique_ptr<Sink>{new FileSink{std::move(there), fd, path}};
        }
        if (!force) return system_error(Errc::output, exists_already, path, 0);
        replaces = true;
    }
    auto sink = create(path, target, naming, replaces);
    if (!sink) return sink.error();
    // The mode of a file that is replaced stays, so that what was private is not published.
    if (replaces) static_cast<void>(::fchmod((*sink)->fd_, status.st_mode & 0777));
    (*sink)->replaces_ = force;
    return std::unique_ptr<Sink>{std::move(*sink)};
}

Result<std::unique_ptr<FileSink>> FileSink::create(const std::string& path, const std::string& target, Naming naming, bool replaces) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL;
    const bool beside = naming == Naming::when_whole;
    const std::string created = beside ? part_name(target) : target;
    Descriptor file;
    if (!beside && replaces && ::unlink(target.c_str()) != 0) {
        // The folder does not let us remove it; whoever reads the old file sees it shrink.
        file = open_descriptor(target, O_WRONLY | O_NOFOLLOW);
        struct stat status {};
        if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || ::ftruncate(file.get(), 0) != 0) {
            return system_error(Errc::output, cannot_create, path, errno);
        }
    } else {
        file = open_descriptor(created, flags, new_file_mode);
    }
    if (!file) {
        // Somebody made it since we looked.
        const bool raced = errno == EEXIST && !beside;
        return system_error(Errc::output, raced ? exists_already : cannot_create, path, raced ? 0 : errno);
    }
    const int fd = file.get();
    std::unique_ptr<FileSink> sink{new FileSink{std::move(file), fd, path}};
    if (beside) {
        sink->part_path_ = created;
        sink->target_ = target;
    }
    return sink;
}

std::unique_ptr<Sink> FileSink::standard_output() {
    return std::unique_ptr<Sink>{new FileSink{Descriptor{}, STDOUT_FILENO, "standard output"}};
}

Result<void> FileSink::fail(const std::string& what, int sys) {
    failed_ = system_error(Errc::output, what, name_, sys, static_cast<std::int64_t>(written_));
    return *failed_;
}

Result<void> FileSink::put(Bytes bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
        if (n > 0) {
            written_ += static_cast<std::uint64_t>(n);
            bytes = bytes.subspan(static_cast<std::size_t>(n));
        } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            wait_for(fd_, POLLOUT);
        } else if (n == 0 || errno != EINTR) {
            return fail("cannot write", n == 0 ? ENOSPC : errno);
        }
    }
    return {};
}

Result<void> FileSink::write(Bytes bytes) {
    if (failed_) return *failed_;
    if (finished_) return fail("cannot write after the end", 0);
    if (buffer_.size() + bytes.size() > block_size) {
        if (auto done = flush(); !done) return done;
    }
    if (bytes.size() >= block_size) return put(bytes);
    if (buffer_.capacity() == 0) buffer_.reserve(block_size);
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    return {};
}

Result<void> FileSink::flush() {
    if (failed_) return *failed_;
    auto done = put(buffer_);
    buffer_.clear();
    return done;
}

Result<void> FileSink::finish() {
    if (finished_ && !failed_) return {};
    if (auto done = flush(); !done) return done;
    finished_ = true;
    // Some file systems tell of a full disk only when a descriptor is closed; that of standard output stays open, so a
    // copy of it is closed. The copy also finds out that there is no standard output, if nothing was written.
    Descriptor last = owned_ ? std::move(owned_) : Descriptor{::fcntl(fd_, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
    if (!last) return fail("cannot write", errno);
    if (const int failed = last.close(); failed != 0) return fail("cannot write", failed);
    return part_path_.empty() ? Result<void>{} : rename_into_place();
}

Result<void> FileSink::rename_into_place() {
    const char* const from = part_path_.c_str();
    const char* const to = target_.c_str();
    bool done = false;
    struct stat status {};
    if (replaces_) {
        // What came to that name since we looked is only replaced if it is a file.
        if (::lstat(to, &status) == 0 && !S_ISREG(status.st_mode)) return fail(cannot_create, EEXIST);
        done = ::rename(from, to) == 0;
    } else {
        done = ::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
        if (!done && (errno == EINVAL || errno == ENOSYS)) {
            // A file system that cannot do that in one step.
            if (::lstat(to, &status) == 0) return fail(exists_already, 0);
            done = ::rename(from, to) == 0;
        }
    }
    if (!done) return errno == EEXIST ? fail(exists_already, 0) : fail(cannot_create, errno);
    part_path_.clear();
    return {};
}

}  // namespace pcapline
