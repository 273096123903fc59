#include "pcapline/capture/pcapng_writer.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "pcapline/base/time.h"
#include "pcapline/capture/limits.h"
#include "pcapline/capture/pcapng_blocks.h"
#include "pcapline/capture/pcapng_format.h"
#include "pcapline/capture/pcapng_section.h"

namespace pcapline {
namespace {

// Seconds that make every 64-bit nanosecond time positive.
constexpr std::int64_t earliest_second = std::numeric_limits<std::int64_t>::min() / ns_per_second - 1;

bool same_description(const Interface& a, const Interface& b) {
    return a.link_type == b.link_type && a.snap_len == b.snap_len && a.time == b.time && a.fcs_len == b.fcs_len && a.name == b.name &&
           a.description == b.description && a.filter == b.filter && a.hardware == b.hardware && a.os == b.os;
}

}  // namespace

PcapngWriter::Output::Output(const Interface& from, bool is_shared) : interface(from), shared(is_shared) {
    const TimeScale& time = from.time;
    if (time.binary || time.exponent > 9 || time.offset != 0) return;
    factor = 1;
    for (unsigned exponent = time.exponent; exponent < 9; ++exponent) factor *= 10;
}

std::optional<std::uint64_t> PcapngWriter::Output::exact_ticks(std::int64_t time_ns) const {
    if (factor != 0) {
        if (time_ns < 0) return std::nullopt;
        const std::uint64_t ticks = static_cast<std::uint64_t>(time_ns) / factor;
        if (ticks * factor != static_cast<std::uint64_t>(time_ns)) return std::nullopt;
        return ticks;
    }
    const auto ticks = interface.time.to_ticks(time_ns);
    return ticks && interface.time.to_ns(*ticks) == time_ns ? ticks : std::nullopt;
}

PcapngWriter::PcapngWriter(std::unique_ptr<Sink> sink, const WriterOptions& options) : out_(std::move(sink)), options_(options) {}

Result<void> PcapngWriter::write(const Batch& batch, std::span<const Interface> interfaces, const CaptureInfo& info) {
    const Origin from{batch, interfaces, info};
    auto other = batch.others.begin();
    for (std::size_t i = 0;; ++i) {
        for (; other != batch.others.end() && (other->before_frame <= i || i == batch.frames.size()); ++other) {
            if (auto done = put_other(from, *other); !done) return done;
        }
        if (i == batch.frames.size()) break;
        if (auto done = put_frame(from, i); !done) return done;
    }
    for (std::size_t i = 0; options_.all_interfaces && i < interfaces.size(); ++i) {
        const auto number = output_of(from, static_cast<std::uint16_t>(i), interfaces[i].link_type, Variant::as_is);
        if (!number) return number.error();
    }
    return {};
}

Result<void> PcapngWriter::begin_section(const CaptureInfo& info, ByteOrder order) {
    BlockBuilder block = section_block(info, order);
    return put_block(block.finish(), order);
}

// A whole block as it is; both lengths are set, as old writers left the padding out of them.
Result<void> PcapngWriter::put_block(Bytes block, ByteOrder order) {
    const auto to = out_.record(block.size());
    if (!to) return to.error();
    std::copy(block.begin(), block.end(), *to);
    const auto length = static_cast<std::uint32_t>(block.size());
    store(*to + 4, length, order);
    store(*to + length - 4, length, order);
    if (load32(*to, order) != static_cast<std::uint32_t>(BlockType::section_header)) return {};
    store(*to + 16, std::numeric_limits<std::uint64_t>::max(), order);
    order_ = order;
    in_section_ = true;
    outputs_.clear();
    numbers_.clear();
    last_known_ = false;
    return {};
}

Result<void> PcapngWriter::put_other(const Origin& from, const OtherBlock& other) {
    if (other.type == static_cast<std::uint32_t>(BlockType::section_header)) return put_block(other.bytes, other.order);
    if (!in_section_ || order_ != other.order || outputs_.size() >= max_interfaces) {
        if (auto done = begin_section(from.info, other.order); !done) return done;
    }
    const auto interface = static_cast<std::uint16_t>(other.interface);
    if (other.type == static_cast<std::uint32_t>(BlockType::interface_description)) {
        const Interface described = read_interface(other.bytes, other.order, 0);
        const std::uint64_t key = key_of(from.batch.input, interface, described.link_type, Variant::as_is);
        numbers_[key] = static_cast<std::uint32_t>(outputs_.size());
        outputs_.emplace_back(described, false);
        last_known_ = false;
        return put_block(other.bytes, other.order);
    }
    if (other.type != static_cast<std::uint32_t>(BlockType::interface_statistics) || other.interface >= from.interfaces.size()) {
        return put_block(other.bytes, other.order);
    }
    const auto number = output_of(from, interface, from.interfaces[interface].link_type, Variant::as_is);
    if (!number) return number.error();
    std::vector<std::uint8_t> statistics(other.bytes.begin(), other.bytes.end());
    store(statistics.data() + 8, *number, other.order);
    return put_block(statistics, other.order);
}

// The number of an interface in the output's section; described there if it is not yet.
Result<std::uint32_t> PcapngWriter::output_of(const Origin& from, std::uint16_t interface, std::uint16_t link_type, Variant variant) {
    const std::uint64_t key = key_of(from.batch.input, interface, link_type, variant);
    if (last_known_ && key == last_key_) return last_number_;
    std::uint32_t number = 0;
    if (const auto found = numbers_.find(key); found != numbers_.end()) {
        number = found->second;
    } else {
        if (!in_section_ || outputs_.size() >= max_interfaces) {
            if (auto done = begin_section(from.info, in_section_ ? order_ : native_order); !done) return done.error();
        }
        Interface description = interface < from.interfaces.size() ? from.interfaces[interface] : Interface {};
        description.link_type = link_type;
        if (variant != Variant::as_is) description.time = {false, 9, variant == Variant::signed_time ? earliest_second : 0};
        auto added = add_output(description, from.info.format == CaptureFormat::pcap);
        if (!added) return added;
        number = *added;
        numbers_[key] = number;
    }
    last_key_ = key;
    last_number_ = number;
    last_known_ = true;
    return number;
}

Result<std::uint32_t> PcapngWriter::add_output(const Interface& interface, bool shared) {
    if (shared) {
        const auto same = std::find_if(outputs_.begin(), outputs_.end(), [&](const Output& output) {
            return output.shared && same_description(output.interface, interface);
        });
        if (same != outputs_.end()) return static_cast<std::uint32_t>(same - outputs_.begin());
    }
    BlockBuilder block = interface_block(interface, order_);
    if (auto done = put_block(block.finish(), order_); !done) return done.error();
    outputs_.emplace_back(interface, shared);
    return static_cast<std::uint32_t>(outputs_.size() - 1);
}

Result<void> PcapngWriter::put_frame(const Origin& from, std::size_t at) {
    const Frame& frame = from.batch.frames[at];
    auto number = output_of(from, frame.interface, frame.link_type, Variant::as_is);
    if (!number) return number.error();
    const Bytes options = from.batch.options_of(at);
    if (!frame.has_time()) {
        const std::uint32_t snap_len = outputs_[*number].interface.snap_len;
        const std::uint32_t all = snap_len == 0 ? frame.wire_len : std::min(snap_len, frame.wire_len);
        if (*number == 0 && options.empty() && frame.cap_len == all) return put_simple(frame);
        return put_enhanced(frame, *number, 0, options);
    }
    std::optional<std::uint64_t> ticks = outputs_[*number].exact_ticks(frame.time_ns);
    if (!ticks) {
        number = output_of(from, frame.interface, frame.link_type, frame.time_ns < 0 ? Variant::signed_time : Variant::nanoseconds);
        if (!number) return number.error();
        ticks = outputs_[*number].exact_ticks(frame.time_ns);
    }
    if (from.batch.order == order_ || options.empty()) return put_enhanced(frame, *number, ticks.value_or(0), options);
    return put_enhanced(frame, *number, ticks.value_or(0), packet_options_in(order_, options, from.batch.order));
}

Result<void> PcapngWriter::put_simple(const Frame& frame) {
    const std::uint32_t length = static_cast<std::uint32_t>(simple_packet_size) + padded(frame.cap_len);
    const auto to = out_.record(length);
    if (!to) return to.error();
    FieldWriter block(*to, order_);
    block.u32(static_cast<std::uint32_t>(BlockType::simple_packet));
    block.u32(length);
    block.u32(frame.wire_len);
    block.bytes(frame.bytes());
    block.zeros(padded(frame.cap_len) - frame.cap_len);
    block.u32(length);
    ++packets_;
    return {};
}

Result<void> PcapngWriter::put_enhanced(const Frame& frame, std::uint32_t id, std::uint64_t ticks, Bytes options) {
    const auto options_size = static_cast<std::uint32_t>(options.size());
    const std::uint32_t list_size = options.empty() ? 0 : padded(options_size) + 4;
    const std::uint32_t length = static_cast<std::uint32_t>(enhanced_packet_size) + padded(frame.cap_len) + list_size;
    const auto to = out_.record(length);
    if (!to) return to.error();
    FieldWriter block(*to, order_);
    block.u32(static_cast<std::uint32_t>(BlockType::enhanced_packet));
    block.u32(length);
    block.u32(id);
    block.u32(static_cast<std::uint32_t>(ticks >> 32));
    block.u32(static_cast<std::uint32_t>(ticks));
    block.u32(frame.cap_len);
    block.u32(frame.wire_len);
    block.bytes(frame.bytes());
    block.zeros(padded(frame.cap_len) - frame.cap_len);
    if (!options.empty()) {
        block.bytes(options);
        block.zeros(padded(options_size) - options_size + 4);  // with opt_endofopt
    }
    block.u32(length);
    ++packets_;
    return {};
}

Result<void> PcapngWriter::finish() {
    if (!in_section_) {
        if (auto done = begin_section({}, native_order); !done) return done;
        Interface interface;
        interface.link_type = options_.link_type;
        interface.snap_len = options_.snap_len;
        if (const auto added = add_output(interface, true); !added) return added.error();
    }
    return out_.finish();
}

}  // namespace pcapline
