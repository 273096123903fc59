#include "pcapline/capture/range_search.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "pcapline/capture/limits.h"
#include "pcapline/capture/pcapng_format.h"
#include "pcapline/capture/range_source.h"

namespace pcapline {
namespace {

constexpr int chain_length = 8;

/// Random access to a file through two windows: one that candidates walk through, one that chains jump about in.
class Peek {
 public:
    explicit Peek(const SearchRange& range) : range_(range) {}

    /// `count` bytes at `offset`, or nothing beyond the end of the file. Valid until the next call.
    const std::uint8_t* at(std::uint64_t offset, std::size_t count) {
        if (offset > range_.file_size || range_.file_size - offset < count) return nullptr;
        for (const Window* window : {&walked_, &jumped_})
            if (window->holds(offset, count)) return window->bytes.data() + (offset - window->offset);
        Window& window = offset < walk_end_ ? walked_ : jumped_;
        window.offset = offset;
        window.bytes.resize(offset < walk_end_ ? block_size : std::max<std::size_t>(count, 4096));
        const auto got = read_at(range_.fd, range_.name, offset, window.bytes);
        if (!got) {
            error_ = got.error();
            return nullptr;
        }
        window.bytes.resize(*got);
        return window.holds(offset, count) ? window.bytes.data() : nullptr;
    }
    /// Candidates now begin here.
    void walk_to(std::uint64_t offset) { walk_end_ = offset + block_size / 2; }
    const std::optional<Error>& error() const { return error_; }

 private:
    struct Window {
        std::vector<std::uint8_t> bytes;
        std::uint64_t offset = 0;
        bool holds(std::uint64_t from, std::size_t count) const {
            return from >= offset && from - offset <= bytes.size() && bytes.size() - (from - offset) >= count;
        }
    };

    const SearchRange& range_;
    Window walked_, jumped_;
    std::uint64_t walk_end_ = 0;
    std::optional<Error> error_;
};

struct PcapChain {
    const PcapHeader& header;
    std::uint32_t ceiling;
    std::uint32_t units = header.nanoseconds ? 1'000'000'000 : 1'000'000;

    /// Length of the plausible record at `at`; 0 if it is none. `seconds`: of the record before, updated.
    std::uint64_t length(Peek& peek, std::uint64_t at, std::optional<std::uint32_t>& seconds) const {
        constexpr std::uint32_t day = 86400;
        const std::uint8_t* const bytes = peek.at(at, header.record_size);
        if (bytes == nullptr) return 0;
        const std::uint32_t time = load32(bytes, header.order);
        std::uint32_t captured = load32(bytes + 8, header.order);
        std::uint32_t original = load32(bytes + 12, header.order);
        if (header.lengths == PcapHeader::Lengths::original_first ||
            (header.lengths == PcapHeader::Lengths::smaller && captured > original)) {
            std::swap(captured, original);
        }
        if (load32(bytes + 4, header.order) >= units || captured > ceiling || captured > original || original > ceiling) return 0;
        if (seconds && std::max(time, *seconds) - std::min(time, *seconds) > day) return 0;
        seconds = time;
        return std::uint64_t{header.record_size} + captured;
    }
};

struct PcapngChain {
    ByteOrder order;
    std::uint32_t longest_block;

    std::uint64_t length(Peek& peek, std::uint64_t at, std::optional<std::uint32_t>&) const {
        const std::uint8_t* const bytes = peek.at(at, block_size_min);
        if (bytes == nullptr) return 0;
        const std::uint32_t type = load32(bytes, order);
        ByteOrder block_order = order;
        if (type == static_cast<std::uint32_t>(BlockType::section_header)) {
            const std::uint32_t magic = load32(bytes + 8, order);
            if (magic != pcapng_byte_order_magic && byteswap(magic) != pcapng_byte_order_magic) return 0;
            if (magic != pcapng_byte_order_magic) block_order = order == ByteOrder::little ? ByteOrder::big : ByteOrder::little;
        }
        const std::uint32_t length = load32(bytes + 4, block_order);
        if (length < block_size_min || length % 4 != 0 || length > longest_block) return 0;
        const std::uint8_t* const trailer = peek.at(at + length - 4, 4);
        return trailer != nullptr && load32(trailer, block_order) == length ? length : 0;
    }
};

template <class Chain>
bool holds(const Chain& chain, Peek& peek, std::uint64_t at, std::uint64_t file_size) {
    std::optional<std::uint32_t> seconds;
    for (int i = 0; i < chain_length; ++i) {
        if (at == file_size && i > 0) return true;
        const std::uint64_t length = chain.length(peek, at, seconds);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

template <class Chain>
Result<std::uint64_t> find(const Chain& chain, const SearchRange& range, std::uint64_t step) {
    Peek peek(range);
    for (std::uint64_t at = (range.begin + step - 1) / step * step; at < range.end; at += step) {
        peek.walk_to(at);
        if (holds(chain, peek, at, range.file_size)) return at;
        if (peek.error()) return *peek.error();
    }
    return range.end;
}

}  // namespace

Result<std::uint64_t> find_pcap_record(const SearchRange& range, const PcapHeader& header) {
    return find(PcapChain{header, max_captured(header.link_type)}, range, 1);
}

Result<std::uint64_t> find_pcapng_block(const SearchRange& range, ByteOrder order, std::uint32_t longest_block) {
    return find(PcapngChain{order, longest_block}, range, 4);
}

}  // namespace pcapline
