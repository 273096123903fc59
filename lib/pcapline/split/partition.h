// Partition: which packets belong together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pcapline/capture/batch.h"
#include "pcapline/flow/flow_key.h"
#include "pcapline/split/name_template.h"
#include "pcapline/split/parts.h"
#include "pcapline/split/record_encoder.h"
#include "pcapline/split/split_by.h"

namespace pcapline {

/// Gives parts their names and numbers, when their first packets come.
class Namer {
 public:
    Namer(NameTemplate names, Parts& parts) : names_(std::move(names)), parts_(parts) { used_.claim(std::string(Parts::other_name)); }

    bool uses(NamePart part) const { return names_.uses(part); }
    /// Of the input at hand, for {input}.
    void set_input(std::string name) { input_ = std::move(name); }
    /// To be filled in, but for the number and the input.
    NameValues& values() {
        values_.clear();
        return values_;
    }
    Parts::Number begin();

 private:
    NameTemplate names_;
    Parts& parts_;
    UniqueNames used_;
    NameValues values_;
    std::string input_;
};

/// The parts of one packet.
struct Targets {
    Parts::Number first = Parts::other;
    Parts::Number second = Parts::none;
};

/// Sends packets to parts. One that belongs nowhere goes to Parts::other.
class Partition {
 public:
    virtual ~Partition() = default;
    /// Of each frame of the batch. Batches come in file order. Parts that begin are named in the order of their first packets.
    virtual void assign(const Batch& batch, const RecordEncoder::Origin& from, std::vector<Targets>& targets) = 0;
};

/// All but `session`, which needs what is known of a flow. `encoder`: for `size`.
std::unique_ptr<Partition> make_partition(const SplitBy& by, const KeyRules& key, Namer& namer, RecordEncoder& encoder);

/// VLAN identifiers, outermost first, joined by commas; empty: none.
std::string vlan_text(const Frame& frame, const KeyRules& rules);

}  // namespace pcapline
