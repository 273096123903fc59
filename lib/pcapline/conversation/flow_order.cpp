#include "pcapline/conversation/flow_order.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "pcapline/base/exact.h"
#include "pcapline/base/text.h"
#include "pcapline/output/text_buffer.h"

namespace pcapline {
namespace {

/// What a column holds of one flow.
struct Key {
    bool absent = true;
    bool negative = false;
    Wide number = 0;  ///< without its sign; the digits of all values of a column have the same place
    std::string text = {};
};

/// The number that these digits make, their point left out.
void read_number(std::string_view text, Key& key) {
    key.negative = text.starts_with('-');
    for (const char c : text)
        if (c >= '0' && c <= '9') key.number = key.number * 10 + static_cast<unsigned>(c - '0');
}

}  // namespace

Result<FlowOrder> FlowOrder::parse(std::string_view text) {
    FlowOrder order;
    order.reversed_ = text.starts_with('-');
    std::string name{text.substr(order.reversed_ ? 1 : 0)};
    if (name == "bytes") name = "wire_bytes";
    const bool sum = name == "packets" || name == "wire_bytes" || name == "ip_bytes" || name == "payload_bytes";
    auto columns = name.find(',') != std::string::npos ? Result<std::vector<const FlowColumn*>>{Error{Errc::usage, ""}}
                                                       : choose_flow_columns(sum ? name + "_ab," + name + "_ba" : name);
    if (!columns || (!sum && columns->size() != 1))
        return Error{Errc::usage,
                     "--sort takes a column (see --list-columns), or packets, wire_bytes, ip_bytes, payload_bytes: " + harmless(text)};
    order.columns_ = std::move(*columns);
    return order;
}

void FlowOrder::sort(std::vector<FlowTracker::Id>& flows, FlowTracker& tracker, const Applications& applications) const {
    // A time is text that sorts like its number.
    const std::string_view first = columns_.front()->column.name;
    const bool is_time = first.ends_with("_time");
    const bool is_number = columns_.front()->column.right;
    RowStyle style;
    style.format = Format::tsv;
    RowWriter<FlowRow> writer{row_columns(columns_), style};
    TextBuffer text;
    std::vector<Key> keys(flows.size());
    for (std::size_t i = 0; i < flows.size(); ++i) {
        Key& key = keys[i];
        text.clear();
        tracker.look_at(flows[i], [&](const FlowView& view) { writer.row(text, FlowRow{view, applications}); });
        std::string_view row = text.view();
        row.remove_suffix(1);
        key.absent = row.empty();
        if (!is_number) {
            key.text = row;
            continue;
        }
        for (std::string_view rest = row; !rest.empty();) {
            const std::string_view one = rest.substr(0, rest.find('\t'));
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
            Key part;
            read_number(one, part);
            key.number += part.number;
            key.negative = part.negative;
        }
    }
    const bool ascending = (!is_number && !is_time) != reversed_;
    const auto less = [&](const Key& one, const Key& two) {
        if (one.negative != two.negative) return one.negative;
        if (one.number != two.number) return (one.number < two.number) != one.negative;
        return one.text < two.text;
    };
    std::vector<std::uint32_t> places(flows.size());
    std::iota(places.begin(), places.end(), 0U);
    std::stable_sort(places.begin(), places.end(), [&](std::uint32_t one, std::uint32_t two) {
        if (keys[one].absent || keys[two].absent) return !keys[one].absent && keys[two].absent;
        return ascending ? less(keys[one], keys[two]) : less(keys[two], keys[one]);
    });
    std::vector<FlowTracker::Id> sorted;
    sorted.reserve(flows.size());
    for (const std::uint32_t place : places) sorted.push_back(flows[place]);
    flows = std::move(sorted);
}

}  // namespace pcapline
