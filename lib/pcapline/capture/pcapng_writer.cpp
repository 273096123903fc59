#include "pcapline/capture/pcapng_writer.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "pcapline/capture/limits.h"
#include "pcapline/capture/pcapng_blocks.h"
#include "pcapline/capture/pcapng_format.h"
#include "pcapline/capture/pcapng_section.h"

namespace pcapline {

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
        const auto number = output_of(from, static_cast<std::uint16_t>(i), interfaces[i].link_type, TimeVariant::as_is);
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
        const std::uint64_t key = key_of(from.batch.input, interface, described.link_type, TimeVariant::as_is);
        numbers_[key] = static_cast<std::uint32_t>(outputs_.size());
        outputs_.emplace_back(described, false);
        last_known_ = false;
        return put_block(other.bytes, other.order);
    }
    if (other.type != static_cast<std::uint32_t>(BlockType::interface_statistics) || other.interface >= from.interfaces.size()) {
        return put_block(other.bytes, other.order);
    }
    const auto number = output_of(from, interface, from.interfaces[interface].link_type, TimeVariant::as_is);
    if (!number) return number.error();
    std::vector<std::uint8_t> statistics(other.bytes.begin(), other.bytes.end());
    store(statistics.data() + 8, *number, other.order);
    return put_block(statistics, other.order);
}

// The number of an interface in the output's section; described there if it is not yet.
Result<std::uint32_t> PcapngWriter::output_of(const Origin& from, std::uint16_t interface, std::uint16_t link_type, TimeVariant variant) {
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
        description.time = scale_of(description.time, variant);
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
    auto number = output_of(from, frame.interface, frame.link_type, TimeVariant::as_is);
    if (!number) return number.error();
    const Bytes options = from.batch.options_of(at);
    if (!frame.has_time()) {
        if (*number == 0 && options.empty() && simple_says_all(frame, outputs_[*number].interface.snap_len)) return put_simple(frame);
        return put_enhanced(frame, *number, 0, options);
    }
    std::optional<std::uint64_t> ticks = outputs_[*number].ticks(frame.time_ns);
    if (!ticks) {
        number = output_of(from, frame.interface, frame.link_type, frame.time_ns < 0 ? TimeVariant::signed_time : TimeVariant::nanoseconds);
        if (!number) return number.error();
        ticks = outputs_[*number].ticks(frame.time_ns);
    }
    if (from.batch.order == order_ || options.empty()) return put_enhanced(frame, *number, ticks.value_or(0), options);
    return put_enhanced(frame, *number, ticks.value_or(0), packet_options_in(order_, options, from.batch.order));
}

Result<void> PcapngWriter::put_simple(const Frame& frame) {
    const auto to = out_.record(simple_packet_bytes(frame));
    if (!to) return to.error();
    put_simple_packet(*to, frame, order_);
    ++packets_;
    return {};
}

Result<void> PcapngWriter::put_enhanced(const Frame& frame, std::uint32_t id, std::uint64_t ticks, Bytes options) {
    const auto to = out_.record(enhanced_packet_bytes(frame, options));
    if (!to) return to.error();
    put_enhanced_packet(*to, frame, id, ticks, options, order_);
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
