// RecordBuffer: whole records on their way to a Sink.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "pcapline/base/bytes.h"
#include "pcapline/base/endian.h"
#include "pcapline/base/result.h"
#include "pcapline/io/sink.h"

namespace pcapline {

/// Collects records and hands them to the sink some 256 KiB at a time, never a part of one.
class RecordBuffer {
 public:
    explicit RecordBuffer(std::unique_ptr<Sink> sink);

    /// Begins a record of `size` bytes and returns where to write it; all of it must be written. Valid until the next call.
    Result<std::uint8_t*> record(std::size_t size);
    /// Everything collected goes to the sink.
    Result<void> hand_over();
    Result<void> flush();
    Result<void> finish();
    std::string name() const { return sink_->name(); }

 private:
    std::unique_ptr<Sink> sink_;
    std::vector<std::uint8_t> bytes_;
    std::size_t used_ = 0;
};

/// Writes fields of a record one after another.
class FieldWriter {
 public:
    FieldWriter(std::uint8_t* to, ByteOrder order) : to_(to), order_(order) {}

    void u16(std::uint16_t value) { put(value); }
    void u32(std::uint32_t value) { put(value); }
    void u64(std::uint64_t value) { put(value); }
    void bytes(Bytes bytes) {
        if (!bytes.empty()) std::memcpy(to_, bytes.data(), bytes.size());
        to_ += bytes.size();
    }
    void zeros(std::size_t count) {
        std::memset(to_, 0, count);
        to_ += count;
    }

 private:
    template <class Unsigned>
    void put(Unsigned value) {
        store(to_, value, order_);
        to_ += sizeof value;
    }

    std::uint8_t* to_;
    ByteOrder order_;
};

}  // namespace pcapline
