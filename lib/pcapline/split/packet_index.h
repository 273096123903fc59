// PacketIndex: where the packets of each part lie, so that a part can be written at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "pcapline/base/result.h"
#include "pcapline/capture/batch.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/io/descriptor.h"
#include "pcapline/split/parts.h"
#include "pcapline/split/record_encoder.h"

namespace pcapline {

/// The bytes of a file, read only, as long as this lives. The file must not become shorter while they are looked at.
class MappedFile {
 public:
    /// Errors: Errc::input.
    static Result<std::shared_ptr<const MappedFile>> open(int fd, const std::string& name);
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    Bytes bytes() const { return bytes_; }

 private:
    explicit MappedFile(Bytes bytes) : bytes_(bytes) {}
    Bytes bytes_;
};

/// A file without a name that takes bytes of packets which cannot be read a second time.
class Spool {
 public:
    /// In the folder for temporary files (TMPDIR). Errors: Errc::output.
    static Result<Spool> create();
    /// Where the bytes begin. Errors: Errc::output.
    Result<std::uint64_t> append(Bytes bytes);
    Result<std::shared_ptr<const MappedFile>> finish();

 private:
    explicit Spool(Descriptor file) : file_(std::move(file)) {}
    Result<void> write_out();

    Descriptor file_;
    ByteBuffer buffer_;
    std::uint64_t written_ = 0;
};

/// Keeps 40 bytes a packet, in file order, and gives them back part by part. Packets are read a second time where they lie: in mapped
/// input files, or in a Spool.
class PacketIndex {
 public:
    /// For 128 MiB.
    static constexpr std::size_t window = 3 * 1024 * 1024;

    /// Packets that are added from now on lie in `file`; null: in what write() is given.
    void begin_input(std::uint32_t input, std::shared_ptr<const MappedFile> file);
    /// What the input's interfaces are: before write(), after the last of its packets.
    void end_input(std::span<const Interface> interfaces, const CaptureInfo& info);
    /// Frame i of a batch belongs to a part. `offset`: of its first byte. Its options lie behind it.
    void add(Parts::Number part, const Batch& batch, std::size_t i, std::uint64_t offset);

    std::size_t size() const { return entries_.size(); }
    bool empty() const { return entries_.empty(); }
    std::size_t inputs() const { return inputs_.size(); }
    void clear();

    /// Sorts by part; `parts` is how many there are. `spooled`: where the packets lie that are in no input.
    void sort(std::size_t parts, std::shared_ptr<const MappedFile> spooled);
    /// Packets of a part.
    std::size_t packets(Parts::Number part) const { return begin_[part + 1] - begin_[part]; }
    /// Encodes a part's packets, in file order. Calls emit() with whole records whenever `out` has a megabyte and clears it then; what is
    /// left stays there. Errors: of the encoder, and of emit().
    Result<void> encode(Parts::Number part, RecordEncoder& encoder, RecordEncoder::State& state, ByteBuffer& out,
                        const std::function<Result<void>(Bytes)>& emit) const;

 private:
    static constexpr std::size_t worth_writing = 1024 * 1024;
    struct Entry {
        std::uint64_t offset : 56;
        std::uint64_t gap : 8;  ///< between the packet and its options
        std::int64_t time_ns;
        std::uint32_t cap_len;
        std::uint32_t wire_len;
        Parts::Number part;
        std::uint32_t options_len;
        std::uint16_t link_type;
        std::uint16_t interface;
        std::uint32_t number;  ///< for messages; its lower half
    };
    static_assert(sizeof(Entry) == 40);
    struct Input {
        std::uint32_t input;
        std::shared_ptr<const MappedFile> file;
        std::vector<Interface> interfaces;
        CaptureInfo info;
    };
    /// Packets of one input whose options are in one byte order.
    struct Run {
        std::size_t first;
        std::size_t input;
        ByteOrder order;
    };
    const Run& run_of(std::size_t entry) const;

    std::vector<Entry> entries_;
    std::vector<Input> inputs_;
    std::vector<Run> runs_;
    std::vector<std::uint32_t> order_;
    std::vector<std::size_t> begin_;  ///< of each part, in order_
};

}  // namespace pcapline
