// CaptureFilter: a BPF expression, compiled by libpcap for each link type it meets.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "pcapline/base/frame.h"
#include "pcapline/base/result.h"
#include "pcapline/capture/interface.h"

namespace pcapline {

/// A capture filter (pcap-filter(7)). Compiled once per link type; matching allocates nothing.
class CaptureFilter {
 public:
    /// Checks the syntax for Ethernet. Host names are refused unless `resolve`. Errors: Errc::usage.
    static Result<CaptureFilter> compile(const std::string& expression, bool resolve = false);
    CaptureFilter(CaptureFilter&&) noexcept;
    CaptureFilter& operator=(CaptureFilter&&) noexcept;
    ~CaptureFilter();

    /// Makes the program for a link type ready (once; cheap if it is). False where libpcap cannot filter it: its
    /// frames never match then. `why` is libpcap's message.
    bool prepare(std::uint16_t link_type, std::string* why = nullptr);
    /// prepare() must have been called for the frame's link type; otherwise it does not match. Safe on several threads at once.
    bool matches(const Frame& frame) const noexcept;

 private:
    struct Programs;
    explicit CaptureFilter(std::unique_ptr<Programs> programs);
    std::unique_ptr<Programs> programs_;
};

}  // namespace pcapline
