#include "pcapline/stats/counters.h"

#include <algorithm>
#include <cstring>

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

void LengthCounts::add_large(std::uint64_t length, std::uint64_t packets) {
    const auto at = large_.find(length);
    if (at != large_.end()) {
        at->second += packets;
        return;
    }
    constexpr std::uint64_t step = 65'536;
    if (length > exact_large_lengths && large_.size() >= exact_large_lengths + step) length = (length + step - 1) / step * step;
    large_[length] += packets;
}

void LengthCounts::merge(const LengthCounts& other) {
    for (std::size_t i = 0; i < small_.size(); ++i) small_[i] += other.small_[i];
    for (const auto& [length, packets] : other.large_) add_large(length, packets);
}

void LengthCounts::clear() {
    small_.fill(0);
    large_.clear();
}

namespace {

std::size_t slot_of(std::uint64_t key, std::size_t slots) {
    return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15U >> 32) & (slots - 1);
}

constexpr std::size_t key_layers = 8;

}  // namespace

void StackCounts::add(const Packet& packet, std::uint32_t wire_len) {
    if (packet.depth <= key_layers) [[likely]] {
        Count& count = packet.path == last_key_ ? slots_[last_at_].count : find(packet.path);
        ++count.packets;
        count.wire_bytes += wire_len;
        return;
    }
    Stack stack;
    for (const Layer& layer : packet.stack()) stack.push_back(layer.proto);
    if (deep_.size() >= most_stacks && !deep_.contains(stack)) stack.resize(key_layers + 1);
    Count& count = deep_[stack];
    ++count.packets;
    count.wire_bytes += wire_len;
}

StackCounts::Count& StackCounts::find(std::uint64_t key) {
    if (used_ >= most_stacks) key &= 0xffffffffU;
    std::size_t at = slot_of(key, slots_.size());
    while (slots_[at].count.packets != 0 && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
    if (slots_[at].count.packets == 0) {
        if (used_ * 2 >= slots_.size()) {
            grow();
            return find(key);
        }
        ++used_;
        slots_[at].key = key;
    }
    last_key_ = key;
    last_at_ = at;
    return slots_[at].count;
}

void StackCounts::grow() {
    last_key_ = no_key;
    std::vector<Slot> old(slots_.size() * 4);
    old.swap(slots_);
    for (const Slot& slot : old) {
        if (slot.count.packets == 0) continue;
        std::size_t at = slot_of(slot.key, slots_.size());
        while (slots_[at].count.packets != 0) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = slot;
    }
}

StackCounts::Stack StackCounts::protos_of(std::uint64_t key) {
    Stack stack;
    for (; key != 0; key >>= 8) stack.push_back(static_cast<Proto>((key & 0xff) - 1));
    return stack;
}

void StackCounts::merge(const StackCounts& other) {
    for (const Slot& slot : other.slots_) {
        if (slot.count.packets == 0) continue;
        Count& count = find(slot.key);
        count.packets += slot.count.packets;
        count.wire_bytes += slot.count.wire_bytes;
    }
    for (const auto& [stack, count] : other.deep_) {
        deep_[stack].packets += count.packets;
        deep_[stack].wire_bytes += count.wire_bytes;
    }
}

void StackCounts::clear() {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    used_ = 0;
    last_key_ = no_key;
    deep_.clear();
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
    if (!inner.ip) return;
    const std::uint8_t* const header = frame.data + inner.ip->begin;
    Address src;
    Address dst;
    if (inner.ip_role == Role::ipv4) {
        std::memcpy(src.bytes.data(), header + 12, 4);
        std::memcpy(dst.bytes.data(), header + 16, 4);
    } else {
        src.v6 = dst.v6 = true;
        std::memcpy(src.bytes.data(), header + 8, 16);
        std::memcpy(dst.bytes.data(), header + 24, 16);
    }
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
    if (inner.transport_role != Role::ports) return;
    std::vector<Count>& ports = of_protocol_[inner.transport->proto];
    if (ports.empty()) ports.resize(65'536);
    const auto numbers = first_of<4>(bytes_of(frame, *inner.transport));
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

namespace {

/// By first byte: what an IPv4 address may be. The rest of the address decides where it says maybe.
enum class FirstByte : std::uint8_t {
    common,
    always_private,
    maybe_private,
    group
};

constexpr auto first_bytes = [] {
    std::array<FirstByte, 256> table{};
    table[10] = table[127] = FirstByte::always_private;
    table[172] = table[192] = table[169] = FirstByte::maybe_private;
    for (std::size_t i = 224; i < 240; ++i) table[i] = FirstByte::group;
    table[255] = FirstByte::group;  // only 255.255.255.255
    return table;
}();

bool private_v4(const std::uint8_t* a) {
    switch (first_bytes[a[0]]) {
        case FirstByte::always_private:
            return true;
        case FirstByte::maybe_private:
            return a[0] == 172 ? (a[1] & 0xf0) == 16 : a[0] == 192 ? a[1] == 168 : a[1] == 254;
        default:
            return false;
    }
}
bool group_v4(const std::uint8_t* a) {
    return first_bytes[a[0]] == FirstByte::group && (a[0] != 255 || (a[1] == 255 && a[2] == 255 && a[3] == 255));
}

bool private_v6(const std::uint8_t* a) {
    constexpr std::array<std::uint8_t, 16> loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return (a[0] & 0xfe) == 0xfc || (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) || std::memcmp(a, loopback.data(), 16) == 0;
}
bool group_v6(const std::uint8_t* a) {
    return a[0] == 0xff;
}

}  // namespace

bool is_local(const Frame& frame, const Innermost& inner) {
    if (!inner.ip) return false;
    const std::uint8_t* const header = frame.data + inner.ip->begin;
    if (inner.ip_role == Role::ipv4) {
        const std::uint8_t* const src = header + 12;
        const std::uint8_t* const dst = header + 16;
        if (first_bytes[src[0]] == FirstByte::common || first_bytes[dst[0]] == FirstByte::common) return false;
        return private_v4(src) ? private_v4(dst) || group_v4(dst) : private_v4(dst) && group_v4(src);
    }
    const std::uint8_t* const src = header + 8;
    const std::uint8_t* const dst = header + 24;
    return private_v6(src) ? private_v6(dst) || group_v6(dst) : private_v6(dst) && group_v6(src);
}

void Counters::add(std::span<const Frame> frames) {
    if (sections_.decodes()) {
        add_decoded(frames);
    } else {
        for (const Frame& frame : frames) add_frame(frame);
    }
    totals.packets += frames.size();
}

void Counters::add_frame(const Frame& frame) {
    totals.captured_bytes += frame.cap_len;
    totals.wire_bytes += frame.wire_len;
    totals.cut_packets += frame.cap_len < frame.wire_len ? 1U : 0U;
    totals.add_time(frame.time_ns);
    lengths.add(frame.wire_len);
    if (frame.interface >= packets_of_interface.size()) [[unlikely]]
        packets_of_interface.resize(frame.interface + 1U);
    ++packets_of_interface[frame.interface];
}

void Counters::add_decoded(std::span<const Frame> frames) {
    Packet packet;
    std::uint64_t ip_bytes = 0;
    std::uint64_t payload_bytes = 0;
    std::uint64_t local_packets = 0;
    for (const Frame& frame : frames) {
        decode(frame, packet);
        add_frame(frame);
        stacks.add(packet, frame.wire_len);
        const Innermost inner = innermost_ip(packet);
        if (!inner.ip) continue;
        ip_bytes += inner.ip_bytes;
        payload_bytes += inner.payload_bytes;
        // Most traffic has a public address at one end: seen without a call.
        const std::uint8_t* const header = frame.data + inner.ip->begin;
        const bool public_end =
            inner.ip_role == Role::ipv4 && (first_bytes[header[12]] == FirstByte::common || first_bytes[header[16]] == FirstByte::common);
        if (!public_end && is_local(frame, inner)) ++local_packets;
        if (sections_.endpoints) endpoints.add(frame, inner);
        if (sections_.ports) ports.add(frame, inner);
    }
    totals.ip_bytes += ip_bytes;
    totals.payload_bytes += payload_bytes;
    totals.local_packets += local_packets;
}

void Counters::merge(const Counters& later) {
    totals.merge(later.totals);
    if (packets_of_interface.size() < later.packets_of_interface.size()) packets_of_interface.resize(later.packets_of_interface.size());
    for (std::size_t i = 0; i < later.packets_of_interface.size(); ++i) packets_of_interface[i] += later.packets_of_interface[i];
    lengths.merge(later.lengths);
    stacks.merge(later.stacks);
    endpoints.merge(later.endpoints);
    ports.merge(later.ports);
}

void Counters::clear() {
    totals = {};
    packets_of_interface.clear();
    lengths.clear();
    stacks.clear();
    endpoints.clear();
    ports.clear();
}

}  // namespace pcapline
