// The sections of a report as tables (records.md §3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pcapline/output/json_writer.h"
#include "pcapline/output/table.h"
#include "pcapline/stats/counters.h"

namespace pcapline {

/// How many rows --top keeps of applications, endpoints and ports; empty: all.
using Top = std::optional<std::uint64_t>;

/// One row.
Table summary_table(const Totals& totals, std::uint64_t recorded_drops);
/// By path; every stack counts for itself and for each stack that it begins with.
Table protocols_table(const StackCounts& stacks, std::uint64_t packets);
/// By packets down, then name; a packet counts once for a layer that repeats.
Table layers_table(const StackCounts& stacks, std::uint64_t packets);
/// By packets down, then name.
Table applications_table(const ApplicationCounts& counts, const Applications& names, std::uint64_t packets, Top top);
Table endpoints_table(const EndpointCounts& endpoints, Top top);
Table ports_table(const PortCounts& ports, Top top);
/// One row.
Table tcp_table(const TcpTotals& tcp);
/// Wireshark's buckets; empty ones left out.
Table buckets_table(const LengthCounts& lengths, std::uint64_t packets);
/// One row: min, mean, max, stdev and quantiles (nearest rank).
Table length_figures(const LengthCounts& lengths);
/// The whole section as JSON: figures, buckets, counts of every length.
void put_lengths_json(TextBuffer& out, const LengthCounts& lengths, std::uint64_t packets);

/// last - first as scaled seconds; empty without times.
std::optional<std::uint64_t> duration_ns(const Totals& totals);
/// A cell of a ratio, absent where there is none.
Cell ratio_cell(Wide numerator, Wide denominator, std::uint8_t decimals);

}  // namespace pcapline
