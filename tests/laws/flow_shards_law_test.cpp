// Flows followed by several threads are the flows that one thread follows.
#include "pcapline/capture/frame_source.h"
#include "pcapline/conversation/flow_columns.h"
#include "pcapline/conversation/flow_shards.h"
#include "support/catch.h"
#include "support/corpus.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

constexpr std::uint64_t most_packets = 100'000;  ///< of a file

/// All records of a file, as CSV, and what was left out.
std::string records(const std::string& file, const TrackRules& rules, unsigned threads) {
    auto source = open_capture(file);
    if (!source) return {};
    FlowShards shards{rules, threads, [](const FlowView&) {}};
    Batch batch;
    for (std::uint64_t packets = 0; packets < most_packets && (*source)->next(batch);) {
        packets += batch.frames.size();
        shards.add(batch, (*source)->info().format == CaptureFormat::pcapng);
    }
    shards.finish();
    RowStyle style;
    style.format = Format::csv;
    std::vector<const FlowColumn*> columns = *choose_flow_columns("all");
    for (const FlowColumn& column : first_columns()) columns.push_back(&column);
    RowWriter<FlowRow> writer{row_columns(columns), style};
    TextBuffer text;
    for (const FlowShards::Flow flow : shards.in_order())
        shards.look_at(flow, [&](const FlowView& view) { writer.row(text, FlowRow{view, Applications::well_known()}); });
    return std::string{text.view()} + std::to_string(shards.not_ip()) + ' ' + std::to_string(shards.local());
}

TrackRules all_parts() {
    TrackRules rules;
    rules.parts = {true, true, true, 7};
    return rules;
}

}  // namespace

TEST_CASE("Any number of threads gives the records that one gives", "[laws][conversation][threads]") {
    TrackRules with_ends = all_parts();
    with_ends.limits.timeouts = {1'000'000'000, 500'000'000, 5'000'000'000};
    TrackRules without_local = all_parts();
    without_local.local = *Networks::parse("private");
    for (const std::string& file : corpus_files()) {
        for (const TrackRules& rules : {all_parts(), with_ends, without_local}) {
            const std::string alone = records(file, rules, 1);
            for (const unsigned threads : {2U, 3U, 8U}) {
                CAPTURE(file, threads);
                if (records(file, rules, threads) != alone) FAIL_CHECK("other records");
            }
        }
    }
}
