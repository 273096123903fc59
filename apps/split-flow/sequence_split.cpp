#include "apps/split-flow/sequence_split.h"

#include <algorithm>
#include <utility>

#include "apps/common/progress.h"
#include "pcapline/decode/transport/tcp.h"
#include "pcapline/flow/address_text.h"

namespace pcapline::cli {
namespace {

bool is_sequence(const FlowKey& key) {
    return (key.protocol == 6 || key.protocol == 17) && key.lacks_ports == 0;
}

}  // namespace

SequenceSplit::SequenceSplit(const App& app, const SplitOptions& options, const RunFlags& run)
    : app_(app), options_(options), run_(run), manifest_(options), tracker_(options.rules, [](const FlowView&) {}) {}

/// When the first input has been opened: before, nothing is created.
Result<void> SequenceSplit::begin(const std::vector<std::string>& files) {
    if (sink_) return {};
    Result<std::unique_ptr<Sink>> sink = Error{};
    if (!options_.folder.empty()) {
        name_ = archive_name(files) + (options_.type == SplitType::json ? ".json" : ".ndjson");
        auto folder = OutputFolder::open(options_.folder, options_.force);
        if (!folder) return folder.error();
        folder_ = std::move(*folder);
        sink = folder_->sink(name_);
    } else {
        name_ = options_.stream;
        sink = options_.stream == "-"
                   ? Result<std::unique_ptr<Sink>>{stdout_sink()}
                   : open_sink(options_.stream, {.naming = Naming::when_whole, .force = options_.force, .compression = ""});
    }
    if (!sink) return sink.error();
    sink_ = std::move(*sink);
    return manifest_.open();
}

void SequenceSplit::take(const Batch& batch) {
    for (std::size_t i = 0; i < batch.frames.size(); ++i) {
        const Frame& frame = batch.frames[i];
        const FlowOf& packet = tracker_.keys()[i];
        const std::uint64_t flow = tracker_.flow_numbers()[i];
        while (flow >= parts_.size()) parts_.add({}, {});
        const auto number = static_cast<Parts::Number>(flow);
        parts_[number].count(frame, false);
        if (flow == 0 || !is_sequence(packet.key)) continue;
        if ((packet.tcp_flags & (Tcp::syn | Tcp::ack)) == Tcp::syn) parts_[number].starts = true;
        lists_.add(number, frame.time_ns, tracker_.inner(i).payload_bytes, packet.from_low);
    }
}

/// Counts it as left out if not.
bool SequenceSplit::is_kept(const FlowView& view) {
    const Part& part = parts_[static_cast<Parts::Number>(view.head.number)];
    LeftOut::Sum* reason = nullptr;
    if (!is_sequence(view.key)) {
        reason = &left_out_.not_flow;
    } else if (part.packets < options_.min_packets) {
        reason = &left_out_.min_packets;
    } else if (options_.from_first_packet && view.key.is_tcp() && !part.starts) {
        reason = &left_out_.no_start;
    }
    if (reason == nullptr) return true;
    reason->packets += part.packets;
    reason->wire_bytes += part.wire_bytes;
    return false;
}

Result<void> SequenceSplit::put_flow(const FlowView& view, bool first) {
    const bool json = options_.type == SplitType::json;
    const auto number = static_cast<Parts::Number>(view.head.number);
    Result<void> done;
    bool comma = false;
    const auto separate = [&] {
        if (comma) text_.put(',');
        comma = true;
        if (done) done = drain(false);
    };
    if (json && !first) text_.put(",\n");
    text_.put("{\"timestamp\":[");
    lists_.each(number, [&](const PayloadLists::Item& item) {
        separate();
        if (item.time_ns == no_time) {
            text_.put("null");
        } else {
            text_.epoch(item.time_ns);
        }
    });
    text_.put("],\"payload\":[");
    comma = false;
    lists_.each(number, [&](const PayloadLists::Item& item) {
        separate();
        text_.put((item.from_low != 0) == (view.head.a_is_low != 0) ? "\"+" : "\"-");
        text_.decimal(item.payload);
        text_.put('"');
    });
    const std::string_view quote = options_.compat ? "\"" : "";
    const auto put_end = [&](std::string_view ip, std::string_view port, const Endpoint& end) {
        text_.put(ip);
        text_.put(address_text(view.key.family, end.address.data()));
        text_.put(port);
        text_.put(quote);
        text_.decimal(end.port);
        text_.put(quote);
    };
    put_end("],\"src_ip\":\"", "\",\"src_port\":", view.a());
    put_end(",\"dst_ip\":\"", "\",\"dst_port\":", view.b());
    text_.put(",\"protocol\":\"");
    text_.put(view.key.protocol == 6 ? "TCP\"}" : "UDP\"}");
    if (!json) text_.put('\n');
    const Part& part = parts_[number];
    whole_.packets += part.packets;
    whole_.wire_bytes += part.wire_bytes;
    if (part.first_ns != no_time) whole_.first_ns = whole_.first_ns == no_time ? part.first_ns : std::min(whole_.first_ns, part.first_ns);
    whole_.last_ns = std::max(whole_.last_ns, part.last_ns);
    ++flows_written_;
    return done;
}

Result<void> SequenceSplit::drain(bool all) {
    if (!all && !text_.full()) return {};
    whole_.file_bytes += text_.size();
    return text_.drain(*sink_);
}

/// Flows by their first packets.
Result<void> SequenceSplit::write() {
    lists_.sort(parts_.size());
    std::vector<FlowTracker::Id> flows(parts_.size());
    std::vector<bool> kept(parts_.size());
    for (const FlowTracker::Id id : tracker_.in_order()) {
        tracker_.look_at(id, [&](const FlowView& view) {
            flows[view.head.number] = id;
            kept[view.head.number] = is_kept(view);
        });
    }
    left_out_.not_flow.packets += parts_[Parts::other].packets;
    left_out_.not_flow.wire_bytes += parts_[Parts::other].wire_bytes;
    const bool json = options_.type == SplitType::json;
    Result<void> done;
    if (json) text_.put('[');
    for (std::size_t number = 1; number < flows.size() && done && stop_signal() == 0; ++number) {
        if (!kept[number]) continue;
        tracker_.look_at(flows[number], [&](const FlowView& view) { done = put_flow(view, flows_written_ == 0); });
    }
    if (json) text_.put("]\n");
    return done ? drain(true) : done;
}

Result<void> SequenceSplit::finish(std::uint64_t packets) {
    auto done = write();
    if (!done || stop_signal() != 0) return done;
    if (whole_.packets + left_out_.packets() != packets)
        return Error{Errc::output, "packets are missing: " + std::to_string(packets) + " were read, " + std::to_string(whole_.packets) +
                                       " are written, " + std::to_string(left_out_.packets()) + " left out"};
    done = sink_->finish();
    if (!done) return done;
    manifest_.file(name_, whole_, "session", nullptr);
    manifest_.left_out(left_out_);
    done = manifest_.finish();
    if (done) say_totals(app_, options_, run_, packets, flows_written_, left_out_);
    return done;
}

int SequenceSplit::run(InputOptions input_options) {
    auto input = PacketInput::make(std::move(input_options), [&](const Error& error) { app_.problem(error); });
    if (!input) return app_.fail(input.error());
    Progress progress{app_.about().name, run_.progress(), run_.quiet(), 0};
    Batch batch;
    while (stop_signal() == 0 && input->open_file()) {
        if (auto begun = begin(input->options().files); !begun) return app_.fail(begun.error());
        while (stop_signal() == 0 && input->next_of_file(batch)) {
            const FrameSource& source = input->source();
            tracker_.add(batch, source.info().format == CaptureFormat::pcapng);
            take(batch);
            progress.tick(source.source().bytes_in(), input->packets_passed());
        }
        input->close_file();
    }
    if (input->exit_code() == exit_usage) return exit_usage;
    if (stop_signal() != 0) return exit_partly;  // lists are whole or not there
    if (auto finished = finish(input->packets_passed()); !finished) return app_.fail(finished.error());
    if (const int code = input->exit_code(); code != 0) return code;
    return run_.exit_empty() && input->packets_passed() == 0 ? exit_empty : exit_done;
}

}  // namespace pcapline::cli
