// FileSink: bytes into a file, a device, a FIFO or standard output.
#pragma once

#include <optional>

#include "pcapline/io/descriptor.h"
#include "pcapline/io/sink.h"

namespace pcapline {

/// Collects up to block_size bytes before it calls write(2). The bytes of one write() go to the kernel together as long as
/// they fit into that buffer, so a file that is written in whole records grows in whole records. An error is repeated by
/// every later call; its offset is the number of bytes that the kernel took.
class FileSink final : public Sink {
 public:
    /// Creates a file. Errors: Errc::output, with the errno; "file exists (--force replaces it)" without.
    static Result<std::unique_ptr<Sink>> open(const std::string& path, Naming naming, bool force);
    /// Standard output: not closed, but finish() tells of what a close would.
    static std::unique_ptr<Sink> standard_output();

    FileSink(const FileSink&) = delete;
    FileSink& operator=(const FileSink&) = delete;
    ~FileSink() override;

    Result<void> write(Bytes bytes) override;
    Result<void> flush() override;
    Result<void> finish() override;
    std::string name() const override { return name_; }

 private:
    FileSink(Descriptor owned, int fd, std::string name) : owned_(std::move(owned)), fd_(fd), name_(std::move(name)) {}

    static Result<std::unique_ptr<FileSink>> create(const std::string& path, const std::string& target, Naming naming, bool replaces);
    Result<void> put(Bytes bytes);
    Result<void> rename_into_place();
    Result<void> fail(const std::string& what, int sys);

    Descriptor owned_;  // none for standard output
    int fd_;
    std::string name_;
    std::vector<std::uint8_t> buffer_;
    std::uint64_t written_ = 0;
    std::optional<Error> failed_;
    bool finished_ = false;

    std::string part_path_;  // the unfinished file that is to be renamed; empty if there is none
    std::string target_;     // its name when whole
    bool replaces_ = false;  // a regular file of that name may go
};

}  // namespace pcapline
