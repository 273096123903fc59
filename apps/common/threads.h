// ThreadFlag: --threads, and how many threads pay.
#pragma once

#include <cstdint>
#include <optional>

#include "apps/common/app.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/parallel/cpus.h"

namespace pcapline::cli {

class ThreadFlag {
 public:
    void declare(App& app) { app.number("--threads", threads_, "N", "threads for plain files; default: by size, 8 at most"); }
    /// Empty: as many as pay. Errors: Errc::usage.
    Result<std::optional<unsigned>> threads() const {
        if (!threads_) return std::optional<unsigned>{};
        if (*threads_ == 0 || *threads_ > 256) return Error{Errc::usage, "--threads takes 1 to 256"};
        return std::optional{static_cast<unsigned>(*threads_)};
    }

 private:
    std::optional<std::uint64_t> threads_;
};

/// How many threads work on a file: `asked`, or one if it is small or no plain file, else one for each CPU.
inline unsigned threads_for(std::optional<unsigned> asked, const FrameSource& file) {
    constexpr std::uint64_t floor = 64 * 1024 * 1024;  // smaller files are done before threads pay
    if (file.source().plain_fd() < 0) return 1;
    if (asked) return *asked;
    return file.source().plain_size() < floor ? 1 : allowed_cpus();
}

}  // namespace pcapline::cli
