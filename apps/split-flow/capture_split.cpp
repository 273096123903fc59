#include "apps/split-flow/capture_split.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string_view>
#include <utility>

namespace pcapline::cli {
namespace {

/// Mapped inputs at a time: the system has a limit.
constexpr std::size_t most_inputs = 1000;

/// What is mapped was there when it was read first.
extern "C" void on_missing_page(int) {
    constexpr std::string_view line = "pcapline split-flow: an input became shorter while it was read\n";
    static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
    ::_exit(exit_output);
}

}  // namespace

CaptureSplit::CaptureSplit(const App& app, const SplitOptions& options, const RunFlags& run)
    : app_(app), options_(options), run_(run), manifest_(options), namer_(options.names, parts_) {}

/// When the first input has been opened: before, nothing is created.
Result<void> CaptureSplit::begin(const PacketInput& input) {
    const FrameSource& source = input.source();
    survey_.add(source.info(), source.interfaces());
    WriterOptions writer = survey_.writer_for(source);
    if (options_.type == SplitType::pcapng) writer.format = WriteFormat::pcapng;
    if (options_.type == SplitType::pcap) writer.format = survey_.nanoseconds() ? WriteFormat::nsecpcap : WriteFormat::pcap;
    ending_ = writer.format == WriteFormat::pcapng ? ".pcapng" : ".pcap";
    encoder_.emplace(writer);
    TrackRules rules = options_.rules;
    if (manifest_.wanted()) rules.parts = Manifest::wants();
    if (options_.by.kind == SplitBy::Kind::session) {
        sessions_ = std::make_unique<SessionPartition>(rules, namer_, parts_);
        partition_ = sessions_.get();
    } else {
        others_ = make_partition(options_.by, rules.key, namer_, *encoder_);
        partition_ = others_.get();
    }
    if (!options_.folder.empty()) {
        auto folder = OutputFolder::open(options_.folder, options_.force);
        if (!folder) return folder.error();
        if (tar()) {
            folder_ = std::move(*folder);
        } else {
            files_ = std::make_unique<PartFiles>(std::move(*folder), ending_, parts_);
            buffers_ = std::make_unique<PartBuffers>(*files_);
        }
    }
    if (tar()) {
        auto sink = folder_                  ? folder_->sink(archive_name(input.options().files) + ".tar")
                    : options_.stream == "-" ? Result<std::unique_ptr<Sink>>{stdout_sink()}
                                             : open_sink(options_.stream, {.naming = Naming::when_whole, .force = options_.force});
        if (!sink) return sink.error();
        tar_.emplace(std::move(*sink));
    }
    return manifest_.open();
}

Result<void> CaptureSplit::begin_file(const PacketInput& input) {
    if (!encoder_) {
        if (auto begun = begin(input); !begun) return begun;
    }
    namer_.set_input(base_name(input.options().files[input.file_number()]));
    const Source& source = input.source().source();
    const bool plain = source.plain_fd() >= 0;
    const bool crowded = index_.inputs() >= most_inputs;
    const bool indexing = tar() || (plain && !options_.by.few_at_a_time());
    Result<void> done;
    if (indexing_ && (!indexing || (crowded && !tar()))) done = write_index();
    if (!indexing_ && indexing && buffers_) done = buffers_->finish();
    if (!done) return done;
    indexing_ = indexing;
    if (!indexing) return {};
    mapped_.reset();
    if (!plain || (crowded && tar())) {
        if (!spool_) {
            auto spool = Spool::create();
            if (!spool) return spool.error();
            spool_ = std::move(*spool);
        }
    } else {
        auto file = MappedFile::open(source.plain_fd(), source.name());
        if (!file) return file.error();
        mapped_ = std::move(*file);
    }
    index_.begin_input(input.file_number(), mapped_);
    return {};
}

Result<void> CaptureSplit::take(const Batch& batch, const PacketInput& input) {
    const FrameSource& source = input.source();
    const RecordEncoder::Origin from{batch.input, source.interfaces(), source.info(), batch.order};
    partition_->assign(batch, from, targets_);
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        const auto place = place_of(batch, i);
        if (!place) return place.error();
        const bool shared = targets_[i].second != Parts::none;
        copies_ += shared ? 1 : 0;
        for (const Parts::Number part : {targets_[i].first, targets_[i].second}) {
            if (part == Parts::none) continue;
            parts_[part].count(batch.frames[i], shared);
            if (indexing_) {
                index_.add(part, batch, i, *place);
            } else if (auto done = take_frame(part, batch, i, from); !done) {
                return done;
            }
        }
    }
    if (!indexing_) return flush_live(source);
    if (tar() || index_.size() < PacketIndex::window) return {};
    index_.end_input(source.interfaces(), source.info());
    if (auto done = write_index(); !done) return done;
    index_.begin_input(batch.input, mapped_);
    return {};
}

/// Perhaps a capture that goes on: whoever looks at the files shall not wait for a full buffer. Of parts that come one after another only:
/// those of many sessions would be written packet by packet.
Result<void> CaptureSplit::flush_live(const FrameSource& source) {
    if (source.source().plain_fd() >= 0 || !options_.by.few_at_a_time()) return {};
    Result<void> done;
    for (std::size_t i = 0; i < targets_.size() && done; ++i)
        if (i + 1 == targets_.size() || targets_[i + 1].first != targets_[i].first) done = buffers_->flush(targets_[i].first);
    return done;
}

/// Where a packet can be read again, if the index will.
Result<std::uint64_t> CaptureSplit::place_of(const Batch& batch, std::size_t i) {
    if (!indexing_) return std::uint64_t{0};
    const Frame& frame = batch.frames[i];
    if (mapped_) return batch.offset_of(frame.data);
    const Bytes options = batch.options_of(i);
    const std::uint8_t* const end = options.empty() ? frame.data + frame.cap_len : options.data() + options.size();
    return spool_->append({frame.data, end});
}

Result<void> CaptureSplit::take_frame(Parts::Number part, const Batch& batch, std::size_t i, const RecordEncoder::Origin& from) {
    encoded_.clear();
    Part& to = parts_[part];
    if (auto done = encoder_->put(batch.frames[i], batch.number_of(i), batch.options_of(i), from, to.encoding, encoded_); !done)
        return of_part(done.error(), part);
    encoded_bytes_ += encoded_.size();
    ++to.written;
    return buffers_->add(part, encoded_.bytes());
}

Error CaptureSplit::of_part(Error error, Parts::Number part) const {
    if (error.code == Errc::usage) error.code = Errc::output;  // something may have been written
    if (error.where.empty()) error.where = file_name(part);
    return error;
}

bool CaptureSplit::is_left_out(Parts::Number number) const {
    const Part& part = parts_[number];
    if (number == Parts::other) return false;
    return part.packets < options_.min_packets || (options_.from_first_packet && part.is_tcp && !part.starts);
}

Result<void> CaptureSplit::write_index() {
    if (index_.empty()) {
        index_.clear();
        return {};
    }
    std::shared_ptr<const MappedFile> spooled;
    if (spool_) {
        auto file = spool_->finish();
        if (!file) return file.error();
        spooled = std::move(*file);
    }
    struct sigaction action {};
    action.sa_handler = on_missing_page;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, nullptr);
    index_.sort(parts_.size(), std::move(spooled));
    auto done = tar() ? write_tar() : write_files();
    index_.clear();
    return done;
}

Result<void> CaptureSplit::encode(Parts::Number part, const std::function<Result<void>(Bytes)>& emit) {
    encoded_.clear();
    auto done = index_.encode(part, *encoder_, parts_[part].encoding, encoded_, emit);
    return done ? done : of_part(done.error(), part);
}

Result<void> CaptureSplit::write_files() {
    for (Parts::Number part = 0; part < parts_.size() && stop_signal() == 0; ++part) {
        if (index_.packets(part) == 0) continue;
        const auto emit = [&](Bytes records) {
            encoded_bytes_ += records.size();
            return files_->append(part, records, false);
        };
        if (auto done = encode(part, emit); !done) return done;
        encoded_bytes_ += encoded_.size();
        parts_[part].written += index_.packets(part);
        if (auto done = files_->append(part, encoded_.bytes(), true); !done) return done;
    }
    return {};
}

Result<void> CaptureSplit::write_tar() {
    for (Parts::Number part = 0; part < parts_.size() && stop_signal() == 0; ++part) {
        if (parts_[part].packets == 0 || is_left_out(part)) continue;
        if (auto done = write_tar_part(part); !done) return done;
    }
    return {};
}

/// An archive says how long a file is before it begins: what does not fit into memory is encoded twice.
Result<void> CaptureSplit::write_tar_part(Parts::Number number) {
    Part& part = parts_[number];
    std::uint64_t size = 0;
    const auto measure = [&](Bytes records) {
        size += records.size();
        return Result<void>{};
    };
    if (auto done = encode(number, measure); !done) return done;
    const bool at_once = size == 0;
    size += encoded_.size();
    encoded_bytes_ += size;
    const std::int64_t time = part.first_ns == no_time ? 0 : part.first_ns / ns_per_second;
    auto done = tar_->begin(file_name(number), size, time);
    if (done && !at_once) {
        part.encoding = 0;
        done = encode(number, [&](Bytes records) {
            part.file_bytes += records.size();
            return tar_->write(records);
        });
    }
    if (!done) return done;
    part.file_bytes += encoded_.size();
    part.written += index_.packets(number);
    part.created = true;
    done = tar_->write(encoded_.bytes());
    return done ? tar_->end() : done;
}

LeftOut CaptureSplit::left_out() const {
    LeftOut sums;
    for (Parts::Number number = 0; number < parts_.size(); ++number) {
        const Part& part = parts_[number];
        if (!is_left_out(number)) continue;
        LeftOut::Sum& sum = part.packets < options_.min_packets ? sums.min_packets : sums.no_start;
        sum.packets += part.packets;
        sum.wire_bytes += part.wire_bytes;
    }
    return sums;
}

/// What is not to be written, but was before that was known, goes.
Result<void> CaptureSplit::finish_files() {
    for (Parts::Number number = 0; number < parts_.size(); ++number) {
        if (!is_left_out(number)) continue;
        encoded_bytes_ -= buffers_->drop(number);
        if (!parts_[number].created) continue;
        if (auto done = files_->remove(number); !done) return done;
    }
    auto done = buffers_->finish();
    return done ? files_->finish() : done;
}

/// Every packet is in a file, or left out: told apart by what was counted, what was encoded, and what the kernel took.
Result<void> CaptureSplit::check(std::uint64_t packets, const LeftOut& left_out) const {
    std::uint64_t written = 0;
    std::uint64_t bytes = 0;
    for (Parts::Number number = 0; number < parts_.size(); ++number) {
        const Part& part = parts_[number];
        if (!is_left_out(number)) written += part.written;
        bytes += part.file_bytes;
    }
    if (written + left_out.packets() == packets + copies_ && bytes == encoded_bytes_) return {};
    return Error{Errc::output, "packets are missing: " + std::to_string(packets) + " were read, " + std::to_string(copies_) +
                                   " of them belong to two parts, " + std::to_string(written) + " were written, " +
                                   std::to_string(left_out.packets()) + " left out"};
}

/// By file name.
Result<void> CaptureSplit::write_manifest(const LeftOut& left_out) {
    if (!manifest_.wanted()) return {};
    std::vector<Parts::Number> files;
    for (Parts::Number number = 0; number < parts_.size(); ++number)
        if (parts_[number].created && !is_left_out(number)) files.push_back(number);
    const auto before = [&](Parts::Number a, Parts::Number b) { return file_name(a) < file_name(b); };
    if (!std::is_sorted(files.begin(), files.end(), before)) std::sort(files.begin(), files.end(), before);
    std::vector<FlowTracker::Id> flows;
    if (sessions_) {
        flows.resize(parts_.size());
        FlowTracker& tracker = sessions_->tracker();
        for (const FlowTracker::Id id : tracker.in_order())
            tracker.look_at(id, [&](const FlowView& view) { flows[view.head.number] = id; });
    }
    for (const Parts::Number number : files) {
        const std::string name = file_name(number);
        if (!sessions_ || number == Parts::other) {
            manifest_.file(name, parts_[number], parts_.key(number), nullptr);
            continue;
        }
        sessions_->tracker().look_at(flows[number], [&](const FlowView& view) {
            const FlowRow row{view, Applications::well_known()};
            manifest_.file(name, parts_[number], {}, &row);
        });
    }
    manifest_.left_out(left_out);
    return manifest_.finish();
}

Result<void> CaptureSplit::finish(std::uint64_t packets) {
    auto done = write_index();
    if (done && files_) done = finish_files();
    if (!done || stop_signal() != 0) return done;
    const LeftOut sums = left_out();
    if (tar_) done = tar_->finish();
    if (done) done = check(packets, sums);
    if (done) done = write_manifest(sums);
    if (!done) return done;
    std::uint64_t files = 0;
    for (Parts::Number number = 0; number < parts_.size(); ++number) files += parts_[number].created && !is_left_out(number) ? 1 : 0;
    say_totals(app_, options_, run_, packets, files, sums);
    return {};
}

int CaptureSplit::run(InputOptions input_options) {
    survey_ = InputSurvey::of(input_options.files);
    auto input = PacketInput::make(std::move(input_options), [&](const Error& error) { app_.problem(error); });
    if (!input) return app_.fail(input.error());
    Progress progress{app_.about().name, run_.progress(), run_.quiet(), 0};
    Batch batch;
    while (stop_signal() == 0 && input->open_file()) {
        if (auto begun = begin_file(*input); !begun) return app_.fail(begun.error());
        while (stop_signal() == 0 && input->next_of_file(batch)) {
            if (auto taken = take(batch, *input); !taken) return app_.fail(taken.error());
            progress.tick(input->source().source().bytes_in(), input->packets_passed());
        }
        if (indexing_) index_.end_input(input->source().interfaces(), input->source().info());
        input->close_file();
    }
    if (input->exit_code() == exit_usage) return exit_usage;
    if (stop_signal() != 0) index_.clear();  // parts are written whole or not at all
    if (auto finished = finish(input->packets_passed()); !finished) return app_.fail(finished.error());
    if (const int code = input->exit_code(); code != 0) return code;
    return run_.exit_empty() && input->packets_passed() == 0 ? exit_empty : exit_done;
}

}  // namespace pcapline::cli
