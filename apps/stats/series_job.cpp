#include "apps/stats/series_job.h"

#include <atomic>

#include "apps/common/progress.h"
#include "apps/common/report.h"
#include "apps/stats/bad_packets.h"
#include "apps/stats/counting.h"
#include "pcapline/output/row_writer.h"

namespace pcapline::cli {
namespace {

constexpr std::uint64_t most_filled_rows = 16 * 1024 * 1024;  ///< of --fill: two gigabytes of text or so

struct Record {
    const Series* series;
    const Series::Row* row;
    Series::Count bad;  ///< of --split-bad
};

std::vector<RowColumn<Record>> columns(SeriesBy by, Format format, bool split_bad) {
    const RowColumn<Record> number_key{"", 10, true, [](const Record& record, CellWriter& cell) {
                                           const std::uint32_t key = record.row->key;
                                           if (key != Series::no_key) cell.number(Series::number_of(record.series->by(), key));
                                       }};
    const RowColumn<Record> text_key{"", 16, false, [](const Record& record, CellWriter& cell) {
                                         if (record.row->key != Series::no_key) cell.text(record.series->text_of(record.row->key));
                                     }};
    const auto named = [](std::string_view name, RowColumn<Record> column) {
        column.name = name;
        return column;
    };
    std::vector<RowColumn<Record>> all{{"time", 30, false, [](const Record& record, CellWriter& cell) { cell.time(record.row->time_ns); }}};
    if (format != Format::table) {
        all.push_back({"time_epoch", 20, true, [](const Record& record, CellWriter& cell) { cell.epoch(record.row->time_ns); }});
        all.push_back({"interval", 12, true, [](const Record& record, CellWriter& cell) {
                           cell.fixed(static_cast<std::uint64_t>(record.series->interval_ns()), 9);
                       }});
    }
    switch (by) {
        case SeriesBy::nothing:
            break;
        case SeriesBy::application:
            all.push_back(named("application", text_key));
            break;
        case SeriesBy::protocol:
            all.push_back(named("protocol", text_key));
            break;
        case SeriesBy::address:
            all.push_back(named("address", text_key));
            break;
        case SeriesBy::port:
            all.push_back(named("protocol", text_key));
            all.push_back(named("port", number_key));
            break;
        case SeriesBy::interface:
            all.push_back(named("interface", number_key));
            break;
        case SeriesBy::vlan:
            all.push_back(named("vlan", number_key));
            break;
    }
    all.push_back({"packets", 9, true, [](const Record& record, CellWriter& cell) { cell.number(record.row->count.packets); }});
    all.push_back({"wire_bytes", 12, true, [](const Record& record, CellWriter& cell) { cell.number(record.row->count.wire_bytes); }});
    all.push_back({"ip_bytes", 12, true, [](const Record& record, CellWriter& cell) { cell.number(record.row->count.ip_bytes); }});
    all.push_back(
        {"payload_bytes", 13, true, [](const Record& record, CellWriter& cell) { cell.number(record.row->count.payload_bytes); }});
    if (!split_bad) return all;
    all.push_back({"bad_packets", 9, true, [](const Record& record, CellWriter& cell) { cell.number(record.bad.packets); }});
    all.push_back({"bad_wire_bytes", 12, true, [](const Record& record, CellWriter& cell) { cell.number(record.bad.wire_bytes); }});
    return all;
}

class SeriesJob {
 public:
    SeriesJob(const App& app, const StatsOptions& options, const SeriesOptions& series, const RunFlags& run)
        : options_(options),
          asked_(series),
          progress_(app.about().name, run.progress(), run.quiet(), 0),
          series_(fresh()),
          file_(fresh()),
          bad_(fresh()) {}

    void count(PacketInput& input) {
        if (asked_.split_bad) {
            BadPackets packets;
            std::vector<Frame> frames;
            read(input, series_, [&](Batch& batch) {
                if (!input.next(batch)) return false;
                packets.look(batch);
                frames.clear();
                for (std::size_t i = 0; i < batch.frames.size(); ++i)
                    if (packets.is_bad(i)) frames.push_back(batch.frames[i]);
                bad_.add(frames);
                return true;
            });
        } else if (input.order_free()) {
            while (!stopped() && input.open_file()) {
                if (!in_ranges(input)) read(input, file_, [&](Batch& batch) { return input.next_of_file(batch); });
                series_.merge(file_);
                file_.clear();
                overflowed_ = series_.overflowed();
                input.close_file();
            }
        } else {
            read(input, series_, [&](Batch& batch) { return input.next(batch); });
        }
    }
    const Series& series() const { return series_; }
    const Series& bad() const { return bad_; }

 private:
    Series fresh() const { return Series{asked_.interval_ns, asked_.by, options_.applications}; }
    bool stopped() const { return stop_signal() != 0 || overflowed_; }

    template <class Next>
    void read(PacketInput& input, Series& to, Next next) {
        Batch batch;
        while (!stopped() && next(batch)) {
            to.add(batch.frames);
            overflowed_ = to.overflowed();
            progress_.tick(input.source().source().bytes_in(), input.packets_passed());
        }
    }

    bool in_ranges(PacketInput& input) {
        const auto hand_over = [&](Series& part, const RangeReader& reader) {
            file_.merge(part);
            overflowed_ = file_.overflowed();
            progress_.tick(reader.next_record(), file_.packets());
        };
        const auto passed = [&] { return file_.packets(); };
        if (count_in_ranges<Series>(
                input, options_.threads, [&] { return fresh(); }, hand_over, passed, [&] { return stopped(); }))
            return true;
        if (!overflowed_) file_.clear();
        return overflowed_;
    }

    const StatsOptions& options_;
    const SeriesOptions& asked_;
    Progress progress_;
    Series series_;
    Series file_;                          ///< of the file that is being read
    Series bad_;                           ///< of bad packets only
    std::atomic<bool> overflowed_{false};  ///< asked by all threads
};

std::string left_out(std::uint64_t packets) {
    return packets == 0 ? "" : ",\"left_out\":{\"no_time\":" + std::to_string(packets) + "}";
}

}  // namespace

int run_series(const App& app, InputOptions input_options, const StatsOptions& options, const SeriesOptions& asked,
               const OutputFlags& output, const RunFlags& run) {
    auto input = PacketInput::make(std::move(input_options), [&](const Error& error) { app.problem(error); });
    if (!input) return app.fail(input.error());
    SeriesJob job{app, options, asked, run};
    job.count(*input);
    if (input->exit_code() == exit_usage) return exit_usage;
    if (stop_signal() != 0) return exit_partly;  // a report is whole or not there

    const Series& series = job.series();
    constexpr const char* less = "take a longer interval, fewer packets (-f, --from, --to), or another --by";
    if (series.overflowed())
        return app.fail({Errc::memory, "more than " + std::to_string(Series::most_rows) + " rows, nothing is written: " + less});
    if (const std::uint64_t rows = series.rows(asked.fill); asked.fill && rows > most_filled_rows)
        return app.fail({Errc::usage, "--fill would write " + std::to_string(rows) + " rows, at most " + std::to_string(most_filled_rows) +
                                          " are written: " + less});
    auto sink = output.open();
    if (!sink) return app.fail(sink.error());
    TextBuffer text;
    RowWriter<Record> writer{columns(asked.by, options.format, asked.split_bad), {options.format, "series", options.header, options.nulls}};
    writer.begin(text);
    Result<void> done;
    series.each(asked.fill, [&](const Series::Row& row) {
        writer.row(text, {&series, &row, asked.split_bad ? job.bad().count_of(series, row) : Series::Count{}});
        if (text.full()) done = text.drain(**sink);
        return static_cast<bool>(done) && stop_signal() == 0;
    });
    if (!done) return app.fail(done.error());
    if (stop_signal() != 0 && !output.to_stdout()) return exit_partly;  // renames nothing
    writer.end(text, left_out(series.without_time()) + damage_member(input->damage()));
    done = text.drain(**sink);
    if (done) done = (*sink)->finish();
    if (!done) return app.fail(done.error());
    if (series.without_time() != 0 && options.format != Format::json)
        app.message(std::to_string(series.without_time()) + (series.without_time() == 1 ? " packet has" : " packets have") +
                    " no time and are in no row");
    if (const int code = input->exit_code(); code != 0) return code;
    return run.exit_empty() && series.packets() == 0 ? exit_empty : exit_done;
}

}  // namespace pcapline::cli
