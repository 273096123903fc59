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
/// nothing is allocated per packet once it is warm.
class Extractor {
 public:
    explicit Extractor(std::vector<RecordField> fields);
    Extractor(const Extractor&) = delete;
    Extractor& operator=(const Extractor&) = delete;

    /// `packet` must live until the last use of its values.
    void read(const PacketRef& packet);
    const std::vector<RecordField>& fields() const { return fields_; }
    /// Values of field i; empty if absent. Valid until the next read() and the next values() of this field.
    std::span<const Value> values(std::size_t i) {
        Column& column = columns_[i];
        switch (column.source) {
            case Column::Source::header:
                if (column.plan->count == 0) return {};
                if (column.plan->count > 1) return of_each_layer(column);
                column.one(column.plan->layers[0], column.value);
                return {&column.value, 1};
            case Column::Source::kept:
                return *column.kept;
            case Column::Source::frame:
                break;
        }
        return of_frame(column);
    }

 private:
    /// What is known of one protocol in this packet, and which of its fields are read ahead.
    struct Plan {
        std::uint8_t count = 0;  ///< layers of the protocol
        std::array<Bytes, Packet::max_layers> layers;
        std::vector<std::uint8_t> indices;  ///< fields that are read ahead, into `values`
        FieldValues values;
        std::vector<Value> present;  ///< one value if there is a layer
        bool presence_wanted = false;
        struct Part {
            std::uint8_t index = 0;
            std::size_t joined = 0;
            std::size_t taken = 0;  ///< values of this packet that are there already
        };
        std::vector<Part> parts;  ///< what this protocol adds to fields that others have, too
    };
    /// A field that several protocols have: its values of all layers, in the order of the packet.
    struct Joined {
        std::size_t field = 0;
        std::vector<Value> values;
    };
    /// Where the values of a field come from.
    struct Column {
        enum class Source : std::uint8_t {
            header,  ///< one value in each header: read when it is asked for
            kept,    ///< read ahead
            frame,   ///< not from a layer
        } source = Source::kept;
        FrameField frame_field = FrameField::count;
        ReadOne one = nullptr;
        const Plan* plan = nullptr;
        const std::vector<Value>* kept = nullptr;
        Value value;
        std::vector<Value> several;
    };

    Plan& plan_for(Proto proto);
    void read_ahead(FieldPlace place);
    void join(std::size_t field);
    void read_layer(Plan& plan, const Context& context, const Layer& layer);
    Column column(std::size_t i) const;
    static std::span<const Value> of_each_layer(Column& column);
    std::span<const Value> of_frame(Column& column);

    std::vector<RecordField> fields_;
    std::vector<Column> columns_;
    std::array<std::unique_ptr<Plan>, 256> plans_;
    std::vector<Plan*> planned_;
    std::vector<Joined> joined_;
    const PacketRef* packet_ = nullptr;
    bool wants_summary_ = false;
    bool wants_protocols_ = false;
    Summary summary_;
    TextBuffer protocols_;
};

}  // namespace pcapline
