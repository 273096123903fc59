#include "pcapline/flow/huge_pages.h"

#include <sys/mman.h>

#include <cstdint>
#include <memory>
#include <utility>

namespace pcapline::detail {
namespace {

constexpr std::size_t page = 4096;

std::uintptr_t round_up(std::uintptr_t value, std::size_t to) {
    return (value + to - 1) / to * to;
}

/// Fresh pages.
std::uint8_t* map(std::size_t bytes) {
    while (true) {
        void* const mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped != MAP_FAILED) return static_cast<std::uint8_t*>(mapped);
        static_cast<void>(std::make_unique_for_overwrite<char[]>(bytes));  // does not return, or there is memory again
    }
}

void unmap(std::uint8_t* from, std::size_t bytes) {
    if (bytes != 0) static_cast<void>(munmap(from, bytes));  // fails only for what is not mapped
}

}  // namespace

void ask_for_huge_pages(void* part, std::size_t bytes) noexcept {
    if (bytes < huge_page) return;
    const std::uintptr_t begin = round_up(reinterpret_cast<std::uintptr_t>(part), page);
    const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(part) + bytes) / page * page;
    // A refusal costs time only.
    static_cast<void>(madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
}

ZeroedMemory::ZeroedMemory(std::size_t bytes) : bytes_(round_up(bytes, page)) {
    if (bytes_ < huge_page) {
        data_ = map(bytes_);
        return;
    }
    std::uint8_t* const mapped = map(bytes_ + huge_page);
    std::uint8_t* const begin =
        mapped + (round_up(reinterpret_cast<std::uintptr_t>(mapped), huge_page) - reinterpret_cast<std::uintptr_t>(mapped));
    unmap(mapped, static_cast<std::size_t>(begin - mapped));
    unmap(begin + bytes_, static_cast<std::size_t>(mapped + huge_page - begin));
    data_ = begin;
    ask_for_huge_pages(data_, bytes_);
}

ZeroedMemory::ZeroedMemory(ZeroedMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

ZeroedMemory& ZeroedMemory::operator=(ZeroedMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

ZeroedMemory::~ZeroedMemory() {
    unmap(static_cast<std::uint8_t*>(data_), bytes_);
}

}  // namespace pcapline::detail
