// RangeSource: an open file from some offset on, read with pread(2).
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "pcapline/io/source.h"

namespace pcapline {

/// Does not own the descriptor, and does not move its file offset: many threads may read one file.
class RangeSource final : public Source {
 public:
    RangeSource(int fd, std::string name, std::uint64_t begin, std::uint64_t file_size)
        : name_(std::move(name)), at_(begin), begin_(begin), size_(file_size), fd_(fd) {}

    Result<std::size_t> read(std::span<std::uint8_t> into) override;
    std::string name() const override { return name_; }
    std::uint64_t bytes_in() const override { return at_ - begin_; }
    int plain_fd() const override { return fd_; }
    std::uint64_t plain_size() const override { return size_; }

 private:
    std::string name_;
    std::uint64_t at_;
    std::uint64_t begin_;
    std::uint64_t size_;
    int fd_;
};

/// Reads up to into.size() bytes at `offset`; fewer only at the end of the file.
Result<std::size_t> read_at(int fd, const std::string& name, std::uint64_t offset, std::span<std::uint8_t> into);

}  // namespace pcapline
