#include "pcapline/output/table.h"

#include <algorithm>

#include "pcapline/output/json_writer.h"

namespace pcapline {

namespace {

std::int64_t signed_value(const Cell& cell) {
    return static_cast<std::int64_t>(cell.number);
}

/// A cell that is written alike everywhere, without quotes. False: it is text, or JSON.
bool put_bare(TextBuffer& out, const Cell& cell) {
    switch (cell.kind) {
        case Cell::Kind::absent:
            return true;
        case Cell::Kind::number:
            out.decimal(cell.number);
            return true;
        case Cell::Kind::signed_number:
            out.signed_decimal(signed_value(cell));
            return true;
        case Cell::Kind::fixed:
            out.fixed(cell.number, cell.decimals);
            return true;
        case Cell::Kind::boolean:
            out.put(cell.number != 0 ? std::string_view("true") : std::string_view("false"));
            return true;
        case Cell::Kind::time:
            out.iso_time(signed_value(cell));
            return true;
        case Cell::Kind::epoch:
            out.epoch(signed_value(cell));
            return true;
        case Cell::Kind::text:
        case Cell::Kind::raw_json:
            break;
    }
    return false;
}

void put_json_cell(JsonWriter& json, const Cell& cell) {
    switch (cell.kind) {
        case Cell::Kind::absent:
            json.null();
            break;
        case Cell::Kind::text:
            json.text(cell.text);
            break;
        case Cell::Kind::raw_json:
            json.raw(cell.text);
            break;
        case Cell::Kind::time:
            json.iso_time(signed_value(cell));
            break;
        default:
            static_cast<void>(put_bare(json.value_follows(), cell));
            break;
    }
}

void put_json_row(JsonWriter& json, const Table& table, const std::vector<Cell>& row, bool nulls) {
    json.begin_object();
    const std::size_t cells = std::min(table.columns.size(), row.size());
    for (std::size_t i = 0; i < cells; ++i) {
        if (table.columns[i].only_text) continue;
        if (row[i].kind == Cell::Kind::absent && !nulls) continue;
        json.key(table.columns[i].name);
        put_json_cell(json, row[i]);
    }
    json.end_object();
}

/// Header and rows, the columns that are only for JSON left out. `put_cell(text)` writes raw text as a cell.
template <class PutCell>
void put_separated(TextBuffer& out, const Table& table, bool header, char separator, PutCell put_cell) {
    const auto line = [&](auto&& put_column) {
        bool first = true;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            if (table.columns[i].only_json) continue;
            if (!first) out.put(separator);
            first = false;
            put_column(i);
        }
        out.put('\n');
    };
    if (header) line([&](std::size_t i) { put_cell(table.columns[i].name); });
    for (const std::vector<Cell>& row : table.rows) {
        line([&](std::size_t i) {
            if (i < row.size() && !put_bare(out, row[i])) put_cell(row[i].text);
        });
    }
}

bool is_numeric(const Cell& cell) {
    return cell.kind == Cell::Kind::number || cell.kind == Cell::Kind::signed_number || cell.kind == Cell::Kind::fixed ||
           cell.kind == Cell::Kind::epoch;
}

/// A column of a text table while its width is found.
struct TextColumn {
    bool right = false;
    std::size_t width = 0;
    std::vector<std::string> cells;  ///< the heading first

    void add(std::string_view cell) {
        cells.emplace_back(cell);
        width = std::max(width, width_of(cell));
    }
};

TextColumn text_column(TextBuffer& scratch, const Table& table, std::size_t i) {
    TextColumn column;
    scratch.clear();
    scratch.harmless_text(bytes_of(table.columns[i].name));
    column.add(scratch.view());
    bool numbers = true;
    for (const std::vector<Cell>& row : table.rows) {
        scratch.clear();
        if (i < row.size()) {
            if (!put_bare(scratch, row[i])) scratch.harmless_text(bytes_of(row[i].text));
            const bool absent = row[i].kind == Cell::Kind::absent;
            numbers = numbers && (absent || is_numeric(row[i]));
            column.right = column.right || is_numeric(row[i]);
        }
        column.add(scratch.view());
    }
    column.right = column.right && numbers;
    return column;
}

}  // namespace

void put_json_object(TextBuffer& out, const Table& table, const std::vector<Cell>& row, bool nulls) {
    JsonWriter json(out);
    put_json_row(json, table, row, nulls);
}

void put_json_array(TextBuffer& out, const Table& table, bool nulls) {
    JsonWriter json(out);
    json.begin_array();
    for (const std::vector<Cell>& row : table.rows) put_json_row(json, table, row, nulls);
    json.end_array();
}

void put_csv(TextBuffer& out, const Table& table, bool header) {
    put_separated(out, table, header, ',', [&](const std::string& text) { out.csv_cell(bytes_of(text)); });
}

void put_tsv(TextBuffer& out, const Table& table, bool header) {
    put_separated(out, table, header, '\t', [&](const std::string& text) { out.tsv_text(bytes_of(text)); });
}

void put_text_table(TextBuffer& out, const Table& table) {
    TextBuffer scratch;
    std::vector<TextColumn> columns;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (!table.columns[i].only_json) columns.push_back(text_column(scratch, table, i));
    for (std::size_t line = 0; line <= table.rows.size(); ++line) {
        const std::size_t begin = out.size();
        std::size_t written = 0;  // in code points
        std::size_t at = 0;       // where the next column begins
        for (const TextColumn& column : columns) {
            const std::string& cell = column.cells[line];
            const std::size_t width = width_of(cell);
            const std::size_t start = column.right ? at + column.width - width : at;
            if (width != 0) {
                for (; written < start; ++written) out.put(' ');
                out.put(cell);
                written += width;
            }
            at += column.width + 2;
        }
        while (out.size() > begin && out.view().back() == ' ') out.cut(out.size() - 1);
        out.put('\n');
    }
}

}  // namespace pcapline
