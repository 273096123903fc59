#include "pcapline/io/decoders.h"

#if PCAPLINE_HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <utility>

#include "pcapline/base/endian.h"
#endif

namespace pcapline {

#if PCAPLINE_HAVE_ZSTD
namespace {

constexpr int largest_window_log = 27;  // 128 MiB: what zstd itself allows without --long

class ZstdDecoder final : public Decoder {
 public:
    ZstdDecoder() : context_(::ZSTD_createDCtx()) {
        if (context_ == nullptr) return;
        ::ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, largest_window_log);
    }
    ZstdDecoder(const ZstdDecoder&) = delete;
    ZstdDecoder& operator=(const ZstdDecoder&) = delete;
    ~ZstdDecoder() override { ::ZSTD_freeDCtx(context_); }

    State decode(Bytes& in, std::span<std::uint8_t>& out, bool last) override {
        if (context_ == nullptr) return fail("no memory for the zstd decoder");
        // At most one block at once, and what is left of the last one alone: a call that fails forgets what it made before.
        const std::size_t there = std::exchange(was_full_, false) ? 0 : std::min(in.size(), wanted_);
        ZSTD_inBuffer from{in.data(), there, 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        const std::size_t result = ::ZSTD_decompressStream(context_, &to, &from);
        in = in.subspan(from.pos);
        out = out.subspan(to.pos);
        was_full_ = out.empty();
        if (::ZSTD_isError(result)) {
            switch (::ZSTD_getErrorCode(result)) {
                case ZSTD_error_frameParameter_windowTooLarge:
                    return fail("zstd window is larger than 128 MiB");
                case ZSTD_error_memory_allocation:
                    return fail("no memory for the zstd decoder");
                case ZSTD_error_dictionary_wrong:
                    return fail("zstd stream needs a dictionary");
                case ZSTD_error_checksum_wrong:
                    return fail("zstd checksum does not match");
                default:
                    return fail("zstd stream is damaged");
            }
        }
        wanted_ = result == 0 ? first_read : result;
        if (result == 0) return State::stream_end;
        // There was nothing left.
        if (there == 0 && to.pos == 0 && !in.empty()) return decode(in, out, last);
        return State::running;
    }

    bool begins(Bytes magic) const override {
        if (magic.size() < magic_size) {
            constexpr std::uint8_t frame[] = {0x28, 0xb5, 0x2f};
            return std::equal(magic.begin(), magic.end(), frame);
        }
        const std::uint32_t number = load32(magic.data(), ByteOrder::little);
        return number == ZSTD_MAGICNUMBER || (number & 0xfffffff0U) == ZSTD_MAGIC_SKIPPABLE_START;
    }

 private:
    static constexpr std::size_t first_read = 5;  // the shortest frame header
    ZSTD_DCtx* context_;
    std::size_t wanted_ = first_read;
    bool was_full_ = false;  // the room ended before the block did, or with it
};

}  // namespace

std::unique_ptr<Decoder> zstd_decoder() {
    return std::make_unique<ZstdDecoder>();
}
#else
std::unique_ptr<Decoder> zstd_decoder() {
    return nullptr;
}
#endif

}  // namespace pcapline
