// The job of `packets`: read, decode, write.
#pragma once

#include "apps/common/options.h"
#include "pcapline/record/packet_writer.h"

namespace pcapline::cli {

/// Runs it to the end; the exit code.
int run_packets(const App& app, InputOptions input, RecordOptions record, const OutputFlags& output, const RunFlags& run,
                bool line_buffered);

}  // namespace pcapline::cli
