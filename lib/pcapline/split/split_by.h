// SplitBy: what is cut, as --by names it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pcapline/base/result.h"

namespace pcapline {

struct SplitBy {
    enum class Kind : std::uint8_t {
        session,
        host,
        host_pair,
        port,
        vlan,
        time,
        size,
        count,
        hash,
    } kind = Kind::session;
    /// Nanoseconds of `time`, bytes of `size`, packets of `count`, parts of `hash`.
    std::uint64_t amount = 0;

    /// "session", "flow" (the same), "host", "time:1h", "size:10M", … Errors: Errc::usage.
    static Result<SplitBy> parse(std::string_view text);

    /// A packet may belong to two parts.
    bool copies() const { return kind == Kind::host || kind == Kind::port; }
    /// Parts follow each other in the input, or there are few.
    bool few_at_a_time() const { return kind == Kind::time || kind == Kind::size || kind == Kind::count; }
    /// What names look like where nothing else was asked for.
    std::string_view default_name() const;
};

}  // namespace pcapline
