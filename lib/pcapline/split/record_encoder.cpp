#include "pcapline/split/record_encoder.h"

#include <algorithm>
#include <utility>

#include "pcapline/capture/limits.h"
#include "pcapline/capture/link_type.h"
#include "pcapline/capture/pcap_format.h"
#include "pcapline/capture/pcapng_blocks.h"

namespace pcapline {
namespace {

void append(ByteBuffer& out, Bytes bytes) {
    std::copy(bytes.begin(), bytes.end(), out.grow(bytes.size()));
}

}  // namespace

Result<void> RecordEncoder::put(const Frame& frame, std::uint64_t number, Bytes options, const Origin& from, State& state,
                                ByteBuffer& out) {
    if (options_.format != WriteFormat::pcapng) return put_pcap(frame, number, from, state, out);
    put_pcapng(frame, options, from, state, out);
    return {};
}

Result<void> RecordEncoder::put_pcap(const Frame& frame, std::uint64_t number, const Origin& from, State& state, ByteBuffer& out) const {
    const bool nanoseconds = options_.format == WriteFormat::nsecpcap;
    const State told = frame.link_type + State{1};
    if (state != 0 && state != told)
        return Error{Errc::usage, "packet " + std::to_string(number) + " has link type " + link_type_name(frame.link_type) +
                                      ", those before it in this file " + link_type_name(static_cast<std::uint16_t>(state - 1)) +
                                      ": pcap holds one link type, take --type pcapng"};
    if (std::string why = pcap_refusal(frame, number, frame.link_type); !why.empty())
        return Error{Errc::output, why + ": take --type pcapng"};
    if (state == 0) {
        const std::uint8_t fcs_len = frame.interface < from.interfaces.size() ? from.interfaces[frame.interface].fcs_len : std::uint8_t {
            0
        };
        put_pcap_header(out.grow(pcap_header_size), nanoseconds, options_.snap_len, frame.link_type, fcs_len);
        state = told;
    }
    put_pcap_record(out.grow(pcap_record_size + frame.cap_len), frame, nanoseconds);
    return {};
}

void RecordEncoder::put_pcapng(const Frame& frame, Bytes options, const Origin& from, State& state, ByteBuffer& out) {
    std::uint32_t interface = interface_of(from, frame, TimeVariant::as_is);
    std::uint64_t ticks = 0;
    if (frame.has_time()) {
        auto exact = interfaces_[interface].ticks(frame.time_ns);
        if (!exact) {
            interface = interface_of(from, frame, frame.time_ns < 0 ? TimeVariant::signed_time : TimeVariant::nanoseconds);
            exact = interfaces_[interface].ticks(frame.time_ns);
        }
        ticks = exact.value_or(0);
    }
    const std::uint32_t number = number_of(interface, from, state, out);
    if (number == 0 && options.empty() && simple_says_all(frame, interfaces_[interface].interface.snap_len)) {
        put_simple_packet(out.grow(simple_packet_bytes(frame)), frame, native_order);
        return;
    }
    std::vector<std::uint8_t> turned;
    if (!options.empty() && from.order != native_order) {
        turned = packet_options_in(native_order, options, from.order);
        options = turned;
    }
    put_enhanced_packet(out.grow(enhanced_packet_bytes(frame, options)), frame, number, ticks, options, native_order);
}

/// Its place in interfaces_. Those of pcap files that say the same are one.
std::uint32_t RecordEncoder::interface_of(const Origin& from, const Frame& frame, TimeVariant variant) {
    const std::uint64_t key = std::uint64_t{from.input} << 34 | std::uint64_t{static_cast<std::uint8_t>(variant)} << 32 |
                              std::uint64_t{frame.interface} << 16 | frame.link_type;
    if (key == last_key_) return last_interface_;
    const auto [known, is_new] = numbers_.try_emplace(key, static_cast<std::uint32_t>(interfaces_.size()));
    if (is_new) {
        Interface interface = frame.interface < from.interfaces.size() ? from.interfaces[frame.interface] : Interface {};
        interface.link_type = frame.link_type;
        interface.time = scale_of(interface.time, variant);
        const auto same = std::find_if(interfaces_.begin(), interfaces_.end(),
                                       [&](const Described& other) { return same_description(other.interface, interface); });
        if (from.info.format == CaptureFormat::pcap && same != interfaces_.end()) {
            known->second = static_cast<std::uint32_t>(same - interfaces_.begin());
        } else {
            interfaces_.push_back({interface, ExactTicks{interface.time}});
        }
    }
    last_key_ = key;
    return last_interface_ = known->second;
}

/// Its number in a file, in which it is described if it was not.
std::uint32_t RecordEncoder::number_of(std::uint32_t interface, const Origin& from, State& state, ByteBuffer& out) {
    for (State node = state; node != 0 && nodes_[node].interface != none; node = nodes_[node].before)
        if (nodes_[node].interface == interface) return nodes_[node].count - 1;
    if (state == 0 || nodes_[state].count >= max_interfaces) {
        append(out, section_block(from.info, native_order).finish());
        state = next(0, none);
    }
    append(out, interface_block(interfaces_[interface].interface, native_order).finish());
    const std::uint32_t number = nodes_[state].count;
    state = next(state, interface);
    return number;
}

RecordEncoder::State RecordEncoder::next(State state, std::uint32_t interface) {
    const auto [known, is_new] = next_.try_emplace(std::uint64_t{state} << 32 | interface, static_cast<State>(nodes_.size()));
    if (is_new) nodes_.push_back({state, interface, interface == none ? 0 : nodes_[state].count + 1});
    return known->second;
}

}  // namespace pcapline
