#include "pcapline/split/name_template.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "pcapline/base/text.h"
#include "pcapline/base/time.h"

namespace pcapline {
namespace {

/// In the order of NamePart.
constexpr std::array<std::string_view, name_parts> words{"seq",   "time",  "proto", "src", "sport", "dst",
                                                         "dport", "input", "cid",   "key", "vlan"};
/// Room for a number that parts names, and for an ending; NAME_MAX is 255.
constexpr std::size_t longest = 220;

bool is_safe(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}
bool parts_words(char c) {
    return c == '_' || c == '-' || c == '.';
}
void append_safe(std::string& name, std::string_view text) {
    for (const char c : text) name += is_safe(c) ? c : '-';
}

/// 20240501T080000.134500000Z
void append_time(std::string& name, std::int64_t time_ns) {
    std::array<char, iso_time_chars> text;
    const char* const end = put_iso_time(text.data(), time_ns);
    for (const char* c = text.data(); c != end; ++c)
        if (*c != '-' && *c != ':') name += *c;
}

void append_number(std::string& name, std::uint64_t number, std::size_t digits) {
    std::array<char, decimal_chars> text;
    const char* const end = put_decimal(text.data(), number);
    const auto size = static_cast<std::size_t>(end - text.data());
    if (size < digits) name.append(digits - size, '0');
    name.append(text.data(), size);
}

}  // namespace

Result<NameTemplate> NameTemplate::parse(std::string_view text) {
    NameTemplate result;
    if (text.empty()) return Error{Errc::usage, "--name is empty"};
    while (!text.empty()) {
        if (text.front() != '{') {
            const std::string_view literal = text.substr(0, text.find('{'));
            text.remove_prefix(literal.size());
            if (literal.find('/') != std::string_view::npos)
                return Error{Errc::usage, "--name makes names of files in the folder of -d, without '/'"};
            Piece piece;
            append_safe(piece.literal, literal);
            result.pieces_.push_back(std::move(piece));
            continue;
        }
        const std::size_t close = text.find('}');
        const std::string_view word = text.substr(1, close == std::string_view::npos ? close : close - 1);
        const auto known = std::find(words.begin(), words.end(), word);
        if (close == std::string_view::npos || known == words.end()) {
            std::string all;
            for (const std::string_view one : words) all += " {" + std::string(one) + "}";
            return Error{Errc::usage, "--name does not know {" + harmless(word) + "}; it knows" + all};
        }
        Piece piece;
        piece.is_part = true;
        piece.part = static_cast<NamePart>(known - words.begin());
        result.used_ |= 1U << static_cast<unsigned>(piece.part);
        result.pieces_.push_back(std::move(piece));
        text.remove_prefix(close + 1);
    }
    return result;
}

std::string_view NameTemplate::ending() const {
    if (pieces_.empty() || pieces_.back().is_part) return {};
    const std::string_view literal = pieces_.back().literal;
    const std::size_t dot = literal.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : literal.substr(dot);
}

void NameTemplate::drop_ending() {
    std::string& literal = pieces_.back().literal;
    literal.resize(literal.rfind('.'));
}

std::string NameTemplate::make(const NameValues& values) const {
    constexpr std::size_t seq_digits = 6;
    std::string name;
    bool said_nothing = false;  // nothing was said at all so far, but there was something to say
    for (const Piece& piece : pieces_) {
        if (!piece.is_part) {
            // What would part nothing from something is left out too.
            const bool bare = said_nothing && name.empty() && parts_words(piece.literal.empty() ? 'x' : piece.literal.front());
            name.append(piece.literal, bare ? 1 : 0, std::string::npos);
            continue;
        }
        const std::size_t before = name.size();
        if (piece.part == NamePart::seq) {
            append_number(name, values.seq, seq_digits);
        } else if (piece.part == NamePart::time) {
            if (values.time != no_time) append_time(name, values.time);
        } else {
            append_safe(name, values[piece.part]);
        }
        if (name.size() != before) continue;
        if (name.empty()) said_nothing = true;
        if (!name.empty() && parts_words(name.back())) name.pop_back();
    }
    if (name.size() > longest) name.resize(longest);
    if (name.empty() || name.front() == '.' || name.front() == '-') name.insert(name.begin(), '_');
    return name;
}

std::string UniqueNames::claim(std::string base) {
    const std::hash<std::string> hash;
    std::uint32_t& times = times_[hash(base)];
    if (++times == 1) return base;
    for (;; ++times) {
        std::string numbered = base + '_' + std::to_string(times);
        if (times_.try_emplace(hash(numbered), 1).second) return numbered;
    }
}

}  // namespace pcapline
