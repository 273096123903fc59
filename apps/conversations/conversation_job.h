// The job of `conversations`: follow every flow, write a record for each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/options.h"
#include "pcapline/conversation/flow_columns.h"
#include "pcapline/output/row_order.h"

namespace pcapline::cli {

struct ConversationOptions {
    TrackRules rules;
    std::vector<const FlowColumn*> columns;
    RowSort<FlowRow> sort;
    std::optional<std::uint64_t> top;
    bool live = false;            ///< a pipe from `capture`: records when flows end, without a number
    std::int64_t interim_ns = 0;  ///< 0: none
    RowStyle style;
    bool line_buffered = false;
    const Applications* applications = nullptr;
};

/// Runs it to the end; the exit code.
int run_conversations(const App& app, InputOptions input, ConversationOptions options, const OutputFlags& output, const RunFlags& run);

}  // namespace pcapline::cli
