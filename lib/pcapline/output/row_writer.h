// RowWriter: records of one kind, row after row, in every format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pcapline/output/table.h"
#include "pcapline/output/text_buffer.h"

namespace pcapline {

/// How rows look.
struct RowStyle {
    Format format = Format::table;
    std::string plural;  ///< "flows": names the document, its array and its total
    bool header = true;  ///< CSV, TSV, tables
    bool nulls = false;  ///< JSON: absent values as null
};

/// Takes the value of one cell, in the format at hand. Nothing written: the value is absent.
class CellWriter {
 public:
    void number(std::uint64_t value) { begin_value().decimal(value); }
    void signed_number(std::int64_t value) { begin_value().signed_decimal(value); }
    /// `scaled` / 10^decimals, with all its decimals.
    void fixed(std::uint64_t scaled, unsigned decimals) { begin_value().fixed(scaled, decimals); }
    void truth(bool value) { begin_value().put(value ? std::string_view("true") : std::string_view("false")); }
    void text(std::string_view value);
    /// Text that is sure to need no escape in any format: names and addresses of ours.
    void word(std::string_view value) {
        if (value.empty()) return text(value);
        TextBuffer& out = begin_value();
        if (is_json()) out.put('"');
        out.put(value);
        if (is_json()) out.put('"');
    }
    void text(Bytes value) { text(std::string_view{reinterpret_cast<const char*>(value.data()), value.size()}); }
    /// ISO text; no_time is absent.
    void time(std::int64_t ns);
    /// Seconds since 1970; no_time is absent.
    void epoch(std::int64_t ns) {
        if (ns != no_time) begin_value().epoch(ns);
    }
    /// The values up to end_list() are its items. A list of none is an empty list in JSON, and absent elsewhere.
    void begin_list();
    void end_list();

 private:
    friend class RowText;
    explicit CellWriter(Format format) : format_(format) {}
    bool is_json() const { return format_ == Format::json || format_ == Format::ndjson; }
    TextBuffer& begin_value() {
        if (in_list_) return begin_item();
        if (!before_.empty()) out_->put(before_);
        written_ = true;
        return *out_;
    }
    TextBuffer& begin_item();

    Format format_;
    TextBuffer* out_ = nullptr;
    std::string_view before_;  ///< JSON: what stands before the value, `,"src":`
    bool written_ = false;
    bool in_list_ = false;
    std::size_t items_ = 0;
    std::size_t list_begin_ = 0;
};

/// What RowWriter does whatever the records are.
class RowText {
 public:
    struct Column {
        std::string name;
        std::uint8_t width;
        bool right;
    };
    RowText(std::vector<Column> columns, RowStyle style);

    void begin(TextBuffer& out) const;
    void end(TextBuffer& out, std::string_view extra) const;
    std::uint64_t rows() const { return rows_; }
    void continue_at(std::uint64_t rows) { rows_ = rows; }

    void begin_row(TextBuffer& out);
    /// What parts cells that are nothing but their values; '\0' where they are more.
    char separator() const { return style_.format == Format::tsv ? '\t' : style_.format == Format::csv ? ',' : '\0'; }
    /// For all cells of a row that a separator parts.
    CellWriter& begin_separated(TextBuffer& out) {
        cell_.out_ = &out;
        return cell_;
    }
    CellWriter& begin_cell(TextBuffer& out, std::size_t column) {
        cell_.written_ = false;
        cell_.out_ = style_.format == Format::table ? &text_ : &out;
        if (is_json()) {
            cell_.before_ = std::string_view{keys_[column]}.substr(first_ ? 1 : 0);
        } else if (style_.format == Format::table) {
            text_.clear();
        } else if (column != 0) {
            out.put(separator());
        }
        return cell_;
    }
    void end_cell(TextBuffer& out, std::size_t column) {
        if (style_.format == Format::table) return end_table_cell(out, column);
        if (!is_json()) return;
        if (!cell_.written_ && style_.nulls) cell_.begin_value().put("null");
        first_ = first_ && !cell_.written_;
    }
    void end_row(TextBuffer& out);

 private:
    bool is_json() const { return style_.format == Format::json || style_.format == Format::ndjson; }
    void end_table_cell(TextBuffer& out, std::size_t column);
    void pad_to(TextBuffer& out, std::size_t place);

    std::vector<Column> columns_;
    std::vector<std::string> keys_;  ///< `,"src":`
    RowStyle style_;
    CellWriter cell_;
    TextBuffer text_;          ///< a table's cell
    std::size_t written_ = 0;  ///< of a table's line, in code points
    std::size_t place_ = 0;    ///< where the column begins, if nothing pushes it
    bool first_ = true;        ///< no cell of this row has been written
    std::uint64_t rows_ = 0;
};

/// A column of records of type Record.
template <class Record>
struct RowColumn {
    std::string_view name;
    std::uint8_t width;  ///< in tables; a longer value pushes what follows to the right
    bool right;          ///< in tables: numbers
    void (*write)(const Record& record, CellWriter& cell);
};

/// Writes records as they come, and keeps none. The buffer is the caller's, who drains it.
template <class Record>
class RowWriter {
 public:
    RowWriter(std::vector<RowColumn<Record>> columns, RowStyle style)
        : columns_(std::move(columns)), text_(texts(columns_), std::move(style)) {}

    /// Before the first row: the header line, or the beginning of the document.
    void begin(TextBuffer& out) const { text_.begin(out); }
    void row(TextBuffer& out, const Record& record) {
        text_.begin_row(out);
        if (const char separator = text_.separator(); separator != '\0') {
            CellWriter& cell = text_.begin_separated(out);
            columns_.front().write(record, cell);
            for (std::size_t i = 1; i < columns_.size(); ++i) {
                out.put(separator);
                columns_[i].write(record, cell);
            }
        } else {
            for (std::size_t i = 0; i < columns_.size(); ++i) {
                columns_[i].write(record, text_.begin_cell(out, i));
                text_.end_cell(out, i);
            }
        }
        text_.end_row(out);
    }
    /// After the last row; for documents only. `extra` is further JSON members ("" or `,"damage":[…]`).
    void end(TextBuffer& out, std::string_view extra) const { text_.end(out, extra); }
    std::uint64_t rows() const { return text_.rows(); }
    /// As if `rows` rows had been written: for those that are written in pieces.
    void continue_at(std::uint64_t rows) { text_.continue_at(rows); }

 private:
    static std::vector<RowText::Column> texts(const std::vector<RowColumn<Record>>& columns) {
        std::vector<RowText::Column> texts;
        texts.reserve(columns.size());
        for (const RowColumn<Record>& column : columns) texts.push_back({std::string(column.name), column.width, column.right});
        return texts;
    }
    std::vector<RowColumn<Record>> columns_;
    RowText text_;
};

}  // namespace pcapline
