#include "apps/common/flow_flags.h"

#include "pcapline/base/text.h"
#include "pcapline/base/time.h"

namespace pcapline::cli {

void FlowFlags::declare(App& app) {
    app.list("--key", key_, "+vlan|...", "flows differ by +vlan, +tunnel, +interface too", true);
    app.choice("--tunnel", tunnel_, {"inner", "outer"}, "addresses inside of tunnels, or outside");
    app.flag("--no-new-on-syn", no_new_on_syn_, "a SYN with another sequence number begins no new flow");
    app.value("--idle-timeout", idle_, "TIME", "a flow ends after so long without a packet");
    app.value("--active-timeout", active_, "TIME", "a flow ends when it has lasted so long");
}

Result<void> FlowFlags::apply(TrackRules& rules) const {
    rules.key.outermost = tunnel_ == "outer";
    for (const std::string& part : key_) {
        if (part == "+vlan") {
            rules.key.vlan = true;
        } else if (part == "+tunnel") {
            rules.key.tunnel = true;
        } else if (part == "+interface") {
            rules.key.interface = true;
        } else {
            return Error{Errc::usage, "--key takes +vlan, +tunnel, +interface: " + harmless(part)};
        }
    }
    rules.new_on_syn = !no_new_on_syn_;
    Timeouts& timeouts = rules.limits.timeouts;
    if (idle_) {
        const auto idle = parse_duration(*idle_);
        if (!idle) return idle.error();
        timeouts.idle_tcp = timeouts.idle_other = *idle;
    }
    if (active_) {
        const auto active = parse_duration(*active_);
        if (!active) return active.error();
        timeouts.active = *active;
    }
    return {};
}

}  // namespace pcapline::cli
