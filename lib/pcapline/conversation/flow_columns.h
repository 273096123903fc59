// The columns of a flow's record (conversations, split-flow's manifest).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/base/result.h"
#include "pcapline/conversation/flow_tracker.h"
#include "pcapline/decode/application.h"
#include "pcapline/output/row_writer.h"

namespace pcapline {

/// A flow on its way into a record: what many columns want is read once.
struct FlowRow {
    FlowRow(const FlowView& flow, const Applications& names, bool with_number = true, bool goes_on = false);

    const FlowView& view;
    const Applications& applications;
    bool numbered;                    ///< live records have no number
    bool interim;                     ///< the flow goes on
    std::array<WayCounts, 2> counts;  ///< by Way
    const TcpPart* tcp;               ///< null if not tracked, or not TCP
    const StatePart* state;           ///< null if not tracked
    const MoreParts* more;            ///< null if not tracked
    std::array<TcpCounts, 2> of_tcp;  ///< by Way, if there is `tcp`
    KnownApplication application;
};

/// Which part of the record a column belongs to.
enum class ColumnSet : std::uint8_t {
    basic,
    tcp,
    shape,
    link,
};

struct FlowColumn {
    RowColumn<FlowRow> column;
    ColumnSet set;
    std::string_view meaning;
};

/// All of them, in the order of the record.
std::span<const FlowColumn> flow_columns();

/// What was asked for: sets and names, parted by commas; the columns in the order of the record. Errors: Errc::usage, with all unknown
/// names.
Result<std::vector<const FlowColumn*>> choose_flow_columns(std::string_view choice);
/// What tables show when nothing was asked for.
std::vector<const FlowColumn*> table_flow_columns();
/// true in interim records, else absent.
const FlowColumn& interim_column();
/// first_sizes and first_gaps: of the first packets of both directions, as many as TrackedParts::first.
std::span<const FlowColumn> first_columns();
/// What has to be tracked for these columns.
TrackedParts parts_of(std::span<const FlowColumn* const> columns);
std::vector<RowColumn<FlowRow>> row_columns(std::span<const FlowColumn* const> columns);

/// Wireshark's name of an IP protocol in lower case, else its number.
std::string ip_protocol_name(std::uint8_t protocol);

}  // namespace pcapline
