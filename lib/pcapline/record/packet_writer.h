// PacketWriter: packets as records in every text format.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pcapline/output/table.h"
#include "pcapline/record/extractor.h"
#include "pcapline/record/summary.h"

namespace pcapline {

/// Which of a field's values are written (-E occurrence=).
enum class Occurrence : std::uint8_t {
    natural,
    first,
    last,
    all
};
enum class BytesAs : std::uint8_t {
    none,
    hex,
    base64
};

struct RecordOptions {
    Format format = Format::table;
    std::vector<RecordField> fields;  ///< -e; empty: the whole record, or the line columns
    bool details = false;             ///< table without -e: every layer and field
    bool nulls = false;
    bool header = false;    ///< CSV, TSV, fields
    bool csv_safe = false;  ///< text cells that a spreadsheet would take for a formula get a ' in front
    Occurrence occurrence = Occurrence::natural;
    std::string separator = "\t";  ///< fields only
    std::string aggregator = ",";
    char quote = 0;                 ///< fields only: 0, " or '
    BytesAs bytes = BytesAs::none;  ///< the captured bytes of each packet
};

/// Appends records to a buffer, which the caller drains. Allocates nothing per packet once it is warm.
class PacketWriter {
 public:
    explicit PacketWriter(RecordOptions options);

    /// Before the first packet: header line, or the beginning of the document.
    void begin(TextBuffer& out);
    void packet(TextBuffer& out, const PacketRef& packet);
    /// After the last packet; for documents only. `extra` is further JSON members ("" or `,"damage":[…]`).
    void end(TextBuffer& out, std::string_view extra);
    std::uint64_t packets() const { return packets_; }

 private:
    struct Group {
        std::string open;      ///< `"ip":{`
        bool present = false;  ///< the protocol itself was asked for
        std::size_t presence = 0;
        std::vector<std::pair<std::size_t, std::string>> members;  ///< field, `"src":`
    };
    struct LayerPlan {
        std::string open;               ///< `{"layer":"eth"`
        std::vector<std::string> keys;  ///< `,"dst":`, by field index
        std::vector<std::uint8_t> shown;
        FieldValues values;
    };

    void json_chosen(TextBuffer& out, const PacketRef& packet);
    void json_whole(TextBuffer& out, const PacketRef& packet);
    void json_layer(TextBuffer& out, const Context& context, const Layer& layer);
    void json_values(TextBuffer& out, FieldType type, Repeat repeat, std::span<const Value> values) const;
    void row_chosen(TextBuffer& out, const PacketRef& packet);
    void row_columns(TextBuffer& out, const PacketRef& packet);
    void fields_row(TextBuffer& out, const PacketRef& packet);
    void table_row(TextBuffer& out, const PacketRef& packet);
    void details(TextBuffer& out, const PacketRef& packet);
    void hex_dump(TextBuffer& out, const PacketRef& packet) const;
    void put_bytes(TextBuffer& out, Bytes bytes) const;
    void row_end(TextBuffer& out, const PacketRef& packet) const;
    void text_cell(TextBuffer& out, std::string_view text) const;
    std::span<const Value> occurring(std::span<const Value> values) const;
    char separator() const { return options_.format == Format::tsv ? '\t' : ','; }

    RecordOptions options_;
    Extractor extractor_;
    std::vector<Group> groups_;
    std::vector<std::unique_ptr<LayerPlan>> layers_;  ///< by protocol, made when first met
    Summary summary_;
    std::uint64_t packets_ = 0;
};

}  // namespace pcapline
