// --per-packet: one point a packet, as it comes; only -T json has to hold them.
#include <memory>
#include <optional>
#include <utility>

#include "apps/common/progress.h"
#include "apps/stats/bad_packets.h"
#include "apps/stats/series_job.h"
#include "pcapline/output/row_writer.h"
#include "pcapline/stats/looked.h"
#include "pcapline/stats/point_groups.h"

namespace pcapline::cli {
namespace {

struct Point {
    std::string_view application;
    std::int64_t time_ns;
    std::uint32_t wire_len;
    bool bad;  ///< of --split-bad
};

std::vector<RowColumn<Point>> columns(Format format, bool split_bad) {
    std::vector<RowColumn<Point>> all{
        {"application", 16, false, [](const Point& point, CellWriter& cell) { cell.text(point.application); }},
        {"time", 30, false, [](const Point& point, CellWriter& cell) { cell.time(point.time_ns); }}};
    if (format != Format::table)
        all.push_back({"time_epoch", 20, true, [](const Point& point, CellWriter& cell) { cell.epoch(point.time_ns); }});
    all.push_back({"wire_bytes", 10, true, [](const Point& point, CellWriter& cell) { cell.number(point.wire_len); }});
    if (split_bad) all.push_back({"bad", 5, false, [](const Point& point, CellWriter& cell) { cell.truth(point.bad); }});
    if (format == Format::ndjson)
        all.push_back({"time_bad", 8, false, [](const Point& point, CellWriter& cell) {
                           if (point.time_ns == no_time) cell.truth(true);
                       }});
    return all;
}

/// Writes points, or keeps them for the end.
class PointWriter {
 public:
    PointWriter(const StatsOptions& options, bool split_bad)
        : names_(*options.applications),
          grouped_(options.format == Format::json),
          split_(split_bad),
          rows_(columns(options.format, split_bad), {options.format, "points", options.header, options.nulls}) {}

    void begin(TextBuffer& out) const {
        if (!grouped_) rows_.begin(out);
    }
    void add(TextBuffer& out, const Frame& frame, bool bad) {
        ++packets_;
        looked_.look(frame);
        const ApplicationId id = names_.of_packet(frame, looked_.top, looked_.inner).id;
        if (grouped_) {
            if (met_.size() <= id) met_.resize(id + std::size_t{1});
            if (!met_[id]) order_.push_back(id);
            met_[id] = true;
            groups_[bad ? 1 : 0].add(id, frame.time_ns, frame.wire_len);
        } else {
            rows_.row(out, {names_.name(id), frame.time_ns, frame.wire_len, bad});
        }
    }
    Result<void> end(TextBuffer& out, Sink& sink) const {
        Result<void> done;
        if (!grouped_) return done;
        char before = '{';
        for (const ApplicationId id : order_) {
            out.put(std::exchange(before, ','));
            out.json_string(names_.name(id));
            out.put(split_ ? std::string_view{":{\"good\":"} : std::string_view{":"});
            put_list(out, sink, groups_[0], id, done);
            if (!split_) continue;
            out.put(",\"bad\":");
            put_list(out, sink, groups_[1], id, done);
            out.put('}');
        }
        if (before == '{') out.put('{');
        out.put("}\n");
        return done;
    }
    std::uint64_t packets() const { return packets_; }

 private:
    static void put_list(TextBuffer& out, Sink& sink, const PointGroups& groups, ApplicationId id, Result<void>& done) {
        char before = '[';
        groups.each(id, [&](std::int64_t time_ns, std::uint32_t wire_len) {
            out.put(std::exchange(before, ','));
            out.put('[');
            if (time_ns == no_time) {
                out.put("null");
            } else {
                out.epoch(time_ns);
            }
            out.put(',');
            out.decimal(wire_len);
            out.put(']');
            if (out.full() && done) done = out.drain(sink);
        });
        if (before == '[') out.put('[');
        out.put(']');
    }

    const Applications& names_;
    bool grouped_;
    bool split_;
    RowWriter<Point> rows_;
    std::array<PointGroups, 2> groups_;  ///< all, or the good ones and the bad ones
    std::vector<ApplicationId> order_;   ///< by first packet
    std::vector<bool> met_;
    Looked looked_;
    std::uint64_t packets_ = 0;
};

}  // namespace

int run_points(const App& app, InputOptions input_options, const StatsOptions& options, const SeriesOptions& asked,
               const OutputFlags& output, const RunFlags& run) {
    auto input = PacketInput::make(std::move(input_options), [&](const Error& error) { app.problem(error); });
    if (!input) return app.fail(input.error());
    Progress progress{app.about().name, run.progress(), run.quiet(), 0};
    std::unique_ptr<Sink> sink;
    TextBuffer out;
    PointWriter writer{options, asked.split_bad};
    std::optional<BadPackets> bad;
    if (asked.split_bad) bad.emplace();

    // Nothing is created before an input could be read.
    const auto begin = [&]() -> Result<void> {
        if (sink) return {};
        auto opened = output.open();
        if (!opened) return opened.error();
        sink = std::move(*opened);
        writer.begin(out);
        return {};
    };
    Batch batch;
    while (stop_signal() == 0 && input->next(batch)) {
        if (auto begun = begin(); !begun) return app.fail(begun.error());
        if (bad) bad->look(batch);
        for (std::size_t i = 0; i < batch.frames.size(); ++i) {
            writer.add(out, batch.frames[i], bad && bad->is_bad(i));
            if (out.full())
                if (auto written = out.drain(*sink); !written) return app.fail(written.error());
        }
        const Source& source = input->source().source();
        if (source.plain_fd() < 0) {  // perhaps live: what is complete shall not wait for a full buffer
            auto written = out.drain(*sink);
            if (written) written = sink->flush();
            if (!written) return app.fail(written.error());
        }
        progress.tick(source.bytes_in(), input->packets_passed());
    }
    if (input->exit_code() == exit_usage) return exit_usage;
    if (auto begun = begin(); !begun) return app.fail(begun.error());
    auto done = writer.end(out, *sink);
    if (done) done = out.drain(*sink);
    if (stop_signal() != 0 && !output.to_stdout()) return exit_partly;  // renames nothing
    if (done) done = sink->finish();
    if (!done) return app.fail(done.error());
    if (const int code = input->exit_code(); code != 0) return code;
    return run.exit_empty() && writer.packets() == 0 ? exit_empty : exit_done;
}

}  // namespace pcapline::cli
