// FileSource: bytes of a file, pipe, FIFO, device or standard input, by read(2).
#pragma once

#include <optional>

#include "pcapline/io/descriptor.h"
#include "pcapline/io/source.h"

namespace pcapline {

/// Reads a descriptor in order. Not mapped: measured, read(2) into a buffer that stays in the cache is faster.
class FileSource final : public Source {
 public:
    /// Opens a path, or "-" for standard input, which is read from where it stands and is not closed.
    /// Errors: Errc::input with the errno (missing, no permission, a directory).
    static Result<std::unique_ptr<Source>> open(const std::string& path);

    ~FileSource() override;

    Result<std::size_t> read(std::span<std::uint8_t> into) override;
    std::string name() const override { return name_; }
    std::uint64_t bytes_in() const override { return bytes_in_; }
    /// Only of a regular file that was opened at its first byte; the size is that at the time of opening.
    int plain_fd() const override { return plain_size_ ? fd_ : -1; }
    std::uint64_t plain_size() const override { return plain_size_.value_or(0); }
    void cancel() override;

 private:
    FileSource(Descriptor owned, int fd, std::string name) : owned_(std::move(owned)), fd_(fd), name_(std::move(name)) {}

    Descriptor owned_;  // none for standard input
    int fd_;
    Descriptor cancelled_;  // readable once cancel() was called; none if reading never has to wait
    std::string name_;
    std::uint64_t bytes_in_ = 0;
    std::optional<std::uint64_t> plain_size_;
    std::optional<Error> failed_;
};

}  // namespace pcapline
