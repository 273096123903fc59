#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

#include "pcapline/io/compressing_sink.h"
#include "pcapline/parallel/cpus.h"
#if PCAPLINE_HAVE_ZSTD
#include <zstd.h>
#endif
#if PCAPLINE_HAVE_LZ4
#include <lz4frame.h>
#endif

namespace pcapline {

namespace {

constexpr std::size_t room = 64 * 1024;

/// Room for what a library appends to `out`; less() gives back what it left.
class Appended {
 public:
    explicit Appended(std::vector<std::uint8_t>& out, std::size_t size = room) : out_(out), at_(out.size()) { out.resize(at_ + size); }
    std::uint8_t* data() { return out_.data() + at_; }
    std::size_t size() const { return out_.size() - at_; }
    void less(std::size_t left) { out_.resize(out_.size() - left); }

 private:
    std::vector<std::uint8_t>& out_;
    std::size_t at_;
};

class GzipEncoder final : public Encoder {
 public:
    // 15: the largest window; 16: with a gzip header and trailer; 8: zlib's default memory.
    GzipEncoder() { ready_ = ::deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK; }
    GzipEncoder(const GzipEncoder&) = delete;
    GzipEncoder& operator=(const GzipEncoder&) = delete;
    ~GzipEncoder() override { ::deflateEnd(&stream_); }

    bool encode(Bytes in, Until until, std::vector<std::uint8_t>& out) override {
        if (!ready_) return false;
        const int how = until == Until::end ? Z_FINISH : until == Until::decodable ? Z_SYNC_FLUSH : Z_NO_FLUSH;
        stream_.next_in = const_cast<Bytef*>(in.data());
        stream_.avail_in = static_cast<uInt>(in.size());
        int result = Z_OK;
        do {
            Appended to{out};
            stream_.next_out = to.data();
            stream_.avail_out = room;
            result = ::deflate(&stream_, how);
            to.less(stream_.avail_out);
        } while (result == Z_OK && stream_.avail_out == 0);
        // Z_BUF_ERROR: there was nothing to do.
        return result == Z_OK || result == Z_BUF_ERROR || result == Z_STREAM_END;
    }

 private:
    z_stream stream_{};
    bool ready_ = false;
};

/// A flush ends the stream and begins another: bzip2 has no other way to end at a whole byte.
class Bzip2Encoder final : public Encoder {
 public:
    Bzip2Encoder() { begin(); }
    Bzip2Encoder(const Bzip2Encoder&) = delete;
    Bzip2Encoder& operator=(const Bzip2Encoder&) = delete;
    ~Bzip2Encoder() override { ::BZ2_bzCompressEnd(&stream_); }

    bool encode(Bytes in, Until until, std::vector<std::uint8_t>& out) override {
        if (until == Until::end && !used_ && ended_one_) return true;
        if (!ready_) return false;
        used_ = used_ || !in.empty();
        stream_.next_in = reinterpret_cast<char*>(const_cast<std::uint8_t*>(in.data()));
        stream_.avail_in = static_cast<unsigned>(in.size());
        int result = BZ_RUN_OK;
        while (until == Until::whenever ? stream_.avail_in > 0 : result != BZ_STREAM_END) {
            Appended to{out};
            stream_.next_out = reinterpret_cast<char*>(to.data());
            stream_.avail_out = room;
            result = ::BZ2_bzCompress(&stream_, until == Until::whenever ? BZ_RUN : BZ_FINISH);
            to.less(stream_.avail_out);
            if (result < 0) return false;
        }
        if (until == Until::decodable) {
            ::BZ2_bzCompressEnd(&stream_);
            ended_one_ = true;
            begin();
        }
        return true;
    }

 private:
    void begin() {
        stream_ = {};
        used_ = false;
        // 9: blocks of 900 kB; 0: the default work factor.
        ready_ = ::BZ2_bzCompressInit(&stream_, 9, 0, 0) == BZ_OK;
    }
    bz_stream stream_{};
    bool ready_ = false;
    bool used_ = false;
    bool ended_one_ = false;
};

class XzEncoder final : public Encoder {
 public:
    XzEncoder() {
        lzma_mt options{};
        options.threads = allowed_cpus();
        // Two dictionaries of that preset; several blocks, so that they can be decoded by several threads too.
        options.preset = 3;
        options.block_size = 8 * 1024 * 1024;
        options.check = LZMA_CHECK_CRC64;
        ready_ = ::lzma_stream_encoder_mt(&stream_, &options) == LZMA_OK;
    }
    XzEncoder(const XzEncoder&) = delete;
    XzEncoder& operator=(const XzEncoder&) = delete;
    ~XzEncoder() override { ::lzma_end(&stream_); }

    bool encode(Bytes in, Until until, std::vector<std::uint8_t>& out) override {
        if (!ready_) return false;
        const lzma_action how = until == Until::end ? LZMA_FINISH : until == Until::decodable ? LZMA_FULL_FLUSH : LZMA_RUN;
        stream_.next_in = in.data();
        stream_.avail_in = in.size();
        lzma_ret result = LZMA_OK;
        while (until == Until::whenever ? stream_.avail_in > 0 : result != LZMA_STREAM_END) {
            Appended to{out};
            stream_.next_out = to.data();
            stream_.avail_out = room;
            result = ::lzma_code(&stream_, how);
            to.less(stream_.avail_out);
            if (result != LZMA_OK && result != LZMA_STREAM_END) return false;
        }
        return true;
    }

 private:
    lzma_stream stream_ = LZMA_STREAM_INIT;
    bool ready_ = false;
};

#if PCAPLINE_HAVE_ZSTD
class ZstdEncoder final : public Encoder {
 public:
    ZstdEncoder() : context_(::ZSTD_createCCtx()) {
        if (context_ != nullptr) ::ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
    }
    ZstdEncoder(const ZstdEncoder&) = delete;
    ZstdEncoder& operator=(const ZstdEncoder&) = delete;
    ~ZstdEncoder() override { ::ZSTD_freeCCtx(context_); }

    bool encode(Bytes in, Until until, std::vector<std::uint8_t>& out) override {
        if (context_ == nullptr) return false;
        const ZSTD_EndDirective how = until == Until::end ? ZSTD_e_end : until == Until::decodable ? ZSTD_e_flush : ZSTD_e_continue;
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        std::size_t left = 0;
        do {
            Appended to{out};
            ZSTD_outBuffer made{to.data(), to.size(), 0};
            left = ::ZSTD_compressStream2(context_, &made, &from, how);
            to.less(made.size - made.pos);
            if (::ZSTD_isError(left)) return false;
        } while (until == Until::whenever ? from.pos < from.size : left > 0);
        return true;
    }

 private:
    ZSTD_CCtx* context_;
};
#endif

#if PCAPLINE_HAVE_LZ4
class Lz4Encoder final : public Encoder {
 public:
    Lz4Encoder() {
        if (::LZ4F_isError(::LZ4F_createCompressionContext(&context_, LZ4F_VERSION))) context_ = nullptr;
        preferences_.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
        preferences_.frameInfo.blockSizeID = LZ4F_max256KB;
    }
    Lz4Encoder(const Lz4Encoder&) = delete;
    Lz4Encoder& operator=(const Lz4Encoder&) = delete;
    ~Lz4Encoder() override { ::LZ4F_freeCompressionContext(context_); }

    bool encode(Bytes in, Until until, std::vector<std::uint8_t>& out) override {
        if (context_ == nullptr) return false;
        const auto begin = [this](std::uint8_t* to, std::size_t size) { return ::LZ4F_compressBegin(context_, to, size, &preferences_); };
        if (!begun_ && !append(out, LZ4F_HEADER_SIZE_MAX, begin)) return false;
        begun_ = true;
        const std::size_t most = ::LZ4F_compressBound(in.size(), &preferences_);
        return append(out, most,
                      [&](std::uint8_t* to, std::size_t size) {
                          return ::LZ4F_compressUpdate(context_, to, size, in.data(), in.size(), nullptr);
                      }) &&
               (until == Until::whenever || append(out, ::LZ4F_compressBound(0, &preferences_), [&](std::uint8_t* to, std::size_t size) {
                    return until == Until::end ? ::LZ4F_compressEnd(context_, to, size, nullptr)
                                               : ::LZ4F_flush(context_, to, size, nullptr);
                }));
    }

 private:
    template <class Call>
    static bool append(std::vector<std::uint8_t>& out, std::size_t size, Call&& call) {
        Appended to{out, size};
        const std::size_t made = call(to.data(), size);
        const bool good = ::LZ4F_isError(made) == 0;
        to.less(good ? size - made : size);
        return good;
    }

    LZ4F_cctx* context_ = nullptr;
    LZ4F_preferences_t preferences_{};
    bool begun_ = false;
};
#endif

}  // namespace

std::unique_ptr<Encoder> gzip_encoder() {
    return std::make_unique<GzipEncoder>();
}
std::unique_ptr<Encoder> bzip2_encoder() {
    return std::make_unique<Bzip2Encoder>();
}
std::unique_ptr<Encoder> xz_encoder() {
    return std::make_unique<XzEncoder>();
}
std::unique_ptr<Encoder> zstd_encoder() {
#if PCAPLINE_HAVE_ZSTD
    return std::make_unique<ZstdEncoder>();
#else
    return nullptr;
#endif
}
std::unique_ptr<Encoder> lz4_encoder() {
#if PCAPLINE_HAVE_LZ4
    return std::make_unique<Lz4Encoder>();
#else
    return nullptr;
#endif
}

}  // namespace pcapline
