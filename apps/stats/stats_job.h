// The job of `stats`: count everything, report the sections.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/common/options.h"
#include "pcapline/stats/counters.h"
#include "pcapline/stats/report.h"

namespace pcapline::cli {

struct StatsOptions {
    Sections sections;
    bool chosen = false;  ///< sections were named on the command line
    Top top;
    const Applications* applications = nullptr;  ///< null: no section needs them
    std::optional<unsigned> threads;
    Format format = Format::table;
    bool header = true;
    bool nulls = false;
};

/// What the report says of one input file.
struct FileReport {
    std::string file, format, byte_order, compression, sha256, hardware, os, application;
    std::vector<std::string> comments;
    unsigned time_digits = 0;
    std::uint64_t file_bytes = 0;
    bool damaged = false;
    bool pcapng = false;
    Totals totals;
    std::vector<Interface> interfaces;
    std::vector<std::uint64_t> packets_of_interface;
};

/// Everything that was counted.
struct StatsResult {
    std::vector<FileReport> files;
    Counters counters;
    std::vector<FileDamage> damage;
    std::uint64_t recorded_drops = 0;
};

/// Runs it to the end; the exit code.
int run_stats(const App& app, InputOptions input, const StatsOptions& options, const OutputFlags& output, const RunFlags& run);

/// Writes the report in its format. Errors: Errc::usage (more than one section for CSV).
Result<void> put_report(TextBuffer& out, const StatsResult& result, const StatsOptions& options);
Table files_table(const StatsResult& result);

}  // namespace pcapline::cli
