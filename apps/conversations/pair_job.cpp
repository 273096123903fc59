// --by ip, --by eth: counters for pairs of addresses.
#include <algorithm>

#include "apps/common/progress.h"
#include "apps/common/report.h"
#include "apps/conversations/conversation_job.h"
#include "apps/conversations/row_output.h"
#include "pcapline/conversation/pair_tracker.h"

namespace pcapline::cli {

int run_pairs(const App& app, PacketInput& input, const ConversationOptions& options, const OutputFlags& output, const RunFlags& run) {
    RowOutput<PairRow> out{pair_columns(), options.style, output, options.line_buffered};
    const KeyRules& rules = options.rules.key;
    PairTracker tracker{rules, options.rules.limits, options.rules.local, [&](const PairRow& row) { out.row(row); }};
    if (!read_all(app, input, run, [&](const Batch& batch) { tracker.add(batch); }))
        return input.exit_code() == exit_usage ? exit_usage : exit_partly;

    std::vector<PairTracker::Id> pairs = tracker.in_order();
    if (options.pair_sort.given()) {
        const auto places = options.pair_sort.places(pairs.size(), [&](std::size_t i, const auto& use) { tracker.look_at(pairs[i], use); });
        std::vector<PairTracker::Id> sorted(pairs.size());
        std::transform(places.begin(), places.end(), sorted.begin(), [&](std::uint32_t place) { return pairs[place]; });
        pairs = std::move(sorted);
    }
    if (options.top && *options.top < pairs.size()) pairs.resize(*options.top);
    for (const PairTracker::Id id : pairs) tracker.look_at(id, [&](const PairRow& row) { out.row(row); });
    if (out.failed()) return app.fail(*out.failed());
    const std::string left_out =
        left_out_member({{rules.by == FlowBy::eth ? "not_ethernet" : "not_ip", tracker.left_out()}, {"local", tracker.local()}});
    if (auto done = out.finish(left_out + damage_member(input.damage())); !done) return app.fail(done.error());
    return ended(input, run, out.rows() == 0);
}

}  // namespace pcapline::cli
