// Large blocks of memory, on huge pages where the system gives them.
#pragma once

#include <cstddef>

namespace pcapline::detail {

constexpr std::size_t huge_page = std::size_t{2} << 20;

/// Asks for huge pages under a part of a block that has not been touched yet. Less than one is left alone.
void ask_for_huge_pages(void* part, std::size_t bytes) noexcept;

/// Zeroed memory that is not touched before its owner does. Begins with a page; from one huge page on with such, and is asked for on those.
class ZeroedMemory {
 public:
    ZeroedMemory() = default;
    /// Out of memory: as operator new.
    explicit ZeroedMemory(std::size_t bytes);
    ZeroedMemory(ZeroedMemory&& other) noexcept;
    ZeroedMemory& operator=(ZeroedMemory&& other) noexcept;
    ~ZeroedMemory();

    void* data() const { return data_; }
    std::size_t bytes() const { return bytes_; }

 private:
    void* data_ = nullptr;
    std::size_t bytes_ = 0;
};

}  // namespace pcapline::detail
