#include "pcapline/output/row_order.h"

#include <algorithm>
#include <numeric>

namespace pcapline {
namespace {

/// The number that these digits make, their point left out.
Wide number_of(std::string_view text) {
    Wide number = 0;
    for (const char c : text)
        if (c >= '0' && c <= '9') number = number * 10 + static_cast<unsigned>(c - '0');
    return number;
}

}  // namespace

void RowOrder::add(std::string_view cells) {
    Key key;
    key.absent = cells.empty();
    if (!numbers_) {
        key.text = cells;
        keys_.push_back(std::move(key));
        return;
    }
    key.negative = cells.starts_with('-');
    while (!cells.empty()) {
        const std::string_view one = cells.substr(0, cells.find('\t'));
        cells.remove_prefix(std::min(cells.size(), one.size() + 1));
        key.number += number_of(one);
    }
    keys_.push_back(std::move(key));
}

bool RowOrder::less(const Key& one, const Key& two) {
    if (one.negative != two.negative) return one.negative;
    if (one.number != two.number) return (one.number < two.number) != one.negative;
    return one.text < two.text;
}

std::vector<std::uint32_t> RowOrder::places(bool ascending) const {
    std::vector<std::uint32_t> places(keys_.size());
    std::iota(places.begin(), places.end(), 0U);
    std::stable_sort(places.begin(), places.end(), [&](std::uint32_t one, std::uint32_t two) {
        if (keys_[one].absent || keys_[two].absent) return !keys_[one].absent && keys_[two].absent;
        return ascending ? less(keys_[one], keys_[two]) : less(keys_[two], keys_[one]);
    });
    return places;
}

}  // namespace pcapline
