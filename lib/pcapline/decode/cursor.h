// Cursor: the undecoded rest of a frame, and the only way for a protocol to take bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pcapline/base/bytes.h"

namespace pcapline {

/// Exactly N bytes, or nothing. What std::optional is for; but GCC 12 passes that through memory, which cost decode()
/// two thirds of its time.
template <std::size_t N>
class TakenFixed {
 public:
    constexpr TakenFixed() = default;
    explicit constexpr TakenFixed(Fixed<N> taken) : data_(taken.data()) {}
    explicit constexpr operator bool() const { return data_ != nullptr; }
    constexpr Fixed<N> operator*() const { return first_of<N>(Bytes{data_, data_ == nullptr ? 0 : N}); }
    /// For `taken->part<2, 6>()`.
    class Arrow {
     public:
        explicit constexpr Arrow(Fixed<N> taken) : taken_(taken) {}
        constexpr const Fixed<N>* operator->() const { return &taken_; }

     private:
        Fixed<N> taken_;
    };
    constexpr Arrow operator->() const { return Arrow{**this}; }

 private:
    const std::uint8_t* data_ = nullptr;
};

/// Some bytes, perhaps none of them, or nothing.
class TakenBytes {
 public:
    constexpr TakenBytes() = default;
    explicit constexpr TakenBytes(Bytes taken) : bytes_(taken), taken_(true) {}
    explicit constexpr operator bool() const { return taken_; }
    constexpr Bytes operator*() const { return bytes_; }
    constexpr const Bytes* operator->() const { return &bytes_; }

 private:
    Bytes bytes_;
    bool taken_ = false;
};

/// The undecoded rest of a frame. It has one end, which only moves inwards; every
/// read gives nothing when the bytes are not there, so no protocol can over-read.
class Cursor {
 public:
    /// What is known of the end, for another cursor that goes on in this one's place.
    enum Marks : std::uint32_t {
        unmarked = 0
    };

    /// `bytes`: what the capture holds; `missing`: how many more were on the wire.
    constexpr Cursor(Bytes bytes, std::uint32_t missing, Marks marks = unmarked) noexcept
        : at_(bytes.data()), end_(bytes.data() + bytes.size()), missing_(missing), marks_(marks) {}

    constexpr std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

    /// The next N bytes, or nothing; moves only on success.
    template <std::size_t N>
    constexpr TakenFixed<N> take() noexcept {
        if (left() < N) return {};
        const Fixed<N> taken{at_};
        at_ += N;
        return TakenFixed<N>{taken};
    }

    /// The next n bytes, or nothing; moves only on success.
    constexpr TakenBytes take(std::size_t n) noexcept {
        if (left() < n) return {};
        const Bytes taken{at_, n};
        at_ += n;
        return TakenBytes{taken};
    }

    /// The next N bytes without moving, or nothing.
    template <std::size_t N>
    constexpr TakenFixed<N> peek() const noexcept {
        if (left() < N) return {};
        return TakenFixed<N>{Fixed<N>{at_}};
    }

    /// All that is left, to look at; does not move.
    constexpr Bytes rest() const noexcept { return {at_, left()}; }

    /// Takes everything that is left.
    constexpr Bytes take_rest() noexcept {
        const Bytes taken = rest();
        at_ = end_;
        return taken;
    }

    /// Goes back to a place that was passed before: for decode(), when a header turned out to be unusable.
    constexpr void back_to(const std::uint8_t* place) noexcept { at_ = place; }

    /// A header says that n bytes follow. What lies beyond them (padding, trailer) is
    /// dropped; if they are not all here, the shortfall is remembered.
    constexpr void limit(std::size_t n) noexcept {
        if (n <= left()) {
            end_ = at_ + n;
            missing_ = 0;
            marks_ |= marked_by_header;
        } else {
            const std::size_t short_by = n - left();
            if (!quoted() && short_by > missing_) marks_ |= marked_beyond_frame;
            missing_ = static_cast<std::uint32_t>(short_by);
        }
    }

    /// From here on lies only the beginning of a packet, quoted (by an ICMP error) or the first of
    /// several fragments: that it ends early is nobody's fault.
    constexpr void quote() noexcept { marks_ |= marked_quoted; }
    constexpr bool quoted() const noexcept { return (marks_ & marked_quoted) != 0; }

    /// The end was set by a header's length, not by the end of the capture.
    constexpr bool ends_by_header() const noexcept { return (marks_ & marked_by_header) != 0; }
    /// Some header promised more than even the wire held.
    constexpr bool beyond_frame() const noexcept { return (marks_ & marked_beyond_frame) != 0; }
    /// Bytes that were promised after `left()` and are not in the capture.
    constexpr std::uint32_t missing() const noexcept { return missing_; }
    /// Bytes that headers promise from here on, captured or not.
    constexpr std::uint32_t promised() const noexcept { return static_cast<std::uint32_t>(left()) + missing_; }

    constexpr Marks marks() const noexcept { return static_cast<Marks>(marks_); }

 private:
    static constexpr std::uint32_t marked_by_header = 1;
    static constexpr std::uint32_t marked_quoted = 2;
    static constexpr std::uint32_t marked_beyond_frame = 4;

    const std::uint8_t* at_;
    const std::uint8_t* end_;
    std::uint32_t missing_;
    std::uint32_t marks_;
};

}  // namespace pcapline
