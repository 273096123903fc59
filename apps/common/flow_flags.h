// FlowFlags: what makes a flow, for the commands that follow flows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/common/app.h"
#include "pcapline/conversation/flow_tracker.h"

namespace pcapline::cli {

class FlowFlags {
 public:
    void declare(App& app);
    /// Checks, and changes what was asked for. Errors: Errc::usage.
    Result<void> apply(TrackRules& rules) const;
    bool changes_key() const { return !key_.empty(); }
    /// Something was said of when flows end or begin.
    bool changes_ends() const { return no_new_on_syn_ || idle_ || active_; }

 private:
    std::vector<std::string> key_;
    std::string tunnel_ = "inner";
    bool no_new_on_syn_ = false;
    std::optional<std::string> idle_;
    std::optional<std::string> active_;
};

}  // namespace pcapline::cli
