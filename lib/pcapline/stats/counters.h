// Counters: everything that `stats` counts, in a form that adds up (merge) over threads, files and reports.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pcapline/base/exact.h"
#include "pcapline/base/frame.h"
#include "pcapline/decode/application.h"
#include "pcapline/decode/glance.h"
#include "pcapline/decode/innermost.h"
#include "pcapline/decode/packet.h"
#include "pcapline/stats/application_counts.h"
#include "pcapline/stats/sections.h"
#include "pcapline/stats/tcp_totals.h"

namespace pcapline {

/// Totals and times of a run of packets. Order matters for the steps back: merge in file order.
struct Totals {
    std::uint64_t packets = 0;
    std::uint64_t captured_bytes = 0;
    std::uint64_t wire_bytes = 0;
    std::uint64_t ip_bytes = 0;
    std::uint64_t payload_bytes = 0;
    std::uint64_t cut_packets = 0;
    std::uint64_t local_packets = 0;
    std::uint64_t steps_back = 0;       ///< packets earlier than the one before them
    std::int64_t first_time = no_time;  ///< the earliest
    std::int64_t last_time = no_time;   ///< the latest
    std::int64_t begin_time = no_time;  ///< of the first packet that has one
    std::int64_t end_time = no_time;    ///< of the last packet that has one

    void add_frame(const Frame& frame) {
        ++packets;
        captured_bytes += frame.cap_len;
        wire_bytes += frame.wire_len;
        cut_packets += frame.cap_len < frame.wire_len ? 1U : 0U;
        add_time(frame.time_ns);
    }
    void add_time(std::int64_t time_ns) {
        if (time_ns == no_time) return;
        if (end_time == no_time) [[unlikely]] {
            begin_time = first_time = last_time = time_ns;
        } else if (time_ns < end_time) [[unlikely]] {
            ++steps_back;
            if (time_ns < first_time) first_time = time_ns;
        } else if (time_ns > last_time) {
            last_time = time_ns;
        }
        end_time = time_ns;
    }
    /// What came after.
    void merge(const Totals& later);
};

/// How many packets have each length. Exact up to 262,144 bytes and for the 65,536 next larger lengths that occur; those beyond
/// are counted at the next multiple of 65,536 above them, so that memory is bounded, and the same in any order of packets.
class LengthCounts {
 public:
    void add(std::uint32_t length) {
        if (length < small_.size()) {
            ++small_[length];
        } else {
            add_large(length, 1);
        }
    }
    void merge(const LengthCounts& other);
    void clear();
    /// Calls use(length, packets) for every length that occurs, ascending.
    template <class Use>
    void each(Use use) const {
        for (std::size_t length = 0; length < small_.size(); ++length)
            if (small_[length] != 0) use(static_cast<std::uint64_t>(length), small_[length]);
        for (const auto& [length, packets] : large_) use(length, packets);
        for (const auto& [length, packets] : rounded_) use(length, packets);
    }

 private:
    void add_large(std::uint64_t length, std::uint64_t packets);
    static constexpr std::size_t most_large_lengths = 262'144 + 65'536;
    std::array<std::uint64_t, 2048> small_{};
    std::map<std::uint64_t, std::uint64_t> large_;
    std::map<std::uint64_t, std::uint64_t> rounded_;
};

/// Packets and bytes of each stack of protocols. Of those with up to eight layers and of those with more, 65,536 each are kept
/// apart; those that sort behind them count as their first two layers, so that memory is bounded.
class StackCounts {
 public:
    struct Count {
        std::uint64_t packets = 0;
        std::uint64_t wire_bytes = 0;
        void merge(const Count& other);
    };
    void add(const Packet& packet, std::uint32_t wire_len) {
        if (packet.depth > key_layers) [[unlikely]]
            return add_deep(packet, wire_len);
        add(packet.path, wire_len);
    }
    /// A stack of at most eight layers: Packet::path.
    void add(std::uint64_t path, std::uint32_t wire_len) {
        Slot& slot = slots_[place(path)];
        Count& count = slot.key == path && slot.count.packets != 0 ? slot.count : find(path);
        ++count.packets;
        count.wire_bytes += wire_len;
    }
    void add(std::uint64_t path, const Count& more) { find(path).merge(more); }
    void merge(const StackCounts& other);
    void clear();
    /// Calls use(protocols, count) for each whole stack, in no order; for some twice.
    template <class Use>
    void each(Use use) const {
        if (used_ > most_stacks) {
            StackCounts bounded = *this;
            bounded.drop_last();
            return bounded.each(use);
        }
        for (const Slot& slot : slots_)
            if (slot.count.packets != 0) use(protos_of(slot.key), slot.count);
        for (const auto& [stack, count] : deep_) use(stack, count);
        for (const auto& [key, count] : rest_) use(protos_of(key), count);
    }

 private:
    using Stack = std::vector<Proto>;
    static Stack protos_of(std::uint64_t key);
    void add_deep(const Packet& packet, std::uint32_t wire_len);
    void add_deep(const Stack& stack, const Count& count);
    Count& find(std::uint64_t key);
    void refill(std::size_t slots);
    void drop_last();
    std::size_t place(std::uint64_t key) const { return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15U >> 32) & mask_; }
    /// A stack of up to 8 layers is a key of 8 bytes: layer i + 1 in byte i, 0 for none.
    static constexpr std::size_t key_layers = 8;
    struct Slot {
        std::uint64_t key = 0;
        Count count;
    };
    static constexpr std::size_t most_stacks = 65'536;
    static constexpr std::uint64_t beginning = 0xffff;  ///< of a key: the first two layers
    std::vector<Slot> slots_ = std::vector<Slot>(256);
    std::size_t mask_ = 255;
    std::size_t used_ = 0;
    std::uint64_t last_kept_ = ~std::uint64_t{0};  ///< stacks with larger keys are part of the rest
    std::map<Stack, Count> deep_;
    std::map<std::uint64_t, Count> rest_;  ///< by the first two layers
};

/// Packets and bytes of each IP address.
class EndpointCounts {
 public:
    struct Address {
        std::array<std::uint8_t, 16> bytes{};
        bool v6 = false;
        auto operator<=>(const Address&) const = default;
    };
    struct Count {
        std::uint64_t packets = 0;
        std::uint64_t wire_bytes = 0;
        std::uint64_t packets_sent = 0;
        std::uint64_t packets_received = 0;
        std::uint64_t wire_bytes_sent = 0;
        std::uint64_t wire_bytes_received = 0;
        void merge(const Count& other);
    };
    /// Source and destination of the packet that `inner` names, which has IP.
    static std::pair<Address, Address> ends(const Frame& frame, const Innermost& inner) {
        const std::uint8_t* const header = frame.data + inner.ip_begin;
        std::pair<Address, Address> ends;
        if (inner.ip_role == Role::ipv4) {
            std::memcpy(ends.first.bytes.data(), header + 12, 4);
            std::memcpy(ends.second.bytes.data(), header + 16, 4);
        } else {
            ends.first.v6 = ends.second.v6 = true;
            std::memcpy(ends.first.bytes.data(), header + 8, 16);
            std::memcpy(ends.second.bytes.data(), header + 24, 16);
        }
        return ends;
    }
    void add(const Frame& frame, const Innermost& inner);
    void merge(const EndpointCounts& other);
    void clear() { counts_.clear(); }
    struct Hash {
        std::size_t operator()(const Address& address) const;
    };
    const std::unordered_map<Address, Count, Hash>& counts() const { return counts_; }

 private:
    std::unordered_map<Address, Count, Hash> counts_;
};

/// Packets and bytes of each port of each protocol that has ports.
class PortCounts {
 public:
    struct Count {
        std::uint64_t packets = 0;
        std::uint64_t wire_bytes = 0;
        std::uint64_t payload_bytes = 0;
    };
    void add(const Frame& frame, const Innermost& inner);
    void merge(const PortCounts& other);
    void clear() { of_protocol_.clear(); }
    /// By protocol, then 65,536 ports.
    const std::map<Proto, std::vector<Count>>& counts() const { return of_protocol_; }

 private:
    std::map<Proto, std::vector<Count>> of_protocol_;
};

/// All counters of a run of packets.
class Counters {
 public:
    /// `names` of applications, null: the well-known ones. They must outlive this.
    explicit Counters(const Sections& sections, const Applications* names = nullptr)
        : sections_(sections), applications_(names == nullptr && sections.applications ? &Applications::well_known() : names) {}
    /// Adds frames, in order.
    void add(std::span<const Frame> frames);
    /// Adds what another run counted that came after this one.
    void merge(const Counters& later);
    void clear();

    Totals totals;
    std::vector<std::uint64_t> packets_of_interface;
    LengthCounts lengths;
    StackCounts stacks;
    ApplicationCounts applications;
    EndpointCounts endpoints;
    PortCounts ports;
    TcpTotals tcp;

 private:
    void add_headers(std::span<const Frame> frames);
    template <bool with_details>
    void add_contents(std::span<const Frame> frames);
    template <bool with_details, Shape shape>
    void add_alike(std::span<const Frame> frames, std::span<const std::uint8_t> places);
    template <bool with_details>
    void add_content(const Frame& frame);
    void add_details(const Frame& frame, const Innermost& inner, std::uint64_t path, const Packet* packet);
    /// Makes room for the packets of this interface.
    std::span<std::uint64_t> with_interface(std::uint16_t interface);

    static constexpr std::size_t run_of_frames = 128;  ///< looked at together
    Sections sections_;
    const Applications* applications_;
    Packet packet_;
};

}  // namespace pcapline
