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

}  // namespace pcapline
