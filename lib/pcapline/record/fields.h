// RecordField: everything that can be asked for with -e – fields of layers, of the frame, and columns.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/base/result.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/flow_state.h"
#include "pcapline/decode/registry.h"

namespace pcapline {

/// Fields of the frame itself (frame.*) and text columns (_ws.col.*); no layer holds them.
enum class FrameField : std::uint8_t {
    number,
    time,
    time_epoch,
    len,
    cap_len,
    time_delta,
    time_delta_displayed,
    time_relative,
    protocols,
    interface_id,
    interface_name,
    interface_description,
    comment,
    col_number,
    col_time,
    col_source,
    col_destination,
    col_protocol,
    col_length,
    col_info,
    count,
};
std::span<const Field> frame_fields();

/// A field that was found by its name.
struct RecordField {
    enum class From : std::uint8_t {
        layer,
        presence,
        frame
    } from = From::layer;
    Proto proto = no_proto;        ///< layer, presence
    std::uint8_t index = 0;        ///< place in the protocol's table, or a FrameField
    std::vector<FieldPlace> also;  ///< layer: other protocols that have a field of this name (ipv6.opt.type)
    std::string name;              ///< as Wireshark spells it: header of CSV
    std::string group;             ///< JSON: name up to the first dot
    std::string key;               ///< JSON: the rest, '.' and '-' as '_'; empty for a protocol's presence
    FieldType type = FieldType::uint32;
    Display display = Display::dec;
    Repeat repeat = Repeat::one;
    Needs needs = Needs::packet;
};

/// Finds all of `names`. Error (Errc::usage) names every unknown one, with the nearest known names.
Result<std::vector<RecordField>> find_record_fields(std::span<const std::string> names);

/// What these fields need beside the packet.
StateParts parts_needed(std::span<const RecordField> fields);

/// One line of --list-fields.
struct FieldListing {
    std::string name, json_path, type, repeat, description;
};
std::vector<FieldListing> list_fields();

/// JSON key of a field's name: what stands behind the first dot, further '.' and '-' as '_'.
std::string json_key(std::string_view name);
std::string_view type_name(FieldType type);

}  // namespace pcapline
