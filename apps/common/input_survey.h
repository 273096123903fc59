// InputSurvey: what all inputs have in common, which the format of an output depends on.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pcapline/capture/frame_source.h"
#include "pcapline/capture/writer.h"

namespace pcapline::cli {

/// As far as the headers tell.
class InputSurvey {
 public:
    /// Looks at the headers of all inputs that can be opened twice.
    static InputSurvey of(const std::vector<std::string>& files);

    void add(const CaptureInfo& info, std::span<const Interface> interfaces);
    /// Link types or clocks differ.
    bool mixed() const { return mixed_; }
    /// Some clock counts nanoseconds.
    bool nanoseconds() const { return nanoseconds_; }
    /// How a copy of all is written, if nothing else was asked for. `source`: the first one.
    WriterOptions writer_for(const FrameSource& source) const;

 private:
    bool pcapng_ = false;  ///< some input is pcapng
    bool mixed_ = false;
    bool nanoseconds_ = false;
    std::optional<std::pair<std::uint16_t, std::uint8_t>> kind_;  ///< link type and time digits of the first
};

}  // namespace pcapline::cli
