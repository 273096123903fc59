#include "pcapline/conversation/flow_tracker.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "pcapline/decode/edges.h"
#include "pcapline/tcp/segment_reader.h"

namespace pcapline {

/// One packet of a flow.
struct FlowTracker::Seen {
    const Frame& frame;
    const FlowOf& flow;
    const Innermost& inner;
    std::size_t place;
    bool tcp;  ///< its header is whole

    Fixed<Tcp::size> tcp_header() const { return first_of<Tcp::size>(frame.bytes().subspan(inner.transport_begin)); }
    bool is_untagged() const { return inner.ip_begin == Ethernet::size && frame.link_type == 1; }
};

FlowTracker::Seen FlowTracker::seen(std::size_t i) const {
    const Innermost& inner = frames_.inner[i];
    return {frames_.frames[i], frames_.flows[i], inner, i, inner.transport == proto_of<Tcp>};
}

FlowTracker::FlowTracker(const TrackRules& rules, OnEnd on_end)
    : rules_(rules),
      on_end_(std::move(on_end)),
      reader_(rules_.key, rules_.local, rules_.parts.tcp),
      hello_([] {
          FieldValues::Mask mask;
          mask.set(tls_field::server_name);
          return mask;
      }()),
      table_(rules.limits) {}

void FlowTracker::add(const FlowFrames& frames) {
    frames_ = frames;
    for (std::size_t i = 0; i < frames.frames.size(); ++i) {
        const Frame& frame = frames.frames[i];
        now_ = std::max(now_, frame.time_ns);
        __builtin_prefetch(frame.data + frames.inner[i].transport_begin);
    }
    numbers_.assign(frames.frames.size(), 0);
    table_.add(frames.flows, *this);
    if (rules_.limits.max_bytes != 0) keep_within_limits();
}

bool FlowTracker::restarts(std::size_t i, const FlowHead& head, const TrackedFlow& flow) const {
    if ((frames_.flows[i].tcp_flags & (Tcp::syn | Tcp::ack)) != Tcp::syn || !rules_.new_on_syn) return false;
    const Seen packet = seen(i);
    if (!packet.tcp) return false;
    const Tcp tcp{packet.tcp_header()};
    const bool from_a = packet.flow.from_low == head.a_is_low;
    return flow.has(from_a ? TrackedFlow::base_ab : TrackedFlow::base_ba) && flow.base[from_a ? 0 : 1] != tcp.sequence_number();
}

void FlowTracker::update(std::size_t i, FlowHead& head, TrackedFlow& flow, bool is_new) {
    const Seen packet = seen(i);
    if (is_new) {
        begin_flow(packet, head, flow);
    } else if (flow.has(TrackedFlow::one_packet)) {
        begin_tcp(flow);
    }
    numbers_[i] = head.number;
    if (packet.tcp && !head.initiator_by_syn) learn_initiator(packet, head, flow);
    const PacketFacts facts = facts_of(packet.frame, packet.inner, packet.flow, head.a_is_low);
    flow.counts.add(facts, pools_);
    if (rules_.parts.first != 0) keep_first(facts, flow);
    if (packet.tcp) follow_flags(packet, facts.way, flow);
    if (facts.payload_bytes != 0 && packet.inner.has_ports()) {
        if (flow.content == no_proto) flow.content = content_of(packet);
        if (flow.content == proto_of<Tls>) read_server_name(packet, flow);
    }
    const Events events = flow.state != TrackedFlow::none ? follow_state(packet, facts, flow) : Events{};
    if (flow.more != TrackedFlow::none && rules_.parts.shape) more_[flow.more].shape.add(facts, pools_);
    if (on_packet_) on_packet_(head, facts, events);
}

void FlowTracker::begin_flow(const Seen& packet, FlowHead& head, TrackedFlow& flow) {
    if (!frames_.ordinals.empty()) head.number = frames_.ordinals[packet.place] & FlowHead::most_flows;
    flow.protocol = packet.flow.key.protocol;
    if (rules_.parts.tcp && packet.flow.key.is_tcp()) {
        flow.state = first_packets_.take();
        if (flow.state != TrackedFlow::none) flow.seen |= TrackedFlow::one_packet;
    } else if (rules_.parts.tcp) {
        flow.state = states_.take();
    }
    const bool more = rules_.parts.shape || rules_.parts.link;
    if (more) flow.more = more_.take();
    if (packet.is_untagged() && !rules_.parts.link) {
        if (frames_.has_interface) extras_for(flow).origin = origins_.of_interface(packet.frame.interface);
        return;
    }
    Packet& decoded = packet_;
    decode(packet.frame, decoded);
    if (const std::uint32_t origin = origins_.of(packet.frame, decoded, rules_.key, frames_.has_interface); origin != 0)
        extras_for(flow).origin = origin;
    if (!rules_.parts.link || flow.more == TrackedFlow::none) return;
    LinkAddresses addresses;
    addresses.set(packet.frame, decoded, ethernet_layer_of(decoded, rules_.key), packet.flow.from_low == head.a_is_low ? Way::ab : Way::ba);
    MoreParts& parts = more_[flow.more];
    parts.has_mac = addresses.has_mac;
    parts.src_mac = addresses.src_mac;
    parts.dst_mac = addresses.dst_mac;
}

void FlowTracker::learn_initiator(const Seen& packet, FlowHead& head, TrackedFlow& flow) {
    const std::uint16_t flags = Tcp{packet.tcp_header()}.flags();
    if ((flags & Tcp::syn) == 0) return;
    const bool from_a = packet.flow.from_low == head.a_is_low;
    const bool a_answers = (flags & Tcp::ack) != 0;
    head.initiator_by_syn = true;
    if (from_a != a_answers) return;
    head.a_is_low = !head.a_is_low;
    flip(flow);
}

void FlowTracker::flip(TrackedFlow& flow) {
    flow.counts.flip(pools_);
    std::swap(flow.base[0], flow.base[1]);
    const auto exchanged = [&](unsigned one, unsigned two) {
        return ((flow.seen & one) != 0 ? two : 0U) | ((flow.seen & two) != 0 ? one : 0U);
    };
    constexpr unsigned pairs = TrackedFlow::fin_ab | TrackedFlow::fin_ba | TrackedFlow::base_ab | TrackedFlow::base_ba;
    flow.seen = static_cast<std::uint8_t>((flow.seen & ~pairs) | exchanged(TrackedFlow::fin_ab, TrackedFlow::fin_ba) |
                                          exchanged(TrackedFlow::base_ab, TrackedFlow::base_ba));
    if (flow.state != TrackedFlow::none && flow.protocol == 6 && !flow.has(TrackedFlow::one_packet)) {
        TcpPart& part = tcp_[flow.state];
        std::swap(part.bad_checksums[0], part.bad_checksums[1]);
        part.flow.flip(tcp_pools_);
        // Without one, there is none that could have been told the wrong way.
        if (!part.state.history().empty()) part.state.flip();
    }
    const FlowExtras extras = extras_of(flow);
    constexpr unsigned all = (1U << FirstFew::room) - 1;
    for (std::uint32_t few = extras.first; few != TrackedFlow::none; few = first_few_[few].next)
        first_few_[few].from_b = static_cast<std::uint8_t>(first_few_[few].from_b ^ all);
    if (flow.more == TrackedFlow::none) return;
    MoreParts& more = more_[flow.more];
    std::swap(more.src_mac, more.dst_mac);
    std::swap(more.shape.shapes[0], more.shape.shapes[1]);
}

namespace {

Events bad_if(bool bad) {
    Events events;
    if (bad) events.add(TcpEvent::bad_checksum);
    return events;
}

}  // namespace

void FlowTracker::follow_flags(const Seen& packet, Way way, TrackedFlow& flow) {
    const Tcp tcp{packet.tcp_header()};
    const std::uint16_t flags = tcp.flags();
    const auto side = static_cast<std::size_t>(way);
    const auto base = static_cast<std::uint8_t>(way == Way::ab ? TrackedFlow::base_ab : TrackedFlow::base_ba);
    if ((flow.seen & base) == 0) {
        flow.base[side] = tcp.sequence_number() - ((flags & Tcp::syn) != 0 ? 0U : 1U);
        flow.seen |= base;
    }
    if ((flags & (Tcp::fin | Tcp::rst)) == 0) return;
    constexpr auto done = static_cast<unsigned>(TrackedFlow::closed) | TrackedFlow::aborted;
    unsigned seen = flow.seen;
    if ((flags & Tcp::fin) != 0) seen |= way == Way::ab ? TrackedFlow::fin_ab : TrackedFlow::fin_ba;
    const bool both = (seen & TrackedFlow::fin_ab) != 0 && (seen & TrackedFlow::fin_ba) != 0;
    if (both && (seen & done) == 0) seen |= TrackedFlow::closed;
    if ((flags & Tcp::rst) != 0 && (seen & done) == 0) seen |= TrackedFlow::aborted;
    flow.seen = static_cast<std::uint8_t>(seen);
}

void FlowTracker::keep_first(const PacketFacts& facts, TrackedFlow& flow) {
    FlowExtras& extras = extras_for(flow);
    if (extras.kept >= rules_.parts.first) return;
    const std::size_t place = extras.kept % FirstFew::room;
    if (place == 0) {
        const std::uint32_t taken = first_few_.take();
        if (taken == TrackedFlow::none) return;
        (extras.kept == 0 ? extras.first : first_few_[extras.newest].next) = taken;
        extras.newest = taken;
    }
    FirstFew& some = first_few_[extras.newest];
    some.times[place] = facts.time_ns;
    some.sizes[place] = facts.wire_bytes;
    const unsigned bit = 1U << place;
    some.from_b = static_cast<std::uint8_t>(facts.way == Way::ba ? some.from_b | bit : some.from_b & ~bit);
    ++extras.kept;
}

Events FlowTracker::follow_state(const Seen& packet, const PacketFacts& facts, TrackedFlow& flow) {
    const bool bad = frames_.bad[packet.place] != 0;
    const auto side = static_cast<std::size_t>(facts.way);
    if (flow.has(TrackedFlow::one_packet)) return follow_first(packet, facts.way, bad, flow);
    if (flow.protocol == 6) {
        TcpPart& part = tcp_[flow.state];
        if (bad) ++part.bad_checksums[side];
        return follow_tcp(packet, facts.way, bad, part);
    }
    StatePart& part = states_[flow.state];
    if (bad) ++part.bad_checksums[side];
    part.state.add_other(facts.way, facts.payload_bytes != 0, has_ports(flow.protocol), bad, part.bad_checksums[side]);
    return bad_if(bad);
}

Events FlowTracker::follow_tcp(const Seen& packet, Way way, bool bad_checksum, TcpPart& part) {
    Segment segment;
    return read(packet, bad_checksum, segment) ? take_segment(segment, way, part, tcp_pools_) : bad_if(bad_checksum);
}

/// False: the TCP header is not whole.
bool FlowTracker::read(const Seen& packet, bool bad_checksum, Segment& out) const {
    if (!read_segment(packet.frame, frames_.number_of(packet.place), packet.inner, nullptr, out)) return false;
    out.length_known = packet.flow.fragment == FragmentPart::none;
    out.bad_checksum = bad_checksum;
    return true;
}

Events FlowTracker::take_segment(const Segment& segment, Way way, TcpPart& part, TcpPools& pools) {
    const Events events = part.flow.add(segment, way, pools);
    LetterCounts letters;
    if (!events.empty()) {
        const TcpCounts counts = part.flow.counts(way, pools);
        letters = {counts.retransmissions, counts.zero_windows, counts.acked_unseen, part.bad_checksums[static_cast<std::size_t>(way)]};
    }
    part.state.add_tcp(segment, way, events, letters);
    return events;
}

Events FlowTracker::follow_first(const Seen& packet, Way way, bool bad_checksum, TrackedFlow& flow) {
    Segment segment;
    const bool whole = read(packet, bad_checksum, segment);
    const bool fits = !whole || FirstPacket::fits(segment);
    FirstPacket& first = first_packets_[flow.state];
    first = FirstPacket{way, bad_checksum, whole && fits ? &segment : nullptr};
    if (fits) return on_packet_ ? take_alone(first) : Events{};
    begin_tcp(flow);
    return flow.state == TrackedFlow::none ? Events{} : take_segment(segment, way, tcp_[flow.state], tcp_pools_);
}

Events FlowTracker::take_first(const FirstPacket& first, TcpPart& part, TcpPools& pools) {
    if (first.bad_checksum()) ++part.bad_checksums[static_cast<std::size_t>(first.way())];
    const auto segment = first.segment();
    return segment ? take_segment(*segment, first.way(), part, pools) : bad_if(first.bad_checksum());
}

/// Follows the connection from here on.
void FlowTracker::begin_tcp(TrackedFlow& flow) {
    const FirstPacket first = first_packets_[flow.state];
    first_packets_.give_back(flow.state);
    flow.seen = static_cast<std::uint8_t>(flow.seen & ~static_cast<unsigned>(TrackedFlow::one_packet));
    flow.state = tcp_.take();
    if (flow.state != TrackedFlow::none) take_first(first, tcp_[flow.state], tcp_pools_);
}

Events FlowTracker::take_alone(const FirstPacket& first) {
    Alone& it = alone();
    it.part.flow.release(it.pools);
    it.part = TcpPart{};
    return take_first(first, it.part, it.pools);
}

FlowTracker::Alone& FlowTracker::alone() {
    thread_local Alone it;
    return it;
}

void FlowTracker::read_server_name(const Seen& packet, TrackedFlow& flow) {
    constexpr std::size_t to_handshake_type = Tls::size;
    constexpr std::uint8_t client_hello = 1;
    if (flow.extras != TrackedFlow::none && extras_[flow.extras].server_name != 0) return;
    if (!packet.tcp) return;
    const Bytes segment = packet.frame.bytes().subspan(packet.inner.transport_begin);
    const std::size_t payload = Tcp{packet.tcp_header()}.header_length();
    if (segment.size() <= payload + to_handshake_type || segment[payload] != Tls::handshake ||
        segment[payload + to_handshake_type] != client_hello)
        return;
    Packet& decoded = packet_;
    decode(packet.frame, decoded);
    for (const Layer& layer : decoded.stack()) {
        if (layer.proto != proto_of<Tls>) continue;
        hello_.clear();
        Tls::walk({packet.frame, decoded}, layer, hello_);
        const auto names = hello_.of(tls_field::server_name);
        if (names.empty()) continue;
        const Bytes name = names.front().bytes;
        std::string text{reinterpret_cast<const char*>(name.data()), name.size()};
        const auto [at, is_new] = server_name_numbers_.try_emplace(std::move(text), static_cast<std::uint32_t>(server_names_.size() + 1));
        if (is_new) {
            constexpr std::size_t beside = 64;  // a node of the map
            server_name_bytes_ += 2 * (sizeof(std::string) + at->first.size()) + beside;
            server_names_.push_back(at->first);
        }
        extras_for(flow).server_name = at->second;
        return;
    }
}

FlowExtras& FlowTracker::extras_for(TrackedFlow& flow) {
    if (flow.extras == TrackedFlow::none) flow.extras = extras_.take();
    return extras_[flow.extras];
}

bool FlowTracker::ended(const FlowKey& key, FlowHead& head, TrackedFlow& flow) {
    if (!rules_.write_on_end && rules_.limits.max_flows == 0 && rules_.limits.max_bytes == 0) return false;
    on_end_({*this, key, head, flow});
    give_back(flow);
    return true;
}

void FlowTracker::give_back(TrackedFlow& flow) {
    flow.counts.give_back(pools_);
    if (flow.state != TrackedFlow::none) {
        if (flow.has(TrackedFlow::one_packet)) {
            first_packets_.give_back(flow.state);
        } else if (flow.protocol == 6) {
            tcp_[flow.state].flow.release(tcp_pools_);
            tcp_.give_back(flow.state);
        } else {
            states_.give_back(flow.state);
        }
    }
    if (flow.more != TrackedFlow::none) more_.give_back(flow.more);
    for (std::uint32_t few = extras_of(flow).first; few != TrackedFlow::none;) {
        const std::uint32_t next = first_few_[few].next;
        first_few_.give_back(few);
        few = next;
    }
    if (flow.extras != TrackedFlow::none) extras_.give_back(flow.extras);
}

/// What decode() finds above the ports.
Proto FlowTracker::content_of(const Seen& packet) {
    const bool tcp = packet.inner.transport == proto_of<Tcp>;
    const Bytes above = packet.frame.bytes().subspan(packet.inner.transport_begin);
    const std::size_t header = tcp ? Tcp{packet.tcp_header()}.header_length() : std::size_t{Udp::size};
    const bool whole = packet.flow.fragment == FragmentPart::none && header + packet.inner.payload_bytes <= above.size();
    if (whole && (tcp || packet.inner.transport == proto_of<Udp>)) {
        const auto ports = first_of<4>(above);
        const Bytes payload = above.subspan(header, packet.inner.payload_bytes);
        const bool known = tcp ? detail::claimed<Space::tcp_port>(be16<0>(ports), be16<2>(ports), payload)
                               : detail::claimed<Space::udp_port>(be16<0>(ports), be16<2>(ports), payload);
        return known ? detail::carried(tcp ? Space::tcp_port : Space::udp_port, be16<0>(ports), be16<2>(ports), payload).proto : no_proto;
    }
    decode(packet.frame, packet_);
    const std::size_t next = packet_.transport + std::size_t{1};
    const bool same = packet_.transport != Packet::no_layer && packet_.layers[packet_.transport].begin == packet.inner.transport_begin;
    return same && next < packet_.depth ? packet_.layers[next].proto : no_proto;
}

std::vector<FlowTracker::Id> FlowTracker::in_order() {
    std::vector<Id> ids = table_.ids();
    const auto start = [&](Id id) {
        std::int64_t time = no_time;
        look_at(id, [&](const FlowView& view) { time = view.flow.counts.first_ns(); });
        return time;
    };
    const auto before = [&](Id one, Id two) { return start(one) < start(two); };
    if (!std::is_sorted(ids.begin(), ids.end(), before)) std::stable_sort(ids.begin(), ids.end(), before);
    return ids;
}

std::vector<FlowTracker::Id> FlowTracker::active_since(std::int64_t since) {
    std::vector<Id> ids = table_.ids();
    const auto silent = [&](Id id) {
        bool is = true;
        look_at(id, [&](const FlowView& view) { is = !view.head.lives || view.flow.counts.last_ns() < since; });
        return is;
    };
    ids.erase(std::remove_if(ids.begin(), ids.end(), silent), ids.end());
    return ids;
}

const StatePart* FlowTracker::state(const FlowView& view) const {
    if (view.flow.state == TrackedFlow::none) return nullptr;
    return view.flow.protocol == 6 ? tcp(view) : &states_[view.flow.state];
}

const TcpPart* FlowTracker::tcp(const FlowView& view) const {
    if (view.flow.state == TrackedFlow::none || view.flow.protocol != 6) return nullptr;
    if (!view.flow.has(TrackedFlow::one_packet)) return &tcp_[view.flow.state];
    take_alone(first_packets_[view.flow.state]);
    return &alone().part;
}

const MoreParts* FlowTracker::more(const FlowView& view) const {
    return view.flow.more == TrackedFlow::none ? nullptr : &more_[view.flow.more];
}

std::string_view FlowTracker::server_name(const FlowView& view) const {
    const std::uint32_t number = extras_of(view.flow).server_name;
    return number == 0 ? std::string_view{} : std::string_view{server_names_[number - 1]};
}

EndReason FlowTracker::end_reason(const FlowView& view) const {
    if (view.flow.has(TrackedFlow::closed)) return EndReason::fin;
    if (view.flow.has(TrackedFlow::aborted)) return EndReason::rst;
    return view.head.end_reason() == EndReason::none ? EndReason::eof : view.head.end_reason();
}

}  // namespace pcapline
