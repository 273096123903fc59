#include "pcapline/record/extractor.h"

#include <algorithm>

#include "pcapline/decode/flow_state.h"
#include "pcapline/decode/registry.h"

namespace pcapline {
namespace {

/// The reader of a field that stands in every header of its protocol, in no other protocol's; null: it must be read ahead.
ReadOne reader_of_header(const RecordField& field) {
    const ProtocolInfo& protocol = protocol_table()[field.proto];
    return protocol.walk || !field.also.empty() ? nullptr : protocol.fields[field.index].read.one;
}

}  // namespace

Extractor::Extractor(std::vector<RecordField> fields) : fields_(std::move(fields)) {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const RecordField& field = fields_[i];
        if (field.from == RecordField::From::frame) {
            const auto of_frame = static_cast<FrameField>(field.index);
            wants_summary_ = wants_summary_ || (of_frame >= FrameField::col_source && of_frame != FrameField::col_length);
            wants_protocols_ = wants_protocols_ || of_frame == FrameField::protocols;
        } else if (field.from == RecordField::From::presence) {
            plan_for(field.proto).presence_wanted = true;
        } else if (reader_of_header(field)) {
            plan_for(field.proto);
        } else {
            read_ahead({field.proto, field.index});
            if (!field.also.empty()) join(i);
        }
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) columns_.push_back(column(i));
}

Extractor::Plan& Extractor::plan_for(Proto proto) {
    std::unique_ptr<Plan>& plan = plans_[proto];
    if (!plan) {
        plan = std::make_unique<Plan>();
        plan->values.want({});
        planned_.push_back(plan.get());
    }
    return *plan;
}

void Extractor::read_ahead(FieldPlace place) {
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
        read_ahead(place);
        plan_for(place.proto).parts.push_back({place.index, joined_.size()});
    }
    joined_.push_back({field, {}});
}

Extractor::Column Extractor::column(std::size_t i) const {
    const RecordField& field = fields_[i];
    Column column;
    if (field.from == RecordField::From::frame) {
        column.source = Column::Source::frame;
        column.frame_field = static_cast<FrameField>(field.index);
        return column;
    }
    column.plan = plans_[field.proto].get();
    if (field.from == RecordField::From::presence) {
        column.kept = &column.plan->present;
    } else if (const ReadOne one = reader_of_header(field)) {
        column.source = Column::Source::header;
        column.one = one;
    } else if (!field.also.empty()) {
        column.kept = &std::find_if(joined_.begin(), joined_.end(), [&](const Joined& joined) { return joined.field == i; })->values;
    } else {
        column.kept = &column.plan->values.kept(field.index);
    }
    return column;
}

void Extractor::read(const PacketRef& packet) {
    packet_ = &packet;
    for (Plan* const plan : planned_) {
        if (plan->count == 0) continue;
        plan->count = 0;
        plan->present.clear();
        if (plan->indices.empty()) continue;
        plan->values.clear();
        for (Plan::Part& part : plan->parts) part.taken = 0;
    }
    for (Joined& joined : joined_) joined.values.clear();
    const Context context{packet.frame, packet.packet};
    for (const Layer& layer : packet.packet.stack()) {
        Plan* const plan = plans_[layer.proto].get();
        if (!plan) continue;
        if (plan->count == 0 && plan->presence_wanted) plan->present.push_back({1, {}});
        plan->layers[plan->count++] = context.bytes(layer);
        if (!plan->indices.empty()) read_layer(*plan, context, layer);
    }
    if (wants_summary_) summary_.read(packet, true);
    if (wants_protocols_) {
        protocols_.clear();
        put_protocols(protocols_, packet.packet, true);
    }
}

void Extractor::read_layer(Plan& plan, const Context& context, const Layer& layer) {
    const ProtocolInfo& protocol = protocol_table()[layer.proto];
    if (protocol.walk) {
        protocol.walk(context, layer, plan.values);
    } else {
        for (const std::uint8_t index : plan.indices) protocol.fields[index].read.all(context, layer, index, plan.values);
    }
    for (Plan::Part& part : plan.parts) {
        const std::span<const Value> added = plan.values.of(part.index).subspan(part.taken);
        std::vector<Value>& all = joined_[part.joined].values;
        all.insert(all.end(), added.begin(), added.end());
        part.taken += added.size();
    }
}

std::span<const Value> Extractor::of_each_layer(Column& column) {
    column.several.clear();
    for (const Bytes layer : std::span{column.plan->layers}.first(column.plan->count)) {
        column.one(layer, column.value);
        column.several.push_back(column.value);
    }
    return column.several;
}

std::span<const Value> Extractor::of_frame(Column& column) {
    const auto number = [&](std::uint64_t value) {
        column.value = {value, {}};
        return std::span<const Value>{&column.value, 1};
    };
    const auto text = [&](std::string_view of) {
        column.value = {0, {reinterpret_cast<const std::uint8_t*>(of.data()), of.size()}};
        return std::span<const Value>{&column.value, of.empty() ? 0U : 1U};
    };
    const auto span = [&](std::int64_t FlowState::*of) {
        const std::int64_t ns = packet_->packet.state == nullptr ? no_time : packet_->packet.state->*of;
        column.value = {static_cast<std::uint64_t>(ns), {}};
        return std::span<const Value>{&column.value, ns == no_time ? 0U : 1U};
    };
    const Frame& frame = packet_->frame;
    const CapturedOn* const interface = packet_->interface;
    switch (column.frame_field) {
        case FrameField::number:
        case FrameField::col_number:
            return number(packet_->number);
        case FrameField::time:
        case FrameField::col_time:
        case FrameField::time_epoch:
            if (!frame.has_time()) return {};
            return number(static_cast<std::uint64_t>(frame.time_ns));
        case FrameField::len:
        case FrameField::col_length:
            return number(frame.wire_len);
        case FrameField::cap_len:
            return number(frame.cap_len);
        case FrameField::time_delta:
        case FrameField::time_delta_displayed:
            return span(&FlowState::time_delta);
        case FrameField::time_relative:
            return span(&FlowState::time_relative);
        case FrameField::protocols:
            return text(protocols_.view());
        case FrameField::interface_id:
            if (!interface) return {};
            return number(interface->id);
        case FrameField::interface_name:
            return text(interface ? interface->name : std::string_view{});
        case FrameField::interface_description:
            return text(interface ? interface->description : std::string_view{});
        case FrameField::comment:
            column.several.clear();
            for (const Bytes comment : packet_->comments) column.several.push_back({0, comment});
            return column.several;
        case FrameField::col_source:
            return text(summary_.src());
        case FrameField::col_destination:
            return text(summary_.dst());
        case FrameField::col_protocol:
            return text(summary_.protocol());
        case FrameField::col_info:
            return text(summary_.info());
        case FrameField::count:
            break;
    }
    return {};
}

}  // namespace pcapline
