// Each block of a bzip2 file is decoded on its own, its checksum too: see bzip2_decode.h. The few that this cannot do are packed
// into a stream of one block, which libbz2 reads. What joins the blocks to streams - headers, the checksum of all blocks, the
// end - is read here.
#include <bzlib.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "pcapline/io/bzip2_blocks.h"
#include "pcapline/io/bzip2_decode.h"
#include "pcapline/io/decoders.h"
#include "pcapline/parallel/ordered.h"

namespace pcapline {

namespace {

// What a worker makes of a block. Almost all blocks are shorter: they hold 900,000 bytes, but runs are shortened before.
// A longer one (it may have 46 MB) is handed on with its decoder, and decoded as it is read.
constexpr std::size_t most_output = 2 * 1024 * 1024;
constexpr unsigned sum_bits = 32;
// Magic numbers that a block contains by chance: one in 2^48 bits. Made on purpose, so many are believed, then it is damage.
constexpr unsigned most_false_magics = 16;

using State = Bzip2Block::State;

/// Decodes a stream of one block.
class PackedBlock {
 public:
    explicit PackedBlock(std::vector<std::uint8_t> input) : input_(std::move(input)) {
        ready_ = ::BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
        stream_.next_in = reinterpret_cast<char*>(input_.data());
        stream_.avail_in = static_cast<unsigned>(input_.size());
    }
    PackedBlock(const PackedBlock&) = delete;
    PackedBlock& operator=(const PackedBlock&) = delete;
    ~PackedBlock() {
        if (ready_) ::BZ2_bzDecompressEnd(&stream_);
    }

    /// As Bzip2Block::read().
    State read(std::span<std::uint8_t> out, std::size_t& made) {
        const auto room = static_cast<unsigned>(std::min<std::size_t>(out.size(), std::numeric_limits<unsigned>::max()));
        stream_.next_out = reinterpret_cast<char*>(out.data());
        stream_.avail_out = room;
        const int result = ready_ ? ::BZ2_bzDecompress(&stream_) : BZ_MEM_ERROR;
        made = room - stream_.avail_out;
        if (result == BZ_STREAM_END) return stream_.avail_in == 0 ? State::good : State::bad;
        return result == BZ_OK && stream_.avail_out == 0 ? State::more : State::bad;
    }

 private:
    std::vector<std::uint8_t> input_;
    bz_stream stream_{};
    bool ready_ = false;
};

/// Decodes blocks of all kinds, one after another.
class BlockDecoder {
 public:
    /// The block of `bits` bits from bit `first_bit` of `bytes` on.
    State begin(const std::vector<std::uint8_t>& bytes, unsigned first_bit, std::uint64_t bits) {
        packed_.reset();
        const State state = block_.begin(bytes, first_bit, bits);
        if (state != State::unusual) return state;
        BitWriter stream;
        for (const char c : {'B', 'Z', 'h', '9'}) stream.put(static_cast<std::uint8_t>(c), 8);
        stream.put(bytes.data(), first_bit, bits);
        stream.put(Bzip2Splitter::end_magic, Bzip2Splitter::magic_bits);
        // The checksum of one block is that of all.
        stream.put(bits_at(bytes, first_bit + Bzip2Splitter::magic_bits, sum_bits), sum_bits);
        packed_ = std::make_unique<PackedBlock>(std::move(stream.bytes()));
        return State::more;
    }
    State read(std::span<std::uint8_t> out, std::size_t& made) { return packed_ ? packed_->read(out, made) : block_.read(out, made); }

 private:
    Bzip2Block block_;
    std::unique_ptr<PackedBlock> packed_;
};

/// What a worker made of a segment.
struct Piece {
    Bzip2Segment segment;
    std::vector<std::uint8_t> out = {};
    State state = State::bad;
    std::unique_ptr<BlockDecoder> decoder = {};  // has more
    std::uint32_t sum = 0;
};

/// Decodes the block that begins in piece.segment; all bits of it are the `bits` from bit `first_bit` of `bytes` on.
/// `decoder` is made if there is none, and taken if it has more.
void decode_block(Piece& piece, std::unique_ptr<BlockDecoder>& decoder, const std::vector<std::uint8_t>& bytes, unsigned first_bit,
                  std::uint64_t bits) {
    if (!decoder) decoder = std::make_unique<BlockDecoder>();
    piece.sum = static_cast<std::uint32_t>(bits_at(bytes, first_bit + Bzip2Splitter::magic_bits, sum_bits));
    piece.state = decoder->begin(bytes, first_bit, bits);
    piece.out.clear();
    if (piece.state != State::more) return;
    piece.out.resize(most_output);
    std::size_t made = 0;
    piece.state = decoder->read(piece.out, made);
    piece.out.resize(made);
    if (piece.state == State::more) piece.decoder = std::move(decoder);
}

Piece work(std::unique_ptr<BlockDecoder>& decoder, Bzip2Segment segment) {
    Piece piece{std::move(segment)};
    const Bzip2Segment& from = piece.segment;
    if (from.kind != Bzip2Segment::Kind::block || from.bits < Bzip2Splitter::magic_bits + sum_bits) return piece;
    decode_block(piece, decoder, from.bytes, from.first_bit, from.bits);
    if (piece.state != State::bad) piece.segment.bytes = {};
    return piece;
}

class Bzip2Source final : public Source {
 public:
    Bzip2Source(std::unique_ptr<Source> source, unsigned threads)
        : source_(std::move(source)),
          splitter_(*source_),
          decoders_(std::max(threads, 1U)),
          pieces_(
              OrderedLimits{threads, 2 * std::size_t{threads}},
              [this]() -> Result<std::optional<Bzip2Segment>> { return splitter_.next(); },
              [this](unsigned worker, Bzip2Segment segment) -> Result<Piece> { return work(decoders_[worker], std::move(segment)); }) {}
    Bzip2Source(const Bzip2Source&) = delete;
    Bzip2Source& operator=(const Bzip2Source&) = delete;
    ~Bzip2Source() override { cancel(); }

    Result<std::size_t> read(std::span<std::uint8_t> into) override;
    std::string name() const override { return source_->name() + " (bzip2 decoded)"; }
    std::string compression() const override { return joined_compression(*source_, "bzip2"); }
    std::uint64_t bytes_in() const override { return bytes_in_; }
    void cancel() override {
        pieces_.stop();
        source_->cancel();
    }

 private:
    enum class Place : std::uint8_t {
        start,
        in_stream,
        padding,
    };

    std::size_t hand_out(std::span<std::uint8_t> into);
    std::optional<Piece> take();
    void next_piece();
    void between(const Bzip2Segment& segment);
    void begin_block(Piece piece);
    void join(Piece& piece);
    void end_block();
    void fail(const Bzip2Segment& segment, const char* what);
    void fail_at(std::uint64_t offset, const char* what);

    std::unique_ptr<Source> source_;
    Bzip2Splitter splitter_;
    std::vector<std::unique_ptr<BlockDecoder>> decoders_;  // of each worker, so that their memory is asked for once
    Piece piece_;                                          // what is handed out now
    std::size_t at_ = 0;
    bool in_block_ = false;
    Place place_ = Place::start;
    std::uint32_t sum_ = 0;  // of the blocks of this stream
    std::uint64_t bytes_in_ = 0;
    bool done_ = false;
    std::optional<Error> failed_;
    Ordered<Bzip2Segment, Piece> pieces_;  // last: its threads use what is above
};

Result<std::size_t> Bzip2Source::read(std::span<std::uint8_t> into) {
    while (!into.empty()) {
        if (const std::size_t n = hand_out(into); n > 0) return n;
        if (failed_) return *failed_;
        if (done_) return 0;
        if (!in_block_) next_piece();
    }
    return 0;
}

/// 0 if the block has no more; it is over then.
std::size_t Bzip2Source::hand_out(std::span<std::uint8_t> into) {
    if (!in_block_) return 0;
    std::size_t n = std::min(into.size(), piece_.out.size() - at_);
    if (n > 0) {
        std::memcpy(into.data(), piece_.out.data() + at_, n);
        at_ += n;
    } else if (piece_.decoder) {
        piece_.state = piece_.decoder->read(into, n);
        if (piece_.state != State::more) piece_.decoder.reset();
    }
    if (n == 0) end_block();
    return n;
}

void Bzip2Source::end_block() {
    in_block_ = false;
    if (piece_.state == State::bad) {
        fail(piece_.segment, "bzip2 block is damaged");
    } else {
        sum_ = std::rotl(sum_, 1) ^ piece_.sum;
    }
}

std::optional<Piece> Bzip2Source::take() {
    auto piece = pieces_.take();
    if (!piece) {
        failed_ = piece.error();
        if (failed_->where.empty()) failed_->where = name();
        return std::nullopt;
    }
    if (*piece) bytes_in_ = (*piece)->segment.bytes_in;
    return std::move(*piece);
}

void Bzip2Source::next_piece() {
    auto piece = take();
    if (!piece) {
        done_ = !failed_;
    } else if (piece->segment.kind == Bzip2Segment::Kind::block && place_ == Place::in_stream) {
        begin_block(std::move(*piece));
    } else {
        between(piece->segment);
    }
}

void Bzip2Source::begin_block(Piece piece) {
    if (piece.state == State::bad && piece.out.empty() && !piece.segment.last) join(piece);
    if (failed_) return;
    piece_ = std::move(piece);
    at_ = 0;
    in_block_ = true;
}

/// A block that does not even begin to make sense may have been cut in two by a magic number that is none.
void Bzip2Source::join(Piece& piece) {
    BitWriter block;
    std::uint64_t bits = piece.segment.bits;
    block.put(piece.segment.bytes.data(), piece.segment.first_bit, bits);
    std::unique_ptr<BlockDecoder> decoder;
    for (unsigned i = 0; i < most_false_magics && block.bytes().size() <= Bzip2Splitter::most_bytes; ++i) {
        const auto next = take();
        // No bytes: it was a good block of its own.
        if (!next || next->segment.bytes.empty()) return;
        block.put(next->segment.bytes.data(), next->segment.first_bit, next->segment.bits);
        bits += next->segment.bits;
        decode_block(piece, decoder, block.bytes(), 0, bits);
        if (piece.state != State::bad || !piece.out.empty() || next->segment.last) return;
    }
}

/// Checks what stands between two streams, before the first, or behind the last.
void Bzip2Source::between(const Bzip2Segment& segment) {
    std::uint64_t at = segment.first_bit;
    const std::uint64_t end = segment.first_bit + segment.bits;
    if (place_ == Place::in_stream) {
        if (segment.kind != Bzip2Segment::Kind::between || end - at < Bzip2Splitter::magic_bits + sum_bits) {
            return fail(segment, "bzip2 block is damaged");
        }
        if (bits_at(segment.bytes, at + Bzip2Splitter::magic_bits, sum_bits) != sum_) {
            return fail(segment, "bzip2 checksum does not match");
        }
        at = (at + Bzip2Splitter::magic_bits + sum_bits + 7) / 8 * 8;
        place_ = Place::start;
        sum_ = 0;
    }
    const Bytes rest = Bytes{segment.bytes}.subspan(static_cast<std::size_t>(std::min(at, end) / 8));
    const bool padding = std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; });
    constexpr std::uint8_t magic[] = {'B', 'Z', 'h'};
    const bool header = place_ == Place::start &&
                        std::equal(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(rest.size(), 3)), magic);
    if (padding) {
        place_ = Place::padding;
        done_ = segment.last;
        if (segment.last && segment.stopped_by) failed_ = segment.stopped_by;
    } else if (header && !segment.last && rest.size() == 4 && end % 8 == 0 && rest[3] >= '1' && rest[3] <= '9') {
        place_ = Place::in_stream;
    } else if (header && segment.last && rest.size() <= 4 + (Bzip2Splitter::magic_bits + sum_bits) / 8) {
        place_ = Place::in_stream;
        fail(segment, "bzip2 stream cut short");
    } else {
        const std::uint64_t offset = (segment.at_bit - segment.first_bit) / 8 + segment.bytes.size() - rest.size();
        fail_at(offset, header ? "bzip2 block is damaged" : "bytes after the bzip2 stream that are not bzip2");
    }
}

void Bzip2Source::fail(const Bzip2Segment& segment, const char* what) {
    if (segment.stopped_by) {
        failed_ = segment.stopped_by;
        return;
    }
    // Damage cannot be told from an end that is missing if nothing follows.
    const bool cut = segment.last && place_ == Place::in_stream;
    fail_at(cut ? (segment.at_bit + segment.bits) / 8 : segment.at_bit / 8, cut ? "bzip2 stream cut short" : what);
}

void Bzip2Source::fail_at(std::uint64_t offset, const char* what) {
    failed_ = Error{Errc::damage, what, name(), static_cast<std::int64_t>(offset)};
}

}  // namespace

std::unique_ptr<Source> bzip2_source(std::unique_ptr<Source> source, unsigned threads) {
    return std::make_unique<Bzip2Source>(std::move(source), threads);
}

}  // namespace pcapline
