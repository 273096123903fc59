// FlowFrames: frames whose flows are known; FlowFrameReader finds them out.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pcapline/base/networks.h"
#include "pcapline/capture/batch.h"
#include "pcapline/flow/flow_reader.h"

namespace pcapline {

/// Frames in file order, with what FlowTracker counts them by. Owns nothing.
struct FlowFrames {
    std::span<const Frame> frames;
    std::span<const FlowOf> flows;           ///< of each frame
    std::span<const Innermost> inner;        ///< of each frame
    std::span<const std::uint8_t> bad;       ///< of each frame: a checksum does not fit; empty: nobody asked
    std::span<const std::uint64_t> numbers;  ///< of each frame in its file; empty: first_number, +1, …
    std::uint64_t first_number = 1;
    /// Of each frame, larger than those before it: what flows are numbered by. Empty: by how many have begun.
    std::span<const std::uint64_t> ordinals;
    bool has_interface = false;  ///< the file names interfaces

    std::uint64_t number_of(std::size_t i) const { return numbers.empty() ? first_number + i : numbers[i]; }
};

/// What it takes to know which flow a frame is of, and no flow's state: the part of the work that one thread does for all others.
class FlowFrameReader {
 public:
    /// `checksums`: they are verified too. `local`: packets between these networks are of no flow.
    FlowFrameReader(const KeyRules& rules, const Networks& local, bool checksums)
        : reader_(rules), local_networks_(local), checksums_(checksums) {}

    /// Valid until it is called again, as long as the batch.
    FlowFrames read(const Batch& batch, bool has_interface);
    /// Exchanges what the last read() found with vectors of the caller's: valid as long as these.
    void exchange(std::vector<FlowOf>& flows, std::vector<Innermost>& inner, std::vector<std::uint8_t>& bad) {
        reader_.exchange(flows, inner);
        bad_.swap(bad);
    }

    /// Packets of no flow.
    std::uint64_t left_out() const { return reader_.left_out(); }
    /// Packets left out as local.
    std::uint64_t local() const { return local_; }

 private:
    bool is_bad(const Frame& frame, const FlowOf& flow, const Innermost& inner);

    FlowReader reader_;
    const Networks& local_networks_;
    bool checksums_;
    std::vector<std::uint8_t> bad_;
    std::uint64_t local_ = 0;
    Packet packet_;
};

}  // namespace pcapline
