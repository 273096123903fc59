// The columns that no set has: an option asks for each.
#include "pcapline/conversation/flow_columns.h"

namespace pcapline {

const FlowColumn& interim_column() {
    static const FlowColumn column{{"interim", 5, false,
                                    [](const FlowRow& row, CellWriter& cell) {
                                        if (row.interim) cell.truth(true);
                                    }},
                                   ColumnSet::basic,
                                   "the flow goes on"};
    return column;
}

std::span<const FlowColumn> first_columns() {
    static const FlowColumn columns[] = {
        {{"first_sizes", 20, false,
          [](const FlowRow& row, CellWriter& cell) {
              cell.begin_list();
              row.view.of.each_first(row.view, [&](Way way, std::uint32_t size, std::int64_t) {
                  const std::int64_t length = size;
                  cell.signed_number(way == Way::ab ? length : -length);
              });
              cell.end_list();
          }},
         ColumnSet::basic,
         "original lengths of the first packets, B's negative"},
        {{"first_gaps", 20, false,
          [](const FlowRow& row, CellWriter& cell) {
              cell.begin_list();
              std::int64_t before = no_time;
              bool first = true;
              row.view.of.each_first(row.view, [&](Way, std::uint32_t, std::int64_t time) {
                  const bool known = time != no_time && before != no_time && time > before;
                  if (!first) cell.fixed(known ? static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(before) : 0, 9);
                  first = false;
                  before = time;
              });
              cell.end_list();
          }},
         ColumnSet::basic,
         "times between these, seconds"},
    };
    return columns;
}

}  // namespace pcapline
