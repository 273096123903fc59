#include <algorithm>
#include <array>
#include <cstring>

#include "pcapline/base/endian.h"
#include "pcapline/io/decoders.h"
#include "pcapline/io/read_ahead.h"
#include "pcapline/parallel/cpus.h"

namespace pcapline {

namespace {

/// A source whose first bytes were looked at and are handed out again.
class PeekedSource final : public Source {
 public:
    PeekedSource(std::unique_ptr<Source> source, std::vector<std::uint8_t> head) : source_(std::move(source)), head_(std::move(head)) {}

    Result<std::size_t> read(std::span<std::uint8_t> into) override {
        if (at_ == head_.size()) return source_->read(into);
        const std::size_t n = std::min(into.size(), head_.size() - at_);
        std::memcpy(into.data(), head_.data() + at_, n);
        at_ += n;
        // A plain file never waits: the rest of the block comes with its head. An error comes again.
        if (n == into.size() || source_->plain_fd() < 0) return n;
        const Result<std::size_t> more = source_->read(into.subspan(n));
        return n + (more ? *more : 0);
    }
    std::string name() const override { return source_->name(); }
    std::string compression() const override { return source_->compression(); }
    std::uint64_t bytes_in() const override { return source_->bytes_in(); }
    int plain_fd() const override { return source_->plain_fd(); }
    std::uint64_t plain_size() const override { return source_->plain_size(); }
    void cancel() override { source_->cancel(); }

 private:
    std::unique_ptr<Source> source_;
    std::vector<std::uint8_t> head_;
    std::size_t at_ = 0;
};

/// True if the bytes begin with `magic`.
template <std::size_t N>
bool begins(Bytes bytes, const std::array<std::uint8_t, N>& magic) {
    return bytes.size() >= N && std::equal(magic.begin(), magic.end(), bytes.begin());
}

constexpr std::array<std::uint8_t, 3> gzip_magic{0x1f, 0x8b, 8};
constexpr std::array<std::uint8_t, 3> bzip2_magic{'B', 'Z', 'h'};
constexpr std::array<std::uint8_t, 6> xz_magic{0xfd, '7', 'z', 'X', 'Z', 0};
constexpr std::array<std::uint8_t, 4> zstd_magic{0x28, 0xb5, 0x2f, 0xfd};
constexpr std::array<std::uint8_t, 4> lz4_magic{0x04, 0x22, 0x4d, 0x18};
constexpr std::uint32_t skippable_magic = 0x184d2a50;
constexpr std::size_t longest_magic = 6;
constexpr int most_layers = 2;

bool is_skippable(Bytes head) {
    return head.size() >= 8 && (load32(head.data(), ByteOrder::little) & 0xfffffff0U) == skippable_magic;
}

/// Looks at the first bytes without losing them. A pipe is only waited for as long as they may be a magic.
Result<std::vector<std::uint8_t>> peek(Source& source) {
    std::vector<std::uint8_t> head(sniff_size);
    std::size_t filled = 0;
    while (filled < longest_magic || (is_skippable(Bytes{head}.first(filled)) && filled < head.size())) {
        const Result<std::size_t> got = source.read(std::span{head}.subspan(filled));
        if (!got && filled == 0) return got.error();
        if (!got || *got == 0) break;
        filled += *got;
    }
    head.resize(filled);
    return head;
}

}  // namespace

std::string_view compression_of(Bytes head) {
    // zstd and lz4 share skippable frames (pzstd begins with one): what comes behind decides.
    const bool skippable = is_skippable(head);
    while (is_skippable(head))
        head = head.subspan(std::min<std::size_t>(head.size(), 8 + std::size_t{load32(head.data() + 4, ByteOrder::little)}));
    if (begins(head, lz4_magic)) return "lz4";
    if (skippable || begins(head, zstd_magic)) return "zstd";
    if (begins(head, gzip_magic)) return "gzip";
    if (begins(head, bzip2_magic) && head.size() >= 4 && head[3] >= '1' && head[3] <= '9') return "bzip2";
    if (begins(head, xz_magic)) return "xz";
    return "";
}

Result<std::unique_ptr<Source>> decompressed_by(std::string_view method, std::unique_ptr<Source> source) {
    struct Format {
        std::string_view method;
        std::string_view done;
        std::unique_ptr<Decoder> (*make)();
    };
    static constexpr std::array<Format, 4> formats{{
        {"gzip", "gunzipped", gzip_decoder},
        {"xz", "xz decoded", xz_decoder},
        {"zstd", "zstd decoded", zstd_decoder},
        {"lz4", "lz4 decoded", lz4_decoder},
    }};
    if (method == "bzip2") return bzip2_source(std::move(source), allowed_cpus());
    const auto* const format = std::find_if(formats.begin(), formats.end(), [&](const Format& f) { return f.method == method; });
    std::unique_ptr<Decoder> decoder = format == formats.end() ? nullptr : format->make();
    if (!decoder) return Error{Errc::input, "compressed with " + std::string{method} + ", which this build cannot read", source->name()};
    return std::unique_ptr<Source>{std::make_unique<DecodingSource>(std::move(source), std::move(decoder), format->method, format->done)};
}

Result<std::unique_ptr<Source>> decompressed(std::unique_ptr<Source> source) {
    for (int layer = 0;; ++layer) {
        Result<std::vector<std::uint8_t>> head = peek(*source);
        // A stream that is damaged at its first byte: whoever reads it is told, with the place.
        if (!head && layer > 0) return source;
        if (!head) return head.error();
        const std::string_view method = compression_of(*head);
        source = std::make_unique<PeekedSource>(std::move(source), std::move(*head));
        if (method.empty()) return source;
        if (layer == most_layers) return Error{Errc::input, "compressed more than twice", source->name()};
        Result<std::unique_ptr<Source>> decoded = decompressed_by(method, std::move(source));
        if (!decoded) return decoded.error();
        source = std::move(*decoded);
    }
}

Result<std::unique_ptr<Source>> open_source(const std::string& path, const SourceOptions& options) {
    auto file = open_file(path);
    if (!file) return file.error();
    auto source = decompressed(std::move(*file));
    if (!source || !options.read_ahead || (*source)->compression() == "none") return source;
    return std::unique_ptr<Source>{std::make_unique<ReadAhead>(std::move(*source))};
}

}  // namespace pcapline
