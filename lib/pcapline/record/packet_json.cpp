// PacketWriter: JSON.
#include <algorithm>
#include <cstring>

#include "pcapline/decode/registry.h"
#include "pcapline/record/packet_writer.h"
#include "pcapline/record/value_text.h"

namespace pcapline {
namespace {

char* put_null(char* to) {
    std::memcpy(to, "null", 4);
    return to + 4;
}

}  // namespace

PacketWriter::Literal::Literal(std::string text) : size_(text.size()), text_(std::move(text)) {
    text_.resize(std::max(size_, short_chars));
}

PacketWriter::LayerPlan::LayerPlan(const ProtocolInfo& protocol) : open("{\"layer\":\"" + std::string{protocol.name} + '"') {
    FieldValues::Mask wanted;
    for (std::size_t i = 0; i < protocol.fields.size(); ++i) {
        const Field& field = protocol.fields[i];
        if (field.shown != Shown::record) continue;
        const ReadOne one = protocol.walk ? nullptr : field.read.one;
        members.push_back({&field, static_cast<std::uint8_t>(i), one, Literal{",\"" + json_key(field.name) + "\":"}});
        if (one) continue;
        reads_ahead = true;
        wanted[i] = true;
    }
    values.want(wanted);
}

/// One value of such a field stands by itself, not in an array.
bool PacketWriter::alone(Repeat repeat) const {
    switch (options_.occurrence) {
        case Occurrence::natural:
            return repeat == Repeat::one;
        case Occurrence::all:
            return false;
        case Occurrence::first:
        case Occurrence::last:
            break;
    }
    return true;
}

void PacketWriter::json_values(TextBuffer& out, FieldType type, Repeat repeat, std::span<const Value> values) const {
    values = occurring(values);
    if (values.size() == 1 && alone(repeat)) {
        put_json_value(out, type, values.front());
        return;
    }
    out.put('[');
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i != 0) out.put(',');
        put_json_value(out, type, values[i]);
    }
    out.put(']');
}

void PacketWriter::json_chosen(TextBuffer& out, const PacketRef& packet) {
    char* to = out.room(row_room_);
    *to++ = '{';
    bool first = true;
    for (const Group& group : groups_) {
        bool open = false;
        const auto begin = [&] {
            if (!first) *to++ = ',';
            first = false;
            open = true;
            to = group.open.put(to);
        };
        if (group.present && !extractor_.values(group.presence).empty()) begin();
        bool first_member = true;
        for (const Member& member : group.members) {
            const std::span<const Value> values = extractor_.values(member.field);
            if (values.empty() && !options_.nulls) continue;
            if (!open) begin();
            if (!first_member) *to++ = ',';
            first_member = false;
            to = member.key.put(to);
            if (values.empty()) {
                to = put_null(to);
                continue;
            }
            const Column& column = columns_[member.field];
            if (values.size() == 1 && column.is_short) {
                if (char* const end = put_short_json(to, column.type, values.front())) {
                    to = end;
                    continue;
                }
            }
            out.advance(to);
            json_values(out, column.type, options_.fields[member.field].repeat, values);
            to = out.room(row_room_);
        }
        if (open) *to++ = '}';
    }
    out.advance(to);
    if (options_.bytes != BytesAs::none) {
        out.put(first ? std::string_view{"\"bytes\":\""} : std::string_view{",\"bytes\":\""});
        put_bytes(out, packet.frame.bytes());
        out.put('"');
    }
    out.put('}');
}

void PacketWriter::json_layer(TextBuffer& out, const Context& context, const Layer& layer) {
    std::unique_ptr<LayerPlan>& plan = layers_[layer.proto];
    const ProtocolInfo& protocol = protocol_table()[layer.proto];
    if (!plan) plan = std::make_unique<LayerPlan>(protocol);
    if (plan->reads_ahead) {
        plan->values.clear();
        if (protocol.walk) {
            protocol.walk(context, layer, plan->values);
        } else {
            for (const LayerPlan::Member& member : plan->members)
                if (!member.one) member.field->read.all(context, layer, member.index, plan->values);
        }
    }
    const Bytes header = context.bytes(layer);
    char* to = plan->open.put(out.room(plan->open.room()));
    for (const LayerPlan::Member& member : plan->members) {
        const FieldType type = member.field->type;
        Value value;
        std::span<const Value> values{&value, 1};
        if (member.one) {
            member.one(header, value);
        } else {
            values = plan->values.of(member.index);
            if (values.empty() && !options_.nulls) continue;
        }
        out.advance(to);
        to = member.key.put(out.room(member.key.room() + short_value_chars + 1));
        if (values.empty()) {
            to = put_null(to);
            continue;
        }
        if (values.size() == 1 && alone(member.field->repeat) && is_short(type)) {
            if (char* const end = put_short_json(to, type, values.front())) {
                to = end;
                continue;
            }
        }
        out.advance(to);
        json_values(out, type, member.field->repeat, values);
        to = out.room(1);
    }
    *to++ = '}';
    out.advance(to);
}

void PacketWriter::json_whole(TextBuffer& out, const PacketRef& packet) {
    out.put("{\"number\":");
    out.decimal(packet.number);
    if (packet.frame.has_time()) {
        out.put(",\"time\":\"");
        out.iso_time(packet.frame.time_ns);
        out.put("\",\"time_epoch\":");
        out.epoch(packet.frame.time_ns);
    } else {
        if (options_.nulls) out.put(",\"time\":null,\"time_epoch\":null");
        out.put(",\"time_bad\":true");
    }
    out.put(",\"length\":");
    out.decimal(packet.frame.wire_len);
    out.put(",\"captured\":");
    out.decimal(packet.frame.cap_len);
    if (packet.interface) {
        out.put(",\"interface\":");
        out.decimal(packet.interface->id);
        if (!packet.interface->name.empty()) {
            out.put(",\"interface_name\":");
            out.json_string(packet.interface->name);
        }
    }
    if (!packet.comments.empty()) {
        out.put(",\"comment\":");
        if (packet.comments.size() > 1) out.put('[');
        for (std::size_t i = 0; i < packet.comments.size(); ++i) {
            if (i != 0) out.put(',');
            out.json_string(packet.comments[i]);
        }
        if (packet.comments.size() > 1) out.put(']');
    }
    out.put(",\"protocols\":\"");
    put_protocols(out, packet.packet, false);
    out.put("\",\"layers\":[");
    const Context context{packet.frame, packet.packet};
    bool first = true;
    for (const Layer& layer : packet.packet.stack()) {
        if (!first) out.put(',');
        first = false;
        json_layer(out, context, layer);
    }
    out.put(']');
    if (options_.bytes != BytesAs::none) {
        out.put(",\"bytes\":\"");
        put_bytes(out, packet.frame.bytes());
        out.put('"');
    }
    out.put('}');
}

}  // namespace pcapline
