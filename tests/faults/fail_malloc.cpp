// Preloaded: the allocation number $FAIL_AT fails; with $FAIL_ON, all that follow fail too.
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* at, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

std::atomic<long> allocations{0};

bool fails() {
    static const long at = [] {
        const char* const text = std::getenv("FAIL_AT");
        return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
    }();
    static const bool on = std::getenv("FAIL_ON") != nullptr;
    const long number = ++allocations;
    if (at == 0 || (on ? number < at : number != at)) return false;
    errno = ENOMEM;
    return true;
}

}  // namespace

extern "C" {
void* malloc(std::size_t size) {
    return fails() ? nullptr : __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    return fails() ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* at, std::size_t size) {
    return fails() ? nullptr : __libc_realloc(at, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return fails() ? nullptr : __libc_memalign(alignment, size);
}
int posix_memalign(void** to, std::size_t alignment, std::size_t size) {
    *to = fails() ? nullptr : __libc_memalign(alignment, size);
    return *to == nullptr ? ENOMEM : 0;
}
}
