// FlowReader: from frames to their flows, a batch at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pcapline/base/frame.h"
#include "pcapline/decode/innermost.h"
#include "pcapline/flow/flow_key.h"
#include "pcapline/flow/fragments.h"
#include "pcapline/flow/key_extras.h"

namespace pcapline {

/// Says which flow each frame belongs to, fragments included: at a glance where that is enough, else by decode(). What read() found is
/// valid until it is called again.
class FlowReader {
 public:
    explicit FlowReader(const KeyRules& rules = {}) : rules_(rules) {}

    /// Reads frames, in file order.
    void read(std::span<const Frame> frames);

    /// Takes frames for frames of no flow for which drop(FlowOf) says so, though they are not left out; how many these are.
    template <class Drop>
    std::size_t drop_if(Drop drop) {
        std::size_t dropped = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            if (!flows_[i].has_flow() || !drop(flows_[i])) continue;
            flows_[i].key.family = Family::none;
            ++dropped;
        }
        return dropped;
    }

    /// Of frame i: its flow, for FlowTable::add(); of a frame of no flow one that !has_flow(), with its time;
    std::span<const FlowOf> flows() const { return {flows_.data(), count_}; }
    /// and the IP packet that the flow is of (nothing, by Ethernet without IP).
    const Innermost& inner(std::size_t i) const { return inner_[i]; }
    std::span<const Innermost> all_inner() const { return {inner_.data(), count_}; }
    /// Exchanges both with vectors of the caller's, which may be too long: what they held is written over.
    void exchange(std::vector<FlowOf>& flows, std::vector<Innermost>& inner) {
        flows_.swap(flows);
        inner_.swap(inner);
        inner_.resize(flows_.size());
    }

    const KeyRules& rules() const { return rules_; }
    /// Frames of no flow so far.
    std::uint64_t left_out() const { return left_out_; }
    const FragmentMap& fragments() const { return fragments_; }
    const KeyExtras& extras() const { return extras_; }

 private:
    static constexpr std::size_t run_of_frames = 128;

    void read_run(std::span<const Frame> frames, FlowOf* flows, Innermost* inner);
    void read_decoded(const Frame& frame, FlowOf& flow, Innermost& inner);

    KeyRules rules_;
    FragmentMap fragments_;
    KeyExtras extras_;
    std::vector<FlowOf> flows_;
    std::vector<Innermost> inner_;
    std::size_t count_ = 0;
    std::uint64_t left_out_ = 0;
    Packet packet_;
};

}  // namespace pcapline
