// DecodingSource: a decompressor in front of another source.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pcapline/io/source.h"

namespace pcapline {

/// Decodes one format, stream after stream. Knows nothing of where its bytes come from.
class Decoder {
 public:
    enum class State : std::uint8_t {
        running,     ///< more bytes or more room are needed
        stream_end,  ///< one stream is over; the next call begins another
        all_done,    ///< nothing can follow
        failed,      ///< problem() says why; what was decoded before is in `out`
    };
    virtual ~Decoder() = default;

    /// Takes bytes off the front of `in` and room off the front of `out`. `last`: nothing comes after `in`.
    virtual State decode(Bytes& in, std::span<std::uint8_t>& out, bool last) = 0;
    /// Whether another stream begins with these bytes: at most magic_size, fewer if the input ends there.
    virtual bool begins(Bytes magic) const = 0;
    static constexpr std::size_t magic_size = 4;
    const std::string& problem() const { return problem_; }

 protected:
    State fail(std::string problem) {
        problem_ = std::move(problem);
        return State::failed;
    }

 private:
    std::string problem_;
};

/// Makes a source that hands out what `decoder` makes of the bytes of another one. Between and behind streams it knows
/// three things: another stream, zero bytes up to the end (padding, ignored), and other bytes (an error, after all data).
/// Errors: Errc::damage, placed by the offset in the compressed bytes; those of the source below as they are.
class DecodingSource final : public Source {
 public:
    /// `method`: "gzip"; `done`: what was done to it, for the name: "gunzipped".
    DecodingSource(std::unique_ptr<Source> source, std::unique_ptr<Decoder> decoder, std::string_view method, std::string_view done);

    Result<std::size_t> read(std::span<std::uint8_t> into) override;
    std::string name() const override { return source_->name() + " (" + std::string{done_name_} + ")"; }
    std::string compression() const override;
    std::uint64_t bytes_in() const override { return source_->bytes_in(); }
    void cancel() override { source_->cancel(); }

 private:
    enum class Place : std::uint8_t {
        in_stream,
        between,  // a stream is over
        padding,  // as between, and a zero byte was seen
    };

    bool refill();
    bool pass_gap(bool may_wait);
    void step(std::span<std::uint8_t>& out);
    void fail(std::string what);

    std::unique_ptr<Source> source_;
    std::unique_ptr<Decoder> decoder_;
    std::string_view method_;
    std::string_view done_name_;
    std::vector<std::uint8_t> buffer_;
    Bytes in_;                // what of buffer_ is not decoded yet
    std::uint64_t used_ = 0;  // compressed bytes that were decoded
    Place place_ = Place::in_stream;
    bool ended_ = false;  // the source has no more
    bool done_ = false;
    std::optional<Error> input_failed_;
    std::optional<Error> failed_;
};

/// The name of a source or error of a decoder: nested methods are joined by "+".
std::string joined_compression(const Source& below, std::string_view method);

}  // namespace pcapline
