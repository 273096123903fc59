#include "apps/packets/packet_job.h"

#include <optional>

#include "apps/common/progress.h"
#include "apps/common/report.h"
#include "pcapline/capture/pcapng_options.h"
#include "pcapline/conversation/packet_states.h"

namespace pcapline::cli {
namespace {

/// The interface of each frame, as records want it: only pcapng files name one.
class InterfaceNames {
 public:
    const CapturedOn* of(const FrameSource& source, const Frame& frame) {
        if (source.info().format != CaptureFormat::pcapng) return nullptr;
        const std::span<const Interface> all = source.interfaces();
        if (frame.interface >= all.size()) return nullptr;
        const Interface& interface = all[frame.interface];
        found_ = {frame.interface, interface.name, interface.description};
        return &found_;
    }

 private:
    CapturedOn found_;
};

constexpr std::uint16_t opt_comment = 1;

}  // namespace

int run_packets(const App& app, InputOptions options, RecordOptions record, const OutputFlags& output, const RunFlags& run,
                bool line_buffered) {
    auto input = PacketInput::make(std::move(options), [&](const Error& error) { app.problem(error); });
    if (!input) return app.fail(input.error());
    std::unique_ptr<Sink> sink;
    TextBuffer out;
    const bool document = record.format == Format::json;
    std::optional<PacketStates> states;
    Packet packet;
    if (const StateParts parts = parts_needed(record.fields); parts.any()) packet.state = &states.emplace(parts).state();
    PacketWriter writer{std::move(record)};
    InterfaceNames names;
    Progress progress{app.about().name, run.progress(), run.quiet(), 0};
    std::vector<Bytes> comments;

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
    const auto write = [&](const FrameSource& source, auto follow) -> Result<void> {
        for (std::size_t i = 0; i < batch.frames.size(); ++i) {
            const Frame& frame = batch.frames[i];
            decode(frame, packet);
            comments.clear();
            if (const Bytes of_frame = batch.options_of(i); !of_frame.empty()) {
                OptionWalk walk{of_frame, batch.order};
                while (const auto option = walk.next())
                    if (option->code == opt_comment) comments.push_back(option->value);
            }
            follow(frame, batch.number_of(i));
            writer.packet(out, {frame, packet, batch.number_of(i), names.of(source, frame), comments});
            if (out.full() || line_buffered)
                if (auto written = out.drain(*sink); !written) return written;
            if (line_buffered)
                if (auto flushed = sink->flush(); !flushed) return flushed;
        }
        return {};
    };
    while (stop_signal() == 0 && input->next(batch)) {
        if (auto begun = begin(); !begun) return app.fail(begun.error());
        const FrameSource& source = input->source();
        auto all = states ? write(source, [&](const Frame& frame, std::uint64_t number) { states->next(frame, packet, number); })
                          : write(source, [](const Frame&, std::uint64_t) {});
        if (!all) return app.fail(all.error());
        if (source.source().plain_fd() < 0 && !line_buffered) {  // perhaps live: what is complete shall not wait for a full buffer
            auto written = out.drain(*sink);
            if (written) written = sink->flush();
            if (!written) return app.fail(written.error());
        }
        progress.tick(source.source().bytes_in(), input->packets_passed());
    }
    if (input->exit_code() == exit_usage) return exit_usage;
    if (auto begun = begin(); !begun) return app.fail(begun.error());
    writer.end(out, document ? damage_member(input->damage()) : "");
    auto done = out.drain(*sink);
    if (stop_signal() != 0 && !output.to_stdout()) return exit_partly;  // renames nothing
    if (done) done = sink->finish();
    if (!done) return app.fail(done.error());
    if (const int code = input->exit_code(); code != 0) return code;
    return run.exit_empty() && writer.packets() == 0 ? exit_empty : exit_done;
}

}  // namespace pcapline::cli
