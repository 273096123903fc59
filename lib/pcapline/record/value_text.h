// How one value of a field is written, by format.
#pragma once

#include "pcapline/decode/field.h"
#include "pcapline/output/text_buffer.h"

namespace pcapline {

/// Typed JSON: numbers, true/false, quoted text, addresses and times.
void put_json_value(TextBuffer& out, FieldType type, const Value& value);
/// CSV and TSV before quoting: the same without JSON's quotes. Text is made harmless (TSV: with \t \n \r).
void put_plain_value(TextBuffer& out, FieldType type, const Value& value, bool tsv);
/// tshark's spelling (-T fields, details): hexadecimal where the field displays so, 1 and 0 for truth.
void put_tshark_value(TextBuffer& out, FieldType type, Display display, const Value& value);

/// Types whose values take at most this many characters, quotes included. (Text and bytes have no such bound.)
constexpr std::size_t short_value_chars = 48;
bool is_short(FieldType type);

// The three above for a value of such a type, into a buffer with room for short_value_chars. They return one past the last
// character, or null for an address of odd size, of which nothing is written.
char* put_short_json(char* to, FieldType type, const Value& value);
char* put_short_plain(char* to, FieldType type, const Value& value);
char* put_short_tshark(char* to, FieldType type, Display display, const Value& value);

}  // namespace pcapline
