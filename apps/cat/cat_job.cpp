#include "apps/cat/cat_job.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "apps/common/input_survey.h"
#include "apps/common/progress.h"

namespace pcapline::cli {
namespace {

std::string compression_by_name(const std::string& path) {
    constexpr std::array<std::pair<const char*, const char*>, 5> endings{
        {{".gz", "gzip"}, {".zst", "zstd"}, {".xz", "xz"}, {".bz2", "bzip2"}, {".lz4", "lz4"}}};
    for (const auto& [ending, method] : endings)
        if (path.ends_with(ending)) return method;
    return "";
}

class CatJob {
 public:
    CatJob(const App& app, const CatOptions& options) : app_(app), options_(options) {}

    Result<void> check(const InputOptions& input) {
        survey_ = InputSurvey::of(input.files);
        if (options_.format && *options_.format != WriteFormat::pcapng && survey_.mixed())
            return Error{Errc::usage, "the inputs have different link types or clocks, which pcap cannot hold: take -F pcapng"};
        return {};
    }

    /// Opens the output when the first input has been opened: before, nothing is created.
    Result<void> begin(const FrameSource& source) {
        if (writer_) return {};
        survey_.add(source.info(), source.interfaces());
        WriterOptions writer = survey_.writer_for(source);
        if (options_.format) writer.format = *options_.format;
        if (options_.snap_len) writer.snap_len = *options_.snap_len;
        const bool to_stdout = options_.path.empty() || options_.path == "-";
        const std::string method = options_.compression.empty() ? compression_by_name(options_.path) : options_.compression;
        auto sink = to_stdout ? Result<std::unique_ptr<Sink>>{stdout_sink()}
                              : open_sink(options_.path, {.naming = Naming::at_once, .force = options_.force, .compression = ""});
        if (!sink) return sink.error();
        if (!method.empty()) {
            sink = compressed(std::move(*sink), method);
            if (!sink) return sink.error();
        }
        writer_ = make_writer(std::move(*sink), writer);
        return {};
    }

    Result<void> write(Batch& batch, const FrameSource& source) {
        if (auto begun = begin(source); !begun) return begun;
        for (Frame& frame : batch.frames) {
            if (options_.snap_len) frame.cap_len = std::min(frame.cap_len, *options_.snap_len);
            if (options_.shift_ns != 0 && frame.has_time() && __builtin_add_overflow(frame.time_ns, options_.shift_ns, &frame.time_ns))
                frame.time_ns = no_time;
        }
        return writer_->write(batch, source.interfaces(), source.info());
    }

    CaptureWriter* writer() { return writer_.get(); }

 private:
    const App& app_;
    const CatOptions& options_;
    InputSurvey survey_;
    std::unique_ptr<CaptureWriter> writer_;
};

}  // namespace

int run_cat(const App& app, InputOptions input_options, const CatOptions& options, const RunFlags& run) {
    CatJob job{app, options};
    if (auto checked = job.check(input_options); !checked) return app.fail(checked.error());
    Result<void> begun;
    auto input = PacketInput::make(
        std::move(input_options), [&](const Error& error) { app.problem(error); },
        [&](const FileOutcome&, const FrameSource& source) {
            if (begun) begun = job.begin(source);
        });
    if (!input) return app.fail(input.error());
    Progress progress{app.about().name, run.progress(), run.quiet(), 0};
    Batch batch;
    while (stop_signal() == 0 && input->next(batch)) {
        if (!begun) return app.fail(begun.error());
        if (auto written = job.write(batch, input->source()); !written) return app.fail(written.error());
        const Source& source = input->source().source();
        if (source.plain_fd() < 0)  // perhaps live: whoever reads our output shall not wait for a full buffer
            if (auto flushed = job.writer()->flush(); !flushed) return app.fail(flushed.error());
        progress.tick(source.bytes_in(), input->packets_passed());
    }
    if (!begun) return app.fail(begun.error());
    if (input->exit_code() == exit_usage) return exit_usage;
    if (job.writer())
        if (auto done = job.writer()->finish(); !done) return app.fail(done.error());
    if (const int code = input->exit_code(); code != 0) return code;
    return run.exit_empty() && input->packets_passed() == 0 ? exit_empty : exit_done;
}

}  // namespace pcapline::cli
