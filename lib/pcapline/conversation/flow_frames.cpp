#include "pcapline/conversation/flow_frames.h"

#include "pcapline/conversation/inside.h"
#include "pcapline/decode/checksum.h"
#include "pcapline/decode/registry.h"

namespace pcapline {
namespace {

/// Untagged Ethernet; nothing between IP and transport, no options, no fragment.
bool is_plain(const Frame& frame, const FlowOf& flow, const Innermost& inner) {
    const std::uint32_t headers = inner.transport_begin - inner.ip_begin;
    const std::uint32_t least = inner.ip_role == Role::ipv4 ? std::uint32_t{Ipv4::size} : std::uint32_t{Ipv6::size};
    return inner.ip_begin == Ethernet::size && frame.link_type == 1 && inner.transport != no_proto && headers == least &&
           flow.fragment == FragmentPart::none;
}

}  // namespace

FlowFrames FlowFrameReader::read(const Batch& batch, bool has_interface) {
    reader_.read(batch.frames);
    if (!local_networks_.empty()) local_ += reader_.drop_if([&](const FlowOf& flow) { return is_inside(local_networks_, flow.key); });
    FlowFrames result{batch.frames, reader_.flows(), reader_.all_inner(), {}, batch.numbers, batch.first_number, {}, has_interface};
    if (!checksums_) return result;
    if (bad_.size() < batch.frames.size()) bad_.resize(batch.frames.size());
    for (std::size_t i = 0; i < batch.frames.size(); ++i)
        bad_[i] = result.flows[i].has_flow() && is_bad(batch.frames[i], result.flows[i], result.inner[i]) ? 1 : 0;
    result.bad = {bad_.data(), batch.frames.size()};
    return result;
}

bool FlowFrameReader::is_bad(const Frame& frame, const FlowOf& flow, const Innermost& inner) {
    if (is_plain(frame, flow, inner)) return has_bad_checksum(frame, inner, nullptr);
    decode(frame, packet_);
    const bool same = packet_.transport != Packet::no_layer && packet_.layers[packet_.transport].begin == inner.transport_begin;
    return same && has_bad_checksum(frame, inner, &packet_);
}

}  // namespace pcapline
