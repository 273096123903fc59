#include <zlib.h>

#include <algorithm>
#include <limits>

#include "pcapline/io/decoders.h"
#if PCAPLINE_HAVE_ISAL
#include <isa-l/igzip_lib.h>
#endif

namespace pcapline {

namespace {

constexpr const char* damaged = "gzip stream is damaged";
constexpr const char* wrong_sum = "gzip checksum does not match";
constexpr const char* bad_header = "gzip header is damaged";

bool begins_gzip(Bytes magic) {
    return magic[0] == 0x1f && (magic.size() < 2 || magic[1] == 0x8b);
}

/// Both libraries count in 32 bits.
template <class Count>
Count counted(std::size_t size) {
    return static_cast<Count>(std::min<std::size_t>(size, std::numeric_limits<Count>::max()));
}

class ZlibDecoder final : public Decoder {
 public:
    ZlibDecoder() {
        // 15: the largest window; 16: with a gzip header and trailer.
        ready_ = ::inflateInit2(&stream_, 15 + 16) == Z_OK;
    }
    ZlibDecoder(const ZlibDecoder&) = delete;
    ZlibDecoder& operator=(const ZlibDecoder&) = delete;
    ~ZlibDecoder() override { ::inflateEnd(&stream_); }

    State decode(Bytes& in, std::span<std::uint8_t>& out, bool /*last*/) override {
        if (!ready_) return fail("no memory for the gzip decoder");
        const auto room = counted<uInt>(out.size());
        const auto there = counted<uInt>(in.size());
        stream_.next_in = const_cast<Bytef*>(in.data());
        stream_.avail_in = there;
        stream_.next_out = out.data();
        stream_.avail_out = room;
        const int result = ::inflate(&stream_, Z_NO_FLUSH);
        in = in.subspan(there - stream_.avail_in);
        out = out.subspan(room - stream_.avail_out);
        switch (result) {
            case Z_OK:
            case Z_BUF_ERROR:
                return State::running;
            case Z_STREAM_END:
                ready_ = ::inflateReset(&stream_) == Z_OK;
                return State::stream_end;
            case Z_MEM_ERROR:
                return fail("no memory for the gzip decoder");
            default:
                return fail(damaged);
        }
    }
    bool begins(Bytes magic) const override { return begins_gzip(magic); }

 private:
    z_stream stream_{};
    bool ready_ = false;
};

#if PCAPLINE_HAVE_ISAL
class IsalDecoder final : public Decoder {
 public:
    IsalDecoder() : state_(std::make_unique<inflate_state>()) { begin(); }

    State decode(Bytes& in, std::span<std::uint8_t>& out, bool /*last*/) override {
        const auto room = counted<std::uint32_t>(out.size());
        const auto there = counted<std::uint32_t>(in.size());
        state_->next_in = const_cast<std::uint8_t*>(in.data());
        state_->avail_in = there;
        state_->next_out = out.data();
        state_->avail_out = room;
        const int result = ::isal_inflate(state_.get());
        in = in.subspan(there - state_->avail_in);
        out = out.subspan(room - state_->avail_out);
        switch (result) {
            case ISAL_DECOMP_OK:
            case ISAL_END_INPUT:
            case ISAL_OUT_OVERFLOW:
                break;
            case ISAL_INCORRECT_CHECKSUM:
                return fail(wrong_sum);
            case ISAL_INVALID_WRAPPER:
            case ISAL_UNSUPPORTED_METHOD:
                return fail(bad_header);
            default:
                return fail(damaged);
        }
        if (state_->block_state != ISAL_BLOCK_FINISH) return State::running;
        begin();
        return State::stream_end;
    }
    bool begins(Bytes magic) const override { return begins_gzip(magic); }

 private:
    void begin() {
        ::isal_inflate_init(state_.get());
        state_->crc_flag = ISAL_GZIP;
    }
    std::unique_ptr<inflate_state> state_;
};
#endif

}  // namespace

std::unique_ptr<Decoder> gzip_decoder_zlib() {
    return std::make_unique<ZlibDecoder>();
}

std::unique_ptr<Decoder> gzip_decoder_isal() {
#if PCAPLINE_HAVE_ISAL
    return std::make_unique<IsalDecoder>();
#else
    return nullptr;
#endif
}

std::unique_ptr<Decoder> gzip_decoder() {
    auto fast = gzip_decoder_isal();
    return fast ? std::move(fast) : gzip_decoder_zlib();
}

}  // namespace pcapline
