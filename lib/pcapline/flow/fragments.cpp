#include "pcapline/flow/fragments.h"

#include <algorithm>
#include <utility>

namespace pcapline {

FlowKey FragmentMap::name_of(FlowKey addresses, const detail::IpPacket& ip, std::uint64_t extra) {
    addresses.low.port = static_cast<std::uint16_t>(ip.id >> 16);
    addresses.high.port = static_cast<std::uint16_t>(ip.id);
    // In IPv6 later fragments need not name the protocol: an extension header may come first.
    addresses.protocol = addresses.family == Family::ipv4 ? ip.next : 0;
    addresses.extra = extra;
    return addresses;
}

void FragmentMap::resolve(const Frame& frame, const Packet& packet, const KeyRules& rules, FlowOf& flow) {
    const std::uint8_t chosen = ip_layer_of(packet, rules);
    if (rules.by == FlowBy::eth || chosen == Packet::no_layer) return;
    if (flow.time_ns != no_time) now_ = flow.time_ns;
    for (std::uint8_t layer = chosen;; --layer) {
        const Role role = roles[packet.layers[layer].proto];
        const bool is_ip = role == Role::ipv4 || role == Role::ipv6;
        // The innermost first: by then it has its key.
        if (is_ip && (layer != chosen || flow.fragment != FragmentPart::none)) {
            const detail::IpPacket ip = detail::look_at_ip(frame, packet, layer);
            if (ip.fragment != FragmentPart::none) {
                FlowKey addresses;
                detail::set_addresses(frame, packet.layers[layer], addresses);
                if (ip.fragment == FragmentPart::later) {
                    resolve_later(name_of(addresses, ip, flow.key.extra), flow);
                } else {
                    remember(name_of(addresses, ip, layer == chosen ? flow.key.extra : 0), flow);
                    if (flow.fragment == FragmentPart::none) flow.fragment = FragmentPart::first;
                }
            }
        }
        if (layer == 0) return;
    }
}

void FragmentMap::resolve_later(const FlowKey& name, FlowOf& flow) {
    const Entry* first = find(name);
    if (first == nullptr && name.extra != 0) {  // what lies inside has an extra of its own
        FlowKey outside = name;
        outside.extra = 0;
        first = find(outside);
    }
    if (first == nullptr) {
        ++without_first_;
        return;
    }
    flow.key = first->key;
    flow.from_low = first->from_low;
}

void FragmentMap::remember(const FlowKey& name, const FlowOf& flow) {
    if (count_ == ring_.size()) make_room();
    const std::size_t place = (oldest_ + count_++) & (ring_.size() - 1);
    const std::uint32_t older = std::exchange(bucket_of(name), static_cast<std::uint32_t>(place));
    ring_[place] = {name, flow.key, now_, older, flow.from_low};
}

// An identification may come again within its time: the newest entry is found first.
const FragmentMap::Entry* FragmentMap::find(const FlowKey& name) const {
    if (ring_.empty()) return nullptr;
    std::uint32_t place = buckets_[hash_(name) & (buckets_.size() - 1)];
    for (; place != none; place = ring_[place].next)
        if (ring_[place].name == name) return is_old(ring_[place]) ? nullptr : &ring_[place];
    return nullptr;
}

bool FragmentMap::is_old(const Entry& entry) const {
    std::int64_t apart = 0;
    return __builtin_sub_overflow(now_, entry.time_ns, &apart) || apart > lifetime_ns || apart < -lifetime_ns;
}

void FragmentMap::make_room() {
    if (count_ != 0 && (is_old(ring_[oldest_]) || ring_.size() * 2 > most_)) {
        if (!is_old(ring_[oldest_])) ++forgotten_;
        forget_oldest();
        return;
    }
    constexpr std::size_t smallest = 256;
    std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(oldest_), ring_.end());
    oldest_ = 0;
    ring_.resize(ring_.empty() ? std::min(smallest, most_) : ring_.size() * 2);
    buckets_.assign(ring_.size(), none);
    for (std::size_t i = 0; i < count_; ++i) ring_[i].next = std::exchange(bucket_of(ring_[i].name), static_cast<std::uint32_t>(i));
}

void FragmentMap::forget_oldest() {
    std::uint32_t* place = &bucket_of(ring_[oldest_].name);
    while (*place != oldest_) place = &ring_[*place].next;
    *place = none;  // the oldest is the last of its bucket
    oldest_ = (oldest_ + 1) & (ring_.size() - 1);
    --count_;
}

}  // namespace pcapline
