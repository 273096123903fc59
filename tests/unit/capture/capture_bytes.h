// Captures written by hand, byte by byte, in either byte order; and what a reader makes of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/base/endian.h"
#include "pcapline/capture/frame_source.h"

namespace pcapline::test {

/// Appends numbers in one byte order.
class FileBytes {
 public:
    explicit FileBytes(ByteOrder order = ByteOrder::little) : order_(order) {}

    FileBytes& u8(unsigned value) {
        bytes_.push_back(static_cast<std::uint8_t>(value));
        return *this;
    }
    FileBytes& u16(unsigned value) { return put(static_cast<std::uint16_t>(value)); }
    FileBytes& u32(std::uint64_t value) { return put(static_cast<std::uint32_t>(value)); }
    FileBytes& u64(std::uint64_t value) { return put(value); }
    FileBytes& ticks(std::uint64_t value) { return u32(value >> 32).u32(value); }
    FileBytes& text(std::string_view text) {
        bytes_.insert(bytes_.end(), text.begin(), text.end());
        return *this;
    }
    FileBytes& fill(std::size_t count, unsigned value = 0) {
        bytes_.insert(bytes_.end(), count, static_cast<std::uint8_t>(value));
        return *this;
    }
    FileBytes& add(const std::vector<std::uint8_t>& more) {
        bytes_.insert(bytes_.end(), more.begin(), more.end());
        return *this;
    }
    ByteOrder order() const { return order_; }
    std::vector<std::uint8_t>& bytes() { return bytes_; }
    const std::vector<std::uint8_t>& bytes() const { return bytes_; }
    std::size_t size() const { return bytes_.size(); }

    /// A classic file header.
    FileBytes& pcap(std::uint32_t magic = 0xa1b2c3d4, std::uint32_t link = 1, unsigned major = 2, unsigned minor = 4,
                    std::uint32_t snap = 65535) {
        return u32(magic).u16(major).u16(minor).u32(3600).u32(0).u32(snap).u32(link);
    }
    /// A classic record: `data` bytes of 0x5a.
    FileBytes& record(std::uint64_t seconds, std::uint64_t fraction, std::uint64_t data, std::uint64_t original) {
        return u32(seconds).u32(fraction).u32(data).u32(original).fill(data, 0x5a);
    }
    /// A pcapng block around a body; pads the body.
    FileBytes& block(std::uint32_t type, FileBytes body) {
        while (body.size() % 4 != 0) body.u8(0);
        const std::size_t length = body.size() + 12;
        return u32(type).u32(length).add(body.bytes()).u32(length);
    }
    FileBytes& section(const FileBytes& options = FileBytes()) {
        return block(0x0a0d0d0a, FileBytes(order_).u32(0x1a2b3c4d).u16(1).u16(0).u64(~std::uint64_t{0}).add(options.bytes()));
    }
    FileBytes& interface(unsigned link = 1, std::uint32_t snap = 0, const FileBytes& options = FileBytes()) {
        return block(1, FileBytes(order_).u16(link).u16(0).u32(snap).add(options.bytes()));
    }
    FileBytes& packet(std::uint32_t interface, std::uint64_t ticks, std::uint32_t data, std::uint32_t original,
                      const FileBytes& options = FileBytes()) {
        FileBytes body(order_);
        body.u32(interface).ticks(ticks).u32(data).u32(original).fill(data, 0x5a).fill((4 - data % 4) % 4);
        return block(6, body.add(options.bytes()));
    }
    FileBytes& simple(std::uint32_t original, std::uint32_t data) { return block(3, FileBytes(order_).u32(original).fill(data, 0x5a)); }
    FileBytes& option(unsigned code, const FileBytes& value) {
        u16(code).u16(static_cast<unsigned>(value.size())).add(value.bytes());
        return fill((4 - value.size() % 4) % 4);
    }
    FileBytes& option(unsigned code, std::string_view text) { return option(code, FileBytes().text(text)); }
    FileBytes& end_options() { return u32(0); }

 private:
    template <class Unsigned>
    FileBytes& put(Unsigned value) {
        bytes_.resize(bytes_.size() + sizeof value);
        store(bytes_.data() + bytes_.size() - sizeof value, value, order_);
        return *this;
    }

    ByteOrder order_;
    std::vector<std::uint8_t> bytes_;
};

/// A frame and what came with it, owned.
struct Packet {
    std::int64_t time_ns = 0;
    std::uint32_t wire_len = 0;
    std::uint16_t link_type = 0;
    std::uint16_t interface = 0;
    std::vector<std::uint8_t> data;
    std::vector<std::uint8_t> options;
    bool operator==(const Packet&) const = default;
};

/// Everything that a source gives.
struct Reading {
    std::string error;  ///< of opening
    std::vector<Packet> packets;
    std::vector<std::uint64_t> numbers;
    std::vector<std::uint32_t> other_types;
    std::vector<Interface> interfaces;
    CaptureInfo info;
    std::optional<Damage> damage;
};

inline void read_on(FrameSource& source, Reading& out) {
    Batch batch;
    while (source.next(batch)) {
        for (std::size_t i = 0; i < batch.frames.size(); ++i) {
            const Frame& frame = batch.frames[i];
            const Bytes options = batch.options_of(i);
            const Bytes data = frame.bytes();
            out.packets.push_back({frame.time_ns,
                                   frame.wire_len,
                                   frame.link_type,
                                   frame.interface,
                                   {data.begin(), data.end()},
                                   {options.begin(), options.end()}});
            out.numbers.push_back(batch.number_of(i));
        }
        for (const OtherBlock& other : batch.others) out.other_types.push_back(other.type);
    }
    out.interfaces.assign(source.interfaces().begin(), source.interfaces().end());
    out.info = source.info();
    out.damage = source.damage();
}

inline Reading read_all(std::unique_ptr<Source> source) {
    Reading out;
    auto opened = open_capture(std::move(source));
    if (opened) {
        read_on(**opened, out);
    } else {
        out.error = opened.error().message();
    }
    return out;
}
inline Reading read_all(std::vector<std::uint8_t> bytes, std::size_t step = block_size) {
    return read_all(std::make_unique<MemorySource>(std::move(bytes), "memory", step));
}

}  // namespace pcapline::test
