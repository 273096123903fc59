// --by host-pair: the report of pairs of hosts.
#include <algorithm>

#include "apps/common/report.h"
#include "apps/conversations/conversation_job.h"
#include "apps/conversations/row_output.h"

namespace pcapline::cli {
namespace {

/// The report as one document, or its conversations, a line each.
void put_json_report(TextBuffer& out, const HostPairs& report, const std::vector<HostPair>& pairs, const std::string& damage) {
    out.put("{\"schema\":\"pcapline.host_pairs/1\",");
    report.put_totals(out);
    out.put(",\"conversations\":[");
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (i != 0) out.put(',');
        report.put_json(out, pairs[i]);
    }
    out.put(']');
    out.put(damage);
    out.put("}\n");
}

}  // namespace

int run_host_pairs(const App& app, PacketInput& input, const ConversationOptions& options, const OutputFlags& output, const RunFlags& run) {
    HostPairs report{options.rules, options.host_pairs};
    if (!read_all(app, input, run, [&](const Batch& batch) { report.add(batch); }))
        return input.exit_code() == exit_usage ? exit_usage : exit_partly;
    const std::vector<HostPair>& all = report.finish();
    std::vector<HostPair> pairs;
    if (options.host_pair_sort.given()) {
        for (const std::uint32_t place : options.host_pair_sort.places(all.size(), [&](std::size_t i, const auto&use) { use(all[i]); }))
            pairs.push_back(all[place]);
    } else {
        pairs = all;
    }
    if (options.top && *options.top < pairs.size()) pairs.resize(*options.top);

    if (options.style.format == Format::json || options.style.format == Format::ndjson) {
        TextBuffer text;
        if (options.style.format == Format::json) {
            put_json_report(text, report, pairs, damage_member(input.damage()));
        } else {
            for (const HostPair& pair : pairs) {
                report.put_json(text, pair);
                text.put('\n');
            }
        }
        auto sink = output.open();
        if (!sink) return app.fail(sink.error());
        auto done = text.drain(**sink);
        if (done) done = (*sink)->finish();
        if (!done) return app.fail(done.error());
    } else {
        std::vector<RowColumn<HostPair>> columns = host_pair_columns();
        if (options.style.format == Format::table) std::erase_if(columns, [](const auto& column) { return column.name == "start_times"; });
        RowOutput<HostPair> out{std::move(columns), options.style, output, false};
        for (const HostPair& pair : pairs) out.row(pair);
        if (out.failed()) return app.fail(*out.failed());
        if (auto done = out.finish(""); !done) return app.fail(done.error());
    }
    return ended(input, run, pairs.empty());
}

}  // namespace pcapline::cli
