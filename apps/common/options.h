// Options that several commands share: one declaration, one spelling.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/common/app.h"
#include "pcapline/output/table.h"
#include "pcapline/pipeline/input.h"

namespace pcapline::cli {

/// Everything that reads packets (commands.md §2).
class InputFlags {
 public:
    void declare(App& app);
    /// Checks and converts. Errors: Errc::usage.
    Result<InputOptions> options() const;

 private:
    std::vector<std::string> operands_;
    std::vector<std::string> read_;
    std::string filter_;
    bool resolve_ = false;
    std::optional<std::uint64_t> count_;
    std::optional<std::uint64_t> read_count_;
    std::optional<std::string> from_;
    std::optional<std::string> to_;
    bool strict_ = false;
    bool numeric_ = false;
};

/// Where records and reports go, and how they look (commands.md §3).
class OutputFlags {
 public:
    /// `formats`: the words of -T that this command knows.
    void declare(App& app, const std::vector<std::string>& formats);
    /// The format asked for, if one was. Errors: Errc::usage (two different ones).
    Result<std::optional<Format>> format() const;
    /// Opens the output. Errors: Errc::output.
    Result<std::unique_ptr<Sink>> open() const;
    bool to_stdout() const { return path_.empty() || path_ == "-"; }
    const std::string& path() const { return path_; }
    bool force() const { return force_; }

 private:
    std::string path_;
    std::string format_;
    bool json_ = false;
    bool ndjson_ = false;
    bool csv_ = false;
    bool force_ = false;
};

/// Quiet, progress, --exit-empty.
class RunFlags {
 public:
    void declare(App& app);
    bool quiet() const { return quiet_; }
    bool exit_empty() const { return exit_empty_; }
    const std::string& progress() const { return progress_; }

 private:
    bool quiet_ = false;
    bool exit_empty_ = false;
    std::string progress_ = "auto";
};

/// Writes `text` ranges such as "1-1000,2000,5000-" as ascending pairs. Errors: Errc::usage.
Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> parse_ranges(const std::string& text);

}  // namespace pcapline::cli
