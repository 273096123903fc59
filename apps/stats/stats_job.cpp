#include "apps/stats/stats_job.h"

#include <numeric>

#include "apps/common/progress.h"
#include "apps/stats/counting.h"

namespace pcapline::cli {
namespace {

FileReport describe(const FileOutcome& outcome, const FrameSource& source, std::span<const Interface> interfaces) {
    const CaptureInfo& info = source.info();
    FileReport report;
    report.file = outcome.file;
    report.pcapng = info.format == CaptureFormat::pcapng;
    report.format = report.pcapng ? "pcapng" : "pcap";
    report.byte_order = info.order == ByteOrder::little ? "little" : "big";
    report.compression = source.source().compression();
    report.time_digits = info.time_digits;
    report.file_bytes = std::max(source.source().bytes_in(), source.source().plain_size());
    report.damaged = outcome.damaged;
    report.sha256 = outcome.sha256;
    report.hardware = info.hardware;
    report.os = info.os;
    report.application = info.application;
    report.comments = info.comments;
    report.interfaces.assign(interfaces.begin(), interfaces.end());
    return report;
}

class StatsJob {
 public:
    StatsJob(const App& app, const StatsOptions& options, const RunFlags& run)
        : app_(app),
          options_(options),
          progress_(app.about().name, run.progress(), run.quiet(), 0),
          file_(options.sections, options.applications),
          result_{{}, Counters{options.sections, options.applications}, {}, 0} {}

    Result<PacketInput> open(InputOptions input) {
        return PacketInput::make(
            std::move(input), [this](const Error& error) { app_.problem(error); },
            [this](const FileOutcome& outcome, const FrameSource& source) { end_file(outcome, source); });
    }
    void count(PacketInput& input) {
        if (input.order_free() && !input.options().hash) {
            while (stop_signal() == 0 && input.open_file()) {
                if (!in_ranges(input)) serially(input);
                input.close_file();
            }
        } else {
            Batch batch;
            while (stop_signal() == 0 && input.next(batch)) {
                file_.add(batch.frames);
                progress_.tick(input.source().source().bytes_in(), input.packets_passed());
            }
        }
        result_.damage = input.damage();
    }
    StatsResult& result() { return result_; }

 private:
    bool in_ranges(PacketInput& input) {
        const auto make = [&] { return Counters{options_.sections, options_.applications}; };
        const auto hand_over = [&](Counters& counters, const RangeReader& reader) {
            file_.merge(counters);
            note_drops(reader.interfaces());
            progress_.tick(reader.next_record(), file_.totals.packets);
        };
        const auto passed = [&] { return file_.totals.packets; };
        if (count_in_ranges<Counters>(input, options_.threads, make, hand_over, passed, [] { return stop_signal() != 0; })) return true;
        file_.clear();
        drops_.clear();
        return false;
    }

    void serially(PacketInput& input) {
        Batch batch;
        while (stop_signal() == 0 && input.next_of_file(batch)) {
            file_.add(batch.frames);
            progress_.tick(input.source().source().bytes_in(), input.packets_passed());
        }
    }

    void note_drops(std::span<const Interface> interfaces) {
        if (drops_.size() < interfaces.size()) drops_.resize(interfaces.size());
        for (std::size_t i = 0; i < interfaces.size(); ++i)
            if (interfaces[i].drops) drops_[i] = interfaces[i].drops;
    }

    void end_file(const FileOutcome& outcome, const FrameSource& source) {
        note_drops(source.interfaces());
        FileReport report = describe(outcome, source, source.interfaces());
        for (std::size_t i = 0; i < report.interfaces.size(); ++i) {
            report.interfaces[i].drops = drops_[i];
            result_.recorded_drops += drops_[i].value_or(0);
        }
        drops_.clear();
        report.totals = file_.totals;
        report.packets_of_interface = file_.packets_of_interface;
        report.packets_of_interface.resize(report.interfaces.size());
        result_.files.push_back(std::move(report));
        result_.counters.merge(file_);
        file_.clear();
    }

    const App& app_;
    const StatsOptions& options_;
    Progress progress_;
    Counters file_;  ///< of the file that is being read
    std::vector<std::optional<std::uint64_t>> drops_;
    StatsResult result_;
};

}  // namespace

int run_stats(const App& app, InputOptions input_options, const StatsOptions& options, const OutputFlags& output, const RunFlags& run) {
    StatsJob job{app, options, run};
    auto input = job.open(std::move(input_options));
    if (!input) return app.fail(input.error());
    job.count(*input);
    if (input->exit_code() == exit_usage) return exit_usage;
    if (stop_signal() != 0) return exit_partly;  // a report is whole or not there

    TextBuffer text;
    if (auto put = put_report(text, job.result(), options); !put) return app.fail(put.error());
    auto sink = output.open();
    if (!sink) return app.fail(sink.error());
    auto done = text.drain(**sink);
    if (done) done = (*sink)->finish();
    if (!done) return app.fail(done.error());
    if (const int code = input->exit_code(); code != 0) return code;
    return run.exit_empty() && job.result().counters.totals.packets == 0 ? exit_empty : exit_done;
}

}  // namespace pcapline::cli
