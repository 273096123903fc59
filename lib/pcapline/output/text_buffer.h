// TextBuffer: characters on their way to a Sink. The formatting primitives of all record formats.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "pcapline/base/bytes.h"
#include "pcapline/base/result.h"
#include "pcapline/base/text.h"
#include "pcapline/base/time.h"
#include "pcapline/io/sink.h"

namespace pcapline {

/// How wide harmless text stands: its code points. What begins no UTF-8 sequence is a continuation.
inline std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

/// A growing buffer of characters. Appending cannot fail; drain() hands whole buffers to a sink.
class TextBuffer {
 public:
    static constexpr std::size_t drain_at = 256 * 1024;

    TextBuffer() { grow((drain_at + 64 * 1024) / 2); }
    /// What is moved from is an empty buffer.
    TextBuffer(TextBuffer&& other) noexcept
        : chars_(std::move(other.chars_)), at_(std::exchange(other.at_, nullptr)), end_(std::exchange(other.end_, nullptr)) {}
    TextBuffer& operator=(TextBuffer&& other) noexcept {
        chars_.swap(other.chars_);
        std::swap(at_, other.at_);
        std::swap(end_, other.end_);
        other.clear();
        return *this;
    }

    /// Room for n characters; call advance() with one past the last one written.
    char* room(std::size_t n) {
        if (static_cast<std::size_t>(end_ - at_) < n) grow(n);
        return at_;
    }
    void advance(char* to) { at_ = to; }

    void put(char c) {
        *room(1) = c;
        ++at_;
    }
    void put(std::string_view text) {
        text.copy(room(text.size()), text.size());
        at_ += text.size();
    }
    void decimal(std::uint64_t value) { advance(put_decimal(room(decimal_chars), value)); }
    void signed_decimal(std::int64_t value) { advance(put_signed(room(decimal_chars + 1), value)); }
    void fixed(std::uint64_t value, unsigned decimals) { advance(put_fixed(room(32), value, decimals)); }
    void hex(std::uint64_t value, unsigned digits) { advance(put_hex(room(18), value, digits)); }
    void hex_bytes(Bytes bytes) { advance(put_hex_bytes(room(2 * bytes.size()), bytes)); }
    void base64(Bytes bytes) { advance(put_base64(room(4 * (bytes.size() / 3 + 1)), bytes)); }
    void iso_time(std::int64_t ns) { advance(put_iso_time(room(iso_time_chars), ns)); }
    void epoch(std::int64_t ns) { advance(put_epoch(room(32), ns)); }

    /// A JSON string with its quotes (commands.md §3, "Text"): controls as \u00NN, bytes that are not UTF-8 as
    /// \xNN text with every backslash of that string doubled.
    void json_string(Bytes text);
    void json_string(std::string_view text) { json_string({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}); }
    /// Text for tables, fields, CSV and messages: controls and bytes that are not UTF-8 as \xNN, backslash as \\.
    void harmless_text(Bytes text);
    /// The same for TSV: TAB, LF, CR as \t \n \r.
    void tsv_text(Bytes text);
    /// A whole CSV cell from raw text: harmless_text, then quoted only where `,` `"` or leading or trailing blanks ask
    /// for it; an empty text is `""` (an absent value is an empty cell: write nothing).
    void csv_cell(Bytes text);
    /// Quotes, as CSV does, what was appended since `from` (a former size()), if it needs quotes. Nothing stays nothing:
    /// the cell is absent.
    void quote_csv_since(std::size_t from);

    std::size_t size() const { return static_cast<std::size_t>(at_ - chars_.get()); }
    std::string_view view() const { return {chars_.get(), size()}; }
    Bytes bytes() const { return {reinterpret_cast<const std::uint8_t*>(chars_.get()), size()}; }
    void clear() { at_ = chars_.get(); }
    /// Forgets what lies behind the first `size` characters.
    void cut(std::size_t size) { at_ = chars_.get() + size; }
    bool full() const { return size() >= drain_at; }
    /// Writes everything to the sink and empties the buffer.
    Result<void> drain(Sink& sink) {
        auto done = sink.write(bytes());
        clear();
        return done;
    }

 private:
    void grow(std::size_t n);
    void json_rest(Bytes text);

    std::unique_ptr<char[]> chars_;
    char* at_ = nullptr;   ///< one past the last character
    char* end_ = nullptr;  ///< one past the last of the block
};

}  // namespace pcapline
