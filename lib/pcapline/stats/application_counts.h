// ApplicationCounts: packets and bytes of each application.
#pragma once

#include <cstdint>
#include <vector>

#include "pcapline/decode/application.h"

namespace pcapline {

/// By ApplicationId of one Applications.
class ApplicationCounts {
 public:
    struct Count {
        std::uint64_t packets = 0;
        std::uint64_t wire_bytes = 0;
        std::uint64_t payload_bytes = 0;
    };
    void add(ApplicationId id, std::uint32_t wire_len, std::uint32_t payload_bytes) {
        if (id >= counts_.size()) counts_.resize(id + std::size_t{1});
        Count& count = counts_[id];
        ++count.packets;
        count.wire_bytes += wire_len;
        count.payload_bytes += payload_bytes;
    }
    void merge(const ApplicationCounts& other) {
        if (counts_.size() < other.counts_.size()) counts_.resize(other.counts_.size());
        for (std::size_t id = 0; id < other.counts_.size(); ++id) {
            counts_[id].packets += other.counts_[id].packets;
            counts_[id].wire_bytes += other.counts_[id].wire_bytes;
            counts_[id].payload_bytes += other.counts_[id].payload_bytes;
        }
    }
    void clear() { counts_.clear(); }
    /// Index: the id. May end before the last application.
    const std::vector<Count>& counts() const { return counts_; }

 private:
    std::vector<Count> counts_;
};

}  // namespace pcapline
