// SequenceSplit: when the packets of each session came, and what they carried.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/split-flow/manifest.h"
#include "apps/split-flow/split_job.h"
#include "pcapline/conversation/flow_tracker.h"
#include "pcapline/output/text_buffer.h"
#include "pcapline/split/output_folder.h"
#include "pcapline/split/parts.h"
#include "pcapline/split/payload_lists.h"

namespace pcapline::cli {

/// One run of --type json or ndjson. Keeps 16 bytes a packet until the end.
class SequenceSplit {
 public:
    SequenceSplit(const App& app, const SplitOptions& options, const RunFlags& run);

    /// The exit code.
    int run(InputOptions input);

 private:
    Result<void> begin(const std::vector<std::string>& files);
    void take(const Batch& batch);
    bool is_kept(const FlowView& view);
    Result<void> write();
    Result<void> put_flow(const FlowView& view, bool first);
    Result<void> drain(bool all);
    Result<void> finish(std::uint64_t packets);

    const App& app_;
    const SplitOptions& options_;
    const RunFlags& run_;
    Manifest manifest_;
    FlowTracker tracker_;
    Parts parts_;  ///< by flow
    PayloadLists lists_;
    LeftOut left_out_;
    Part whole_;  ///< what was written
    std::uint64_t flows_written_ = 0;
    std::string name_;
    std::optional<OutputFolder> folder_;
    std::unique_ptr<Sink> sink_;
    TextBuffer text_;
};

}  // namespace pcapline::cli
