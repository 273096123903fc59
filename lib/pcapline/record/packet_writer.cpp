#include "pcapline/record/packet_writer.h"

#include <algorithm>

#include "pcapline/decode/registry.h"
#include "pcapline/record/value_text.h"

namespace pcapline {
namespace {

constexpr std::string_view line_columns[] = {"number", "time", "time_epoch", "length", "captured", "protocols",
                                             "src",    "dst",  "sport",      "dport",  "protocol", "info"};

Bytes bytes_of_text(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

PacketWriter::PacketWriter(RecordOptions options) : options_(std::move(options)), extractor_(options_.fields), layers_(protocol_count) {
    for (std::size_t i = 0; i < options_.fields.size(); ++i) {
        const RecordField& field = options_.fields[i];
        auto group = std::find_if(groups_.begin(), groups_.end(), [&](const Group& g) { return g.open == '"' + field.group + "\":{"; });
        if (group == groups_.end()) {
            groups_.push_back({'"' + field.group + "\":{", false, 0, {}});
            group = groups_.end() - 1;
        }
        if (field.key.empty()) {
            group->present = true;
            group->presence = i;
        } else {
            group->members.emplace_back(i, '"' + field.key + "\":");
        }
    }
}

void PacketWriter::begin(TextBuffer& out) {
    const auto header = [&](char between, const auto& names, const auto& name_of) {
        bool first = true;
        for (const auto& name : names) {
            if (!first) out.put(between);
            first = false;
            out.put(name_of(name));
        }
        if (options_.bytes != BytesAs::none) {
            out.put(between);
            out.put("bytes");
        }
        out.put('\n');
    };
    const auto field_name = [](const RecordField& field) -> const std::string& { return field.name; };
    switch (options_.format) {
        case Format::json:
            out.put("{\"schema\":\"pcapline.packets/1\",\"packets\":[");
            break;
        case Format::csv:
        case Format::tsv:
            if (!options_.header) break;
            if (options_.fields.empty()) {
                header(separator(), line_columns, [](std::string_view name) { return name; });
            } else {
                header(separator(), options_.fields, field_name);
            }
            break;
        case Format::fields:
            if (!options_.header) break;
            for (std::size_t i = 0; i < options_.fields.size(); ++i) {
                if (i != 0) out.put(options_.separator);
                out.put(options_.fields[i].name);
            }
            out.put('\n');
            break;
        case Format::ndjson:
        case Format::table:
            break;
    }
}

void PacketWriter::end(TextBuffer& out, std::string_view extra) {
    if (options_.format != Format::json) return;
    out.put("],\"total_packets\":");
    out.decimal(packets_);
    out.put(extra);
    out.put("}\n");
}

void PacketWriter::packet(TextBuffer& out, const PacketRef& packet) {
    ++packets_;
    if (!options_.fields.empty()) extractor_.read(packet);
    switch (options_.format) {
        case Format::json:
            if (packets_ != 1) out.put(',');
            [[fallthrough]];
        case Format::ndjson:
            if (options_.fields.empty()) {
                json_whole(out, packet);
            } else {
                json_chosen(out, packet);
            }
            if (options_.format == Format::ndjson) out.put('\n');
            break;
        case Format::csv:
        case Format::tsv:
            if (options_.fields.empty()) {
                row_columns(out, packet);
            } else {
                row_chosen(out, packet);
            }
            break;
        case Format::fields:
            fields_row(out, packet);
            break;
        case Format::table:
            if (!options_.fields.empty()) {
                fields_row(out, packet);
            } else if (options_.details) {
                details(out, packet);
            } else {
                table_row(out, packet);
            }
            if (options_.bytes != BytesAs::none) hex_dump(out, packet);
            break;
    }
}

std::span<const Value> PacketWriter::occurring(std::span<const Value> values) const {
    if (values.size() < 2) return values;
    if (options_.occurrence == Occurrence::first) return values.first(1);
    if (options_.occurrence == Occurrence::last) return values.last(1);
    return values;
}

void PacketWriter::json_values(TextBuffer& out, FieldType type, Repeat repeat, std::span<const Value> values) const {
    const bool scalar = options_.occurrence == Occurrence::first || options_.occurrence == Occurrence::last;
    const bool array = !scalar && (repeat == Repeat::list || values.size() > 1 || options_.occurrence == Occurrence::all);
    values = occurring(values);
    if (!array) {
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
    out.put('{');
    const std::size_t begin = out.size();
    for (const Group& group : groups_) {
        bool wanted = options_.nulls || (group.present && !extractor_.values(group.presence).empty());
        for (std::size_t i = 0; i < group.members.size() && !wanted; ++i) wanted = !extractor_.values(group.members[i].first).empty();
        if (!wanted || (options_.nulls && group.members.empty() && extractor_.values(group.presence).empty())) continue;
        if (out.size() != begin) out.put(',');
        out.put(group.open);
        const std::size_t empty = out.size();
        for (const auto& [field, key] : group.members) {
            const std::span<const Value> values = extractor_.values(field);
            if (values.empty() && !options_.nulls) continue;
            if (out.size() != empty) out.put(',');
            out.put(key);
            const RecordField& described = options_.fields[field];
            if (values.empty()) {
                out.put("null");
            } else if (described.type == FieldType::protocol) {
                out.put("{}");
            } else {
                json_values(out, described.type, described.repeat, values);
            }
        }
        out.put('}');
    }
    if (options_.bytes != BytesAs::none) {
        out.put(out.size() == begin ? std::string_view{"\"bytes\":\""} : std::string_view{",\"bytes\":\""});
        put_bytes(out, packet.frame.bytes());
        out.put('"');
    }
    out.put('}');
}

void PacketWriter::json_layer(TextBuffer& out, const Context& context, const Layer& layer) {
    std::unique_ptr<LayerPlan>& plan = layers_[layer.proto];
    const ProtocolInfo& protocol = protocol_table()[layer.proto];
    if (!plan) {
        plan = std::make_unique<LayerPlan>();
        plan->open = "{\"layer\":\"" + std::string{protocol.name} + '"';
        FieldValues::Mask wanted;
        for (std::size_t i = 0; i < protocol.fields.size(); ++i) {
            plan->keys.push_back(",\"" + json_key(protocol.fields[i].name) + "\":");
            if (protocol.fields[i].shown != Shown::record) continue;
            plan->shown.push_back(static_cast<std::uint8_t>(i));
            wanted[i] = true;
        }
        plan->values.want(wanted);
    }
    plan->values.clear();
    if (protocol.walk) {
        protocol.walk(context, layer, plan->values);
    } else {
        for (const std::uint8_t index : plan->shown) protocol.fields[index].read(context, layer, index, plan->values);
    }
    out.put(plan->open);
    for (const std::uint8_t index : plan->shown) {
        const std::span<const Value> values = plan->values.of(index);
        if (values.empty() && !options_.nulls) continue;
        out.put(plan->keys[index]);
        if (values.empty()) {
            out.put("null");
        } else {
            json_values(out, protocol.fields[index].type, protocol.fields[index].repeat, values);
        }
    }
    out.put('}');
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

void PacketWriter::put_bytes(TextBuffer& out, Bytes bytes) const {
    if (options_.bytes == BytesAs::base64) {
        out.base64(bytes);
    } else {
        out.hex_bytes(bytes);
    }
}

void PacketWriter::row_end(TextBuffer& out, const PacketRef& packet) const {
    if (options_.bytes != BytesAs::none) {
        out.put(separator());
        put_bytes(out, packet.frame.bytes());
    }
    out.put('\n');
}

void PacketWriter::row_chosen(TextBuffer& out, const PacketRef& packet) {
    const bool tsv = options_.format == Format::tsv;
    for (std::size_t i = 0; i < options_.fields.size(); ++i) {
        if (i != 0) out.put(separator());
        const std::span<const Value> values = occurring(extractor_.values(i));
        if (values.empty()) continue;
        const FieldType type = options_.fields[i].type;
        const std::size_t from = out.size();
        const Bytes first = values.front().bytes;
        if (options_.csv_safe && type == FieldType::text && !first.empty() &&
            std::string_view{"=+-@\t\r"}.find(static_cast<char>(first[0])) != std::string_view::npos)
            out.put('\'');
        for (std::size_t v = 0; v < values.size(); ++v) {
            if (v != 0) out.put(options_.aggregator);
            put_plain_value(out, type, values[v], tsv);
        }
        if (!tsv && (type == FieldType::text || values.size() > 1)) out.quote_csv_since(from);
    }
    row_end(out, packet);
}

void PacketWriter::text_cell(TextBuffer& out, std::string_view text) const {
    if (text.empty()) return;
    if (options_.format == Format::tsv) {
        out.tsv_text(bytes_of_text(text));
    } else {
        out.csv_cell(bytes_of_text(text));
    }
}

void PacketWriter::row_columns(TextBuffer& out, const PacketRef& packet) {
    summary_.read(packet, true);
    const char between = separator();
    out.decimal(packet.number);
    out.put(between);
    if (packet.frame.has_time()) out.iso_time(packet.frame.time_ns);
    out.put(between);
    if (packet.frame.has_time()) out.epoch(packet.frame.time_ns);
    out.put(between);
    out.decimal(packet.frame.wire_len);
    out.put(between);
    out.decimal(packet.frame.cap_len);
    out.put(between);
    put_protocols(out, packet.packet, false);
    out.put(between);
    out.put(summary_.src());
    out.put(between);
    out.put(summary_.dst());
    out.put(between);
    if (summary_.has_ports()) out.decimal(summary_.src_port());
    out.put(between);
    if (summary_.has_ports()) out.decimal(summary_.dst_port());
    out.put(between);
    out.put(summary_.protocol());
    out.put(between);
    text_cell(out, summary_.info());
    row_end(out, packet);
}

void PacketWriter::fields_row(TextBuffer& out, const PacketRef&) {
    for (std::size_t i = 0; i < options_.fields.size(); ++i) {
        if (i != 0) out.put(options_.separator);
        const std::span<const Value> values = occurring(extractor_.values(i));
        if (values.empty()) continue;
        if (options_.quote != 0) out.put(options_.quote);
        for (std::size_t v = 0; v < values.size(); ++v) {
            if (v != 0) out.put(options_.aggregator);
            put_tshark_value(out, options_.fields[i].type, options_.fields[i].display, values[v]);
        }
        if (options_.quote != 0) out.put(options_.quote);
    }
    out.put('\n');
}

}  // namespace pcapline
