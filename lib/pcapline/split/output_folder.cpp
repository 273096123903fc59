#include "pcapline/split/output_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>
#include <vector>

#include "pcapline/io/source.h"

namespace pcapline {
namespace {

Descriptor open_at(int folder, const std::string& name, int flags) {
    constexpr mode_t mode = 0666;  // the umask takes from it
    for (;;) {
        const int fd = ::openat(folder, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode);
        if (fd < 0 && errno == EINTR) continue;
        if (fd < 0 || fd > STDERR_FILENO) return Descriptor{fd};
        // What is meant for standard output must not end in some file, even if that is closed.
        Descriptor low{fd};
        return Descriptor{::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
    }
}

/// Writes all of it; the errno, or 0.
int write_all(int fd, Bytes bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n == 0 ? ENOSPC : errno;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return 0;
}

}  // namespace

/// Is written under another name, and renamed when it is whole.
class OutputFolder::WholeFile final : public Sink {
 public:
    WholeFile(const OutputFolder& folder, Descriptor file, std::string part, std::string target)
        : folder_(folder), file_(std::move(file)), part_(std::move(part)), target_(std::move(target)) {}
    ~WholeFile() override {
        if (!part_.empty()) static_cast<void>(folder_.remove(part_));
    }
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    Result<void> write(Bytes bytes) override {
        if (buffer_.size() + bytes.size() > block_size) {
            if (auto done = flush(); !done) return done;
        }
        if (bytes.size() >= block_size) return put(bytes);
        buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
        return {};
    }
    Result<void> flush() override {
        auto done = put(buffer_);
        buffer_.clear();
        return done;
    }
    Result<void> finish() override {
        if (auto done = flush(); !done) return done;
        if (const int sys = file_.close(); sys != 0) return fail(sys);
        const int folder = folder_.folder_.get();
        bool done = !folder_.force_ && ::renameat2(folder, part_.c_str(), folder, target_.c_str(), RENAME_NOREPLACE) == 0;
        if (!done) {
            // Something stands there, or it may be replaced, or the file system cannot do that in one step.
            if (auto free = folder_.check_free(target_); !free) return free;
            done = ::renameat(folder, part_.c_str(), folder, target_.c_str()) == 0;
        }
        if (!done) return fail(errno);
        part_.clear();
        return {};
    }
    std::string name() const override { return folder_.path_of(target_); }

 private:
    Result<void> put(Bytes bytes) {
        const int sys = write_all(file_.get(), bytes);
        return sys == 0 ? Result<void>{} : fail(sys);
    }
    Error fail(int sys) const { return system_error(Errc::output, "cannot write", name(), sys); }

    const OutputFolder& folder_;
    Descriptor file_;
    std::string part_;
    std::string target_;
    std::vector<std::uint8_t> buffer_;
};

Result<OutputFolder> OutputFolder::open(const std::string& path, bool force) {
    if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return system_error(Errc::output, "cannot create the folder", path, errno);
    Descriptor folder = open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
    if (!folder) {
        struct stat status {};
        const int sys = errno;
        const bool link = ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
        return system_error(Errc::output, link ? "is a symbolic link, not a folder" : "cannot write into the folder", path, link ? 0 : sys);
    }
    return OutputFolder{std::move(folder), path, force};
}

/// An Error where something stands in the way of a new file.
Result<void> OutputFolder::check_free(const std::string& name) const {
    struct stat status {};
    if (::fstatat(folder_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return {};
    if (!S_ISREG(status.st_mode)) {
        const bool link = S_ISLNK(status.st_mode);
        return system_error(Errc::output, link ? "is a symbolic link, which is not followed" : "is no file", path_of(name), 0);
    }
    if (!force_) return system_error(Errc::output, "file exists (--force replaces it)", path_of(name), 0);
    return {};
}

Result<Descriptor> OutputFolder::create(const std::string& name) const {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL;
    Descriptor file = open_at(folder_.get(), name, flags);
    if (!file && errno == EEXIST) {
        if (auto free = check_free(name); !free) return free.error();
        if (::unlinkat(folder_.get(), name.c_str(), 0) == 0) file = open_at(folder_.get(), name, flags);
    }
    if (!file) return system_error(Errc::output, "cannot create", path_of(name), errno);
    return file;
}

Result<std::unique_ptr<Sink>> OutputFolder::sink(const std::string& name) const {
    if (auto free = check_free(name); !free) return free.error();
    std::string part = "." + name + ".part-" + std::to_string(::getpid());
    Descriptor file = open_at(folder_.get(), part, O_WRONLY | O_CREAT | O_EXCL);
    if (!file) return system_error(Errc::output, "cannot create", path_of(name), errno);
    return std::unique_ptr<Sink>{std::make_unique<WholeFile>(*this, std::move(file), std::move(part), name)};
}

Result<Descriptor> OutputFolder::reopen(const std::string& name, std::uint64_t size) const {
    Descriptor file = open_at(folder_.get(), name, O_WRONLY | O_APPEND | O_NONBLOCK);  // not to wait if it became a FIFO
    if (!file) return system_error(Errc::output, "cannot open again", path_of(name), errno);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) != size)
        return system_error(Errc::output, "was changed by somebody else", path_of(name), 0);
    return file;
}

Result<void> OutputFolder::remove(const std::string& name) const {
    if (::unlinkat(folder_.get(), name.c_str(), 0) != 0) return system_error(Errc::output, "cannot remove", path_of(name), errno);
    return {};
}

}  // namespace pcapline
