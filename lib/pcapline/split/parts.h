// Parts: the outputs of a split, and what is known of each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/base/frame.h"

namespace pcapline {

/// One output.
struct Part {
    std::uint64_t packets = 0;     ///< that belong to it
    std::uint64_t wire_bytes = 0;  ///< their original lengths
    std::uint64_t shared = 0;      ///< packets that belong to another part too
    std::uint64_t written = 0;     ///< packets that were written
    std::uint64_t file_bytes = 0;  ///< that the kernel took
    std::int64_t first_ns = no_time;
    std::int64_t last_ns = no_time;
    std::uint32_t encoding = 0;  ///< RecordEncoder::State
    bool is_tcp = false;         ///< a TCP session,
    bool starts = false;         ///< whose SYN without ACK it holds
    bool created = false;        ///< its file is there

    void count(const Frame& frame, bool is_shared) {
        ++packets;
        wire_bytes += frame.wire_len;
        shared += is_shared ? 1 : 0;
        if (!frame.has_time()) return;
        first_ns = first_ns == no_time ? frame.time_ns : std::min(first_ns, frame.time_ns);
        last_ns = std::max(last_ns, frame.time_ns);
    }
};

/// All outputs by number: 0 is what belongs nowhere else, the others are numbered by their first packets. Names without ending.
class Parts {
 public:
    using Number = std::uint32_t;
    static constexpr Number other = 0;
    static constexpr Number none = 0xffffffff;
    static constexpr std::string_view other_name = "000000_other";

    Parts() { add(other_name, "other"); }

    Number add(std::string_view name, std::string_view key) {
        parts_.emplace_back();
        texts_.push_back({text_.size(), text_.size() + name.size()});
        text_.append(name).append(key);
        return static_cast<Number>(parts_.size() - 1);
    }
    std::size_t size() const { return parts_.size(); }
    Part& operator[](Number number) { return parts_[number]; }
    const Part& operator[](Number number) const { return parts_[number]; }
    std::string_view name(Number number) const {
        return std::string_view{text_}.substr(texts_[number].name, texts_[number].key - texts_[number].name);
    }
    /// What its packets have in common, for people: "192.0.2.1", "tcp/443".
    std::string_view key(Number number) const {
        const std::size_t end = number + std::size_t{1} < texts_.size() ? texts_[number + 1].name : text_.size();
        return std::string_view{text_}.substr(texts_[number].key, end - texts_[number].key);
    }

 private:
    struct Texts {
        std::size_t name;
        std::size_t key;
    };
    std::vector<Part> parts_;
    std::vector<Texts> texts_;
    std::string text_;
};

}  // namespace pcapline
