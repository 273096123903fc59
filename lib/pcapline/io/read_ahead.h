// ReadAhead: another source, read in a thread of its own.
#pragma once

#include <memory>
#include <optional>
#include <thread>

#include "pcapline/io/source.h"
#include "pcapline/parallel/queue.h"

namespace pcapline {

/// Keeps up to four blocks ready while its reader is busy. Worth its thread if the reader works long between two reads: then
/// the shorter of the two jobs costs nothing. A light reader gains 3 % behind gzip, and loses behind zstd, whose output it would
/// have found in the cache. Errors come where they would have come. Destroying it early cancels the source below.
class ReadAhead final : public Source {
 public:
    explicit ReadAhead(std::unique_ptr<Source> source);
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;
    ~ReadAhead() override;

    Result<std::size_t> read(std::span<std::uint8_t> into) override;
    std::string name() const override { return source_->name(); }
    std::string compression() const override { return source_->compression(); }
    /// As of the last block that was handed out.
    std::uint64_t bytes_in() const override { return block_.bytes_in; }
    void cancel() override;

 private:
    struct Block {
        std::vector<std::uint8_t> bytes;
        std::size_t size = 0;
        std::uint64_t bytes_in = 0;
        std::optional<Error> error = {};
    };
    void run();

    std::unique_ptr<Source> source_;
    Queue<Block> filled_;
    Queue<std::vector<std::uint8_t>> empty_;
    Block block_;  // what is handed out now
    std::size_t at_ = 0;
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace pcapline
