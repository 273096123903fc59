// The job of `cat`: captures in, one capture out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/common/options.h"
#include "pcapline/capture/writer.h"

namespace pcapline::cli {

struct CatOptions {
    std::string path;  ///< "" or "-": standard output
    bool force = false;
    std::optional<WriteFormat> format;  ///< empty: the first input's
    std::string compression;            ///< "": by the ending of the path, else none
    std::optional<std::uint32_t> snap_len;
    std::int64_t shift_ns = 0;
};

/// Runs it to the end; the exit code.
int run_cat(const App& app, InputOptions input, const CatOptions& options, const RunFlags& run);

}  // namespace pcapline::cli
