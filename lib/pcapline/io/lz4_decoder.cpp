#include "pcapline/io/decoders.h"

#if PCAPLINE_HAVE_LZ4
#include <lz4frame.h>

#include <algorithm>
#include <utility>

#include "pcapline/base/endian.h"
#endif

namespace pcapline {

#if PCAPLINE_HAVE_LZ4
namespace {

class Lz4Decoder final : public Decoder {
 public:
    Lz4Decoder() {
        if (::LZ4F_isError(::LZ4F_createDecompressionContext(&context_, LZ4F_VERSION))) context_ = nullptr;
    }
    Lz4Decoder(const Lz4Decoder&) = delete;
    Lz4Decoder& operator=(const Lz4Decoder&) = delete;
    ~Lz4Decoder() override { ::LZ4F_freeDecompressionContext(context_); }

    State decode(Bytes& in, std::span<std::uint8_t>& out, bool last) override {
        if (context_ == nullptr) return fail("no memory for the lz4 decoder");
        // At most one block at once, and what is left of the last one alone: a call that fails forgets what it made before.
        const std::size_t there = std::exchange(was_full_, false) ? 0 : std::min(in.size(), wanted_);
        std::size_t used = there;
        std::size_t made = out.size();
        const std::size_t result = ::LZ4F_decompress(context_, out.data(), &made, in.data(), &used, nullptr);
        if (::LZ4F_isError(result)) return fail("lz4 stream is damaged");
        in = in.subspan(used);
        out = out.subspan(made);
        was_full_ = out.empty();
        wanted_ = result == 0 ? first_read : result;
        if (result == 0) return State::stream_end;
        // There was nothing left.
        if (there == 0 && made == 0 && !in.empty()) return decode(in, out, last);
        return State::running;
    }

    bool begins(Bytes magic) const override {
        if (magic.size() < magic_size) {
            constexpr std::uint8_t frame[] = {0x04, 0x22, 0x4d};
            return std::equal(magic.begin(), magic.end(), frame);
        }
        const std::uint32_t number = load32(magic.data(), ByteOrder::little);
        return number == 0x184d2204 || (number & 0xfffffff0U) == 0x184d2a50;
    }

 private:
    static constexpr std::size_t first_read = 7;  // the shortest frame header
    LZ4F_dctx* context_ = nullptr;
    std::size_t wanted_ = first_read;
    bool was_full_ = false;  // the room ended before the block did, or with it
};

}  // namespace

std::unique_ptr<Decoder> lz4_decoder() {
    return std::make_unique<Lz4Decoder>();
}
#else
std::unique_ptr<Decoder> lz4_decoder() {
    return nullptr;
}
#endif

}  // namespace pcapline
