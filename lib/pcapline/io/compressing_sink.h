// CompressingSink: a compressor in front of another sink.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pcapline/io/sink.h"

namespace pcapline {

/// Compresses to one format. Knows nothing of where its bytes go.
class Encoder {
 public:
    enum class Until : std::uint8_t {
        whenever,   ///< may keep bytes back
        decodable,  ///< everything up to here can be decoded from what was written
        end,        ///< ends the stream
    };
    virtual ~Encoder() = default;
    /// Appends to `out`. False if it failed: only for lack of memory.
    virtual bool encode(Bytes in, Until until, std::vector<std::uint8_t>& out) = 0;
};

// Each null if the build lacks its library.
std::unique_ptr<Encoder> gzip_encoder();
std::unique_ptr<Encoder> bzip2_encoder();
std::unique_ptr<Encoder> xz_encoder();
std::unique_ptr<Encoder> zstd_encoder();
std::unique_ptr<Encoder> lz4_encoder();

/// The encoder of a method of SinkOptions. Errors: Errc::usage if there is no such method or the build lacks it.
Result<std::unique_ptr<Encoder>> encoder_for(const std::string& method);

/// Hands what an encoder makes to a sink, which it owns. Has the sink's name; errors are those of the sink, and Errc::memory.
class CompressingSink final : public Sink {
 public:
    CompressingSink(std::unique_ptr<Sink> sink, std::unique_ptr<Encoder> encoder) : sink_(std::move(sink)), encoder_(std::move(encoder)) {}

    Result<void> write(Bytes bytes) override;
    Result<void> flush() override;
    Result<void> finish() override;
    std::string name() const override { return sink_->name(); }

 private:
    Result<void> put(Bytes bytes, Encoder::Until until);

    std::unique_ptr<Sink> sink_;
    std::unique_ptr<Encoder> encoder_;
    std::vector<std::uint8_t> out_;
    bool pending_ = false;  // something was written since the last flush
    bool finished_ = false;
    std::optional<Error> failed_;
};

}  // namespace pcapline
