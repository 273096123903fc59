#include "apps/conversations/conversation_job.h"

#include <algorithm>

#include "apps/common/progress.h"
#include "apps/common/report.h"
#include "apps/conversations/row_output.h"

namespace pcapline::cli {
namespace {

/// Writes what has happened to flows that last, each `interval` of packet time.
class Interim {
 public:
    explicit Interim(std::int64_t interval) : interval_(interval) {}

    template <class Write>
    void write(FlowTracker& tracker, Write write) {
        const std::int64_t now = tracker.now();
        if (interval_ == 0 || now == no_time) return;
        if (since_ == no_time) since_ = now;
        if (now - since_ < interval_) return;
        for (const FlowTracker::Id id : tracker.active_since(since_)) tracker.look_at(id, [&](const FlowView& view) { write(view, true); });
        since_ = now;
    }

 private:
    std::int64_t interval_;
    std::int64_t since_ = no_time;
};

}  // namespace

std::string left_out_member(const std::vector<std::pair<const char*, std::uint64_t>>& reasons) {
    std::string members;
    for (const auto& [reason, packets] : reasons)
        if (packets != 0) members += std::string(members.empty() ? "\"" : ",\"") + reason + "\":" + std::to_string(packets);
    return members.empty() ? "" : ",\"left_out\":{" + members + '}';
}

bool read_all(const App& app, PacketInput& input, const RunFlags& run, const std::function<void(const Batch&)>& add) {
    Progress progress{app.about().name, run.progress(), run.quiet(), 0};
    Batch batch;
    while (stop_signal() == 0 && input.next(batch)) {
        add(batch);
        progress.tick(input.source().source().bytes_in(), input.packets_passed());
    }
    return stop_signal() == 0 && input.exit_code() != exit_usage;
}

int ended(const PacketInput& input, const RunFlags& run, bool empty) {
    if (const int code = input.exit_code(); code != 0) return code;
    return run.exit_empty() && empty ? exit_empty : exit_done;
}

int run_flows(const App& app, PacketInput& input, const ConversationOptions& options, const OutputFlags& output, const RunFlags& run) {
    RowOutput<FlowRow> out{row_columns(options.columns), options.style, output, options.line_buffered};
    const auto write = [&](const FlowView& view, bool interim) { out.row(FlowRow{view, *options.applications, !options.live, interim}); };
    FlowTracker tracker{options.rules, [&](const FlowView& view) { write(view, false); }};
    Interim interim{options.interim_ns};
    const bool whole = read_all(app, input, run, [&](const Batch& batch) {
        tracker.add(batch, input.source().info().format == CaptureFormat::pcapng);
        interim.write(tracker, write);
        if (options.live && !out.failed()) static_cast<void>(out.flush());
    });
    if (input.exit_code() == exit_usage) return exit_usage;
    if (!whole && !options.live) return exit_partly;  // a report is whole or not there

    std::vector<FlowTracker::Id> flows = tracker.in_order();
    if (options.sort.given()) {
        const auto places = options.sort.places(flows.size(), [&](std::size_t i, const auto& use) {
            tracker.look_at(flows[i], [&](const FlowView& view) { use(FlowRow{view, *options.applications}); });
        });
        std::vector<FlowTracker::Id> sorted(flows.size());
        std::transform(places.begin(), places.end(), sorted.begin(), [&](std::uint32_t place) { return flows[place]; });
        flows = std::move(sorted);
    }
    if (options.top && *options.top < flows.size()) flows.resize(*options.top);
    for (const FlowTracker::Id id : flows) {
        tracker.look_at(id, [&](const FlowView& view) { write(view, false); });
        if (out.failed()) break;
    }
    if (out.failed()) return app.fail(*out.failed());
    const std::string left_out = left_out_member({{"not_ip", tracker.not_ip()}, {"local", tracker.local()}});
    if (auto done = out.finish(left_out + damage_member(input.damage())); !done) return app.fail(done.error());
    return ended(input, run, out.rows() == 0);
}

int run_conversations(const App& app, InputOptions input_options, const ConversationOptions& options, const OutputFlags& output,
                      const RunFlags& run) {
    auto input = PacketInput::make(std::move(input_options), [&](const Error& error) { app.problem(error); });
    if (!input) return app.fail(input.error());
    if (options.by_host_pair) return run_host_pairs(app, *input, options, output, run);
    if (options.rules.key.by == FlowBy::flow) return run_flows(app, *input, options, output, run);
    return run_pairs(app, *input, options, output, run);
}

}  // namespace pcapline::cli
