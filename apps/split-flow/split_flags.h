// The options of `split-flow` that are its own.
#pragma once

#include <optional>
#include <string>

#include "apps/common/app.h"
#include "apps/common/flow_flags.h"
#include "apps/split-flow/split_job.h"

namespace pcapline::cli {

class SplitFlags {
 public:
    void declare(App& app);
    /// Checks and converts. Errors: Errc::usage.
    Result<SplitOptions> options() const;

 private:
    Result<void> set_output(SplitOptions& options) const;
    Result<void> set_names(SplitOptions& options) const;
    Result<void> set_manifest(SplitOptions& options) const;
    Result<void> check(const SplitOptions& options) const;

    std::string by_ = "session";
    FlowFlags flows_;
    std::optional<std::uint64_t> min_packets_;
    bool from_first_packet_ = false;
    std::string folder_;
    std::string stream_;
    std::string type_;
    bool compat_ = false;
    std::optional<std::string> name_;
    bool force_ = false;
    std::string manifest_;
    std::string manifest_format_;
    bool verbose_ = false;
};

}  // namespace pcapline::cli
