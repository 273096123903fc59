#include "pcapline/record/packet_writer.h"

#include <algorithm>

#include "pcapline/decode/registry.h"
#include "pcapline/record/value_text.h"

namespace pcapline {
namespace {

constexpr std::string_view line_columns[] = {"number", "time", "time_epoch", "length", "captured", "protocols",
                                             "src",    "dst",  "sport",      "dport",  "protocol", "info"};

}  // namespace

PacketWriter::PacketWriter(RecordOptions options) : options_(std::move(options)), extractor_(options_.fields), layers_(protocol_count) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < options_.fields.size(); ++i) {
        const RecordField& field = options_.fields[i];
        const bool json = options_.format == Format::json || options_.format == Format::ndjson;
        columns_.push_back({field.type, is_short(field.type) && (!json || alone(field.repeat))});
        auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), field.group) - names.begin());
        if (at == names.size()) {
            names.push_back(field.group);
            groups_.push_back({Literal{'"' + field.group + "\":{"}, false, 0, {}});
        }
        Group& group = groups_[at];
        if (field.key.empty()) {
            group.present = true;
            group.presence = i;
        } else {
            group.members.push_back({i, Literal{'"' + field.key + "\":"}});
        }
    }
    row_room_ = 8 + (short_value_chars + options_.separator.size() + 1) * columns_.size();
    for (const Group& group : groups_) {
        row_room_ += group.open.room() + 2;
        for (const Member& member : group.members) row_room_ += member.key.room() + 1;
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

void PacketWriter::end(TextBuffer& out, std::string_view extra) const {
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
    const char between = separator();
    char* to = out.room(row_room_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i != 0) *to++ = between;
        const std::span<const Value> values = extractor_.values(i);
        if (values.empty()) continue;
        if (values.size() == 1 && columns_[i].is_short) {
            if (char* const end = put_short_plain(to, columns_[i].type, values.front())) {
                to = end;
                continue;
            }
        }
        out.advance(to);
        long_cell(out, columns_[i].type, occurring(values));
        to = out.room(row_room_);
    }
    out.advance(to);
    row_end(out, packet);
}

void PacketWriter::long_cell(TextBuffer& out, FieldType type, std::span<const Value> values) const {
    const bool tsv = options_.format == Format::tsv;
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

void PacketWriter::text_cell(TextBuffer& out, std::string_view text) const {
    if (text.empty()) return;
    if (options_.format == Format::tsv) {
        out.tsv_text(bytes_of(text));
    } else {
        out.csv_cell(bytes_of(text));
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
    char* to = out.room(row_room_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i != 0) to += options_.separator.copy(to, options_.separator.size());
        std::span<const Value> values = extractor_.values(i);
        if (values.empty()) continue;
        const FieldType type = columns_[i].type;
        const Display display = options_.fields[i].display;
        if (values.size() == 1 && columns_[i].is_short && options_.quote == 0) {
            if (char* const end = put_short_tshark(to, type, display, values.front())) {
                to = end;
                continue;
            }
        }
        out.advance(to);
        values = occurring(values);
        if (options_.quote != 0) out.put(options_.quote);
        for (std::size_t v = 0; v < values.size(); ++v) {
            if (v != 0) out.put(options_.aggregator);
            put_tshark_value(out, type, display, values[v]);
        }
        if (options_.quote != 0) out.put(options_.quote);
        to = out.room(row_room_);
    }
    *to++ = '\n';
    out.advance(to);
}

}  // namespace pcapline
