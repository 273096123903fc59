// PacketInput: several captures in order as one input, filtered.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pcapline/base/time.h"
#include "pcapline/capture/bpf.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/pipeline/hashing_source.h"

namespace pcapline {

/// What every command that reads packets can be told (commands.md §2).
struct InputOptions {
    std::vector<std::string> files;           ///< "-" is standard input
    std::string filter;                       ///< BPF
    bool resolve = false;                     ///< host names in `filter` may be looked up
    std::optional<std::uint64_t> count;       ///< packets, after the filters
    std::optional<std::uint64_t> read_count;  ///< packets, before the filters
    std::optional<TimeSpec> from;
    std::optional<TimeSpec> to;
    bool strict = false;  ///< stop at the first damaged or unreadable file
    std::uint64_t first_number = 1;
    /// Numbers (before filters, both ends inclusive, ascending) that are kept; empty: all.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    bool hash = false;        ///< compute each file's SHA-256
    bool read_ahead = false;  ///< decompress on a thread of its own
};

/// Damage, with the file that it is in.
struct FileDamage {
    std::string file;
    Damage damage;
};

/// What became of one input file.
struct FileOutcome {
    std::string file;
    bool opened = false;
    bool damaged = false;
    std::string sha256;  ///< lower-case hex, if asked for
};

/// Reads its files one after another; packet numbers run on. A file that cannot be read or is damaged never costs the others:
/// it is reported through `on_problem`, once, when it is met.
class PacketInput {
 public:
    using OnProblem = std::function<void(const Error&)>;
    /// Called when a file has been read to its end (or to where the input stops).
    using OnFileEnd = std::function<void(const FileOutcome&, const FrameSource&)>;

    /// Compiles the filter. Errors: Errc::usage.
    static Result<PacketInput> make(InputOptions options, OnProblem on_problem, OnFileEnd on_file_end = {});
    PacketInput(PacketInput&&) noexcept = default;

    /// The next frames that pass, or false at the end of the last file. All frames of a batch are of one file;
    /// a batch may hold only non-packet blocks, never nothing.
    bool next(Batch& batch);
    /// The file that the last batch came from.
    const FrameSource& source() const { return *source_; }

    const std::vector<FileDamage>& damage() const { return damage_; }
    std::size_t files_opened() const { return opened_; }
    /// 0, 1 or 2 as commands.md §4 says of the inputs.
    int exit_code() const;
    std::uint64_t packets_passed() const { return passed_; }
    std::uint64_t packets_read() const { return read_; }

    // For running one file's ranges on several threads.

    /// Opens the next file; false when there is none. Use source() then, and close_file().
    bool open_file();
    /// Its place among the inputs, from 0: what its batches say too.
    std::uint32_t file_number() const { return static_cast<std::uint32_t>(at_file_ - 1); }
    void close_file();
    /// next() that ends with the open file, which stays open.
    bool next_of_file(Batch& batch);
    const InputOptions& options() const { return options_; }
    /// True if every packet passes or fails by itself: no count, no range, no time relative to others.
    bool order_free() const;
    /// Makes the filter ready for all link types of the interfaces. Reports those that cannot be filtered.
    void prepare_filter(std::span<const Interface> interfaces);
    /// Drops the frames that do not pass BPF and the absolute time window. Safe on several threads after prepare_filter().
    void filter_frames(Batch& batch) const;
    void add_damage(const Damage& damage);
    void count_passed(std::uint64_t read, std::uint64_t passed);

 private:
    PacketInput() = default;
    void fix_times_before_last();
    bool in_window(const Frame& frame) const;
    void set_relative_times(const Batch& batch);
    void keep_only(Batch& batch, const std::vector<std::uint32_t>& kept) const;
    void limit_read(Batch& batch);

    InputOptions options_;
    OnProblem on_problem_;
    OnFileEnd on_file_end_;
    std::shared_ptr<CaptureFilter> filter_;
    std::unique_ptr<FrameSource> source_;
    HashingSource* hashing_ = nullptr;  ///< inside source_
    bool file_damaged_ = false;
    std::size_t at_file_ = 0;
    std::size_t opened_ = 0;
    std::size_t failed_ = 0;
    bool done_ = false;
    bool finished_ranges_ = false;
    bool relative_fixed_ = false;
    std::int64_t from_ns_ = std::numeric_limits<std::int64_t>::min();
    std::int64_t to_ns_ = std::numeric_limits<std::int64_t>::max();
    std::uint64_t number_ = 1;
    std::uint64_t read_ = 0;
    std::uint64_t passed_ = 0;
    std::vector<std::uint16_t> link_types_seen_;
    std::size_t link_types_refused_ = 0;
    std::size_t interfaces_prepared_ = 0;
    std::vector<FileDamage> damage_;
};

}  // namespace pcapline
