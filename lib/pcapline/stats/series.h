// Series: packets and bytes of each interval of time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "pcapline/base/exact.h"
#include "pcapline/base/frame.h"
#include "pcapline/decode/application.h"
#include "pcapline/stats/counters.h"
#include "pcapline/stats/looked.h"

namespace pcapline {

/// What a series is counted by, beside time.
enum class SeriesBy : std::uint8_t {
    nothing,
    application,
    protocol,   ///< the topmost one that was decoded
    address,    ///< each IP packet counts for both of its ends
    port,       ///< of TCP, UDP, SCTP; each packet counts for both of its ends
    interface,  ///< its number in its file
    vlan        ///< the outermost tag
};

/// Bins are half-open, [n·interval, (n+1)·interval) since 1970. Packets may come in any order, and parts may be merged in any: a bin is
/// what its packets add up to. Packets without what it is counted by (no IP address, no tag) have rows of their own, without a key.
class Series {
 public:
    struct Count {
        std::uint64_t packets = 0;
        std::uint64_t wire_bytes = 0;
        std::uint64_t ip_bytes = 0;
        std::uint64_t payload_bytes = 0;
    };
    struct Row {
        std::int64_t time_ns = 0;  ///< when the bin begins
        std::uint32_t key = no_key;
        Count count;
    };
    static constexpr std::uint32_t no_key = 0;
    /// So many rows are kept (56 bytes each, by address up to 200); with more, nothing counts any longer: see overflowed().
    static constexpr std::size_t most_rows = 4 * 1024 * 1024;

    /// `interval_ns` > 0. `names` for counting by application, null: the well-known ones; they must outlive this.
    Series(std::int64_t interval_ns, SeriesBy by, const Applications* names = nullptr);
    void add(std::span<const Frame> frames);
    void merge(const Series& other);
    void clear();

    /// There were more rows than are kept, so this is not the answer. Depends on the packets only, not on how they were parted.
    bool overflowed() const { return overflowed_; }
    std::uint64_t packets() const { return packets_; }
    /// Packets that are in no bin: they have no time (or one within the first interval of 1677, whose begin is none).
    std::uint64_t without_time() const { return without_time_; }
    std::int64_t interval_ns() const { return interval_ns_; }
    SeriesBy by() const { return by_; }

    /// How many rows each() gives; with `fill` at most 2^64 - 1.
    std::uint64_t rows(bool fill) const;
    /// Calls use(row) by time, then by name or number of the key, rows without one first. `fill`: every key in every bin from the first
    /// to the last, with zeros where nothing was. use() returns false to stop.
    template <class Use>
    void each(bool fill, Use use) const {
        const std::vector<std::uint32_t> rank = ranks();
        const auto order = ordered(rank);
        if (!fill) {
            for (const std::uint32_t at : order)
                if (!use(row(at))) return;
            return;
        }
        if (order.empty()) return;
        std::size_t next = 0;
        const std::vector<std::uint32_t> all = keys(rank);
        for (std::int64_t time = row(order[0]).time_ns;; time += interval_ns_) {
            for (const std::uint32_t key : all) {
                const bool there = next < order.size() && row(order[next]).time_ns == time && row(order[next]).key == key;
                if (!use(there ? row(order[next++]) : Row{time, key, {}})) return;
            }
            if (next == order.size()) return;
        }
    }

    /// What this counted in the bin and for the key of a row of `other`, a series of the same kind.
    Count count_of(const Series& other, const Row& row) const;

    /// Of a key that is not no_key: the name of the application or protocol, of the transport protocol of a port; the address.
    std::string text_of(std::uint32_t key) const;
    /// The number of the port, interface or VLAN.
    static std::uint64_t number_of(SeriesBy by, std::uint32_t key) { return by == SeriesBy::port ? key & 0xffff : key - 1; }

 private:
    using Address = EndpointCounts::Address;
    static constexpr std::size_t chunk_rows = 4096;

    Row& row(std::size_t at) { return chunks_[at / chunk_rows][at % chunk_rows]; }
    const Row& row(std::size_t at) const { return chunks_[at / chunk_rows][at % chunk_rows]; }
    bool find_bin(std::int64_t time_ns);
    void add_keys(const Frame& frame, const Count& count);
    void count(std::int64_t time_ns, std::uint32_t key, const Count& count);
    std::uint32_t key_of(const Address& address);
    std::size_t slot_of(std::int64_t time_ns, std::uint32_t key) const;
    void grow();
    std::vector<std::uint32_t> ranks() const;
    std::vector<std::uint32_t> ordered(const std::vector<std::uint32_t>& rank) const;
    std::vector<std::uint32_t> keys(const std::vector<std::uint32_t>& rank) const;

    std::int64_t interval_ns_;
    SeriesBy by_;
    const Applications* names_;
    std::int64_t bin_ = no_time;  ///< where the bin of the packet at hand begins
    Looked looked_;

    std::vector<std::unique_ptr<Row[]>> chunks_;
    std::size_t size_ = 0;
    std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(256);  ///< open addressing: place of a row plus 1, 0: free
    std::unordered_map<Address, std::uint32_t, EndpointCounts::Hash> address_keys_;
    std::vector<Address> addresses_;  ///< of key 1, 2, …
    bool overflowed_ = false;
    std::uint64_t packets_ = 0;
    std::uint64_t without_time_ = 0;
};

}  // namespace pcapline
