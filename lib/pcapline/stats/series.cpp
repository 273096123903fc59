#include "pcapline/stats/series.h"

#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

#include "pcapline/base/text.h"

namespace pcapline {
namespace {

/// In alphabetical order, so that keys of ports are in the order of their rows.
constexpr std::pair<Proto, std::uint32_t> transports[] = {{proto_of<Sctp>, 1}, {proto_of<Tcp>, 2}, {proto_of<Udp>, 3}};

std::uint32_t key_of_port(Proto transport, std::uint16_t port) {
    for (const auto& [proto, number] : transports)
        if (proto == transport) return number << 16 | port;
    return Series::no_key;
}

std::string_view transport_of(std::uint32_t key) {
    return protocol_table()[transports[(key >> 16) - 1].first].name;
}

/// `text` has room for ipv6_chars.
std::string_view put_address(char* text, const EndpointCounts::Address& address) {
    return {text, address.v6 ? put_ipv6(text, address.bytes.data()) : put_ipv4(text, address.bytes.data())};
}

/// Many short texts in little memory.
class Texts {
 public:
    void add(std::string_view text) {
        all_ += text;
        ends_.push_back(all_.size());
    }
    std::size_t size() const { return ends_.size(); }
    std::string_view operator[](std::size_t i) const {
        const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
        return std::string_view{all_}.substr(begin, ends_[i] - begin);
    }

 private:
    std::string all_;
    std::vector<std::size_t> ends_;
};

/// The place that each text would have if they were sorted.
std::vector<std::uint32_t> places(const Texts& texts) {
    std::vector<std::uint32_t> order(texts.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return texts[a] < texts[b]; });
    std::vector<std::uint32_t> place(texts.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    return place;
}

std::size_t mixed(std::int64_t time_ns, std::uint32_t key) {
    const std::uint64_t bits = (static_cast<std::uint64_t>(time_ns) ^ key * 0xc4ceb9fe1a85ec53U) * 0x9e3779b97f4a7c15U;
    return static_cast<std::size_t>((bits ^ bits >> 29) * 0xff51afd7ed558ccdU >> 32);
}

}  // namespace

Series::Series(std::int64_t interval_ns, SeriesBy by, const Applications* names)
    : interval_ns_(interval_ns), by_(by), names_(names != nullptr ? names : &Applications::well_known()) {}

/// Finds where the bin begins; false if there is none.
bool Series::find_bin(std::int64_t time_ns) {
    // Most packets are in the bin of the one before them.
    if (bin_ != no_time && time_ns >= bin_ &&
        static_cast<std::uint64_t>(time_ns) - static_cast<std::uint64_t>(bin_) < static_cast<std::uint64_t>(interval_ns_))
        return true;
    if (time_ns == no_time) return false;
    std::int64_t into = time_ns % interval_ns_;
    if (into < 0) into += interval_ns_;
    std::int64_t begin = 0;
    if (__builtin_sub_overflow(time_ns, into, &begin) || begin == no_time) return false;
    bin_ = begin;
    return true;
}

void Series::add(std::span<const Frame> frames) {
    packets_ += frames.size();
    for (const Frame& frame : frames) {
        if (overflowed_) return;
        if (!find_bin(frame.time_ns)) {
            ++without_time_;
            continue;
        }
        looked_.look(frame);
        add_keys(frame, {1, frame.wire_len, looked_.inner.ip_bytes, looked_.inner.payload_bytes});
    }
}

void Series::add_keys(const Frame& frame, const Count& one) {
    const Innermost& inner = looked_.inner;
    const auto both = [&](std::uint32_t first, std::uint32_t second) {
        count(bin_, first, one);
        if (second != first) count(bin_, second, one);
    };
    switch (by_) {
        case SeriesBy::nothing:
            return count(bin_, no_key, one);
        case SeriesBy::application:
            return count(bin_, names_->of_packet(frame, looked_.top, inner).id, one);
        case SeriesBy::protocol:
            return count(bin_, Applications::of_protocol(looked_.top), one);
        case SeriesBy::interface:
            return count(bin_, frame.interface + 1U, one);
        case SeriesBy::vlan: {
            const auto vlan = looked_.vlan(frame);
            return count(bin_, vlan ? *vlan + 1U : no_key, one);
        }
        case SeriesBy::port: {
            if (!inner.has_ports()) return count(bin_, no_key, one);
            const auto ports = first_of<4>(frame.bytes().subspan(inner.transport_begin));
            return both(key_of_port(inner.transport, be16<0>(ports)), key_of_port(inner.transport, be16<2>(ports)));
        }
        case SeriesBy::address: {
            if (!inner.has_ip()) return count(bin_, no_key, one);
            const auto [src, dst] = EndpointCounts::ends(frame, inner);
            return both(key_of(src), key_of(dst));
        }
    }
}

std::uint32_t Series::key_of(const Address& address) {
    const auto [at, is_new] = address_keys_.try_emplace(address, static_cast<std::uint32_t>(addresses_.size() + 1));
    if (is_new) addresses_.push_back(address);
    return at->second;
}

/// The slot of a row, or the free one where it belongs.
std::size_t Series::slot_of(std::int64_t time_ns, std::uint32_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = mixed(time_ns, key) & mask;
    while (slots_[at] != 0) {
        const Row& found = row(slots_[at] - 1);
        if (found.time_ns == time_ns && found.key == key) break;
        at = (at + 1) & mask;
    }
    return at;
}

void Series::grow() {
    slots_.assign(slots_.size() * 2, 0);
    for (std::uint32_t at = 0; at < size_; ++at) slots_[slot_of(row(at).time_ns, row(at).key)] = at + 1;
}

void Series::count(std::int64_t time_ns, std::uint32_t key, const Count& more) {
    if (overflowed_) return;
    std::size_t slot = slot_of(time_ns, key);
    if (slots_[slot] == 0) {
        if (size_ == most_rows) {
            overflowed_ = true;
            return;
        }
        if (2 * (size_ + 1) > slots_.size()) {
            grow();
            slot = slot_of(time_ns, key);
        }
        if (size_ == chunks_.size() * chunk_rows) chunks_.push_back(std::make_unique_for_overwrite<Row[]>(chunk_rows));
        row(size_) = {time_ns, key, {}};
        slots_[slot] = static_cast<std::uint32_t>(++size_);
    }
    Count& sum = row(slots_[slot] - 1).count;
    sum.packets += more.packets;
    sum.wire_bytes += more.wire_bytes;
    sum.ip_bytes += more.ip_bytes;
    sum.payload_bytes += more.payload_bytes;
}

void Series::merge(const Series& other) {
    packets_ += other.packets_;
    without_time_ += other.without_time_;
    overflowed_ = overflowed_ || other.overflowed_;
    for (std::size_t at = 0; at < other.size_ && !overflowed_; ++at) {
        const Row& theirs = other.row(at);
        const bool is_address = by_ == SeriesBy::address && theirs.key != no_key;
        count(theirs.time_ns, is_address ? key_of(other.addresses_[theirs.key - 1]) : theirs.key, theirs.count);
    }
}

Series::Count Series::count_of(const Series& other, const Row& theirs) const {
    std::uint32_t key = theirs.key;
    if (by_ == SeriesBy::address && key != no_key) {
        const auto known = address_keys_.find(other.addresses_[key - 1]);
        if (known == address_keys_.end()) return {};
        key = known->second;
    }
    const std::uint32_t place = slots_[slot_of(theirs.time_ns, key)];
    return place == 0 ? Count{} : row(place - 1).count;
}

void Series::clear() {
    bin_ = no_time;
    size_ = 0;
    std::fill(slots_.begin(), slots_.end(), 0U);
    address_keys_.clear();
    addresses_.clear();
    overflowed_ = false;
    packets_ = without_time_ = 0;
}

std::string Series::text_of(std::uint32_t key) const {
    if (by_ == SeriesBy::address) {
        char text[ipv6_chars];
        return std::string{put_address(text, addresses_[key - 1])};
    }
    return std::string{by_ == SeriesBy::port ? transport_of(key) : names_->name(static_cast<ApplicationId>(key))};
}

/// By key; empty where the keys are in the order of their rows.
std::vector<std::uint32_t> Series::ranks() const {
    Texts texts;
    if (by_ == SeriesBy::application || by_ == SeriesBy::protocol) {
        for (std::size_t id = 0; id < names_->size(); ++id) texts.add(names_->name(static_cast<ApplicationId>(id)));
    } else if (by_ == SeriesBy::address) {
        char text[ipv6_chars];
        texts.add("");
        for (const Address& address : addresses_) texts.add(put_address(text, address));
    }
    return places(texts);
}

std::vector<std::uint32_t> Series::ordered(const std::vector<std::uint32_t>& rank) const {
    std::vector<std::uint32_t> order(size_);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        const Row& first = row(a);
        const Row& second = row(b);
        if (first.time_ns != second.time_ns) return first.time_ns < second.time_ns;
        return rank.empty() ? first.key < second.key : rank[first.key] < rank[second.key];
    });
    return order;
}

/// All keys that there are, in the order of their rows.
std::vector<std::uint32_t> Series::keys(const std::vector<std::uint32_t>& rank) const {
    std::vector<std::uint32_t> all;
    for (std::size_t at = 0; at < size_; ++at) all.push_back(row(at).key);
    const auto before = [&](std::uint32_t a, std::uint32_t b) { return rank.empty() ? a < b : rank[a] < rank[b]; };
    std::sort(all.begin(), all.end(), before);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

std::uint64_t Series::rows(bool fill) const {
    if (!fill || size_ == 0) return size_;
    std::int64_t first = row(0).time_ns;
    std::int64_t last = first;
    for (std::size_t at = 0; at < size_; ++at) {
        first = std::min(first, row(at).time_ns);
        last = std::max(last, row(at).time_ns);
    }
    const std::uint64_t bins =
        (static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first)) / static_cast<std::uint64_t>(interval_ns_) + 1;
    std::uint64_t all = 0;
    return __builtin_mul_overflow(bins, keys(ranks()).size(), &all) ? std::numeric_limits<std::uint64_t>::max() : all;
}

}  // namespace pcapline
