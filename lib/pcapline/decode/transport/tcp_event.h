// What one segment means in its connection, as a set.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace pcapline {

/// The first fifteen are Wireshark's tcp.analysis.* of the same names.
enum class TcpEvent : std::uint8_t {
    retransmission,           ///< also set with the next two, as Wireshark does
    fast_retransmission,      ///< asked for by at least two duplicate ACKs, less than 20 ms ago
    spurious_retransmission,  ///< of bytes that are acknowledged already
    out_of_order,             ///< late, but by less than the handshake's round trip (3 ms if that is unknown)
    lost_segment,             ///< bytes before it were not captured
    duplicate_ack,
    keep_alive,
    keep_alive_ack,
    zero_window,
    zero_window_probe,
    zero_window_probe_ack,
    window_update,
    window_full,       ///< sends up to the last byte of the other side's window
    ack_lost_segment,  ///< acknowledges bytes that were not captured
    reused_ports,      ///< a SYN+ACK with another number than before; or, set by who keeps the flows, a SYN that begins another connection
    overlap,           ///< some of its payload was seen before, some is new
    acked_beyond,      ///< acknowledges bytes that were not captured, whether or not that was said of an ACK before
    gap,               ///< the bytes missing before it are new in the list of holes
    reset,
    bad_checksum
};
inline constexpr std::array<std::string_view, 20> tcp_event_names{"retransmission",
                                                                  "fast_retransmission",
                                                                  "spurious_retransmission",
                                                                  "out_of_order",
                                                                  "lost_segment",
                                                                  "duplicate_ack",
                                                                  "keep_alive",
                                                                  "keep_alive_ack",
                                                                  "zero_window",
                                                                  "zero_window_probe",
                                                                  "zero_window_probe_ack",
                                                                  "window_update",
                                                                  "window_full",
                                                                  "ack_lost_segment",
                                                                  "reused_ports",
                                                                  "overlap",
                                                                  "acked_beyond",
                                                                  "gap",
                                                                  "reset",
                                                                  "bad_checksum"};

/// A set of TcpEvent.
class Events {
 public:
    constexpr Events() = default;
    constexpr void add(TcpEvent event) { bits_ |= bit(event); }
    constexpr void remove(TcpEvent event) { bits_ &= ~bit(event); }
    constexpr bool has(TcpEvent event) const { return (bits_ & bit(event)) != 0; }
    constexpr bool has_any(Events of) const { return (bits_ & of.bits_) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr std::uint32_t bits() const { return bits_; }
    friend constexpr bool operator==(Events, Events) = default;

 private:
    static constexpr std::uint32_t bit(TcpEvent event) { return std::uint32_t{1} << static_cast<unsigned>(event); }
    std::uint32_t bits_ = 0;
};

/// What makes a packet bad, wherever good and bad ones are told apart: it is sent again or late, bytes before it are missing, it announces
/// a window of zero, or its checksum does not fit. (That also where it is not TCP.)
inline constexpr Events bad_events = [] {
    Events bad;
    for (const TcpEvent event :
         {TcpEvent::retransmission, TcpEvent::out_of_order, TcpEvent::lost_segment, TcpEvent::zero_window, TcpEvent::bad_checksum})
        bad.add(event);
    return bad;
}();

/// Those that Wireshark knows.
inline constexpr Events wireshark_events = [] {
    Events events;
    for (unsigned event = 0; event <= static_cast<unsigned>(TcpEvent::reused_ports); ++event) events.add(static_cast<TcpEvent>(event));
    return events;
}();

}  // namespace pcapline
