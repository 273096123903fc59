// NameTemplate: how outputs are called.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pcapline/base/frame.h"
#include "pcapline/base/result.h"

namespace pcapline {

/// The placeholders of a name.
enum class NamePart : std::uint8_t {
    seq,
    time,
    proto,
    src,
    sport,
    dst,
    dport,
    input,
    cid,
    key,
    vlan,
};
constexpr std::size_t name_parts = 11;

/// What placeholders stand for; empty: nothing to say.
struct NameValues {
    std::uint64_t seq = 0;        ///< number of the output, by its first packet
    std::int64_t time = no_time;  ///< of the first packet; of a time bin its beginning
    std::string text[name_parts];

    std::string& operator[](NamePart part) { return text[static_cast<std::size_t>(part)]; }
    const std::string& operator[](NamePart part) const { return text[static_cast<std::size_t>(part)]; }
    void clear() {
        time = no_time;
        for (std::string& one : text) one.clear();
    }
};

/// Words and placeholders: `{seq}_{time}_{proto}_{src}`. What it makes is one part of a path: of `A-Za-z0-9._-`, every other character
/// is `-`; it begins with none of `.` and `-`, and is no longer than file systems allow. A placeholder that has nothing to say goes
/// with the character that parts it from what stands before it.
class NameTemplate {
 public:
    /// Errors: Errc::usage (an unknown placeholder, nothing at all).
    static Result<NameTemplate> parse(std::string_view text);

    bool uses(NamePart part) const { return (used_ >> static_cast<unsigned>(part) & 1U) != 0; }
    /// The ending of a name made of literal text, with its dot: ".pcap"; empty if there is none.
    std::string_view ending() const;
    /// Takes an ending off, or puts one on.
    void drop_ending();
    std::string make(const NameValues& values) const;

 private:
    struct Piece {
        std::string literal;  ///< unless `is_part`
        NamePart part{};
        bool is_part = false;
    };
    std::vector<Piece> pieces_;
    unsigned used_ = 0;
};

/// Of a name that was made already, the next one is `NAME_2`, then `NAME_3`: whether that is so depends on the names before only.
class UniqueNames {
 public:
    /// `base` without its ending; the name is that and perhaps a number.
    std::string claim(std::string base);

 private:
    std::unordered_map<std::uint64_t, std::uint32_t> times_;  ///< by the hash of a name: how often it was claimed
};

}  // namespace pcapline
