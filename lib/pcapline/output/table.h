// Table: typed rows of a report, and how each format writes them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pcapline/output/text_buffer.h"

namespace pcapline {

enum class Format : std::uint8_t {
    table,
    fields,
    json,
    ndjson,
    csv,
    tsv
};

/// What a cell holds. Absent cells have no key in JSON and are empty in CSV.
struct Cell {
    enum class Kind : std::uint8_t {
        absent,
        number,
        signed_number,
        fixed,
        boolean,
        text,
        time,
        epoch,
        raw_json
    } kind = Kind::absent;
    std::uint8_t decimals = 0;  ///< fixed: digits behind the point
    std::uint64_t number = 0;   ///< two's complement for signed_number, time, epoch
    std::string text = {};      ///< text, or JSON as it is (raw_json: lists, nested objects)

    static Cell absent() { return {}; }
    static Cell of(std::uint64_t value) { return {Kind::number, 0, value, {}}; }
    static Cell signed_of(std::int64_t value) { return {Kind::signed_number, 0, static_cast<std::uint64_t>(value), {}}; }
    static Cell fixed(std::uint64_t scaled, std::uint8_t decimals) { return {Kind::fixed, decimals, scaled, {}}; }
    static Cell truth(bool value) { return {Kind::boolean, 0, value ? 1U : 0U, {}}; }
    static Cell of(std::string text) { return {Kind::text, 0, 0, std::move(text)}; }
    /// ISO time; no_time gives an absent cell.
    static Cell time(std::int64_t ns) { return ns == no_time ? Cell{} : Cell{Kind::time, 0, static_cast<std::uint64_t>(ns), {}}; }
    static Cell epoch(std::int64_t ns) { return ns == no_time ? Cell{} : Cell{Kind::epoch, 0, static_cast<std::uint64_t>(ns), {}}; }
    static Cell json(std::string raw) { return {Kind::raw_json, 0, 0, std::move(raw)}; }
};

struct Column {
    std::string name;
    bool only_json = false;  ///< nested objects: left out of CSV, TSV and tables
    bool only_text = false;  ///< CSV, TSV and tables only (a flat form of something nested)
};

/// A report's rows. Every row has a cell for each column.
struct Table {
    std::string name;  ///< the section's key: "protocols"
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
};

/// One row as a JSON object, without the line end. `nulls`: absent cells as null.
void put_json_object(TextBuffer& out, const Table& table, const std::vector<Cell>& row, bool nulls = false);
/// All rows as a JSON array of objects.
void put_json_array(TextBuffer& out, const Table& table, bool nulls = false);
/// Header (unless `header` is false) and rows.
void put_csv(TextBuffer& out, const Table& table, bool header = true);
void put_tsv(TextBuffer& out, const Table& table, bool header = true);
/// For people: columns aligned, numbers to the right, a heading line; harmless text; no trailing blanks.
void put_text_table(TextBuffer& out, const Table& table);

}  // namespace pcapline
