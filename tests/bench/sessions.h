// Sessions: the packets of real captures, grouped by conversation, to be played again with other addresses.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/wire.h"

namespace pcapline::bench {

struct StoredPacket {
    std::vector<std::uint8_t> bytes;
    std::uint32_t wire = 0;
    bool is_ip = false;
    bool from_a = true;  ///< sent by the session's first sender
    IpPlace place;
};

/// What two hosts said to each other, in order.
struct Session {
    std::vector<StoredPacket> packets;
    End a;  ///< the sender of the first packet; no address: not IP
    End b;
    std::uint64_t wire_bytes = 0;
    double mean_length() const { return static_cast<double>(wire_bytes) / static_cast<double>(packets.size()); }
};

/// All sessions of some captures, in four classes: short or long, of small or large packets. Taking them from the class
/// that is lacking brings a mix to any mean that lies between.
class SessionPool {
 public:
    /// Reads every Ethernet capture under the folders (or the files themselves), sorted by path; others, and packets that the capture cut,
    /// are left out. False: no session at all.
    bool load(const std::vector<std::string>& folders, double mean_length, double packets_a_session);

    const Session& of(bool large, bool is_long, std::uint64_t random) const;
    std::size_t sessions() const { return all_.size(); }
    std::size_t packets() const { return packets_; }

 private:
    void read(const std::string& path);

    std::vector<Session> all_;
    std::array<std::vector<std::size_t>, 4> classes_;
    std::size_t packets_ = 0;
};

}  // namespace pcapline::bench
