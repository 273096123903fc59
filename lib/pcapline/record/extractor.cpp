#include "pcapline/record/extractor.h"

#include <algorithm>

#include "pcapline/decode/registry.h"

namespace pcapline {

Extractor::Extractor(std::vector<RecordField> fields) : fields_(std::move(fields)) {
    frame_values_.resize(static_cast<std::size_t>(FrameField::count));
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const RecordField& field = fields_[i];
        if (field.from == RecordField::From::frame) {
            if (std::find(frame_wanted_.begin(), frame_wanted_.end(), field.index) == frame_wanted_.end())
                frame_wanted_.push_back(field.index);
        } else if (field.from == RecordField::From::presence) {
            plan_for(field.proto);
        } else {
            want({field.proto, field.index});
            if (!field.also.empty()) join(i);
        }
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) columns_.push_back(column(i));
    for (const std::uint8_t index : frame_wanted_) {
        const auto field = static_cast<FrameField>(index);
        wants_summary_ = wants_summary_ || (field >= FrameField::col_source && field != FrameField::col_length);
        wants_protocols_ = wants_protocols_ || field == FrameField::protocols;
    }
}

Extractor::Plan& Extractor::plan_for(Proto proto) {
    std::unique_ptr<Plan>& plan = plans_[proto];
    if (!plan) {
        plan = std::make_unique<Plan>();
        plan->values.want({});
        planned_.push_back(proto);
    }
    return *plan;
}

void Extractor::want(FieldPlace place) {
    Plan& plan = plan_for(place.proto);
    if (plan.values.wants(place.index)) return;
    plan.indices.push_back(place.index);
    FieldValues::Mask wanted = plan.values.wanted();
    wanted[place.index] = true;
    plan.values.want(wanted);
}

void Extractor::join(std::size_t field) {
    const RecordField& known = fields_[field];
    plan_for(known.proto).parts.push_back({known.index, joined_.size()});
    for (const FieldPlace place : known.also) {
        want(place);
        plan_for(place.proto).parts.push_back({place.index, joined_.size()});
    }
    joined_.push_back({field, {}});
}

void Extractor::read(const PacketRef& packet) {
    for (const Proto proto : planned_) {
        Plan& plan = *plans_[proto];
        if (!plan.used) continue;
        plan.values.clear();
        plan.present.clear();
        plan.used = false;
        for (Part& part : plan.parts) part.taken = 0;
    }
    for (Joined& joined : joined_) joined.values.clear();
    const Context context{packet.frame, packet.packet};
    const std::span<const ProtocolInfo> table = protocol_table();
    for (const Layer& layer : packet.packet.stack()) {
        Plan* const plan = plans_[layer.proto].get();
        if (!plan) continue;
        if (!plan->used) plan->present.push_back({1, {}});
        plan->used = true;
        if (plan->indices.empty()) continue;
        const ProtocolInfo& protocol = table[layer.proto];
        if (protocol.walk) {
            protocol.walk(context, layer, plan->values);
        } else {
            for (const std::uint8_t index : plan->indices) protocol.fields[index].read(context, layer, index, plan->values);
        }
        for (Part& part : plan->parts) {
            const std::span<const Value> added = plan->values.of(part.index).subspan(part.taken);
            joined_[part.joined].values.insert(joined_[part.joined].values.end(), added.begin(), added.end());
            part.taken += added.size();
        }
    }
    if (!frame_wanted_.empty()) read_frame(packet);
}

void Extractor::read_frame(const PacketRef& packet) {
    if (wants_summary_) summary_.read(packet, true);
    if (wants_protocols_) {
        protocols_.clear();
        put_protocols(protocols_, packet.packet, true);
    }
    const auto text = [](std::string_view of) { return Value{0, {reinterpret_cast<const std::uint8_t*>(of.data()), of.size()}}; };
    for (const std::uint8_t index : frame_wanted_) {
        std::vector<Value>& values = frame_values_[index];
        values.clear();
        const auto number = [&](std::uint64_t value) { values.push_back({value, {}}); };
        const auto text_if = [&](std::string_view of) {
            if (!of.empty()) values.push_back(text(of));
        };
        switch (static_cast<FrameField>(index)) {
            case FrameField::number:
            case FrameField::col_number:
                number(packet.number);
                break;
            case FrameField::time:
            case FrameField::col_time:
            case FrameField::time_epoch:
                if (packet.frame.has_time()) number(static_cast<std::uint64_t>(packet.frame.time_ns));
                break;
            case FrameField::len:
            case FrameField::col_length:
                number(packet.frame.wire_len);
                break;
            case FrameField::cap_len:
                number(packet.frame.cap_len);
                break;
            case FrameField::protocols:
                text_if(protocols_.view());
                break;
            case FrameField::interface_id:
                if (packet.interface) number(packet.interface->id);
                break;
            case FrameField::interface_name:
                if (packet.interface) text_if(packet.interface->name);
                break;
            case FrameField::interface_description:
                if (packet.interface) text_if(packet.interface->description);
                break;
            case FrameField::comment:
                for (const Bytes comment : packet.comments) values.push_back({0, comment});
                break;
            case FrameField::col_source:
                text_if(summary_.src());
                break;
            case FrameField::col_destination:
                text_if(summary_.dst());
                break;
            case FrameField::col_protocol:
                text_if(summary_.protocol());
                break;
            case FrameField::col_info:
                text_if(summary_.info());
                break;
            case FrameField::count:
                break;
        }
    }
}

const std::vector<Value>* Extractor::column(std::size_t i) const {
    const RecordField& field = fields_[i];
    if (field.from == RecordField::From::frame) return &frame_values_[field.index];
    if (!field.also.empty())
        return &std::find_if(joined_.begin(), joined_.end(), [&](const Joined& joined) { return joined.field == i; })->values;
    const Plan& plan = *plans_[field.proto];
    return field.from == RecordField::From::presence ? &plan.present : &plan.values.kept(field.index);
}

}  // namespace pcapline
