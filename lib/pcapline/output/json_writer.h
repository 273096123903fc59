// JsonWriter: JSON documents made by hand, piece by piece, with the commas in the right places.
#pragma once

#include <cstdint>
#include <string_view>

#include "pcapline/output/text_buffer.h"

namespace pcapline {

/// Writes one JSON text into a buffer that the caller keeps. Commas are its business, the shape is the caller's:
/// a key before each value of an object, as many ends as begins. Nothing is allocated beside the buffer, which may
/// be drained between any two calls.
///
///     JsonWriter json(out);
///     json.begin_object().key("schema").text("pcapline.stats/1").key("packets").number(24).end_object();
class JsonWriter {
 public:
    explicit JsonWriter(TextBuffer& out) : out_(out) {}

    JsonWriter& begin_object() { return begin('{'); }
    JsonWriter& end_object() { return end('}'); }
    JsonWriter& begin_array() { return begin('['); }
    JsonWriter& end_array() { return end(']'); }

    JsonWriter& key(std::string_view name) {
        separate();
        out_.json_string(name);
        out_.put(':');
        comma_ = false;
        return *this;
    }

    JsonWriter& number(std::uint64_t value) {
        value_follows().decimal(value);
        return *this;
    }
    JsonWriter& signed_number(std::int64_t value) {
        value_follows().signed_decimal(value);
        return *this;
    }
    /// `scaled` / 10^decimals, with all its decimals (records.md §1).
    JsonWriter& fixed(std::uint64_t scaled, unsigned decimals) {
        value_follows().fixed(scaled, decimals);
        return *this;
    }
    JsonWriter& truth(bool value) {
        value_follows().put(value ? std::string_view("true") : std::string_view("false"));
        return *this;
    }
    JsonWriter& text(std::string_view value) {
        value_follows().json_string(value);
        return *this;
    }
    JsonWriter& text(Bytes value) {
        value_follows().json_string(value);
        return *this;
    }
    /// ISO text with its quotes. Not for no_time.
    JsonWriter& iso_time(std::int64_t ns) {
        value_follows().put('"');
        out_.iso_time(ns);
        out_.put('"');
        return *this;
    }
    /// Seconds since 1970, a number. Not for no_time.
    JsonWriter& epoch(std::int64_t ns) {
        value_follows().epoch(ns);
        return *this;
    }
    JsonWriter& null() {
        value_follows().put("null");
        return *this;
    }
    /// JSON that is complete already: an object of put_json_object(), a list.
    JsonWriter& raw(std::string_view json) {
        value_follows().put(json);
        return *this;
    }
    /// The buffer, for a value that the caller writes itself: `put_json_array(json.value_follows(), table)`.
    TextBuffer& value_follows() {
        separate();
        comma_ = true;
        return out_;
    }

 private:
    void separate() {
        if (comma_) out_.put(',');
    }
    JsonWriter& begin(char bracket) {
        separate();
        out_.put(bracket);
        comma_ = false;
        return *this;
    }
    JsonWriter& end(char bracket) {
        out_.put(bracket);
        comma_ = true;
        return *this;
    }

    TextBuffer& out_;
    bool comma_ = false;  ///< something stands before, on this level
};

}  // namespace pcapline
