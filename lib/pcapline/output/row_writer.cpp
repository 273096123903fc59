#include "pcapline/output/row_writer.h"

#include <algorithm>

namespace pcapline {

TextBuffer& CellWriter::begin_item() {
    if (items_++ != 0) out_->put(',');
    return *out_;
}

void CellWriter::text(std::string_view value) {
    TextBuffer& out = begin_value();
    if (is_json()) {
        out.json_string(value);
    } else if (format_ == Format::tsv) {
        out.tsv_text(bytes_of(value));
    } else if (format_ == Format::csv && !in_list_) {
        out.csv_cell(bytes_of(value));
    } else {
        out.harmless_text(bytes_of(value));
    }
}

void CellWriter::time(std::int64_t ns) {
    if (ns == no_time) return;
    TextBuffer& out = begin_value();
    if (is_json()) out.put('"');
    out.iso_time(ns);
    if (is_json()) out.put('"');
}

void CellWriter::begin_list() {
    begin_value();
    if (is_json()) out_->put('[');
    in_list_ = true;
    items_ = 0;
    list_begin_ = out_->size();
}

void CellWriter::end_list() {
    in_list_ = false;
    if (is_json()) {
        out_->put(']');
    } else if (format_ == Format::csv) {
        out_->quote_csv_since(list_begin_);
    }
}

RowText::RowText(std::vector<Column> columns, RowStyle style)
    : columns_(std::move(columns)), style_(std::move(style)), cell_(style_.format) {
    for (Column& column : columns_) {
        keys_.push_back(",\"" + column.name + "\":");
        column.width = static_cast<std::uint8_t>(std::max<std::size_t>(column.width, column.name.size()));
    }
}

void RowText::begin(TextBuffer& out) const {
    if (style_.format == Format::json) {
        out.put("{\"schema\":\"pcapline." + style_.plural + "/1\",\"" + style_.plural + "\":[");
        return;
    }
    if (!style_.header || is_json()) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const Column& column = columns_[i];
        const bool last = i + 1 == columns_.size();
        if (style_.format == Format::table) {
            const std::size_t blanks = column.width - column.name.size();
            if (column.right) out.put(std::string(blanks, ' '));
            out.put(column.name);
            if (!last) out.put(std::string((column.right ? 0 : blanks) + 2, ' '));
        } else {
            out.put(column.name);
            if (!last) out.put(style_.format == Format::tsv ? '\t' : ',');
        }
    }
    out.put('\n');
}

void RowText::end(TextBuffer& out, std::string_view extra) const {
    if (style_.format != Format::json) return;
    out.put("],\"total_" + style_.plural + "\":");
    out.decimal(rows_);
    out.put(extra);
    out.put("}\n");
}

void RowText::begin_row(TextBuffer& out) {
    if (style_.format == Format::json && rows_ != 0) out.put(',');
    if (is_json()) out.put('{');
    ++rows_;
    first_ = true;
    written_ = place_ = 0;
}

void RowText::end_table_cell(TextBuffer& out, std::size_t column) {
    const std::size_t width = width_of(text_.view());
    const std::size_t column_width = columns_[column].width;
    if (width != 0) {
        const std::size_t begin = columns_[column].right && width < column_width ? place_ + column_width - width : place_;
        pad_to(out, written_ == 0 ? begin : std::max(begin, written_ + 1));
        out.put(text_.view());
        written_ += width;
    }
    place_ += column_width + 2;
}

void RowText::end_row(TextBuffer& out) {
    if (is_json()) out.put('}');
    if (style_.format != Format::json) out.put('\n');
}

void RowText::pad_to(TextBuffer& out, std::size_t place) {
    for (; written_ < place; ++written_) out.put(' ');
}

}  // namespace pcapline
