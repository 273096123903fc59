#include "pcapline/split/partition.h"

#include <array>
#include <functional>
#include <unordered_map>
#include <utility>

#include "pcapline/base/text.h"
#include "pcapline/base/time.h"
#include "pcapline/decode/packet.h"
#include "pcapline/flow/address_text.h"
#include "pcapline/flow/flow_hash.h"
#include "pcapline/flow/flow_reader.h"
#include "pcapline/flow/flow_table.h"
#include "pcapline/flow/key_extras.h"

namespace pcapline {
namespace {

/// Parts by key, for what FlowKey can say.
class KeyedParts {
 public:
    /// Calls begin(i) where key i is new.
    std::span<const Parts::Number> find(std::span<const FlowOf> keys, const std::function<Parts::Number(std::size_t)>& begin) {
        found_.assign(keys.size(), Parts::other);
        begin_ = &begin;
        table_.add(keys, *this);
        return found_;
    }

    // FlowTable's handler.
    static bool restarts(std::size_t, const FlowHead&, Parts::Number) { return false; }
    static bool ended(const FlowKey&, const FlowHead&, Parts::Number) { return false; }
    void update(std::size_t i, const FlowHead&, Parts::Number& part, bool is_new) {
        if (is_new) part = (*begin_)(i);
        found_[i] = part;
    }

 private:
    FlowTable<Parts::Number> table_;
    std::vector<Parts::Number> found_;
    const std::function<Parts::Number(std::size_t)>* begin_ = nullptr;
};

/// One end of a flow as a key.
FlowOf end_key(const FlowOf& flow, const Endpoint& end, bool by_port) {
    FlowOf key;
    key.time_ns = flow.time_ns;
    key.key.family = Family::none;
    if (by_port && (!flow.has_flow() || !has_ports(flow.key.protocol) || flow.key.lacks_ports != 0)) return key;
    key.key.family = by_port ? Family::ipv4 : flow.key.family;
    key.key.protocol = by_port ? flow.key.protocol : std::uint8_t{0};
    if (by_port) {
        key.key.low.port = end.port;
    } else {
        key.key.low.address = end.address;
    }
    return key;
}

std::string port_text(const FlowKey& key) {
    std::string_view name = "udplite";
    switch (key.protocol) {
        case 6:
            name = "tcp";
            break;
        case 17:
            name = "udp";
            break;
        case 33:
            name = "dccp";
            break;
        case 132:
            name = "sctp";
            break;
        default:
            break;
    }
    return std::string(name) + '/' + std::to_string(key.low.port);
}

/// `host` and `port`: a packet belongs to both its ends.
class EndPartition final : public Partition {
 public:
    EndPartition(bool by_port, const KeyRules& key, Namer& namer)
        : by_port_(by_port), reader_({by_port ? FlowBy::flow : FlowBy::ip, key.outermost}), namer_(namer) {}

    void assign(const Batch& batch, const RecordEncoder::Origin&, std::vector<Targets>& targets) override {
        reader_.read(batch.frames);
        keys_.clear();
        for (const FlowOf& flow : reader_.flows()) {
            keys_.push_back(end_key(flow, flow.src(), by_port_));
            keys_.push_back(end_key(flow, flow.dst(), by_port_));
        }
        const auto parts = parts_.find(keys_, [&](std::size_t i) {
            const FlowKey& key = keys_[i].key;
            NameValues& values = namer_.values();
            values.time = keys_[i].time_ns;
            values[NamePart::key] = by_port_ ? port_text(key) : address_text(key.family, key.low.address.data());
            return namer_.begin();
        });
        targets.resize(batch.frames.size());
        for (std::size_t i = 0; i < targets.size(); ++i)
            targets[i] = {parts[2 * i], parts[2 * i] == parts[2 * i + 1] ? Parts::none : parts[2 * i + 1]};
    }

 private:
    bool by_port_;
    FlowReader reader_;
    Namer& namer_;
    KeyedParts parts_;
    std::vector<FlowOf> keys_;
};

class HostPairPartition final : public Partition {
 public:
    HostPairPartition(const KeyRules& key, Namer& namer)
        : reader_({FlowBy::ip, key.outermost, key.vlan, key.tunnel, key.interface}), rules_(key), namer_(namer) {}

    void assign(const Batch& batch, const RecordEncoder::Origin&, std::vector<Targets>& targets) override {
        reader_.read(batch.frames);
        const auto parts = parts_.find(reader_.flows(), [&](std::size_t i) {
            const FlowOf& pair = reader_.flows()[i];
            NameValues& values = namer_.values();
            values.time = pair.time_ns;
            values[NamePart::src] = address_text(pair.key.family, pair.src().address.data());
            values[NamePart::dst] = address_text(pair.key.family, pair.dst().address.data());
            values[NamePart::key] = values[NamePart::src] + ',' + values[NamePart::dst];
            if (namer_.uses(NamePart::vlan)) values[NamePart::vlan] = vlan_text(batch.frames[i], rules_);
            return namer_.begin();
        });
        targets.resize(batch.frames.size());
        for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = {parts[i], Parts::none};
    }

 private:
    FlowReader reader_;
    KeyRules rules_;
    Namer& namer_;
    KeyedParts parts_;
};

class HashPartition final : public Partition {
 public:
    HashPartition(std::uint64_t count, const KeyRules& key, Namer& namer)
        : reader_({FlowBy::flow, key.outermost}), parts_(static_cast<std::size_t>(count), Parts::none), namer_(namer) {}

    void assign(const Batch& batch, const RecordEncoder::Origin&, std::vector<Targets>& targets) override {
        reader_.read(batch.frames);
        targets.assign(batch.frames.size(), {});
        for (std::size_t i = 0; i < targets.size(); ++i) {
            const FlowOf& flow = reader_.flows()[i];
            if (!flow.has_flow()) continue;
            const std::size_t place = published_hash(flow.key) % parts_.size();
            if (parts_[place] == Parts::none) {
                NameValues& values = namer_.values();
                values.time = flow.time_ns;
                values[NamePart::key] = std::to_string(place);
                parts_[place] = namer_.begin();
            }
            targets[i].first = parts_[place];
        }
    }

 private:
    FlowReader reader_;
    std::vector<Parts::Number> parts_;
    Namer& namer_;
};

class VlanPartition final : public Partition {
 public:
    VlanPartition(const KeyRules& key, Namer& namer) : rules_(key), namer_(namer) {}

    void assign(const Batch& batch, const RecordEncoder::Origin&, std::vector<Targets>& targets) override {
        targets.assign(batch.frames.size(), {});
        for (std::size_t i = 0; i < targets.size(); ++i) {
            std::string tags = vlan_text(batch.frames[i], rules_);
            if (tags.empty()) continue;
            const auto [part, is_new] = parts_.try_emplace(std::move(tags), Parts::none);
            if (is_new) {
                NameValues& values = namer_.values();
                values.time = batch.frames[i].time_ns;
                values[NamePart::key] = values[NamePart::vlan] = part->first;
                part->second = namer_.begin();
            }
            targets[i].first = part->second;
        }
    }

 private:
    KeyRules rules_;
    Namer& namer_;
    std::unordered_map<std::string, Parts::Number> parts_;
};

/// Bins of time, counted from the epoch.
class TimePartition final : public Partition {
 public:
    TimePartition(std::uint64_t length_ns, Namer& namer) : length_(static_cast<std::int64_t>(length_ns)), namer_(namer) {}

    void assign(const Batch& batch, const RecordEncoder::Origin&, std::vector<Targets>& targets) override {
        targets.assign(batch.frames.size(), {});
        for (std::size_t i = 0; i < targets.size(); ++i) {
            const std::int64_t time = batch.frames[i].time_ns;
            if (time == no_time) continue;
            const std::int64_t bin = time / length_ - (time % length_ < 0 ? 1 : 0);
            if (bin != last_bin_ || last_part_ == Parts::none) {
                const auto [part, is_new] = parts_.try_emplace(bin, Parts::none);
                if (is_new) part->second = begin(bin);
                last_bin_ = bin;
                last_part_ = part->second;
            }
            targets[i].first = last_part_;
        }
    }

 private:
    Parts::Number begin(std::int64_t bin) {
        NameValues& values = namer_.values();
        if (__builtin_mul_overflow(bin, length_, &values.time)) values.time = no_time + 1;  // a bin that begins before 1677
        std::array<char, iso_time_chars> text;
        const char* const past = put_iso_time(text.data(), values.time);
        values[NamePart::key].assign(text.data(), static_cast<std::size_t>(past - text.data()));
        return namer_.begin();
    }

    std::int64_t length_;
    Namer& namer_;
    std::int64_t last_bin_ = 0;
    Parts::Number last_part_ = Parts::none;
    std::unordered_map<std::int64_t, Parts::Number> parts_;
};

/// `count` and `size`: one part after another.
class RowPartition final : public Partition {
 public:
    RowPartition(const SplitBy& by, Namer& namer, RecordEncoder& encoder) : by_(by), namer_(namer), encoder_(encoder) {}

    void assign(const Batch& batch, const RecordEncoder::Origin& from, std::vector<Targets>& targets) override {
        targets.assign(batch.frames.size(), {});
        for (std::size_t i = 0; i < targets.size(); ++i) {
            if (by_.kind == SplitBy::Kind::size) {
                make_room(batch, from, i);
            } else if (part_ == Parts::none || packets_ >= by_.amount) {
                begin(batch.frames[i]);
            }
            ++packets_;
            targets[i].first = part_;
        }
    }

 private:
    /// Counts the packet's record, in a new part if it would be too much for this one.
    void make_room(const Batch& batch, const RecordEncoder::Origin& from, std::size_t i) {
        RecordEncoder::State state = state_;
        std::uint64_t bytes = record_bytes(batch, from, i, state);
        if (part_ == Parts::none || bytes_ + bytes > by_.amount) {
            begin(batch.frames[i]);
            state = state_;
            bytes = record_bytes(batch, from, i, state);
        }
        state_ = state;
        bytes_ += bytes;
    }
    void begin(const Frame& frame) {
        NameValues& values = namer_.values();
        values.time = frame.time_ns;
        values[NamePart::key] = std::to_string(++rows_);
        part_ = namer_.begin();
        packets_ = bytes_ = 0;
        state_ = 0;
    }
    /// What a packet that cannot be written is told when it is.
    std::uint64_t record_bytes(const Batch& batch, const RecordEncoder::Origin& from, std::size_t i, RecordEncoder::State& state) {
        scratch_.clear();
        static_cast<void>(encoder_.put(batch.frames[i], batch.number_of(i), batch.options_of(i), from, state, scratch_));
        return scratch_.size();
    }

    SplitBy by_;
    Namer& namer_;
    RecordEncoder& encoder_;
    ByteBuffer scratch_;
    RecordEncoder::State state_ = 0;
    Parts::Number part_ = Parts::none;
    std::uint64_t packets_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t rows_ = 0;
};

}  // namespace

Parts::Number Namer::begin() {
    values_.seq = parts_.size();
    values_[NamePart::input] = input_;
    return parts_.add(used_.claim(names_.make(values_)), values_[NamePart::key]);
}

std::unique_ptr<Partition> make_partition(const SplitBy& by, const KeyRules& key, Namer& namer, RecordEncoder& encoder) {
    using enum SplitBy::Kind;
    switch (by.kind) {
        case host:
        case port:
            return std::make_unique<EndPartition>(by.kind == port, key, namer);
        case host_pair:
            return std::make_unique<HostPairPartition>(key, namer);
        case vlan:
            return std::make_unique<VlanPartition>(key, namer);
        case time:
            return std::make_unique<TimePartition>(by.amount, namer);
        case hash:
            return std::make_unique<HashPartition>(by.amount, key, namer);
        default:
            return std::make_unique<RowPartition>(by, namer, encoder);
    }
}

std::string vlan_text(const Frame& frame, const KeyRules& rules) {
    Packet packet;
    decode(frame, packet);
    const Encapsulation around = encapsulation_of(frame, packet, rules);
    std::string text;
    for (std::size_t i = 0; i < around.vlans; ++i) text += (i == 0 ? "" : ",") + std::to_string(around.vlan[i]);
    return text;
}

}  // namespace pcapline
