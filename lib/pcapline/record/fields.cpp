#include "pcapline/record/fields.h"

#include <algorithm>
#include <array>

#include "pcapline/base/text.h"
#include "pcapline/decode/registry.h"

namespace pcapline {
namespace {

constexpr Field frame_time(std::string_view name, std::string_view description) {
    return {name, FieldType::duration, description, nullptr, Display::none, Repeat::one, Shown::asked, Needs::times};
}

constexpr std::array frame_table{
    Field{"frame.number", FieldType::uint64, "Number of the packet in the whole input, from 1"},
    Field{"frame.time", FieldType::time, "Arrival time"},
    Field{"frame.time_epoch", FieldType::epoch, "Arrival time, seconds since 1970"},
    Field{"frame.len", FieldType::uint32, "Length on the wire"},
    Field{"frame.cap_len", FieldType::uint32, "Length in the capture"},
    frame_time("frame.time_delta", "Time since the packet before"),
    frame_time("frame.time_delta_displayed", "The same: packets that do not pass the filters are not seen at all"),
    frame_time("frame.time_relative", "Time since the first packet"),
    Field{"frame.protocols", FieldType::text, "Protocols of the frame, outermost first"},
    Field{"frame.interface_id", FieldType::uint32, "Number of the interface"},
    Field{"frame.interface_name", FieldType::text, "Name of the interface"},
    Field{"frame.interface_description", FieldType::text, "Description of the interface"},
    Field{"frame.comment", FieldType::text, "Comment on the packet", nullptr, Display::none, Repeat::list},
    Field{"_ws.col.Number", FieldType::uint64, "Column: number of the packet"},
    Field{"_ws.col.Time", FieldType::time, "Column: arrival time"},
    Field{"_ws.col.Source", FieldType::text, "Column: innermost source address"},
    Field{"_ws.col.Destination", FieldType::text, "Column: innermost destination address"},
    Field{"_ws.col.Protocol", FieldType::text, "Column: topmost protocol"},
    Field{"_ws.col.Length", FieldType::uint32, "Column: length on the wire"},
    Field{"_ws.col.Info", FieldType::text, "Column: what the packet says, for people"},
};
static_assert(frame_table.size() == static_cast<std::size_t>(FrameField::count));

bool same_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

RecordField described(RecordField::From from, const Field& known) {
    const std::string_view name = known.name;
    RecordField field;
    field.from = from;
    field.name = name;
    field.group = name.substr(0, name.find('.'));
    field.key = from == RecordField::From::presence && name.find('.') == std::string_view::npos ? std::string{} : json_key(name);
    field.type = known.type;
    field.display = known.display;
    field.repeat = known.repeat;
    field.needs = known.needs;
    return field;
}

/// Fields of the same name in protocols further down the list.
std::vector<FieldPlace> same_name_after(FieldPlace place) {
    std::vector<FieldPlace> found;
    const std::span<const ProtocolInfo> table = protocol_table();
    for (std::size_t proto = place.proto + 1u; proto < table.size(); ++proto)
        for (std::size_t i = 0; i < table[proto].fields.size(); ++i)
            if (table[proto].fields[i].name == field_at(place).name)
                found.push_back({static_cast<Proto>(proto), static_cast<std::uint8_t>(i)});
    return found;
}

std::optional<RecordField> find_one(std::string_view name) {
    for (std::size_t i = 0; i < frame_table.size(); ++i) {
        const Field& known = frame_table[i];
        if (known.name == name || (name.starts_with("_ws.") && same_ignoring_case(known.name, name))) {
            RecordField field = described(RecordField::From::frame, known);
            field.index = static_cast<std::uint8_t>(i);
            return field;
        }
    }
    if (const auto place = find_field(name)) {
        const Field& known = field_at(*place);
        RecordField field = described(RecordField::From::layer, known);
        field.proto = place->proto;
        field.index = place->index;
        field.also = same_name_after(*place);
        return field;
    }
    if (const Proto proto = find_protocol(name); proto != no_proto) {
        RecordField field = described(RecordField::From::presence, Field{name, FieldType::protocol, {}, nullptr, Display::none});
        field.proto = proto;
        return field;
    }
    return std::nullopt;
}

std::string nearest(std::string_view name) {
    std::vector<std::pair<std::size_t, std::string_view>> close;
    const auto consider = [&](std::string_view known) {
        const std::size_t distance = edit_distance(name, known);
        if (distance <= 2 + name.size() / 6) close.emplace_back(distance, known);
    };
    for (const Field& field : frame_table) consider(field.name);
    for (const ProtocolInfo& protocol : protocol_table()) {
        consider(protocol.name);
        for (const Field& field : protocol.fields) consider(field.name);
    }
    std::sort(close.begin(), close.end());
    std::string text;
    for (std::size_t i = 0; i < close.size() && i < 3; ++i) {
        text += i == 0 ? " (did you mean " : ", ";
        text += close[i].second;
    }
    return text.empty() ? text : text + "?)";
}

std::string_view note_on(Needs needs) {
    switch (needs) {
        case Needs::packet:
            break;
        case Needs::times:
            return " (from the packets before)";
        case Needs::stream:
            return " (from the stream)";
    }
    return "";
}

}  // namespace

std::span<const Field> frame_fields() {
    return frame_table;
}

std::string json_key(std::string_view name) {
    const std::size_t dot = name.find('.');
    std::string key{dot == std::string_view::npos ? name : name.substr(dot + 1)};
    for (char& c : key)
        if (c == '.' || c == '-') c = '_';
    return key;
}

std::string_view type_name(FieldType type) {
    switch (type) {
        case FieldType::protocol:
            return "protocol";
        case FieldType::boolean:
            return "boolean";
        case FieldType::uint8:
            return "uint8";
        case FieldType::uint16:
            return "uint16";
        case FieldType::uint24:
            return "uint24";
        case FieldType::uint32:
            return "uint32";
        case FieldType::uint64:
            return "uint64";
        case FieldType::int32:
            return "int32";
        case FieldType::number_text:
            return "uint64 as text";
        case FieldType::bytes:
            return "bytes";
        case FieldType::text:
            return "text";
        case FieldType::ipv4:
            return "ipv4";
        case FieldType::ipv6:
            return "ipv6";
        case FieldType::ether:
            return "ether";
        case FieldType::time:
        case FieldType::epoch:
            return "time";
        case FieldType::duration:
            return "duration";
    }
    return "";
}

Result<std::vector<RecordField>> find_record_fields(std::span<const std::string> names) {
    std::vector<RecordField> found;
    std::string unknown;
    std::size_t unknown_count = 0;
    for (const std::string& name : names) {
        if (auto field = find_one(name)) {
            found.push_back(std::move(*field));
        } else {
            unknown += unknown.empty() ? "" : ", ";
            unknown += harmless(name) + nearest(name);
            ++unknown_count;
        }
    }
    if (unknown_count != 0) return Error{Errc::usage, (unknown_count == 1 ? "no such field: " : "no such fields: ") + unknown};
    return found;
}

StateParts parts_needed(std::span<const RecordField> fields) {
    StateParts parts;
    for (const RecordField& field : fields) {
        parts.times = parts.times || field.needs == Needs::times;
        parts.tcp = parts.tcp || (field.needs == Needs::stream && field.proto == proto_of<Tcp>);
        parts.udp = parts.udp || (field.needs == Needs::stream && field.proto == proto_of<Udp>);
    }
    return parts;
}

std::vector<FieldListing> list_fields() {
    std::vector<FieldListing> all;
    const auto add = [&](const Field& field) {
        const std::string_view name = field.name;
        if (std::any_of(all.begin(), all.end(), [&](const FieldListing& listed) { return listed.name == name; })) return;
        const std::size_t dot = name.find('.');
        std::string path = "." + std::string{name.substr(0, dot)};
        if (dot != std::string_view::npos) path += "." + json_key(name);
        all.push_back({std::string{name}, path, std::string{type_name(field.type)}, field.repeat == Repeat::list ? "list" : "one",
                       std::string{field.description} + std::string{note_on(field.needs)}});
    };
    for (const Field& field : frame_table) add(field);
    for (const ProtocolInfo& protocol : protocol_table()) {
        add({protocol.name, FieldType::protocol, protocol.title, nullptr, Display::none});
        for (const Field& field : protocol.fields) add(field);
    }
    return all;
}

}  // namespace pcapline
