// Extractor: the values of chosen fields, packet after packet.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pcapline/decode/field.h"
#include "pcapline/record/fields.h"
#include "pcapline/record/packet_ref.h"
#include "pcapline/record/summary.h"

namespace pcapline {

/// Reads the chosen fields of one packet after another. Names were resolved once; memory is kept, so that
/// nothing is allocated per packet once it is warm. Values are valid until the next read().
class Extractor {
 public:
    explicit Extractor(std::vector<RecordField> fields);

    void read(const PacketRef& packet);
    const std::vector<RecordField>& fields() const { return fields_; }
    /// Values of field i; empty if absent.
    std::span<const Value> values(std::size_t i) const { return *columns_[i]; }

 private:
    /// A field that several protocols have: its values of all layers, in the order of the packet.
    struct Joined {
        std::size_t field = 0;
        std::vector<Value> values;
    };
    /// What one protocol adds to a Joined.
    struct Part {
        std::uint8_t index = 0;
        std::size_t joined = 0;
        std::size_t taken = 0;  ///< values of this packet that are there already
    };
    struct Plan {
        std::vector<std::uint8_t> indices;
        std::vector<Part> parts;
        FieldValues values;
        bool used = false;           ///< some layer of this packet was of this protocol
        std::vector<Value> present;  ///< one value if used
    };
    Plan& plan_for(Proto proto);
    void want(FieldPlace place);
    void join(std::size_t field);
    void read_frame(const PacketRef& packet);

    const std::vector<Value>* column(std::size_t i) const;

    std::vector<RecordField> fields_;
    std::vector<const std::vector<Value>*> columns_;  ///< where the values of each field are kept
    std::array<std::unique_ptr<Plan>, 256> plans_;
    std::vector<Proto> planned_;
    std::vector<Joined> joined_;
    std::vector<std::vector<Value>> frame_values_;
    std::vector<std::uint8_t> frame_wanted_;
    bool wants_summary_ = false;
    bool wants_protocols_ = false;
    Summary summary_;
    TextBuffer protocols_;
};

}  // namespace pcapline
