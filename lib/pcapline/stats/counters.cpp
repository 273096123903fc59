#include "pcapline/stats/counters.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "pcapline/decode/glance.h"
#include "pcapline/stats/local_address.h"

namespace pcapline {

void Totals::merge(const Totals& later) {
    packets += later.packets;
    captured_bytes += later.captured_bytes;
    wire_bytes += later.wire_bytes;
    ip_bytes += later.ip_bytes;
    payload_bytes += later.payload_bytes;
    cut_packets += later.cut_packets;
    local_packets += later.local_packets;
    steps_back += later.steps_back;
    if (later.end_time == no_time) return;
    if (end_time == no_time) {
        begin_time = later.begin_time;
        first_time = later.first_time;
        last_time = later.last_time;
    } else {
        if (later.begin_time < end_time) ++steps_back;
        first_time = std::min(first_time, later.first_time);
        last_time = std::max(last_time, later.last_time);
    }
    end_time = later.end_time;
}

// The longest go first, whenever they come: so it is the same ones in the end, in any order.
void LengthCounts::add_large(std::uint64_t length, std::uint64_t packets) {
    large_[length] += packets;
    if (large_.size() <= most_large_lengths) return;
    constexpr std::uint64_t step = 65'536;
    const auto longest = std::prev(large_.end());
    rounded_[(longest->first + step - 1) / step * step] += longest->second;
    large_.erase(longest);
}

void LengthCounts::merge(const LengthCounts& other) {
    for (std::size_t i = 0; i < small_.size(); ++i) small_[i] += other.small_[i];
    for (const auto& [length, packets] : other.large_) add_large(length, packets);
    for (const auto& [length, packets] : other.rounded_) rounded_[length] += packets;
}

void LengthCounts::clear() {
    small_.fill(0);
    large_.clear();
    rounded_.clear();
}

void StackCounts::Count::merge(const Count& other) {
    packets += other.packets;
    wire_bytes += other.wire_bytes;
}

void StackCounts::add_deep(const Packet& packet, std::uint32_t wire_len) {
    Stack stack;
    for (const Layer& layer : packet.stack()) stack.push_back(layer.proto);
    add_deep(stack, {1, wire_len});
}

// As with lengths: those that sort last give way, so it is the same ones in the end, in any order.
void StackCounts::add_deep(const Stack& stack, const Count& count) {
    deep_[stack].merge(count);
    if (deep_.size() <= most_stacks) return;
    const auto last = std::prev(deep_.end());
    rest_[(last->first[0] + 1U) | (last->first[1] + 1U) << 8].merge(last->second);
    deep_.erase(last);
}

StackCounts::Count& StackCounts::find(std::uint64_t key) {
    if (key > last_kept_) return rest_[key & beginning];
    std::size_t at = place(key);
    while (slots_[at].count.packets != 0 && slots_[at].key != key) at = (at + 1) & mask_;
    if (slots_[at].count.packets == 0) {
        if (used_ * 2 > mask_) {
            if (used_ < 2 * most_stacks) {
                refill(slots_.size() * 4);
            } else {
                drop_last();
            }
            return find(key);
        }
        ++used_;
        slots_[at].key = key;
    }
    return slots_[at].count;
}

/// Puts the stacks that are kept into so many slots, the others to the rest.
void StackCounts::refill(std::size_t slots) {
    std::vector<Slot> old(slots);
    old.swap(slots_);
    mask_ = slots - 1;
    used_ = 0;
    for (const Slot& slot : old)
        if (slot.count.packets != 0) find(slot.key).merge(slot.count);
}

void StackCounts::drop_last() {
    if (used_ <= most_stacks) return;
    std::vector<std::uint64_t> keys;
    for (const Slot& slot : slots_)
        if (slot.count.packets != 0) keys.push_back(slot.key);
    const auto last = keys.begin() + static_cast<std::ptrdiff_t>(most_stacks) - 1;
    std::nth_element(keys.begin(), last, keys.end());
    last_kept_ = *last;
    refill(slots_.size());
}

StackCounts::Stack StackCounts::protos_of(std::uint64_t key) {
    Stack stack;
    for (; key != 0; key >>= 8) stack.push_back(static_cast<Proto>((key & 0xff) - 1));
    return stack;
}

void StackCounts::merge(const StackCounts& other) {
    if (other.last_kept_ < last_kept_) {
        last_kept_ = other.last_kept_;
        refill(slots_.size());
    }
    for (const Slot& slot : other.slots_)
        if (slot.count.packets != 0) find(slot.key).merge(slot.count);
    for (const auto& [stack, count] : other.deep_) add_deep(stack, count);
    for (const auto& [key, count] : other.rest_) rest_[key].merge(count);
}

void StackCounts::clear() {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    used_ = 0;
    last_kept_ = ~std::uint64_t{0};
    deep_.clear();
    rest_.clear();
}

std::size_t EndpointCounts::Hash::operator()(const Address& address) const {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, address.bytes.data(), 8);
    std::memcpy(&low, address.bytes.data() + 8, 8);
    std::uint64_t mixed = (high ^ 0x9e3779b97f4a7c15U) * 0xff51afd7ed558ccdU ^ low;
    mixed = (mixed ^ mixed >> 32) * 0xc4ceb9fe1a85ec53U;
    return static_cast<std::size_t>(mixed ^ mixed >> 29);
}

void EndpointCounts::Count::merge(const Count& other) {
    packets += other.packets;
    wire_bytes += other.wire_bytes;
    packets_sent += other.packets_sent;
    packets_received += other.packets_received;
    wire_bytes_sent += other.wire_bytes_sent;
    wire_bytes_received += other.wire_bytes_received;
}

void EndpointCounts::add(const Frame& frame, const Innermost& inner) {
    if (!inner.has_ip()) return;
    const auto [src, dst] = ends(frame, inner);
    Count& sender = counts_[src];
    ++sender.packets;
    ++sender.packets_sent;
    sender.wire_bytes += frame.wire_len;
    sender.wire_bytes_sent += frame.wire_len;
    Count& receiver = counts_[dst];
    ++receiver.packets_received;
    receiver.wire_bytes_received += frame.wire_len;
    if (src == dst) return;  // one packet all the same
    ++receiver.packets;
    receiver.wire_bytes += frame.wire_len;
}

void EndpointCounts::merge(const EndpointCounts& other) {
    for (const auto& [address, count] : other.counts_) counts_[address].merge(count);
}

void PortCounts::add(const Frame& frame, const Innermost& inner) {
    if (!inner.has_ports()) return;
    std::vector<Count>& ports = of_protocol_[inner.transport];
    if (ports.empty()) ports.resize(65'536);
    const auto numbers = first_of<4>(frame.bytes().subspan(inner.transport_begin));
    const auto count = [&](std::uint16_t port) {
        Count& of = ports[port];
        ++of.packets;
        of.wire_bytes += frame.wire_len;
        of.payload_bytes += inner.payload_bytes;
    };
    count(be16<0>(numbers));
    if (be16<0>(numbers) != be16<2>(numbers)) count(be16<2>(numbers));
}

void PortCounts::merge(const PortCounts& other) {
    for (const auto& [proto, ports] : other.of_protocol_) {
        std::vector<Count>& mine = of_protocol_[proto];
        if (mine.empty()) mine.resize(65'536);
        for (std::size_t i = 0; i < ports.size(); ++i) {
            mine[i].packets += ports[i].packets;
            mine[i].wire_bytes += ports[i].wire_bytes;
            mine[i].payload_bytes += ports[i].payload_bytes;
        }
    }
}

void Counters::add_headers(std::span<const Frame> frames) {
    Totals run;
    std::span<std::uint64_t> of_interface = packets_of_interface;
    for (const Frame& frame : frames) {
        run.add_frame(frame);
        lengths.add(frame.wire_len);
        if (frame.interface >= of_interface.size()) [[unlikely]]
            of_interface = with_interface(frame.interface);
        ++of_interface[frame.interface];
    }
    const Totals counted = run;  // run itself is kept in registers as long as no function gets its address
    totals.merge(counted);
}

/// `path` if a glance told all; else `packet`, which is null otherwise.
[[gnu::always_inline]] inline void Counters::add_details(const Frame& frame, const Innermost& inner, std::uint64_t path,
                                                         const Packet* packet) {
    if (sections_.endpoints) endpoints.add(frame, inner);
    if (sections_.ports) ports.add(frame, inner);
    if (sections_.applications) {
        const Proto top = packet != nullptr ? top_proto(*packet) : top_of_path(path);
        applications.add(applications_->of_packet(frame, top, inner).id, frame.wire_len, inner.payload_bytes);
    }
    if (sections_.tcp) tcp.add(frame, inner, packet);
}

/// A frame of any kind.
template <bool with_details>
[[gnu::noinline]] void Counters::add_content(const Frame& frame) {
    Glance seen;
    if (glance(frame, seen)) {
        stacks.add(seen.path, frame.wire_len);
        if constexpr (with_details) add_details(frame, seen.inner, seen.path, nullptr);
    } else {
        decode(frame, packet_);
        stacks.add(packet_, frame.wire_len);
        seen.inner = innermost_ip(packet_);
        if constexpr (with_details) add_details(frame, seen.inner, 0, &packet_);
        if (!seen.inner.has_ip()) return;
    }
    totals.ip_bytes += seen.inner.ip_bytes;
    totals.payload_bytes += seen.inner.payload_bytes;
    totals.local_packets += is_local(frame, seen.inner) ? 1U : 0U;
}

/// Frames that seem to have this shape: what they have in common is known before, and their sums stay in registers.
template <bool with_details, Shape shape>
void Counters::add_alike(std::span<const Frame> frames, std::span<const std::uint8_t> places) {
    constexpr std::uint64_t usual = usual_path<shape>;
    StackCounts::Count count;
    std::uint64_t ip_bytes = 0;
    std::uint64_t payload_bytes = 0;
    std::uint64_t local_packets = 0;
    for (const std::uint8_t place : places) {
        const Frame& frame = frames[place];
        Glance seen;
        if (!glance_at<shape>(frame, seen)) [[unlikely]] {
            add_content<with_details>(frame);
            continue;
        }
        if (seen.path == usual) {
            ++count.packets;
            count.wire_bytes += frame.wire_len;
        } else {
            stacks.add(seen.path, frame.wire_len);
        }
        ip_bytes += seen.inner.ip_bytes;
        payload_bytes += seen.inner.payload_bytes;
        local_packets += is_local(frame, seen.inner) ? 1U : 0U;
        if constexpr (with_details) add_details(frame, seen.inner, seen.path, nullptr);
    }
    if (count.packets != 0) stacks.add(usual, count);
    totals.ip_bytes += ip_bytes;
    totals.payload_bytes += payload_bytes;
    totals.local_packets += local_packets;
}

/// Sorts the frames by shape: none of these sums depends on their order.
template <bool with_details>
void Counters::add_contents(std::span<const Frame> frames) {
    using enum Shape;
    std::array<std::array<std::uint8_t, run_of_frames>, shape_count> places;
    std::array<std::size_t, shape_count> sizes{};
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto shape = static_cast<std::size_t>(shape_of(frames[i]));
        places[shape][sizes[shape]++] = static_cast<std::uint8_t>(i);
    }
    const auto of = [&](Shape shape) {
        const auto at = static_cast<std::size_t>(shape);
        return std::span<const std::uint8_t>{places[at].data(), sizes[at]};
    };
    add_alike<with_details, tcp4>(frames, of(tcp4));
    add_alike<with_details, udp4>(frames, of(udp4));
    add_alike<with_details, tcp6>(frames, of(tcp6));
    add_alike<with_details, udp6>(frames, of(udp6));
    for (const std::uint8_t place : of(other)) add_content<with_details>(frames[place]);
}

void Counters::add(std::span<const Frame> frames) {
    while (!frames.empty()) {
        const auto run = frames.first(std::min(frames.size(), run_of_frames));
        frames = frames.subspan(run.size());
        add_headers(run);
        if (sections_.details()) {
            add_contents<true>(run);
        } else if (sections_.decodes()) {
            add_contents<false>(run);
        }
    }
}

std::span<std::uint64_t> Counters::with_interface(std::uint16_t interface) {
    packets_of_interface.resize(interface + 1U);
    return packets_of_interface;
}

void Counters::merge(const Counters& later) {
    totals.merge(later.totals);
    if (packets_of_interface.size() < later.packets_of_interface.size()) packets_of_interface.resize(later.packets_of_interface.size());
    for (std::size_t i = 0; i < later.packets_of_interface.size(); ++i) packets_of_interface[i] += later.packets_of_interface[i];
    lengths.merge(later.lengths);
    stacks.merge(later.stacks);
    applications.merge(later.applications);
    endpoints.merge(later.endpoints);
    ports.merge(later.ports);
    tcp.merge(later.tcp);
}

void Counters::clear() {
    totals = {};
    packets_of_interface.clear();
    lengths.clear();
    stacks.clear();
    applications.clear();
    endpoints.clear();
    ports.clear();
    tcp = {};
}

}  // namespace pcapline
