// IdleLists: flows in the order of their last packets.
#pragma once

#include <array>
#include <cstdint>

#include "pcapline/base/frame.h"
#include "pcapline/flow/segments.h"

namespace pcapline {

/// How long flows last without packets, and at all, in packet time (ns); 0: for ever.
struct Timeouts {
    std::int64_t idle_tcp = 0;
    std::int64_t idle_other = 0;
    std::int64_t active = 0;

    bool any() const { return idle_tcp != 0 || idle_other != 0 || active != 0; }
};

/// Flows in the order of their last packets, in four lists: TCP or not, small keys or wide ones. Kept only where limits or timeouts
/// are asked for: 24 bytes a flow.
class IdleLists {
 public:
    using Id = std::uint32_t;  ///< bit 0: a wide key; the rest: the place of the record
    static constexpr Id none = 0xffffffff;
    struct Link {
        Id before = none;
        Id behind = none;
        std::int64_t first_ns = 0;  ///< time when it began
        std::int64_t last_ns = 0;   ///< of its last packet
    };
    static constexpr std::size_t lists = 4;
    static constexpr std::size_t list_of(Id id, bool tcp) { return (id & 1U) * 2U + (tcp ? 1U : 0U); }

    const Link& link(Id id) const { return *place(id); }
    /// The flow of a list that has been idle for longest, or none.
    Id oldest(std::size_t list) const { return ends_[list].oldest; }
    /// The longest idle of two lists, or none.
    Id older(std::size_t one, std::size_t other) const { return older_of(oldest(one), oldest(other)); }
    Id oldest_of_all() const { return older_of(older(0, 1), older(2, 3)); }

    /// A flow that begins now.
    void add(Id id, bool tcp, std::int64_t now) {
        links_[id & 1U].make_room(id >> 1U);
        *place(id) = {none, none, now, now};
        append(id, list_of(id, tcp));
    }
    /// A packet of a flow.
    void touch(Id id, bool tcp, std::int64_t now) {
        const std::size_t list = list_of(id, tcp);
        place(id)->last_ns = now;
        if (ends_[list].newest == id) return;
        unlink(id, list);
        append(id, list);
    }
    void remove(Id id, bool tcp) { unlink(id, list_of(id, tcp)); }

 private:
    struct Ends {
        Id oldest = none;
        Id newest = none;
    };
    Link* place(Id id) const { return links_[id & 1U].at(id >> 1U); }
    Id older_of(Id one, Id other) const {
        if (one == none || other == none) return one == none ? other : one;
        return place(other)->last_ns < place(one)->last_ns ? other : one;
    }
    void append(Id id, std::size_t list) {
        Ends& ends = ends_[list];
        Link* const mine = place(id);
        mine->before = ends.newest;
        mine->behind = none;
        (ends.newest == none ? ends.oldest : place(ends.newest)->behind) = id;
        ends.newest = id;
    }
    void unlink(Id id, std::size_t list) {
        const Link* const mine = place(id);
        (mine->before == none ? ends_[list].oldest : place(mine->before)->behind) = mine->behind;
        (mine->behind == none ? ends_[list].newest : place(mine->behind)->before) = mine->before;
    }

    std::array<detail::Segments<Link>, 2> links_;
    std::array<Ends, lists> ends_{};
};

}  // namespace pcapline
