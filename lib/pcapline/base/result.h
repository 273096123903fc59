// Error and Result<T>: what the world does wrong, told with its place.
#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace pcapline {

/// What kind of thing failed; main() maps it to an exit code (commands.md §4).
enum class Errc : std::uint8_t {
    usage,    ///< the user's words: option, filter, field name
    input,    ///< an input that cannot be read at all
    damage,   ///< an input that is damaged from some place on
    output,   ///< the output failed: disk full, exists, closed
    memory,   ///< out of memory
    capture,  ///< the capture could not start or broke off
    busy,     ///< trying again may help
};

/// What failed, where, and at which byte. Built only on the way out, so it may allocate.
struct Error {
    Errc code = Errc::input;
    std::string what;          ///< "pcapng block shorter than its header"
    std::string where = {};    ///< file name, "standard input", interface
    std::int64_t offset = -1;  ///< byte offset in `where`, -1 if unknown
    int sys = 0;               ///< errno, if a system call failed

    /// One line without the program's name: `trace.pcap: record cut short (at byte 404)`.
    /// Control characters of names are made harmless.
    std::string message() const;
};

/// A value or an Error. Spelled like std::expected, so that C++23 can replace it.
template <class T>
class [[nodiscard]] Result {
 public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

    explicit operator bool() const { return state_.index() == 0; }
    T& operator*() & { return value(); }
    const T& operator*() const& { return const_cast<Result*>(this)->value(); }
    T&& operator*() && { return std::move(value()); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &**this; }
    const Error& error() const { return std::get<1>(state_); }

 private:
    T& value() {
        assert(state_.index() == 0);
        return *std::get_if<0>(&state_);
    }
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}  // NOLINT

    explicit operator bool() const { return !failed_; }
    const Error& error() const { return error_; }

 private:
    Error error_;
    bool failed_ = false;
};

}  // namespace pcapline
