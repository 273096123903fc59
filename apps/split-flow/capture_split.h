// CaptureSplit: packets into capture files, or into an archive of them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/input_survey.h"
#include "apps/common/progress.h"
#include "apps/split-flow/manifest.h"
#include "apps/split-flow/session_partition.h"
#include "apps/split-flow/split_job.h"
#include "pcapline/split/packet_index.h"
#include "pcapline/split/part_buffers.h"
#include "pcapline/split/part_files.h"
#include "pcapline/split/tar_writer.h"

namespace pcapline::cli {

/// One run. Inputs that can be read twice go through the index, others through the buffers.
class CaptureSplit {
 public:
    CaptureSplit(const App& app, const SplitOptions& options, const RunFlags& run);

    /// The exit code.
    int run(InputOptions input);

 private:
    Result<void> begin(const PacketInput& input);
    Result<void> begin_file(const PacketInput& input);
    Result<void> take(const Batch& batch, const PacketInput& input);
    Result<void> take_frame(Parts::Number part, const Batch& batch, std::size_t i, const RecordEncoder::Origin& from);
    Result<void> flush_live(const FrameSource& source);
    Result<std::uint64_t> place_of(const Batch& batch, std::size_t i);
    Result<void> write_index();
    Result<void> write_files();
    Result<void> write_tar();
    Result<void> write_tar_part(Parts::Number part);
    Result<void> encode(Parts::Number part, const std::function<Result<void>(Bytes)>& emit);
    Result<void> finish(std::uint64_t packets);
    Result<void> check(std::uint64_t packets, const LeftOut& left_out) const;
    Result<void> finish_files();
    Result<void> write_manifest(const LeftOut& left_out);
    bool is_left_out(Parts::Number part) const;
    LeftOut left_out() const;
    bool tar() const { return options_.type == SplitType::tar; }
    std::string file_name(Parts::Number part) const { return std::string(parts_.name(part)) + ending_; }
    /// Says which file it was.
    Error of_part(Error error, Parts::Number part) const;

    const App& app_;
    const SplitOptions& options_;
    const RunFlags& run_;
    InputSurvey survey_;
    Parts parts_;
    std::string ending_;
    Manifest manifest_;
    Namer namer_;
    std::optional<RecordEncoder> encoder_;
    std::unique_ptr<SessionPartition> sessions_;
    std::unique_ptr<Partition> others_;
    Partition* partition_ = nullptr;
    std::optional<OutputFolder> folder_;
    std::unique_ptr<PartFiles> files_;
    std::unique_ptr<PartBuffers> buffers_;
    std::optional<TarWriter> tar_;
    PacketIndex index_;
    std::shared_ptr<const MappedFile> mapped_;
    std::optional<Spool> spool_;
    bool indexing_ = false;
    bool spooling_ = false;
    std::vector<Targets> targets_;
    ByteBuffer encoded_;
    std::uint64_t encoded_bytes_ = 0;
    std::uint64_t copies_ = 0;
};

}  // namespace pcapline::cli
