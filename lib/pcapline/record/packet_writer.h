// PacketWriter: packets as records in every text format.
#pragma once

#include <cstdint>
#include <cstring>
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
    void end(TextBuffer& out, std::string_view extra) const;
    std::uint64_t packets() const { return packets_; }

 private:
    /// A constant piece of JSON. Short ones are copied in one go, with what stands behind them.
    class Literal {
     public:
        explicit Literal(std::string text);
        std::size_t room() const { return text_.size(); }
        /// Into a buffer with room() characters; returns one past the last that counts.
        char* put(char* to) const {
            std::memcpy(to, text_.data(), short_chars);
            if (size_ > short_chars) std::memcpy(to, text_.data(), size_);
            return to + size_;
        }

     private:
        static constexpr std::size_t short_chars = 16;
        std::size_t size_;
        std::string text_;
    };
    struct Member {
        std::size_t field = 0;
        Literal key;  ///< `"src":`
    };
    struct Group {
        Literal open;          ///< `"ip":{`
        bool present = false;  ///< the protocol itself was asked for
        std::size_t presence = 0;
        std::vector<Member> members;
    };
    struct LayerPlan {
        explicit LayerPlan(const ProtocolInfo& protocol);
        struct Member {
            const Field* field;
            std::uint8_t index;  ///< in its protocol
            ReadOne one;         ///< null: read ahead
            Literal key;         ///< `,"dst":`
        };
        Literal open;  ///< `{"layer":"eth"`
        std::vector<Member> members;
        bool reads_ahead = false;
        FieldValues values;
    };
    struct Column {
        FieldType type;
        bool is_short;  ///< one value is written by put_short_*
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
    void long_cell(TextBuffer& out, FieldType type, std::span<const Value> values) const;
    bool alone(Repeat repeat) const;
    std::span<const Value> occurring(std::span<const Value> values) const;
    char separator() const { return options_.format == Format::tsv ? '\t' : ','; }

    RecordOptions options_;
    Extractor extractor_;
    std::vector<Column> columns_;  ///< of each field
    std::vector<Group> groups_;
    std::size_t row_room_ = 0;                        ///< characters of a record of short values, and more
    std::vector<std::unique_ptr<LayerPlan>> layers_;  ///< by protocol, made when first met
    Summary summary_;
    std::uint64_t packets_ = 0;
};

}  // namespace pcapline
