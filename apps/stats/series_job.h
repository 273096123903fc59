// The jobs of `stats` that give points in time instead of a report: --series and --per-packet.
#pragma once

#include "apps/stats/stats_job.h"
#include "pcapline/stats/series.h"

namespace pcapline::cli {

struct SeriesOptions {
    std::int64_t interval_ns = 0;  ///< 0: no series
    SeriesBy by = SeriesBy::nothing;
    bool fill = false;
    bool split_bad = false;
};

/// Each runs to the end; the exit code. Of `options` they need the applications, the format and how it looks.
int run_series(const App& app, InputOptions input, const StatsOptions& options, const SeriesOptions& series, const OutputFlags& output,
               const RunFlags& run);
int run_points(const App& app, InputOptions input, const StatsOptions& options, const SeriesOptions& points, const OutputFlags& output,
               const RunFlags& run);

}  // namespace pcapline::cli
