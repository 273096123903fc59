// Packets as the records of pcap and pcapng files, in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pcapline/base/bytes.h"
#include "pcapline/base/endian.h"
#include "pcapline/base/frame.h"
#include "pcapline/capture/interface.h"

namespace pcapline {

/// The header of a pcap file, pcap_header_size bytes, in this machine's byte order.
void put_pcap_header(std::uint8_t* to, bool nanoseconds, std::uint32_t snap_len, std::uint16_t link_type, std::uint8_t fcs_len);
/// Why a pcap file of link type `link_type` cannot hold this packet; empty if it can.
std::string pcap_refusal(const Frame& frame, std::uint64_t number, std::uint16_t link_type);
/// A record, pcap_record_size + cap_len bytes. A frame without a time gets time 0.
void put_pcap_record(std::uint8_t* to, const Frame& frame, bool nanoseconds);

/// Size of an enhanced packet block (section 4.3) with these options (without their end).
std::size_t enhanced_packet_bytes(const Frame& frame, Bytes options);
void put_enhanced_packet(std::uint8_t* to, const Frame& frame, std::uint32_t interface, std::uint64_t ticks, Bytes options,
                         ByteOrder order);
/// Size of a simple packet block (section 4.4).
std::size_t simple_packet_bytes(const Frame& frame);
void put_simple_packet(std::uint8_t* to, const Frame& frame, ByteOrder order);
/// A simple packet block, on a section's first interface, says all of the frame, which has no time.
bool simple_says_all(const Frame& frame, std::uint32_t snap_len);

/// How an interface is described anew.
enum class TimeVariant : std::uint8_t {
    as_is,
    nanoseconds,  ///< for times that its own scale cannot say
    signed_time,  ///< nanoseconds with an offset that reaches back to 1677
};
/// The scale of a variant.
TimeScale scale_of(const TimeScale& own, TimeVariant variant);

/// Two interfaces that a reader could not tell apart.
bool same_description(const Interface& a, const Interface& b);

/// A time scale that says a time exactly, or not at all.
class ExactTicks {
 public:
    explicit ExactTicks(const TimeScale& scale);
    /// Empty if the scale cannot say the time to the nanosecond.
    std::optional<std::uint64_t> operator()(std::int64_t time_ns) const;

 private:
    TimeScale scale_;
    std::uint64_t factor_ = 0;  ///< nanoseconds a tick, if that is whole and there is no offset
};

}  // namespace pcapline
