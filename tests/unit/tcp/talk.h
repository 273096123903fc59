// A TCP connection written down, one line a segment, for tests.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/decode/transport/tcp.h"
#include "pcapline/tcp/tcp_packets.h"

namespace pcapline::test {

/// Where the sequence numbers of a talk begin: relative numbers in it count from here.
struct Bases {
    std::uint32_t a = 1000;
    std::uint32_t b = 5000;
};

/// One line: "> SA seq ack length window ms [shift=7] [sack=10-20] [frag]". '>' is A's, '<' is B's; flags of "SAFRP", '.' for none;
/// seq and ack are relative to the bases.
struct Line {
    Segment segment;
    Way way = Way::ab;
};
inline Line line_of(std::string_view text, Bases bases) {
    const std::string copy{text};
    Line out;
    char from = 0;
    char flags[16] = "";
    unsigned seq = 0;
    unsigned ack = 0;
    unsigned length = 0;
    unsigned window = 0;
    double ms = 0;
    if (std::sscanf(copy.c_str(), " %c %15s %u %u %u %u %lf", &from, flags, &seq, &ack, &length, &window, &ms) != 7) std::abort();
    out.way = from == '>' ? Way::ab : Way::ba;
    Segment& segment = out.segment;
    for (const char* flag = flags; *flag != '\0'; ++flag) {
        segment.flags |= *flag == 'S'   ? Tcp::syn
                         : *flag == 'A' ? Tcp::ack
                         : *flag == 'F' ? Tcp::fin
                         : *flag == 'R' ? Tcp::rst
                         : *flag == 'P' ? Tcp::psh
                                        : 0;
    }
    const std::uint32_t own = out.way == Way::ab ? bases.a : bases.b;
    const std::uint32_t peer = out.way == Way::ab ? bases.b : bases.a;
    segment.seq = own + seq;
    segment.ack = (segment.flags & Tcp::ack) != 0 ? peer + ack : 0;
    segment.payload_bytes = length;
    segment.window = static_cast<std::uint16_t>(window);
    segment.time_ns = static_cast<std::int64_t>(ms * 1e6);
    if (const auto at = copy.find("shift="); at != std::string::npos) {
        segment.has_window_shift = true;
        segment.window_shift = static_cast<std::uint8_t>(std::atoi(copy.c_str() + at + 6));
    }
    if (const auto at = copy.find("sack="); at != std::string::npos) {
        unsigned left = 0;
        unsigned right = 0;
        if (std::sscanf(copy.c_str() + at, "sack=%u-%u", &left, &right) != 2) std::abort();
        segment.sack[segment.sack_blocks++] = {peer + left, peer + right};
    }
    segment.length_known = copy.find("frag") == std::string::npos;
    return out;
}

inline std::string names_of(Events events) {
    std::string out;
    for (std::size_t i = 0; i < tcp_event_names.size(); ++i) {
        if (!events.has(static_cast<TcpEvent>(i))) continue;
        if (!out.empty()) out += ' ';
        out += tcp_event_names[i];
    }
    return out;
}

/// A connection that is told its lines.
class Talk {
 public:
    /// `start`: ns at 0 ms.
    explicit Talk(Bases bases = {}, std::int64_t start = 1'000'000'000) : bases_(bases), start_(start) {}
    ~Talk() { packets_.release(pools_); }
    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;

    /// Says what the last line means.
    TcpPacket tell(std::string_view text) {
        Line line = line_of(text, bases_);
        line.segment.number = ++number_;
        line.segment.time_ns += start_;
        return packets_.add(line.segment, line.way, pools_);
    }
    Events tell_all(const std::vector<std::string>& lines) {
        Events last;
        for (const std::string& text : lines) last = tell(text).analysis;
        return last;
    }
    TcpCounts counts(Way way) const { return packets_.flow().counts(way, pools_); }
    const TcpFlow& flow() const { return packets_.flow(); }
    TcpPools& pools() { return pools_; }

 private:
    Bases bases_;
    std::int64_t start_;
    TcpPools pools_;
    TcpPackets packets_;
    std::uint64_t number_ = 0;
};

/// SYN, SYN+ACK, ACK at 0, 10 and 20 ms; both windows 1000, not scaled.
inline const std::vector<std::string> handshake{"> S 0 0 0 1000 0 shift=0", "< SA 0 1 0 1000 10 shift=0", "> A 1 1 0 1000 20"};

inline std::vector<std::string> operator+(std::vector<std::string> first, const std::vector<std::string>& then) {
    first.insert(first.end(), then.begin(), then.end());
    return first;
}

}  // namespace pcapline::test
