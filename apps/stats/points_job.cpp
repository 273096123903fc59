// --per-packet: one point a packet, as it comes; only -T json has to hold them.
#include "apps/common/progress.h"
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
};

std::vector<RowColumn<Point>> columns(Format format) {
    std::vector<RowColumn<Point>> all{
        {"application", 16, false, [](const Point& point, CellWriter& cell) { cell.text(point.application); }},
        {"time", 30, false, [](const Point& point, CellWriter& cell) { cell.time(point.time_ns); }}};
    if (format != Format::table)
        all.push_back({"time_epoch", 20, true, [](const Point& point, CellWriter& cell) { cell.epoch(point.time_ns); }});
    all.push_back({"wire_bytes", 10, true, [](const Point& point, CellWriter& cell) { cell.number(point.wire_len); }});
    if (format == Format::ndjson)
        all.push_back({"time_bad", 8, false, [](const Point& point, CellWriter& cell) {
                           if (point.time_ns == no_time) cell.truth(true);
                       }});
    return all;
}

/// Writes points, or keeps them for the end.
class PointWriter {
 public:
    explicit PointWriter(const StatsOptions& options)
        : names_(*options.applications),
          grouped_(options.format == Format::json),
          rows_(columns(options.format), {options.format, "points", options.header, options.nulls}) {}

    void begin(TextBuffer& out) const {
        if (!grouped_) rows_.begin(out);
    }
    void add(TextBuffer& out, const Frame& frame) {
        ++packets_;
        looked_.look(frame);
        const ApplicationId id = names_.of_packet(frame, looked_.top, looked_.inner).id;
        if (grouped_) {
            groups_.add(id, frame.time_ns, frame.wire_len);
        } else {
            rows_.row(out, {names_.name(id), frame.time_ns, frame.wire_len});
        }
    }
    Result<void> end(TextBuffer& out, Sink& sink) const {
        Result<void> done;
        if (!grouped_) return done;
        char before = '{';
        for (const ApplicationId id : groups_.applications()) {
            out.put(std::exchange(before, ','));
            out.json_string(names_.name(id));
            out.put(":[");
            bool first = true;
            groups_.each(id, [&](std::int64_t time_ns, std::uint32_t wire_len) {
                out.put(first ? std::string_view{"["} : std::string_view{",["});
                first = false;
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
            out.put(']');
        }
        if (before == '{') out.put('{');
        out.put("}\n");
        return done;
    }
    std::uint64_t packets() const { return packets_; }

 private:
    const Applications& names_;
    bool grouped_;
    RowWriter<Point> rows_;
    PointGroups groups_;
    Looked looked_;
    std::uint64_t packets_ = 0;
};

}  // namespace

int run_points(const App& app, InputOptions input_options, const StatsOptions& options, const OutputFlags& output, const RunFlags& run) {
    auto input = PacketInput::make(std::move(input_options), [&](const Error& error) { app.problem(error); });
    if (!input) return app.fail(input.error());
    Progress progress{app.about().name, run.progress(), run.quiet(), 0};
    std::unique_ptr<Sink> sink;
    TextBuffer out;
    PointWriter writer{options};

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
        for (const Frame& frame : batch.frames) {
            writer.add(out, frame);
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
