// Cells and columns that the records of flows and of pairs share.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/flow/address_text.h"
#include "pcapline/flow/flow_counters.h"
#include "pcapline/flow/flow_key.h"
#include "pcapline/output/row_writer.h"

namespace pcapline {

/// The address of one end, without its port.
inline void put_address(CellWriter& cell, Family family, const Endpoint& end) {
    std::array<char, ipv6_chars> text{};
    const char* const past = put_address(text.data(), family, end.address.data());
    cell.word(std::string_view{text.data(), static_cast<std::size_t>(past - text.data())});
}

namespace detail {
template <class Row, Way way, auto Member>
void put_way_count(const Row& row, CellWriter& cell) {
    cell.number(row.counts[static_cast<std::size_t>(way)].*Member);
}
}  // namespace detail

/// packets_ab … payload_bytes_ba of records with `counts`.
template <class Row>
void add_count_columns(std::vector<RowColumn<Row>>& columns) {
    using detail::put_way_count;
    columns.insert(columns.end(), {
                                      {"packets_ab", 7, true, put_way_count<Row, Way::ab, &WayCounts::packets>},
                                      {"packets_ba", 7, true, put_way_count<Row, Way::ba, &WayCounts::packets>},
                                      {"wire_bytes_ab", 11, true, put_way_count<Row, Way::ab, &WayCounts::wire_bytes>},
                                      {"wire_bytes_ba", 11, true, put_way_count<Row, Way::ba, &WayCounts::wire_bytes>},
                                      {"ip_bytes_ab", 11, true, put_way_count<Row, Way::ab, &WayCounts::ip_bytes>},
                                      {"ip_bytes_ba", 11, true, put_way_count<Row, Way::ba, &WayCounts::ip_bytes>},
                                      {"payload_bytes_ab", 11, true, put_way_count<Row, Way::ab, &WayCounts::payload_bytes>},
                                      {"payload_bytes_ba", 11, true, put_way_count<Row, Way::ba, &WayCounts::payload_bytes>},
                                  });
}

}  // namespace pcapline
