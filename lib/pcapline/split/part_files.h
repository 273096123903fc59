// PartFiles: any number of files that grow, under any limit of descriptors.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pcapline/base/result.h"
#include "pcapline/split/output_folder.h"
#include "pcapline/split/parts.h"

namespace pcapline {

/// Writes whole records into the files of parts. The files that were written to last stay open, as many as the limit of descriptors
/// allows. A write that fails is taken back, so that no file ends within a record; a file without any is removed.
class PartFiles {
 public:
    /// `ending`: of the files' names, with its dot.
    PartFiles(OutputFolder folder, std::string ending, Parts& parts);
    PartFiles(const PartFiles&) = delete;
    PartFiles& operator=(const PartFiles&) = delete;

    /// Appends to a part's file, which is created at first. `last`: nothing more will come. Errors: Errc::output.
    Result<void> append(Parts::Number part, Bytes records, bool last);
    /// Removes a part's file.
    Result<void> remove(Parts::Number part);
    /// Closes all that are open.
    Result<void> finish();

    std::string name(Parts::Number part) const { return std::string(parts_.name(part)) + ending_; }
    const OutputFolder& folder() const { return folder_; }

 private:
    struct Open {
        Descriptor file;
        Parts::Number part = Parts::none;
        std::uint32_t newer = 0;
        std::uint32_t older = 0;
    };

    Result<Descriptor> take(Parts::Number part);
    Result<void> write(Parts::Number part, int fd, Bytes records);
    Result<void> take_back(Parts::Number part, int fd, int sys);
    Result<void> close(Parts::Number part, Descriptor file);
    Result<void> keep(Parts::Number part, Descriptor file);
    void link_newest(std::uint32_t slot);
    void unlink(std::uint32_t slot);

    OutputFolder folder_;
    std::string ending_;
    Parts& parts_;
    std::size_t most_open_;
    std::vector<Open> open_;  ///< slot 0 is the ring's head: its `older` is the newest
    std::vector<std::uint32_t> free_;
    std::vector<std::uint32_t> slots_;  ///< by part; 0: not open
};

}  // namespace pcapline
