#include <lzma.h>

#include <algorithm>

#include "pcapline/io/decoders.h"
#include "pcapline/parallel/cpus.h"

namespace pcapline {

namespace {

constexpr std::uint64_t mib = 1024 * 1024;
// Threads buffer whole blocks: within this much memory there are several, beyond it one.
constexpr std::uint64_t threaded_memory = 128 * mib;
// A dictionary of 128 MiB (xz -9 has 64) and what belongs to it. Larger ones are refused, as with zstd.
constexpr std::uint64_t most_memory = 144 * mib;

class XzDecoder final : public Decoder {
 public:
    XzDecoder() {
        constexpr std::uint32_t flags = LZMA_CONCATENATED;
#if LZMA_VERSION >= 50040002
        lzma_mt options{};
        options.flags = flags;
        options.threads = allowed_cpus();
        options.memlimit_threading = threaded_memory;
        options.memlimit_stop = most_memory;
        ready_ = ::lzma_stream_decoder_mt(&stream_, &options) == LZMA_OK;
#else
        ready_ = ::lzma_stream_decoder(&stream_, most_memory, flags) == LZMA_OK;
#endif
    }
    XzDecoder(const XzDecoder&) = delete;
    XzDecoder& operator=(const XzDecoder&) = delete;
    ~XzDecoder() override {
        ::lzma_end(&stream_);
    }

    State decode(Bytes& in, std::span<std::uint8_t>& out, bool last) override {
        if (!ready_) return fail("no memory for the xz decoder");
        stream_.next_in = in.data();
        stream_.avail_in = in.size();
        stream_.next_out = out.data();
        stream_.avail_out = out.size();
        const lzma_ret result = ::lzma_code(&stream_, last ? LZMA_FINISH : LZMA_RUN);
        in = in.last(stream_.avail_in);
        out = out.last(stream_.avail_out);
        switch (result) {
            case LZMA_OK:
            case LZMA_BUF_ERROR:
                return State::running;
            case LZMA_STREAM_END:
                return State::all_done;
            case LZMA_MEM_ERROR:
                return fail("no memory for the xz decoder");
            case LZMA_MEMLIMIT_ERROR:
                return fail("xz stream needs " + std::to_string(::lzma_memusage(&stream_) / mib + 1) + " MiB to decode, more than the " +
                            std::to_string(most_memory / mib) + " allowed");
            case LZMA_OPTIONS_ERROR:
                return fail("xz stream uses filters that cannot be decoded");
            default:
                return fail("xz stream is damaged");
        }
    }
    // Streams and the padding between them are the library's part.
    bool begins(Bytes /*magic*/) const override {
        return false;
    }

 private:
    lzma_stream stream_ = LZMA_STREAM_INIT;
    bool ready_ = false;
};

}  // namespace

std::unique_ptr<Decoder> xz_decoder() {
    return std::make_unique<XzDecoder>();
}

}  // namespace pcapline
