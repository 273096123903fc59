// PayloadLists: when a flow's packets came, and how much they carried.
#pragma once

#include <cstdint>
#include <vector>

#include "pcapline/split/parts.h"

namespace pcapline {

/// Keeps 16 bytes a packet, in file order, and gives them back flow by flow.
class PayloadLists {
 public:
    struct Item {
        std::int64_t time_ns;
        std::uint32_t payload : 31;
        std::uint32_t from_low : 1;  ///< sent by the lower end of the key
        Parts::Number part;
    };
    static_assert(sizeof(Item) == 16);

    void add(Parts::Number part, std::int64_t time_ns, std::uint32_t payload, bool from_low) {
        items_.push_back({time_ns, payload & 0x7fffffffU, from_low ? 1U : 0U, part});
    }
    /// After the last one; `parts` is how many there are.
    void sort(std::size_t parts) {
        begin_.assign(parts + 1, 0);
        for (const Item& item : items_) ++begin_[item.part + std::size_t{1}];
        for (std::size_t part = 0; part < parts; ++part) begin_[part + 1] += begin_[part];
        order_.resize(items_.size());
        std::vector<std::size_t> at(begin_.begin(), begin_.end() - 1);
        for (std::size_t i = 0; i < items_.size(); ++i) order_[at[items_[i].part]++] = i;
    }
    /// Calls use(item) for each packet of a part, in file order.
    template <class Use>
    void each(Parts::Number part, Use use) const {
        for (std::size_t at = begin_[part]; at < begin_[part + std::size_t{1}]; ++at) use(items_[order_[at]]);
    }

 private:
    std::vector<Item> items_;
    std::vector<std::size_t> order_;
    std::vector<std::size_t> begin_;  ///< of each part, in order_
};

}  // namespace pcapline
