// What `split-flow` was asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/options.h"
#include "pcapline/conversation/flow_tracker.h"
#include "pcapline/split/name_template.h"
#include "pcapline/split/split_by.h"

namespace pcapline::cli {

/// What is written.
enum class SplitType : std::uint8_t {
    as_input,  ///< captures in the format of the input
    pcap,
    pcapng,
    json,
    ndjson,
    tar,  ///< captures in the format of the input, one after another
};

struct SplitOptions {
    SplitType type = SplitType::as_input;
    SplitBy by;
    TrackRules rules;
    NameTemplate names;
    std::string folder;  ///< "": none
    std::string stream;  ///< a path, "-" for standard output; "": none
    bool force = false;
    std::string manifest;  ///< "": none
    bool manifest_csv = false;
    std::uint64_t min_packets = 1;
    bool from_first_packet = false;
    bool compat = false;
    bool verbose = false;

    bool sequences() const { return type == SplitType::json || type == SplitType::ndjson; }
};

/// Packets that were not written, by reason.
struct LeftOut {
    struct Sum {
        std::uint64_t packets = 0;
        std::uint64_t wire_bytes = 0;
    };
    Sum no_start;
    Sum min_packets;
    Sum not_flow;

    std::uint64_t packets() const { return no_start.packets + min_packets.packets + not_flow.packets; }
};

/// The name of an input without its folder; "stdin".
std::string base_name(const std::string& path);
/// What the one output of all inputs is called, without its ending.
std::string archive_name(const std::vector<std::string>& inputs);
/// One line on standard error, where somebody wants it.
void say_totals(const App& app, const SplitOptions& options, const RunFlags& run, std::uint64_t packets, std::uint64_t files,
                const LeftOut& left_out);

/// Runs it to the end; the exit code.
int run_split(const App& app, InputOptions input, const SplitOptions& options, const RunFlags& run);

}  // namespace pcapline::cli
