#include "apps/split-flow/session_partition.h"

#include <array>

#include "pcapline/conversation/flow_columns.h"
#include "pcapline/decode/transport/tcp.h"
#include "pcapline/flow/address_text.h"
#include "pcapline/flow/community_id.h"

namespace pcapline::cli {
namespace {

bool is_syn(const FlowOf& packet, bool with_ack) {
    return (packet.tcp_flags & (Tcp::syn | Tcp::ack)) == (with_ack ? Tcp::syn | Tcp::ack : Tcp::syn);
}

}  // namespace

bool first_sender_is_a(const FlowOf& first) {
    return !is_syn(first, true);
}

SessionPartition::SessionPartition(const TrackRules& rules, Namer& namer, Parts& parts)
    : tracker_(rules, [](const FlowView&) {}), rules_(rules.key), namer_(namer), parts_(parts) {}

void SessionPartition::assign(const Batch& batch, const RecordEncoder::Origin& from, std::vector<Targets>& targets) {
    tracker_.add(batch, from.info.format == CaptureFormat::pcapng);
    targets.resize(batch.frames.size());
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const std::uint64_t flow = tracker_.flow_numbers()[i];
        if (flow >= parts_.size()) begin(batch, i);
        targets[i] = {static_cast<Parts::Number>(flow), Parts::none};
        const FlowOf& packet = tracker_.keys()[i];
        if (flow != 0 && packet.key.is_tcp() && is_syn(packet, false)) parts_[targets[i].first].starts = true;
    }
}

void SessionPartition::begin(const Batch& batch, std::size_t i) {
    const FlowOf& first = tracker_.keys()[i];
    const Endpoint& src = first_sender_is_a(first) ? first.src() : first.dst();
    const Endpoint& dst = first_sender_is_a(first) ? first.dst() : first.src();
    NameValues& values = namer_.values();
    values.time = batch.frames[i].time_ns;
    values[NamePart::proto] = ip_protocol_name(first.key.protocol);
    values[NamePart::src] = address_text(first.key.family, src.address.data());
    values[NamePart::dst] = address_text(first.key.family, dst.address.data());
    if (has_ports(first.key.protocol) && first.key.lacks_ports == 0) {
        values[NamePart::sport] = std::to_string(src.port);
        values[NamePart::dport] = std::to_string(dst.port);
    }
    if (namer_.uses(NamePart::key)) {
        values[NamePart::key] = values[NamePart::proto];
        for (const NamePart part : {NamePart::src, NamePart::sport, NamePart::dst, NamePart::dport})
            if (!values[part].empty()) values[NamePart::key] += ',' + values[part];
    }
    if (namer_.uses(NamePart::cid)) {
        std::array<char, community_id_chars> text;
        if (const char* const end = put_community_id(text.data(), first))
            values[NamePart::cid].assign(text.data(), static_cast<std::size_t>(end - text.data()));
    }
    if (namer_.uses(NamePart::vlan)) values[NamePart::vlan] = vlan_text(batch.frames[i], rules_);
    Part& part = parts_[namer_.begin()];
    part.is_tcp = first.key.is_tcp();
}

}  // namespace pcapline::cli
