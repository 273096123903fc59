// PointGroups: the times and lengths of packets, held apart by application.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "pcapline/decode/application.h"

namespace pcapline {

/// Holds 12 bytes a packet, and of each application at most 48 KiB more (at most twice as much of one with few packets).
class PointGroups {
 public:
    void add(ApplicationId application, std::int64_t time_ns, std::uint32_t wire_len) {
        if (application >= groups_.size()) groups_.resize(application + std::size_t{1});
        Group& group = groups_[application];
        if (group.empty() || group.back().size() == group.back().capacity()) {
            const std::size_t room = group.empty() ? least : std::min(most, 2 * group.back().capacity());
            group.emplace_back().reserve(room);
        }
        const auto time = static_cast<std::uint64_t>(time_ns);
        group.back().push_back({static_cast<std::uint32_t>(time >> 32), static_cast<std::uint32_t>(time), wire_len});
    }
    /// Calls use(time_ns, wire_len) in the order in which they were added.
    template <class Use>
    void each(ApplicationId application, Use use) const {
        if (application >= groups_.size()) return;
        for (const Part& part : groups_[application])
            for (const Point& point : part) use(static_cast<std::int64_t>(static_cast<std::uint64_t>(point[0]) << 32 | point[1]), point[2]);
    }

 private:
    using Point = std::array<std::uint32_t, 3>;
    using Part = std::vector<Point>;
    using Group = std::vector<Part>;
    static constexpr std::size_t least = 16;
    static constexpr std::size_t most = 4096;

    std::vector<Group> groups_;
};

}  // namespace pcapline
