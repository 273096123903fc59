// Summary: a packet in one line – addresses, ports, topmost protocol, and what it says.
#pragma once

#include <cstdint>
#include <string_view>

#include "pcapline/decode/field.h"
#include "pcapline/output/text_buffer.h"
#include "pcapline/record/packet_ref.h"

namespace pcapline {

/// Writes tshark's frame.protocols ("eth:ethertype:ip:udp"), or without `ethertype` the record's `protocols`.
void put_protocols(TextBuffer& out, const Packet& packet, bool ethertype);

/// The line columns of one packet. Memory is kept from packet to packet.
class Summary {
 public:
    /// `with_info` false leaves info() empty (it costs the most).
    void read(const PacketRef& packet, bool with_info);

    std::string_view src() const { return part(src_end_, 0); }  ///< innermost IP address, else MAC; may be empty
    std::string_view dst() const { return part(dst_end_, src_end_); }
    bool has_ports() const { return has_ports_; }
    std::uint16_t src_port() const { return src_port_; }
    std::uint16_t dst_port() const { return dst_port_; }
    std::string_view protocol() const { return protocol_; }                 ///< topmost; empty if nothing was decoded
    std::string_view info() const { return part(text_.size(), dst_end_); }  ///< raw text of the packet may be in it

 private:
    std::string_view part(std::size_t end, std::size_t begin) const { return text_.view().substr(begin, end - begin); }
    TextBuffer text_;
    FieldValues values_;
    std::size_t src_end_ = 0;
    std::size_t dst_end_ = 0;
    std::uint16_t src_port_ = 0;
    std::uint16_t dst_port_ = 0;
    bool has_ports_ = false;
    std::string_view protocol_;
};

/// Appends what a layer says, for people: "query 14972 A www.example.com". May change between versions.
void put_info(TextBuffer& out, const PacketRef& packet, FieldValues& values);

}  // namespace pcapline
