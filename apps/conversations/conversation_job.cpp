#include "apps/conversations/conversation_job.h"

#include <algorithm>

#include "apps/common/progress.h"
#include "apps/common/report.h"

namespace pcapline::cli {
namespace {

/// Opens the output when there is something to write, and drains rows into it.
class FlowOutput {
 public:
    FlowOutput(const ConversationOptions& options, const OutputFlags& output)
        : options_(options), output_(output), writer_(row_columns(options.columns), options.style) {}

    Result<void> begin() {
        if (sink_) return {};
        auto opened = output_.open();
        if (!opened) return opened.error();
        sink_ = std::move(*opened);
        writer_.begin(text_);
        return {};
    }
    void row(const FlowView& view, bool interim) {
        writer_.row(text_, FlowRow{view, *options_.applications, !options_.live, interim});
        if (failed_ || !(text_.full() || options_.line_buffered)) return;
        if (auto flushed = flush(); !flushed) failed_ = flushed.error();
    }
    Result<void> flush() {
        if (auto begun = begin(); !begun) return begun;
        auto done = text_.drain(*sink_);
        return done ? sink_->flush() : done;
    }
    Result<void> finish(const std::string& extra) {
        writer_.end(text_, extra);
        auto done = text_.drain(*sink_);
        return done ? sink_->finish() : done;
    }
    std::uint64_t rows() const { return writer_.rows(); }
    const std::optional<Error>& failed() const { return failed_; }

 private:
    const ConversationOptions& options_;
    const OutputFlags& output_;
    RowWriter<FlowRow> writer_;
    TextBuffer text_;
    std::unique_ptr<Sink> sink_;
    std::optional<Error> failed_;
};

std::string left_out(const FlowTracker& tracker) {
    std::string members;
    const auto add = [&](const char* reason, std::uint64_t packets) {
        if (packets != 0) members += std::string(members.empty() ? "\"" : ",\"") + reason + "\":" + std::to_string(packets);
    };
    add("not_ip", tracker.not_ip());
    add("local", tracker.local());
    return members.empty() ? "" : ",\"left_out\":{" + members + '}';
}

/// Writes what has happened to flows that last, each `interval` of packet time.
class Interim {
 public:
    explicit Interim(std::int64_t interval) : interval_(interval) {}

    void write(FlowTracker& tracker, FlowOutput& out) {
        const std::int64_t now = tracker.now();
        if (interval_ == 0 || now == no_time) return;
        if (since_ == no_time) since_ = now;
        if (now - since_ < interval_) return;
        for (const FlowTracker::Id id : tracker.active_since(since_))
            tracker.look_at(id, [&](const FlowView& view) { out.row(view, true); });
        since_ = now;
    }

 private:
    std::int64_t interval_;
    std::int64_t since_ = no_time;
};

}  // namespace

int run_conversations(const App& app, InputOptions input_options, ConversationOptions options, const OutputFlags& output,
                      const RunFlags& run) {
    auto input = PacketInput::make(std::move(input_options), [&](const Error& error) { app.problem(error); });
    if (!input) return app.fail(input.error());
    FlowOutput out{options, output};
    FlowTracker tracker{options.rules, [&](const FlowView& view) { out.row(view, false); }};
    Progress progress{app.about().name, run.progress(), run.quiet(), 0};
    Interim interim{options.interim_ns};
    Batch batch;
    while (stop_signal() == 0 && !out.failed() && input->next(batch)) {
        const FrameSource& source = input->source();
        tracker.add(batch, source.info().format == CaptureFormat::pcapng);
        interim.write(tracker, out);
        if (options.live)
            if (auto flushed = out.flush(); !flushed) return app.fail(flushed.error());
        progress.tick(source.source().bytes_in(), input->packets_passed());
    }
    if (input->exit_code() == exit_usage) return exit_usage;
    if (stop_signal() != 0 && !options.live) return exit_partly;  // a report is whole or not there
    if (out.failed()) return app.fail(*out.failed());
    if (auto begun = out.begin(); !begun) return app.fail(begun.error());

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
        tracker.look_at(id, [&](const FlowView& view) { out.row(view, false); });
        if (out.failed()) return app.fail(*out.failed());
    }
    if (auto done = out.finish(left_out(tracker) + damage_member(input->damage())); !done) return app.fail(done.error());
    if (const int code = input->exit_code(); code != 0) return code;
    return run.exit_empty() && out.rows() == 0 ? exit_empty : exit_done;
}

}  // namespace pcapline::cli
