#include "pcapline/pipeline/input.h"

#include <algorithm>
#include <numeric>

#include "pcapline/capture/link_type.h"

namespace pcapline {

Result<PacketInput> PacketInput::make(InputOptions options, OnProblem on_problem, OnFileEnd on_file_end) {
    PacketInput input;
    if (!options.filter.empty()) {
        auto filter = CaptureFilter::compile(options.filter, options.resolve);
        if (!filter) return filter.error();
        input.filter_ = std::make_shared<CaptureFilter>(std::move(*filter));
    }
    input.options_ = std::move(options);
    input.number_ = input.options_.first_number;
    input.on_problem_ = std::move(on_problem);
    input.on_file_end_ = std::move(on_file_end);
    const auto& from = input.options_.from;
    const auto& to = input.options_.to;
    if (from && from->kind == TimeSpec::Kind::absolute) input.from_ns_ = from->ns;
    if (to && to->kind == TimeSpec::Kind::absolute) input.to_ns_ = to->ns;
    const bool from_last = from && from->kind == TimeSpec::Kind::before_last;
    const bool to_last = to && to->kind == TimeSpec::Kind::before_last;
    if (from_last || to_last) {
        for (const std::string& file : input.options_.files)
            if (file == "-") return Error{Errc::usage, "a time before the last packet needs files, not standard input"};
        input.fix_times_before_last();
    }
    return input;
}

void PacketInput::fix_times_before_last() {
    std::int64_t last = no_time;
    Batch batch;
    for (const std::string& file : options_.files) {
        auto source = open_capture(file);
        if (!source) continue;  // reported when it is read for good
        while ((*source)->next(batch))
            for (const Frame& frame : batch.frames) last = std::max(last, frame.time_ns);
    }
    if (last == no_time) return;
    const auto fix = [&](const std::optional<TimeSpec>& spec, std::int64_t& bound) {
        if (spec && spec->kind == TimeSpec::Kind::before_last && __builtin_sub_overflow(last, spec->ns, &bound)) bound = no_time + 1;
    };
    fix(options_.from, from_ns_);
    fix(options_.to, to_ns_);
}

bool PacketInput::open_file() {
    while (!done_ && at_file_ < options_.files.size()) {
        const std::string& file = options_.files[at_file_++];
        const auto open = [&]() -> Result<std::unique_ptr<FrameSource>> {
            if (!options_.hash) {
                auto source = open_source(file, SourceOptions{.read_ahead = options_.read_ahead});
                if (!source) return source.error();
                return open_capture(std::move(*source));
            }
            auto raw = pcapline::open_file(file);
            if (!raw) return raw.error();
            auto hashing = std::make_unique<HashingSource>(std::move(*raw));
            hashing_ = hashing.get();
            auto plain = decompressed(std::move(hashing));
            if (!plain) return plain.error();
            return open_capture(std::move(*plain));
        };
        auto source = open();
        if (source) {
            source_ = std::move(*source);
            ++opened_;
            interfaces_prepared_ = 0;
            file_damaged_ = false;
            return true;
        }
        ++failed_;
        Error error = source.error();
        if (error.where.empty()) error.where = file;
        on_problem_(error);
        if (options_.strict) done_ = true;
    }
    return false;
}

void PacketInput::close_file() {
    if (const auto& damage = source_->damage(); damage && !file_damaged_) add_damage(*damage);
    if (on_file_end_) {
        FileOutcome outcome;
        outcome.file = options_.files[at_file_ - 1];
        outcome.damaged = file_damaged_;
        if (hashing_) outcome.sha256 = hashing_->finish();
        on_file_end_(outcome, *source_);
    }
    hashing_ = nullptr;
    source_.reset();
}

void PacketInput::add_damage(const Damage& damage) {
    file_damaged_ = true;
    const std::string& file = options_.files[at_file_ - 1];
    damage_.push_back({file, damage});
    Error error{Errc::damage, damage.what, source_->source().name()};
    error.offset = static_cast<std::int64_t>(damage.offset);
    error.what +=
        damage.good_packets == 1 ? ", 1 good packet before it" : ", " + std::to_string(damage.good_packets) + " good packets before it";
    on_problem_(error);
    if (options_.strict) done_ = true;
}

void PacketInput::count_passed(std::uint64_t read, std::uint64_t passed) {
    read_ += read;
    number_ += read;
    passed_ += passed;
}

bool PacketInput::order_free() const {
    const auto relative = [](const std::optional<TimeSpec>& spec) { return spec && spec->kind == TimeSpec::Kind::after_first; };
    return !options_.count && !options_.read_count && options_.ranges.empty() && !relative(options_.from) && !relative(options_.to);
}

int PacketInput::exit_code() const {
    if (opened_ == 0) return 2;
    if (link_types_refused_ != 0 && link_types_refused_ == link_types_seen_.size()) return 2;
    return failed_ != 0 || !damage_.empty() || link_types_refused_ != 0 ? 1 : 0;
}

void PacketInput::prepare_filter(std::span<const Interface> interfaces) {
    if (!filter_) return;
    for (; interfaces_prepared_ < interfaces.size(); ++interfaces_prepared_) {
        const std::uint16_t link_type = interfaces[interfaces_prepared_].link_type;
        if (std::find(link_types_seen_.begin(), link_types_seen_.end(), link_type) != link_types_seen_.end()) continue;
        link_types_seen_.push_back(link_type);
        std::string why;
        if (filter_->prepare(link_type, &why)) continue;
        ++link_types_refused_;
        on_problem_(Error{Errc::usage,
                          "the filter does not work on link type " + link_type_name(link_type) + ", its packets do not match: " + why,
                          source_->source().name()});
    }
}

bool PacketInput::in_window(const Frame& frame) const {
    if (!options_.from && !options_.to) return true;
    return frame.has_time() && frame.time_ns >= from_ns_ && frame.time_ns < to_ns_;
}

void PacketInput::filter_frames(Batch& batch) const {
    if (!filter_ && !options_.from && !options_.to) return;
    std::vector<std::uint32_t> kept;
    kept.reserve(batch.frames.size());
    for (std::uint32_t i = 0; i < batch.frames.size(); ++i) {
        const Frame& frame = batch.frames[i];
        if (in_window(frame) && (!filter_ || filter_->matches(frame))) kept.push_back(i);
    }
    keep_only(batch, kept);
}

void PacketInput::keep_only(Batch& batch, const std::vector<std::uint32_t>& kept) const {
    if (kept.size() == batch.frames.size()) return;
    std::vector<std::uint64_t> numbers;
    numbers.reserve(kept.size());
    for (const std::uint32_t i : kept) numbers.push_back(batch.number_of(i));
    batch.numbers = std::move(numbers);
    for (OtherBlock& other : batch.others)
        other.before_frame = static_cast<std::uint32_t>(std::lower_bound(kept.begin(), kept.end(), other.before_frame) - kept.begin());
    for (std::size_t to = 0; to < kept.size(); ++to) {
        batch.frames[to] = batch.frames[kept[to]];
        if (!batch.options.empty()) batch.options[to] = batch.options[kept[to]];
    }
    batch.frames.resize(kept.size());
    if (!batch.options.empty()) batch.options.resize(kept.size());
}

void PacketInput::set_relative_times(const Batch& batch) {
    if (relative_fixed_) return;
    const auto first = std::find_if(batch.frames.begin(), batch.frames.end(), [](const Frame& frame) { return frame.has_time(); });
    if (first == batch.frames.end()) return;
    relative_fixed_ = true;
    const auto fix = [&](const std::optional<TimeSpec>& spec, std::int64_t& bound) {
        if (!spec || spec->kind != TimeSpec::Kind::after_first) return;
        if (__builtin_add_overflow(first->time_ns, spec->ns, &bound)) bound = std::numeric_limits<std::int64_t>::max();
    };
    fix(options_.from, from_ns_);
    fix(options_.to, to_ns_);
}

/// --read-count and --range: by number, before every filter.
void PacketInput::limit_read(Batch& batch) {
    if (options_.read_count && read_ + batch.frames.size() >= *options_.read_count) {
        std::vector<std::uint32_t> kept(static_cast<std::size_t>(*options_.read_count - read_));
        std::iota(kept.begin(), kept.end(), 0U);
        keep_only(batch, kept);
        done_ = true;
    }
    read_ += batch.frames.size();
    if (options_.ranges.empty()) return;
    std::vector<std::uint32_t> kept;
    for (std::uint32_t i = 0; i < batch.frames.size(); ++i) {
        const std::uint64_t number = batch.number_of(i);
        const auto range = std::lower_bound(options_.ranges.begin(), options_.ranges.end(), number,
                                            [](const auto& r, std::uint64_t n) { return r.second < n; });
        if (range != options_.ranges.end() && range->first <= number) kept.push_back(i);
    }
    if (!batch.frames.empty() && batch.number_of(batch.frames.size() - 1) >= options_.ranges.back().second) done_ = true;
    keep_only(batch, kept);
}

bool PacketInput::next_of_file(Batch& batch) {
    while (true) {
        if (options_.read_count && read_ >= *options_.read_count) done_ = true;
        if (options_.count && passed_ >= *options_.count) done_ = true;
        if (done_ || !source_->next(batch)) return false;
        batch.input = static_cast<std::uint32_t>(at_file_ - 1);
        batch.first_number = number_;
        number_ += batch.frames.size();
        prepare_filter(source_->interfaces());
        set_relative_times(batch);
        limit_read(batch);
        filter_frames(batch);
        if (options_.count && passed_ + batch.frames.size() > *options_.count) {
            std::vector<std::uint32_t> kept(static_cast<std::size_t>(*options_.count - passed_));
            std::iota(kept.begin(), kept.end(), 0U);
            keep_only(batch, kept);
        }
        passed_ += batch.frames.size();
        if (!batch.empty()) return true;
    }
}

bool PacketInput::next(Batch& batch) {
    while (source_ || open_file()) {
        if (next_of_file(batch)) return true;
        close_file();
    }
    return false;
}

}  // namespace pcapline
