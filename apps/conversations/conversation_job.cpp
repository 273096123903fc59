#include "apps/conversations/conversation_job.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "apps/common/progress.h"
#include "apps/common/report.h"
#include "apps/common/threads.h"
#include "apps/conversations/row_output.h"
#include "pcapline/conversation/flow_shards.h"
#include "pcapline/parallel/ordered.h"

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
        // They may be centuries apart: more than a signed number holds.
        if (static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(since_) < static_cast<std::uint64_t>(interval_)) return;
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

bool read_all(const App& app, PacketInput& input, const RunFlags& run, const std::function<void(Batch&)>& add) {
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

namespace {

/// One run of `--by flow`.
class FlowJob {
 public:
    FlowJob(const App& app, PacketInput& input, const ConversationOptions& options, const OutputFlags& output, const RunFlags& run)
        : app_(app),
          input_(input),
          options_(options),
          run_(run),
          out_(row_columns(options.columns), options.style, output, options.line_buffered) {}

    int run();

 private:
    using Flows = std::vector<FlowShards::Flow>;
    FlowRow row_of(const FlowView& view, bool interim) const { return FlowRow{view, *options_.applications, !options_.live, interim}; }
    unsigned threads() const;
    Flows chosen(FlowShards& shards) const;
    void write(FlowShards& shards, const Flows& flows, unsigned threads);

    const App& app_;
    PacketInput& input_;
    const ConversationOptions& options_;
    const RunFlags& run_;
    RowOutput<FlowRow> out_;
};

/// Records that are written on the way are written by the thread that reads.
unsigned FlowJob::threads() const {
    const FlowLimits& limits = options_.rules.limits;
    const bool on_the_way =
        options_.live || options_.interim_ns != 0 || limits.max_flows != 0 || limits.max_bytes != 0 || options_.line_buffered;
    return on_the_way ? 1 : threads_for(options_.threads, input_.source());
}

FlowJob::Flows FlowJob::chosen(FlowShards& shards) const {
    Flows flows = shards.in_order();
    if (options_.sort.given()) {
        const auto places = options_.sort.places(flows.size(), [&](std::size_t i, const auto& use) {
            shards.look_at(flows[i], [&](const FlowView& view) { use(row_of(view, false)); });
        });
        Flows sorted(flows.size());
        std::transform(places.begin(), places.end(), sorted.begin(), [&](std::uint32_t place) { return flows[place]; });
        flows = std::move(sorted);
    }
    if (options_.top && *options_.top < flows.size()) flows.resize(*options_.top);
    return flows;
}

/// Rows are made by several threads where there are many, piece by piece.
void FlowJob::write(FlowShards& shards, const Flows& flows, unsigned threads) {
    constexpr std::size_t piece = 512;
    if (threads < 2 || flows.size() < 2 * piece) {
        for (const FlowShards::Flow flow : flows) {
            shards.look_at(flow, [&](const FlowView& view) { out_.row(row_of(view, false)); });
            if (out_.failed()) return;
        }
        return;
    }
    std::size_t next = 0;
    const auto make = [&](unsigned, std::size_t begin) -> Result<TextBuffer> {
        TextBuffer text;
        RowWriter<FlowRow> writer{row_columns(options_.columns), options_.style};
        writer.continue_at(begin);
        const std::size_t end = std::min(flows.size(), begin + piece);
        for (std::size_t i = begin; i < end; ++i)
            shards.look_at(flows[i], [&](const FlowView& view) { writer.row(text, row_of(view, false)); });
        return text;
    };
    Ordered<std::size_t, TextBuffer> pieces{{threads, std::size_t{4} * threads},
                                            [&]() -> Result<std::optional<std::size_t>> {
                                                if (next >= flows.size()) return std::optional<std::size_t>{};
                                                return std::optional{std::exchange(next, next + piece)};
                                            },
                                            make};
    while (!out_.failed()) {
        auto text = pieces.take();
        if (!text || !*text) return;
        out_.add(**text, std::min<std::uint64_t>(piece, flows.size() - out_.rows()));
    }
}

int FlowJob::run() {
    std::unique_ptr<FlowShards> shards;
    unsigned threads = 1;
    Interim interim{options_.interim_ns};
    const auto write_row = [&](const FlowView& view, bool goes_on) { out_.row(row_of(view, goes_on)); };
    const auto begin = [&] {
        threads = this->threads();
        shards = std::make_unique<FlowShards>(options_.rules, threads, [&](const FlowView& view) { write_row(view, false); });
    };
    const bool whole = read_all(app_, input_, run_, [&](Batch& batch) {
        if (!shards) begin();
        shards->add(batch, input_.source().info().format == CaptureFormat::pcapng);
        if (options_.interim_ns != 0) interim.write(shards->only(), write_row);
        if (options_.live && !out_.failed()) static_cast<void>(out_.flush());
    });
    if (input_.exit_code() == exit_usage) return exit_usage;
    if (!whole && !options_.live) return exit_partly;  // a report is whole or not there
    if (!shards) shards = std::make_unique<FlowShards>(options_.rules, 1, FlowTracker::OnEnd{});
    shards->finish();
    write(*shards, chosen(*shards), threads);
    if (out_.failed()) return app_.fail(*out_.failed());
    const std::string left_out = left_out_member({{"not_ip", shards->not_ip()}, {"local", shards->local()}});
    if (auto done = out_.finish(left_out + damage_member(input_.damage())); !done) return app_.fail(done.error());
    return ended(input_, run_, out_.rows() == 0);
}

}  // namespace

int run_flows(const App& app, PacketInput& input, const ConversationOptions& options, const OutputFlags& output, const RunFlags& run) {
    return FlowJob{app, input, options, output, run}.run();
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
