// PacketStates: what fields of single packets need of the packets before.
#pragma once

#include <array>
#include <cstdint>

#include "pcapline/base/frame.h"
#include "pcapline/decode/flow_state.h"
#include "pcapline/decode/packet.h"
#include "pcapline/flow/flow_table.h"
#include "pcapline/flow/pool.h"
#include "pcapline/tcp/tcp_packets.h"

namespace pcapline {

/// Follows the packets of an input and says of each what its streams and the times before say of it. Streams are Wireshark's: one for each
/// pair of addresses and ports of every TCP and UDP header (in tunnels, around them, and quoted by ICMP errors), whatever the VLAN or the
/// interface; a SYN with another sequence number begins a new one. Keeps a record a stream and the state of each TCP connection, until the
/// end of the input: of UDP some 60 bytes a stream, of TCP some 400 to 1,000 and 32 for each segment in flight. Keeps what is wanted, no
/// more. Not thread-safe.
class PacketStates {
 public:
    explicit PacketStates(StateParts parts) : parts_(parts) {}

    /// Where next() puts its answer: for Packet::state.
    const FlowState& state() const { return state_; }
    /// Takes the next packet, which decode() has filled. The answer is valid until the next call.
    const FlowState& next(const Frame& frame, const Packet& packet, std::uint64_t number);

    // For FlowTable: number i is that of the packet's TCP and UDP headers.
    struct Stream {
        std::uint32_t number = 0;
        std::uint32_t connection = Pool<TcpPackets>::none;  ///< TCP only
    };
    bool restarts(std::size_t i, const FlowHead& head, const Stream& stream) const;
    void update(std::size_t i, FlowHead& head, Stream& stream, bool is_new);
    bool ended(const FlowKey& key, FlowHead& head, Stream& stream);

 private:
    /// A TCP or UDP header of the packet.
    struct Header {
        Segment segment;  ///< TCP only
        bool quoted = false;
    };
    void follow_times(const Frame& frame);
    bool wants(const Layer& layer) const;
    void add_header(const Frame& frame, const Packet& packet, std::uint64_t number, std::uint8_t layer);

    StateParts parts_;
    FlowState state_;
    std::array<FlowOf, Packet::max_layers> flows_;    ///< of each header
    std::array<Header, Packet::max_layers> headers_;  ///< likewise
    FlowTable<Stream> table_;
    Pool<TcpPackets> connections_;
    TcpPools pools_;
    std::uint32_t tcp_streams_ = 0;
    std::uint32_t udp_streams_ = 0;
    bool reused_ = false;  ///< the next packet begins a stream where another was
    std::int64_t first_time_ = no_time;
    std::int64_t last_time_ = no_time;
};

}  // namespace pcapline
