#include "pcapline/flow/flow_reader.h"

#include <algorithm>
#include <array>

#include "pcapline/decode/glance.h"

namespace pcapline {
namespace {

using Place = std::uint8_t;

/// Frames that seem to have this shape: what they have in common is known before. Returns those that are not what they seem.
template <Shape shape>
std::span<Place> read_alike(const Frame* frames, std::span<Place> places, FlowOf* flows, Innermost* inner) {
    std::size_t others = 0;
    for (const Place place : places) {
        if (!glance_ports<shape>(frames[place], inner[place])) [[unlikely]] {
            places[others++] = place;
            continue;
        }
        flow_of_glance(frames[place], inner[place], flows[place]);
    }
    return places.first(others);
}

}  // namespace

void FlowReader::read(std::span<const Frame> frames) {
    count_ = frames.size();
    if (flows_.size() < count_) {
        flows_.resize(count_);
        inner_.resize(count_);
    }
    for (std::size_t begin = 0; begin < count_; begin += run_of_frames)
        read_run(frames.subspan(begin, std::min(run_of_frames, count_ - begin)), &flows_[begin], &inner_[begin]);
}

/// Sorts the frames by shape, so that the many are read in loops without branches that cannot be foretold. The others are read in file
/// order: fragments depend on it.
void FlowReader::read_run(std::span<const Frame> frames, FlowOf* flows, Innermost* inner) {
    using enum Shape;
    std::array<std::array<Place, run_of_frames>, shape_count> places;
    std::array<std::size_t, shape_count> sizes{};
    const bool plain = rules_.plain();
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto shape = static_cast<std::size_t>(plain ? shape_of(frames[i]) : other);
        places[shape][sizes[shape]++] = static_cast<Place>(i);
    }
    const auto of = [&](Shape shape) {
        const auto at = static_cast<std::size_t>(shape);
        return std::span<Place>{places[at].data(), sizes[at]};
    };
    std::array<Place, run_of_frames> left;
    std::size_t left_count = 0;
    const auto leave = [&](std::span<const Place> some) {
        std::copy(some.begin(), some.end(), left.begin() + left_count);
        left_count += some.size();
    };
    leave(read_alike<tcp4>(frames.data(), of(tcp4), flows, inner));
    leave(read_alike<udp4>(frames.data(), of(udp4), flows, inner));
    leave(read_alike<tcp6>(frames.data(), of(tcp6), flows, inner));
    leave(read_alike<udp6>(frames.data(), of(udp6), flows, inner));
    leave(plain ? read_alike<other>(frames.data(), of(other), flows, inner) : of(other));
    std::sort(left.begin(), left.begin() + left_count);
    for (std::size_t i = 0; i < left_count; ++i) read_decoded(frames[left[i]], flows[left[i]], inner[left[i]]);
}

void FlowReader::read_decoded(const Frame& frame, FlowOf& flow, Innermost& inner) {
    decode(frame, packet_);
    inner = rules_.outermost ? outermost_ip(packet_) : innermost_ip(packet_);
    if (flow_of(frame, packet_, rules_, extras_.id_of(frame, packet_, rules_), flow)) {
        fragments_.resolve(frame, packet_, rules_, flow);
        return;
    }
    flow = {};
    flow.time_ns = frame.time_ns;
    flow.key.family = Family::none;
    ++left_out_;
}

}  // namespace pcapline
