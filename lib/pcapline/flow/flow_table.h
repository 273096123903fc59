// FlowTable: from keys to records, for millions of flows.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "pcapline/flow/flow_hash.h"
#include "pcapline/flow/flow_index.h"
#include "pcapline/flow/flow_key.h"
#include "pcapline/flow/flow_record.h"
#include "pcapline/flow/idle_lists.h"
#include "pcapline/flow/narrow_key.h"
#include "pcapline/flow/segments.h"

namespace pcapline {

/// What a table may hold; 0: no limit. Beyond it the flow that has been idle for longest ends early: EndReason::evicted.
struct FlowLimits {
    std::uint64_t max_flows = 0;
    /// Of the table itself, not of what records point to. Holds where ended() lets all records go, but for 1,024 flows each of small and of
    /// wide keys, which always have room.
    std::uint64_t max_bytes = 0;
    Timeouts timeouts{};

    bool any() const { return max_flows != 0 || max_bytes != 0 || timeouts.any(); }
};

/// Flows and their records, numbered from 1 by their first packets. `Record` is what is known of a flow: any type that can be made of
/// nothing. The memory of a packet's flow is fetched while those in front of it are added. A handler has
///
///     bool restarts(std::size_t i, const FlowHead&, const Record&);          packet i begins a new flow (EndReason::reuse)
///     void update(std::size_t i, FlowHead&, Record&, bool is_new);           packet i belongs to this flow
///     bool ended(const FlowKey&, FlowHead&, Record&);                        head.reason says why; true: the table may forget it
///
/// Packet i has FlowOf number i of the span that add() was given. IPv4 keys without extra take 16 bytes, others 48; each flow
/// 8 more, and 16 to 32 in the index (48 while that grows). Flows that last at once: fewer than 2^31 of each size, which is beyond 128 GiB.
/// Not thread-safe.
template <class Record, class Hash = KeyedHash>
class FlowTable {
 public:
    explicit FlowTable(const FlowLimits& limits = {}, const Hash& hash = Hash{}) : hash_(hash), limits_(limits), orders_(limits.any()) {}
    FlowTable(const FlowTable&) = delete;
    FlowTable& operator=(const FlowTable&) = delete;
    ~FlowTable() {
        destroy(narrow_);
        destroy(wide_);
    }

    /// Adds packets, in order. Those of no flow are passed over.
    template <class Handler>
    void add(std::span<const FlowOf> packets, Handler& handler) {
        std::array<Group, 4> ring;
        const std::size_t groups = (packets.size() + group_size - 1) / group_size;
        const auto part = [&](std::size_t group) {
            const std::size_t begin = group * group_size;
            return packets.subspan(begin, std::min(group_size, packets.size() - begin));
        };
        for (std::size_t i = 0; i < groups + 2; ++i) {
            if (i < groups) look(part(i), ring[i % ring.size()]);
            if (i - 1 < groups) look_closer(part(i - 1), ring[(i - 1) % ring.size()]);  // not if i is 0
            if (i >= 2) add_group(part(i - 2), ring[(i - 2) % ring.size()], (i - 2) * group_size, handler);
        }
    }
    /// Packet time has come to `time_ns`: ends the flows whose idle timeout has passed. add() does this with each packet.
    template <class Handler>
    void advance(std::int64_t time_ns, Handler& handler) {
        if (time_ns != no_time) now_ = time_ns;
        if (!limits_.timeouts.any()) return;
        for (std::size_t list = 0; list < IdleLists::lists; ++list) {
            const std::int64_t timeout = list % 2 == 1 ? limits_.timeouts.idle_tcp : limits_.timeouts.idle_other;
            if (timeout == 0) continue;
            for (Id id = idle_.oldest(list); id != none && elapsed(idle_.link(id).last_ns) > timeout; id = idle_.oldest(list))
                end(id, EndReason::idle, handler);
        }
    }
    /// Calls use(key, head, record) for each flow that has not been forgotten, by number.
    template <class Use>
    void each(Use use) {
        for (const Id id : ids_in_order()) visit(id, [&](auto& entry) { use(widened(entry.key), entry.head, entry.record); });
    }

    /// A flow that has not been forgotten.
    using Id = std::uint32_t;
    /// All of them, by number.
    std::vector<Id> ids() { return ids_in_order(); }
    /// Calls use(key, head, record) for one of them.
    template <class Use>
    void look_at(Id id, Use use) {
        visit(id, [&](auto& entry) { use(widened(entry.key), entry.head, entry.record); });
    }

    /// Ends the flow that has been idle for longest: EndReason::evicted. False: none lasts. For tables with limits.
    template <class Handler>
    bool evict_oldest(Handler& handler) {
        const Id oldest = idle_.oldest_of_all();
        if (oldest == none) return false;
        end(oldest, EndReason::evicted, handler);
        return true;
    }
    /// Hands back the memory of flows that are no more, if all of them are forgotten.
    void release() {
        if (narrow_.live() != 0 || wide_.live() != 0) return;
        narrow_ = Pool<NarrowKey>{};
        wide_ = Pool<FlowKey>{};
        idle_ = IdleLists{};
        index_ = FlowIndex{};
        reused_ = false;
    }

    /// Flows that have begun.
    std::uint64_t flows() const { return flows_; }
    /// Flows that last.
    std::size_t size() const { return index_.size(); }
    /// Memory that the table uses: the most so far, but for the index.
    std::uint64_t bytes() const { return records_bytes() + index_.bytes(); }
    /// What of that is not free.
    std::uint64_t used_bytes() const {
        return narrow_.live() * entry_bytes<NarrowKey>() + wide_.live() * entry_bytes<FlowKey>() + index_.bytes();
    }

 private:
    static_assert(std::is_same_v<Id, IdleLists::Id>);
    static constexpr Id none = IdleLists::none;
    static_assert(none == FlowIndex::none);
    /// Before a group of packets is added, its slots are fetched; a group later its records; another group later they are there.
    static constexpr std::size_t group_size = 8;
    static constexpr std::uint32_t always_room_for = 1024;

    using NarrowKey = detail::NarrowKey;
    template <class Key>
    struct Entry {
        Key key;
        FlowHead head;
        Record record;
    };
    template <class Key>
    struct Pool {
        detail::Segments<Entry<Key>> entries;
        std::vector<std::uint32_t> free;
        std::uint32_t used = 0;  ///< entries that have ever been taken
        std::uint32_t live() const { return used - static_cast<std::uint32_t>(free.size()); }
    };
    /// What is known of a packet before its turn.
    struct Seen {
        NarrowKey narrow;  ///< unless wide
        void* entry;       ///< of `likely`, or null
        Id likely;         ///< what was found by the hash alone, before the packets in front of this one were added
        std::uint32_t hash;
        Id wide;  ///< 1 or 0
    };
    using Group = std::array<Seen, group_size>;

    static const FlowKey& widened(const FlowKey& key) { return key; }
    static FlowKey widened(const NarrowKey& key) { return key.widened(); }
    std::uint32_t hashed(const NarrowKey& key) const { return static_cast<std::uint32_t>(hash_(key.addresses(), key.rest()) >> 32); }
    std::uint32_t hashed(const FlowKey& key) const { return static_cast<std::uint32_t>(hash_(key) >> 32); }

    template <class Use>
    decltype(auto) visit(Id id, Use use) {
        return (id & 1U) != 0 ? use(*wide_.entries.at(id >> 1U)) : use(*narrow_.entries.at(id >> 1U));
    }
    template <class Key>
    static bool holds(const Entry<Key>& entry, const Key& key) {
        return entry.key == key && entry.head.lives;
    }

    /// Finds where the searches for the packets' flows begin, and fetches that.
    void look(std::span<const FlowOf> packets, Group& group) const {
        for (std::size_t i = 0; i < packets.size(); ++i) {
            const FlowKey& key = packets[i].key;
            Seen& seen = group[i];
            seen.narrow = NarrowKey{key};
            seen.wide = NarrowKey::fits(key) ? 0 : 1;
            seen.hash = seen.wide != 0 ? hashed(key) : hashed(seen.narrow);
            index_.prefetch(seen.hash);
        }
    }
    /// Finds what are likely the packets' flows, and fetches those.
    void look_closer(std::span<const FlowOf> packets, Group& group) const {
        for (std::size_t i = 0; i < packets.size(); ++i) {
            Seen& seen = group[i];
            seen.likely = index_.find(seen.hash, [&](Id id) { return (id & 1U) == seen.wide; });
            seen.entry = seen.likely == none ? nullptr : fetch(seen.likely);
        }
    }
    template <class Handler>
    void add_group(std::span<const FlowOf> packets, const Group& group, std::size_t first, Handler& handler) {
        for (std::size_t i = 0; i < packets.size(); ++i) {
            const FlowOf& packet = packets[i];
            if (!packet.has_flow()) [[unlikely]]
                continue;
            if (group[i].wide != 0) {
                add_one(packet, packet.key, wide_, group[i], first + i, handler);
            } else {
                add_one(packet, group[i].narrow, narrow_, group[i], first + i, handler);
            }
        }
    }
    [[gnu::always_inline]] void* fetch(Id id) const {
        return (id & 1U) != 0 ? static_cast<void*>(wide_.entries.prefetch(id >> 1U)) : narrow_.entries.prefetch(id >> 1U);
    }
    template <class Key, class Handler>
    [[gnu::always_inline]] void add_one(const FlowOf& packet, const Key& key, Pool<Key>& pool, const Seen& seen, std::size_t i,
                                        Handler& handler) {
        if (orders_) advance(packet.time_ns, handler);
        Id id = seen.likely;
        auto* entry = static_cast<Entry<Key>*>(seen.entry);
        if (entry == nullptr || !holds(*entry, key)) [[unlikely]] {
            id = index_.find(seen.hash, [&](Id other) { return (other & 1U) == seen.wide && holds(*pool.entries.at(other >> 1U), key); });
            if (id != none) entry = pool.entries.at(id >> 1U);
        }
        if (id != none && ends_before(id, *entry, i, handler)) [[unlikely]]
            id = none;
        const bool is_new = id == none;
        if (is_new) {
            id = begin(packet, key, pool, seen.hash, handler);
            entry = pool.entries.at(id >> 1U);
        } else if (orders_) {
            idle_.touch(id, packet.key.is_tcp(), now_);
        }
        handler.update(i, entry->head, entry->record, is_new);
    }
    /// Ends a flow that packet i does not belong to any more. False: it does.
    template <class Key, class Handler>
    bool ends_before(Id id, const Entry<Key>& entry, std::size_t i, Handler& handler) {
        if (orders_ && limits_.timeouts.any()) {
            const Timeouts& timeouts = limits_.timeouts;
            const std::int64_t idle = widened(entry.key).is_tcp() ? timeouts.idle_tcp : timeouts.idle_other;
            if (idle != 0 && elapsed(idle_.link(id).last_ns) > idle) return end(id, EndReason::idle, handler), true;
            if (timeouts.active != 0 && elapsed(idle_.link(id).first_ns) > timeouts.active)
                return end(id, EndReason::active, handler), true;
        }
        if (!handler.restarts(i, entry.head, entry.record)) return false;
        return end(id, EndReason::reuse, handler), true;
    }
    template <class Key, class Handler>
    Id begin(const FlowOf& packet, const Key& key, Pool<Key>& pool, std::uint32_t hash, Handler& handler) {
        constexpr Id wide = std::is_same_v<Key, FlowKey> ? 1 : 0;
        if (limits_.max_flows != 0 && size() >= limits_.max_flows) end(idle_.oldest_of_all(), EndReason::evicted, handler);
        if (limits_.max_bytes != 0 && too_large_with_one_more(pool)) {
            const Id oldest = idle_.older(2 * wide, 2 * wide + 1);
            if (oldest != none) end(oldest, EndReason::evicted, handler);
        }
        std::uint32_t place = 0;
        if (pool.free.empty()) {
            place = pool.used++;
            pool.entries.make_room(place);
        } else {
            place = pool.free.back();
            pool.free.pop_back();
            reused_ = true;
        }
        const Id id = place << 1U | wide;
        auto* const entry = ::new (static_cast<void*>(pool.entries.at(place))) Entry<Key>{key, FlowHead{}, Record{}};
        entry->head.number = ++flows_ & FlowHead::most_flows;
        entry->head.lives = true;
        entry->head.a_is_low = packet.from_low;
        entry->head.icmp_type = packet.icmp_type;
        entry->head.icmp_code = packet.icmp_code;
        index_.insert(hash, id);
        if (orders_) idle_.add(id, packet.key.is_tcp(), now_);
        return id;
    }
    template <class Handler>
    void end(Id id, EndReason reason, Handler& handler) {
        visit(id, [&](auto& entry) {
            const FlowKey key = widened(entry.key);
            index_.erase(hashed(entry.key), id);
            if (orders_) idle_.remove(id, key.is_tcp());
            entry.head.lives = false;
            entry.head.reason = static_cast<std::uint64_t>(reason) & FlowHead::most_reasons;
            if (!handler.ended(key, entry.head, entry.record)) return;
            entry.record.~Record();
            entry.head.number = 0;
            ((id & 1U) != 0 ? wide_.free : narrow_.free).push_back(id >> 1U);
        });
    }

    template <class Key>
    bool too_large_with_one_more(const Pool<Key>& pool) const {
        const std::uint64_t record = pool.free.empty() ? sizeof(Entry<Key>) + sizeof(IdleLists::Link) : 0;
        return pool.live() >= always_room_for && records_bytes() + record + index_.bytes_with_one_more() > limits_.max_bytes;
    }
    template <class Key>
    std::uint64_t entry_bytes() const {
        return sizeof(Entry<Key>) + (orders_ ? sizeof(IdleLists::Link) : 0);
    }
    std::uint64_t records_bytes() const { return narrow_.used * entry_bytes<NarrowKey>() + wide_.used * entry_bytes<FlowKey>(); }
    /// Packet time since then; 0 if it went back.
    std::int64_t elapsed(std::int64_t since) const {
        std::int64_t passed = 0;
        if (__builtin_sub_overflow(now_, since, &passed)) return now_ > since ? std::numeric_limits<std::int64_t>::max() : 0;
        return std::max<std::int64_t>(passed, 0);
    }
    std::vector<Id> ids_in_order() {
        std::vector<Id> ids;
        ids.reserve(narrow_.live() + std::size_t{wide_.live()});
        std::uint32_t wide = 0;
        const auto add_wide_before = [&](std::uint64_t number) {
            for (; wide < wide_.used; ++wide) {
                const FlowHead& head = wide_.entries.at(wide)->head;
                if (head.number > number) return;
                if (head.number != 0) ids.push_back(wide << 1U | 1U);
            }
        };
        for (std::uint32_t i = 0; i < narrow_.used; ++i) {
            const std::uint64_t number = narrow_.entries.at(i)->head.number;
            if (number == 0) continue;
            add_wide_before(number);
            ids.push_back(i << 1U);
        }
        add_wide_before(~std::uint64_t{0});
        const auto number_of = [&](Id id) { return visit(id, [](auto& entry) { return std::uint64_t{entry.head.number}; }); };
        if (reused_) std::sort(ids.begin(), ids.end(), [&](Id a, Id b) { return number_of(a) < number_of(b); });
        return ids;
    }
    template <class Key>
    void destroy(Pool<Key>& pool) {
        if constexpr (!std::is_trivially_destructible_v<Record>) {
            for (std::uint32_t i = 0; i < pool.used; ++i)
                if (pool.entries.at(i)->head.number != 0) pool.entries.at(i)->record.~Record();
        }
    }

    Hash hash_;
    FlowLimits limits_;
    bool orders_;
    bool reused_ = false;  ///< places no longer follow the numbers
    FlowIndex index_;
    Pool<NarrowKey> narrow_;
    Pool<FlowKey> wide_;
    IdleLists idle_;
    std::uint64_t flows_ = 0;
    std::int64_t now_ = 0;
};

}  // namespace pcapline
