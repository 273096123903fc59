#include "pcapline/io/compressing_sink.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "pcapline/io/source.h"

namespace pcapline {

Result<void> CompressingSink::put(Bytes bytes, Encoder::Until until) {
    if (failed_) return *failed_;
    // In pieces, so that the compressed bytes do not pile up.
    do {
        const Bytes piece = bytes.first(std::min(bytes.size(), block_size));
        bytes = bytes.subspan(piece.size());
        out_.clear();
        if (!encoder_->encode(piece, bytes.empty() ? until : Encoder::Until::whenever, out_)) {
            failed_ = Error{Errc::memory, "no memory to compress", name()};
            return *failed_;
        }
        if (out_.empty()) continue;
        if (const auto done = sink_->write(out_); !done) {
            failed_ = done.error();
            return *failed_;
        }
    } while (!bytes.empty());
    return {};
}

Result<void> CompressingSink::write(Bytes bytes) {
    if (bytes.empty()) return {};
    pending_ = true;
    return put(bytes, Encoder::Until::whenever);
}

Result<void> CompressingSink::flush() {
    if (pending_) {
        if (auto done = put({}, Encoder::Until::decodable); !done) return done;
        pending_ = false;
    }
    return sink_->flush();
}

Result<void> CompressingSink::finish() {
    if (!finished_) {
        if (auto done = put({}, Encoder::Until::end); !done) return done;
        finished_ = true;
    }
    return sink_->finish();
}

Result<std::unique_ptr<Encoder>> encoder_for(const std::string& method) {
    struct Format {
        std::string_view method;
        std::unique_ptr<Encoder> (*make)();
    };
    static constexpr std::array<Format, 5> formats{
        {{"gzip", gzip_encoder}, {"xz", xz_encoder}, {"zstd", zstd_encoder}, {"bzip2", bzip2_encoder}, {"lz4", lz4_encoder}}};
    const auto* const format = std::find_if(formats.begin(), formats.end(), [&](const Format& f) { return f.method == method; });
    if (format == formats.end()) {
        return Error{Errc::usage, "no such compression: " + method + " (there are gzip, xz, zstd, bzip2 and lz4)"};
    }
    auto encoder = format->make();
    if (!encoder) return Error{Errc::usage, "this build cannot write " + method};
    return encoder;
}

Result<std::unique_ptr<Sink>> compressed(std::unique_ptr<Sink> sink, const std::string& method) {
    auto encoder = encoder_for(method);
    if (!encoder) return encoder.error();
    return std::unique_ptr<Sink>{std::make_unique<CompressingSink>(std::move(sink), std::move(*encoder))};
}

}  // namespace pcapline
