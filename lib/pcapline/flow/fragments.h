// FragmentMap: the flow of IP fragments, without putting them together.
#pragma once

#include <cstdint>
#include <vector>

#include "pcapline/flow/flow_hash.h"
#include "pcapline/flow/flow_key.h"

namespace pcapline {

/// Only the first fragment of an IP packet has the ports (RFC 791 section 3.2, RFC 8200 section 4.5), or the packet inside a tunnel. The
/// map remembers the flow of each by source, destination, identification and protocol (IPv6: without the protocol) for 30 seconds of packet
/// time. What comes later belongs to that flow; what comes before the first fragment, or when it has been forgotten, belongs to the flow of
/// its addresses and protocol that lacks_ports: nothing is kept back, so nothing can be lost. Keeps the last 65,536 first fragments (9
/// MiB), and takes no memory before it sees one.
class FragmentMap {
 public:
    static constexpr std::int64_t lifetime_ns = 30'000'000'000;

    /// `most` first fragments, a power of two.
    explicit FragmentMap(std::size_t most = 65'536) : most_(most) {}

    /// For each packet with a flow_of() by `rules`, in file order: gives a later fragment the key of its first one, and remembers that.
    /// A packet in a tunnel whose own IP packet is a fragment is one too.
    void resolve(const Frame& frame, const Packet& packet, const KeyRules& rules, FlowOf& flow);

    /// Later fragments whose first one is not known.
    std::uint64_t without_first() const { return without_first_; }
    /// First fragments that were forgotten within their time, for want of room.
    std::uint64_t forgotten() const { return forgotten_; }

 private:
    static constexpr std::uint32_t none = 0xffffffff;
    /// A first fragment. Its name is a key with the source as low end, of IPv6 no protocol, and the identification as ports.
    struct Entry {
        FlowKey name;
        FlowKey key;  ///< of its flow
        std::int64_t time_ns = 0;
        std::uint32_t next = none;  ///< of the same bucket, older
        bool from_low = true;
    };
    static FlowKey name_of(FlowKey addresses, const detail::IpPacket& ip, std::uint64_t extra);
    void resolve_later(const FlowKey& name, FlowOf& flow);
    void remember(const FlowKey& name, const FlowOf& flow);
    const Entry* find(const FlowKey& name) const;
    bool is_old(const Entry& entry) const;
    std::uint32_t& bucket_of(const FlowKey& name) { return buckets_[hash_(name) & (buckets_.size() - 1)]; }
    void make_room();
    void forget_oldest();

    KeyedHash hash_;
    std::size_t most_;
    std::vector<Entry> ring_;             ///< a power of two; the oldest at oldest_
    std::vector<std::uint32_t> buckets_;  ///< newest entry of each; as many as ring_ has
    std::size_t oldest_ = 0;
    std::size_t count_ = 0;
    std::int64_t now_ = 0;
    std::uint64_t without_first_ = 0;
    std::uint64_t forgotten_ = 0;
};

}  // namespace pcapline
