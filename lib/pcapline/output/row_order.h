// RowOrder: records sorted by what a column says of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/base/exact.h"
#include "pcapline/output/row_writer.h"

namespace pcapline {

/// The values of one column, or the sums of two, and the order that they give. Numbers are exact.
class RowOrder {
 public:
    /// `numbers`: values are numbers, else text.
    explicit RowOrder(bool numbers) : numbers_(numbers) {}

    /// The next record's cell, or cells parted by TAB. Empty: it has no value.
    void add(std::string_view cells);
    /// The places of the records, sorted: those without a value last, equal ones in the order of add().
    std::vector<std::uint32_t> places(bool ascending) const;

 private:
    struct Key {
        bool absent = true;
        bool negative = false;
        Wide number = 0;  ///< without its sign; the points of all values of a column stand at the same digit
        std::string text = {};
    };
    static bool less(const Key& one, const Key& two);

    bool numbers_;
    std::vector<Key> keys_;
};

/// What --sort names: one column, or two whose sum counts, and which way.
template <class Record>
struct RowSort {
    std::vector<RowColumn<Record>> columns;
    bool reversed = false;

    bool given() const { return !columns.empty(); }
    /// The places of `count` records. `look(i, use)` calls use(record) for record i. Numbers and times descend, text ascends.
    template <class Look>
    std::vector<std::uint32_t> places(std::size_t count, Look look) const {
        // A time is text that sorts like its number.
        const bool numbers = columns.front().right;
        const bool descends = numbers || columns.front().name.ends_with("_time");
        RowStyle style;
        style.format = Format::tsv;
        RowWriter<Record> writer{columns, style};
        RowOrder order{numbers};
        TextBuffer text;
        for (std::size_t i = 0; i < count; ++i) {
            text.clear();
            look(i, [&](const Record& record) { writer.row(text, record); });
            order.add(text.view().substr(0, text.size() - 1));
        }
        return order.places(descends == reversed);
    }
};

/// The column `name` of these, or the sum of NAME_ab and NAME_ba. `-NAME` is the other way round; `bytes` is wire_bytes. None: empty.
template <class Record>
RowSort<Record> find_row_sort(std::string_view text, const std::vector<RowColumn<Record>>& columns) {
    RowSort<Record> sort;
    sort.reversed = text.starts_with('-');
    std::string name{text.substr(sort.reversed ? 1 : 0)};
    if (name == "bytes") name = "wire_bytes";
    for (const RowColumn<Record>& column : columns)
        if (column.name == name) sort.columns = {column};
    if (sort.given() || (name != "packets" && name != "wire_bytes" && name != "ip_bytes" && name != "payload_bytes")) return sort;
    for (const RowColumn<Record>& column : columns)
        if (column.name == name + "_ab" || column.name == name + "_ba") sort.columns.push_back(column);
    return sort;
}

}  // namespace pcapline
