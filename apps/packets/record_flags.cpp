#include "apps/packets/record_flags.h"

#include "pcapline/base/text.h"

namespace pcapline::cli {

void RecordFlags::declare(App& app) {
    app.group("Records");
    app.list("-e,--field", fields_, "FIELD",
             "write only these fields (Wireshark's names, see --list-fields); may be repeated, commas part several", true);
    app.list("-E", settings_, "NAME=VALUE",
             "header=y|n, separator=/t|/s|CHAR, quote=d|s|n, occurrence=f|l|a, aggregator=,|/s|CHAR, as in tshark; may be repeated", false);
    app.flag("--details", details_, "every layer and field of each packet, for people");
    app.flag("-x", hex_, "the captured bytes too, in hexadecimal");
    app.choice("--bytes", bytes_, {"hex", "base64"}, "the captured bytes too, so encoded");
    app.flag("--nulls", nulls_, "JSON: absent values as null");
    app.flag("--csv-safe", csv_safe_, "CSV: a ' in front of text that a spreadsheet would take for a formula");
    app.flag("--list-fields", list_fields_, "print all fields (name, JSON path, type, one or list, description) and exit");
    app.number("--first-number", first_number_, "N", "number of the first packet, default 1");
    app.flag("-l,--line-buffered", line_buffered_, "write each record when it is complete");
    app.flag("-2", two_pass_, "accepted and ignored, for tshark's habits");
    app.counted("-t", time_style_, "accepted and ignored, for tcpdump's habits: times are always whole, in UTC");
}

namespace {

/// tshark's spelling of a separator: /t, /s, or one character.
std::optional<std::string> separator(const std::string& value) {
    if (value == "/t") return "\t";
    if (value == "/s") return " ";
    if (value.size() == 1 && value[0] != '\n') return value;
    return std::nullopt;
}

}  // namespace

Result<void> RecordFlags::apply(const std::string& setting, RecordOptions& options) const {
    const std::size_t equals = setting.find('=');
    const std::string name = setting.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
    const auto is = [&](const char* wanted) { return value == wanted; };
    if (name == "header" && (is("y") || is("n"))) {
        options.header = is("y");
        return {};
    }
    if (name == "separator" && separator(value)) {
        options.separator = *separator(value);
        return {};
    }
    if (name == "aggregator" && separator(value)) {
        options.aggregator = *separator(value);
        return {};
    }
    if (name == "quote" && (is("d") || is("s") || is("n"))) {
        options.quote = is("d") ? '"' : is("s") ? '\'' : '\0';
        return {};
    }
    if (name == "occurrence" && (is("f") || is("l") || is("a"))) {
        options.occurrence = is("f") ? Occurrence::first : is("l") ? Occurrence::last : Occurrence::all;
        return {};
    }
    return Error{Errc::usage, "-E " + harmless(setting) +
                                  " is not known: header=y|n, separator=/t|/s|CHAR, quote=d|s|n, occurrence=f|l|a, aggregator=CHAR"};
}

Result<RecordOptions> RecordFlags::options(std::optional<Format> format) const {
    RecordOptions options;
    options.format = format.value_or(fields_.empty() ? Format::table : Format::fields);
    if (options.format == Format::fields && fields_.empty()) return Error{Errc::usage, "-T fields needs -e FIELD (see --list-fields)"};
    options.header = options.format == Format::csv || options.format == Format::tsv;
    options.details = details_;
    options.nulls = nulls_;
    options.csv_safe = csv_safe_;
    if (bytes_ == "base64") {
        options.bytes = BytesAs::base64;
    } else if (hex_ || bytes_ == "hex") {
        options.bytes = BytesAs::hex;
    }
    for (const std::string& setting : settings_)
        if (auto applied = apply(setting, options); !applied) return applied.error();
    if (details_ && (options.format != Format::table || !fields_.empty()))
        return Error{Errc::usage, "--details is for -T table without -e; -T json holds every layer"};
    auto fields = find_record_fields(fields_);
    if (!fields) return fields.error();
    options.fields = std::move(*fields);
    return options;
}

}  // namespace pcapline::cli
