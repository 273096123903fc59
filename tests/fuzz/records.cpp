// Text, times, durations and sizes of any shape: nothing over-reads, every format stays harmless and readable, and what
// is parsed prints and parses again.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "pcapline/base/text.h"
#include "pcapline/base/time.h"
#include "pcapline/output/json_writer.h"
#include "pcapline/output/table.h"

namespace pcapline {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

/// Valid UTF-8 without controls, line ends and TABs of the format itself aside.
bool is_harmless(std::string_view text, std::string_view own) {
    for (Bytes left = bytes_of(text); !left.empty();) {
        const std::size_t length = utf8_length(left);
        if (length == 0) return false;
        const std::uint32_t value = utf8_value(left.first(length));
        const bool allowed = length == 1 && own.find(static_cast<char>(value)) != std::string_view::npos;
        if (is_control(value) && !allowed) return false;
        left = left.subspan(length);
    }
    return true;
}

bool is_utf8(std::string_view text) {
    Bytes left = bytes_of(text);
    while (!left.empty()) {
        const std::size_t length = utf8_length(left);
        if (length == 0) return false;
        left = left.subspan(length);
    }
    return true;
}

void check_text(TextBuffer& out, std::string_view text) {
    out.clear();
    out.json_string(text);
    require(is_harmless(out.view(), ""));
    const auto parsed = nlohmann::json::parse(out.view(), nullptr, false);
    require(parsed.is_string());
    if (is_utf8(text)) require(parsed.get<std::string>() == text);

    out.clear();
    out.harmless_text(bytes_of(text));
    require(is_harmless(out.view(), "") && out.view() == harmless(text));

    out.clear();
    out.csv_cell(bytes_of(text));
    require(is_harmless(out.view(), "") && out.size() != 0);
    out.clear();
    out.tsv_text(bytes_of(text));
    require(is_harmless(out.view(), "") && out.view().find('\t') == std::string_view::npos);
}

void check_table(TextBuffer& out, std::string_view text) {
    Table table;
    const std::string half(text.substr(0, text.size() / 2));
    table.columns = {{half + "a"}, {"number"}, {"text"}};
    table.rows.push_back({Cell::of(std::string(text)), Cell::of(text.size()), Cell::absent()});
    table.rows.push_back({Cell::absent(), Cell::absent(), Cell::of(half)});
    out.clear();
    put_json_array(out, table);
    require(nlohmann::json::accept(out.view()));
    for (const auto put : {&put_csv, &put_tsv}) {
        out.clear();
        put(out, table, true);
        require(is_harmless(out.view(), "\t\n"));
    }
    out.clear();
    put_text_table(out, table);
    require(is_harmless(out.view(), "\n") && out.view().find(" \n") == std::string_view::npos);
}

void check_words(TextBuffer& out, std::string_view text) {
    if (const auto time = parse_time(text); !time) {
        require(is_harmless(time.error().message(), ""));
    } else if (time->kind == TimeSpec::Kind::absolute) {
        out.clear();
        out.iso_time(time->ns);
        require(parse_time(out.view())->ns == time->ns);
        out.clear();
        out.put('@');
        out.epoch(time->ns);
        require(parse_time(out.view())->ns == time->ns);
    }
    if (const auto duration = parse_duration(text, true); !duration) {
        require(is_harmless(duration.error().message(), ""));
    } else {
        out.clear();
        out.signed_decimal(*duration);
        out.put("ns");
        require(*parse_duration(out.view(), true) == *duration);
    }
    if (const auto size = parse_size(text); size) {
        out.clear();
        out.decimal(*size);
        require(*parse_size(out.view()) == *size);
    }
    require(edit_distance(text, text) == (text.size() > 128 ? text.size() : 0));
    const Error error{Errc::input, std::string(text), std::string(text), 1};
    require(is_harmless(error.message(), ""));
}

}  // namespace
}  // namespace pcapline

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static pcapline::TextBuffer out;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    pcapline::check_text(out, text);
    pcapline::check_table(out, text);
    pcapline::check_words(out, text);
    return 0;
}
