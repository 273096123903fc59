// The jobs of `conversations`: follow every flow or pair, write a record for each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/options.h"
#include "pcapline/conversation/flow_columns.h"
#include "pcapline/conversation/host_pairs.h"
#include "pcapline/conversation/pair_tracker.h"
#include "pcapline/output/row_order.h"

namespace pcapline::cli {

struct ConversationOptions {
    TrackRules rules;
    bool by_host_pair = false;
    HostPairRules host_pairs;
    std::vector<const FlowColumn*> columns;
    RowSort<FlowRow> sort;
    RowSort<PairRow> pair_sort;
    RowSort<HostPair> host_pair_sort;
    std::optional<std::uint64_t> top;
    bool live = false;            ///< a pipe from `capture`: records when flows end, without a number
    std::int64_t interim_ns = 0;  ///< 0: none
    RowStyle style;
    bool line_buffered = false;
    std::optional<unsigned> threads;  ///< empty: as many as pay
    const Applications* applications = nullptr;
};

/// Runs it to the end; the exit code.
int run_conversations(const App& app, InputOptions input, const ConversationOptions& options, const OutputFlags& output,
                      const RunFlags& run);

// Its three kinds, on an input that is open.
int run_flows(const App& app, PacketInput& input, const ConversationOptions& options, const OutputFlags& output, const RunFlags& run);
int run_pairs(const App& app, PacketInput& input, const ConversationOptions& options, const OutputFlags& output, const RunFlags& run);
int run_host_pairs(const App& app, PacketInput& input, const ConversationOptions& options, const OutputFlags& output, const RunFlags& run);

/// Reads to the end of the input; add() may take what is in a batch. False if that was not reached, or nothing could be read: nothing is
/// written then.
bool read_all(const App& app, PacketInput& input, const RunFlags& run, const std::function<void(Batch&)>& add);
/// The exit code when everything has been written.
int ended(const PacketInput& input, const RunFlags& run, bool empty);

}  // namespace pcapline::cli
