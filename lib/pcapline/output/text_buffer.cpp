#include "pcapline/output/text_buffer.h"

#include <algorithm>
#include <cstring>

namespace pcapline {

namespace {

constexpr std::uint64_t every_byte(std::uint8_t byte) {
    return 0x0101010101010101U * byte;
}

// The masks below are for words of ASCII: their high bits tell which byte is meant. In other words they may point at
// bytes too many, which does not matter: such a word is not plain at all. A borrow or carry only leaves a byte that is
// pointed at.

/// Points at the bytes that are `byte`.
constexpr std::uint64_t equal_to(std::uint64_t word, char byte) {
    return (word ^ every_byte(static_cast<std::uint8_t>(byte))) - every_byte(1);
}
/// Points at the bytes below a blank.
constexpr std::uint64_t below_blank(std::uint64_t word) {
    return word - every_byte(0x20);
}

/// What each kind of text must not copy as it is, beside DEL and what is not ASCII.
struct Json {
    static constexpr std::uint64_t special(std::uint64_t word) {
        // Exchanging 0x20 with 0x22 and 0x21 with 0x23 puts the quote next to the controls: one comparison for both.
        return ((word ^ every_byte(2)) - every_byte(0x21)) | equal_to(word, '\\');
    }
};
struct Backslashed {
    static constexpr std::uint64_t special(std::uint64_t word) { return below_blank(word) | equal_to(word, '\\'); }
};
struct Csv {
    static constexpr std::uint64_t special(std::uint64_t word) { return Json::special(word) | equal_to(word, ','); }
};

/// True if all 8 characters of a word are printable ASCII and not special.
template <class Kind>
constexpr bool plain(std::uint64_t word) {
    const std::uint64_t from_del = word | (word + every_byte(1));
    return ((from_del | Kind::special(word)) & every_byte(0x80)) == 0;
}

std::uint64_t load_word(const std::uint8_t* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}
std::uint32_t load_half(const std::uint8_t* from) {
    std::uint32_t half = 0;
    std::memcpy(&half, from, sizeof half);
    return half;
}

/// Copies text of fewer than 8 characters, if all are plain; returns how many it copied: all or none.
template <class Kind>
std::size_t copy_short(char* to, const std::uint8_t* from, std::size_t size) {
    if (size >= 4) {  // two halves that overlap
        const std::uint32_t first = load_half(from);
        const std::uint32_t last = load_half(from + size - 4);
        if (!plain<Kind>(std::uint64_t{first} << 32 | last)) return 0;
        std::memcpy(to, &first, 4);
        std::memcpy(to + size - 4, &last, 4);
        return size;
    }
    if (size == 0) return 0;
    const std::uint8_t first = from[0];
    const std::uint8_t middle = from[size / 2];
    const std::uint8_t last = from[size - 1];
    constexpr std::uint64_t filler = every_byte('a') << 24;
    if (!plain<Kind>(filler | std::uint64_t{first} << 16 | std::uint64_t{middle} << 8 | last)) return 0;
    to[0] = static_cast<char>(first);
    to[size / 2] = static_cast<char>(middle);
    to[size - 1] = static_cast<char>(last);
    return size;
}

/// Copies 8 characters at a time as long as all are plain; returns how many it copied. `to` has room for all of `text`.
template <class Kind>
std::size_t copy_plain(char* to, Bytes text) {
    const std::uint8_t* const from = text.data();
    const std::size_t size = text.size();
    if (size < 8) return copy_short<Kind>(to, from, size);
    std::size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        const std::uint64_t word = load_word(from + i);
        if (!plain<Kind>(word)) return i;
        std::memcpy(to + i, &word, 8);
    }
    if (i == size) return size;
    const std::uint64_t word = load_word(from + size - 8);  // overlaps what is copied already
    if (!plain<Kind>(word)) return i;
    std::memcpy(to + size - 8, &word, 8);
    return size;
}

bool is_utf8(Bytes text) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) return false;
        text = text.subspan(length);
    }
    return true;
}

char* put_all(char* to, Bytes bytes) {
    return std::copy(bytes.begin(), bytes.end(), to);
}

char* put_text(char* to, std::string_view text) {
    return std::copy(text.begin(), text.end(), to);
}

char* put_json_one(char* to, Bytes one, std::size_t length, std::string_view backslash) {
    if (length == 0) {
        *to++ = '\\';
        return put_escaped(to, one);
    }
    const std::uint32_t value = utf8_value(one);
    if (value == '"') return put_text(to, "\\\"");
    if (value == '\\') return put_text(to, backslash);
    if (!is_control(value)) return put_all(to, one);
    return put_hex(put_text(to, "\\u"), value, 4);
}

char* put_harmless_one(char* to, Bytes one, std::size_t length, bool tsv) {
    if (length == 1) {
        switch (one[0]) {
            case '\\':
                return put_text(to, "\\\\");
            case '\t':
                return tsv ? put_text(to, "\\t") : put_escaped(to, one);
            case '\n':
                return tsv ? put_text(to, "\\n") : put_escaped(to, one);
            case '\r':
                return tsv ? put_text(to, "\\r") : put_escaped(to, one);
            default:
                break;
        }
    }
    if (length == 0 || is_control(utf8_value(one))) return put_escaped(to, one);
    return put_all(to, one);
}

/// Writes the code points and stray bytes of `text` one by one. `write(to, bytes, length)` gets the bytes of one and its
/// utf8_length, and puts 16 characters at most.
template <class Write>
void one_by_one(TextBuffer& out, Bytes text, Write write) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const Bytes one = text.first(std::max<std::size_t>(length, 1));
        out.advance(write(out.room(16), one, length));
        text = text.subspan(one.size());
    }
}

void put_harmless(TextBuffer& out, Bytes text, bool tsv) {
    char* const to = out.room(text.size());
    const std::size_t copied = copy_plain<Backslashed>(to, text);
    out.advance(to + copied);
    if (copied == text.size()) return;
    one_by_one(out, text.subspan(copied),
               [tsv](char* at, Bytes one, std::size_t length) { return put_harmless_one(at, one, length, tsv); });
}

}  // namespace

void TextBuffer::grow(std::size_t n) {
    const std::size_t used = size();
    const std::size_t capacity = (used + n) * 2;
    auto chars = std::make_unique_for_overwrite<char[]>(capacity);
    if (used != 0) std::memcpy(chars.get(), chars_.get(), used);
    chars_ = std::move(chars);
    at_ = chars_.get() + used;
    end_ = chars_.get() + capacity;
}

void TextBuffer::json_string(Bytes text) {
    char* const to = room(text.size() + 2);
    *to = '"';
    const std::size_t copied = copy_plain<Json>(to + 1, text);
    at_ = to + 1 + copied;
    if (copied != text.size()) return json_rest(text.subspan(copied));
    *at_++ = '"';
}

/// What follows the plain beginning of a string, and the closing quote.
void TextBuffer::json_rest(Bytes text) {
    const std::string_view backslash = is_utf8(text) ? "\\\\" : "\\\\\\\\";
    one_by_one(*this, text, [backslash](char* at, Bytes one, std::size_t length) { return put_json_one(at, one, length, backslash); });
    put('"');
}

void TextBuffer::harmless_text(Bytes text) {
    put_harmless(*this, text, false);
}

void TextBuffer::tsv_text(Bytes text) {
    put_harmless(*this, text, true);
}

void TextBuffer::csv_cell(Bytes text) {
    if (text.empty()) return put("\"\"");
    char* const to = room(text.size());
    if (text.front() != ' ' && text.back() != ' ' && copy_plain<Csv>(to, text) == text.size()) return advance(to + text.size());
    const std::size_t from = size();
    harmless_text(text);
    quote_csv_since(from);
}

void TextBuffer::quote_csv_since(std::size_t from) {
    const std::string_view cell = view().substr(from);
    if (cell.empty()) return;
    const auto quotes = static_cast<std::size_t>(std::count(cell.begin(), cell.end(), '"'));
    const bool needed = quotes != 0 || cell.front() == ' ' || cell.back() == ' ' || cell.find(',') != std::string_view::npos;
    if (!needed) return;
    const std::size_t length = cell.size();
    static_cast<void>(room(quotes + 2));
    char* const begin = chars_.get() + from;
    // From the back, so that nothing is written over before it is read.
    char* to = begin + length + quotes + 2;
    advance(to);
    *--to = '"';
    for (const char* at = begin + length; at != begin;) {
        const char c = *--at;
        *--to = c;
        if (c == '"') *--to = '"';
    }
    *--to = '"';
}

}  // namespace pcapline
