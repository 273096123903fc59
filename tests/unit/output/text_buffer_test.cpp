#include "pcapline/output/text_buffer.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "support/catch.h"

namespace pcapline {
namespace {

using Write = void (TextBuffer::*)(Bytes);

/// Written from a block of exactly its length: a sanitizer sees one byte read too many.
std::string written(Write write, const std::string& text) {
    const auto block = std::make_unique<std::uint8_t[]>(text.size());
    std::copy(text.begin(), text.end(), block.get());
    thread_local TextBuffer out;
    out.clear();
    (out.*write)({block.get(), text.size()});
    return std::string(out.view());
}

std::string json(const std::string& text) {
    return written(&TextBuffer::json_string, text);
}
std::string harmless_of(const std::string& text) {
    return written(&TextBuffer::harmless_text, text);
}
std::string tsv(const std::string& text) {
    return written(&TextBuffer::tsv_text, text);
}
std::string csv(const std::string& text) {
    return written(&TextBuffer::csv_cell, text);
}

bool is_utf8(const std::string& text) {
    Bytes left(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    while (!left.empty()) {
        const std::size_t length = utf8_length(left);
        if (length == 0) return false;
        left = left.subspan(length);
    }
    return true;
}

std::string hex_escape(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    return {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
}

/// What a JSON parser must get back: the text itself, or the text with stray bytes and backslashes escaped.
std::string expected_from_json(const std::string& text) {
    if (is_utf8(text)) return text;
    std::string want;
    for (std::size_t i = 0; i < text.size();) {
        const Bytes left(reinterpret_cast<const std::uint8_t*>(text.data()) + i, text.size() - i);
        const std::size_t length = utf8_length(left);
        if (length == 0) want += hex_escape(text[i]);
        if (length != 0) want += text[i] == '\\' ? "\\\\" : text.substr(i, length);
        i += length == 0 ? 1 : length;
    }
    return want;
}

/// No byte that a terminal could act on, and valid UTF-8.
bool is_harmless(const std::string& text) {
    Bytes left(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    while (!left.empty()) {
        const std::size_t length = utf8_length(left);
        if (length == 0 || is_control(utf8_value(left.first(length)))) return false;
        left = left.subspan(length);
    }
    return true;
}

/// The raw text of a harmless one: what \xNN, \\ and (TSV) \t \n \r stand for.
std::string unescaped(const std::string& text) {
    std::string raw;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            raw += text[i];
            continue;
        }
        const char kind = text.at(++i);
        if (kind == 'x') {
            raw += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            raw += kind == 't' ? '\t' : kind == 'n' ? '\n' : kind == 'r' ? '\r' : kind;
        }
    }
    return raw;
}

std::string without_quotes(const std::string& cell) {
    if (cell.empty() || cell.front() != '"') return cell;
    std::string inner;
    for (std::size_t i = 1; i + 1 < cell.size(); ++i) {
        inner += cell[i];
        if (cell[i] == '"') ++i;
    }
    return inner;
}

/// All that must hold of any text at all. Returns what does not.
std::string broken_law(const std::string& text) {
    const std::string as_json = json(text);
    if (!is_harmless(as_json)) return "JSON is harmless";
    const auto parsed = nlohmann::json::parse(as_json, nullptr, false);
    if (!parsed.is_string()) return "JSON parses";
    if (parsed.get<std::string>() != expected_from_json(text)) return "JSON gives the text";
    const std::string plain = harmless_of(text);
    if (plain != harmless(text)) return "both ways to make text harmless agree";
    if (!is_harmless(plain) || unescaped(plain) != text) return "harmless text is harmless and reads back";
    const std::string as_tsv = tsv(text);
    if (!is_harmless(as_tsv) || unescaped(as_tsv) != text) return "TSV is harmless and reads back";
    const std::string as_csv = csv(text);
    if (!is_harmless(as_csv) || unescaped(without_quotes(as_csv)) != text) return "CSV is harmless and reads back";
    const bool asks = text.empty() || text.front() == ' ' || text.back() == ' ' || text.find_first_of(",\"") != std::string::npos;
    if ((as_csv.front() == '"') != asks) return "CSV quotes only where they are needed";
    return {};
}

}  // namespace

TEST_CASE("text in each format", "[output][text_buffer]") {
    struct Case {
        std::string text;
        std::string json;
        std::string csv;
        std::string tsv;
    };
    const Case c = GENERATE(values<Case>({
        {"", R"("")", R"("")", ""},
        {"abc", R"("abc")", "abc", "abc"},
        {"www.example.com", R"("www.example.com")", "www.example.com", "www.example.com"},
        {"a,b", R"("a,b")", R"("a,b")", "a,b"},
        {"say \"hi\"", R"("say \"hi\"")", R"("say ""hi""")", "say \"hi\""},
        {"\"", R"("\"")", R"("""")", "\""},
        {" a", R"(" a")", R"(" a")", " a"},
        {"a ", R"("a ")", R"("a ")", "a "},
        {" ", R"(" ")", R"(" ")", " "},
        {"a b", R"("a b")", "a b", "a b"},
        {"a\\b", R"("a\\b")", R"(a\\b)", R"(a\\b)"},
        {"a\tb\nc\rd", R"("a\u0009b\u000ac\u000dd")", R"(a\x09b\x0ac\x0dd)", R"(a\tb\nc\rd)"},
        {"\ta\t", R"("\u0009a\u0009")", R"(\x09a\x09)", R"(\ta\t)"},
        {std::string("\0", 1), R"("\u0000")", R"(\x00)", R"(\x00)"},
        {"\x1b[31m", R"("\u001b[31m")", R"(\x1b[31m)", R"(\x1b[31m)"},
        {"\x7f", R"("\u007f")", R"(\x7f)", R"(\x7f)"},
        {"\xc2\x85", R"("\u0085")", R"(\xc2\x85)", R"(\xc2\x85)"},
        {"\xe2\x80\xae", R"("\u202e")", R"(\xe2\x80\xae)", R"(\xe2\x80\xae)"},
        {"\xd8\x9c", R"("\u061c")", R"(\xd8\x9c)", R"(\xd8\x9c)"},
        {"caf\xc3\xa9", "\"caf\xc3\xa9\"", "caf\xc3\xa9", "caf\xc3\xa9"},
        {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        // Not UTF-8: \xNN, and only then is a backslash of that text doubled before JSON doubles it again.
        {"\xff", R"("\\xff")", R"(\xff)", R"(\xff)"},
        {"a\\b\xff", R"("a\\\\b\\xff")", R"(a\\b\xff)", R"(a\\b\xff)"},
        {"\\xff", R"("\\xff")", R"(\\xff)", R"(\\xff)"},
        {"\\xff\xff", R"("\\\\xff\\xff")", R"(\\xff\xff)", R"(\\xff\xff)"},
        {"\xc3", R"("\\xc3")", R"(\xc3)", R"(\xc3)"},
        {"\xed\xa0\x80", R"("\\xed\\xa0\\x80")", R"(\xed\xa0\x80)", R"(\xed\xa0\x80)"},
        {",\xff", R"(",\\xff")", R"(",\xff")", R"(,\xff)"},
    }));
    CAPTURE(c.text);
    CHECK(json(c.text) == c.json);
    CHECK(csv(c.text) == c.csv);
    CHECK(tsv(c.text) == c.tsv);
}

TEST_CASE("every byte and every pair of bytes is written well", "[output][text_buffer]") {
    for (unsigned a = 0; a < 256; ++a) {
        const std::string one(1, static_cast<char>(a));
        if (const auto law = broken_law(one); !law.empty()) FAIL(law << ": " << a);
        for (unsigned b = 0; b < 256; ++b) {
            const std::string two = one + static_cast<char>(b);
            if (const auto law = broken_law(two); !law.empty()) FAIL(law << ": " << a << ' ' << b);
        }
    }
}

TEST_CASE("every byte is noticed at every place of texts of every short length", "[output][text_buffer]") {
    for (std::size_t length = 1; length <= 25; ++length) {
        for (std::size_t place = 0; place < length; ++place) {
            for (unsigned byte = 0; byte < 256; ++byte) {
                std::string text(length, 'x');
                text[place] = static_cast<char>(byte);
                if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
                    if (json(text) != '"' + text + '"' || harmless_of(text) != text) FAIL(byte << " at " << place << " of " << length);
                } else if (const auto law = broken_law(text); !law.empty()) {
                    FAIL(law << ": " << byte << " at " << place << " of " << length);
                }
            }
        }
    }
}

TEST_CASE("every code point is written well in every format", "[output][text_buffer]") {
    // All of the first planes' edges, where the controls are, and a sample of the rest.
    for (std::uint32_t value = 0x80; value < 0x110000; value += value < 0x3000 ? 1 : 61) {
        if (value >= 0xd800 && value <= 0xdfff) continue;
        const auto byte = [](std::uint32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
        std::string text;
        if (value < 0x800) {
            text = {byte(0xc0 | value >> 6), byte(0x80 | (value & 0x3f))};
        } else if (value < 0x10000) {
            text = {byte(0xe0 | value >> 12), byte(0x80 | (value >> 6 & 0x3f)), byte(0x80 | (value & 0x3f))};
        } else {
            text = {byte(0xf0 | value >> 18), byte(0x80 | (value >> 12 & 0x3f)), byte(0x80 | (value >> 6 & 0x3f)),
                    byte(0x80 | (value & 0x3f))};
        }
        if (const auto law = broken_law(text); !law.empty()) FAIL(law << ": code point " << value);
        if (!is_control(value) && (json(text) != '"' + text + '"' || harmless_of(text) != text)) FAIL("changed: code point " << value);
    }
}

TEST_CASE("random texts are written well in every format", "[output][text_buffer]") {
    std::mt19937 random(3);
    const std::string alphabet = "abcdefgh \\\",\t\n\x1b\x7f\x80\xc2\xc3\xa9\xe2\x80\xae\xf0\x9f\x98\xff";
    for (int i = 0; i < 50'000; ++i) {
        std::string text(random() % 40, 'a');
        const bool rare = random() % 2 == 0;
        for (char& c : text)
            if (!rare || random() % 16 == 0) c = alphabet[random() % alphabet.size()];
        if (const auto law = broken_law(text); !law.empty()) FAIL(law << ": " << harmless(text));
    }
}

TEST_CASE("quotes are put around what was appended, and nothing stays nothing", "[output][text_buffer]") {
    TextBuffer out;
    out.put("before,");
    const std::size_t from = out.size();
    out.quote_csv_since(from);
    CHECK(out.view() == "before,");
    out.put("51514,443");
    out.quote_csv_since(from);
    CHECK(out.view() == "before,\"51514,443\"");
    out.put(',');
    const std::size_t again = out.size();
    out.put("\"\"\"");
    out.quote_csv_since(again);
    CHECK(out.view() == "before,\"51514,443\",\"\"\"\"\"\"\"\"");
}

TEST_CASE("a buffer grows as much as it must and drains into its sink", "[output][text_buffer]") {
    TextBuffer out;
    std::string want;
    const std::string evil(100'000, '\x01');
    for (int i = 0; i < 3; ++i) {
        out.json_string(std::string_view(evil));
        want += '"';
        for (std::size_t k = 0; k < evil.size(); ++k) want += "\\u0001";
        want += '"';
    }
    CHECK(out.full());
    CHECK(out.view() == want);
    MemorySink sink;
    CHECK(out.drain(sink));
    CHECK(out.size() == 0);
    out.put(std::string(2'000'000, '"'));
    out.quote_csv_since(0);
    CHECK(out.size() == 4'000'002);
    CHECK(out.drain(sink));
    CHECK(sink.bytes().size() == want.size() + 4'000'002);
}

TEST_CASE("numbers and times are appended where the text ends", "[output][text_buffer]") {
    TextBuffer out;
    out.decimal(24);
    out.put(' ');
    out.signed_decimal(-7);
    out.put(' ');
    out.fixed(12345, 3);
    out.put(' ');
    out.hex(0x800, 4);
    out.put(' ');
    const std::array<std::uint8_t, 3> bytes = {1, 0xab, 0xff};
    out.hex_bytes(bytes);
    out.put(' ');
    out.base64(bytes);
    out.put(' ');
    out.iso_time(1);
    out.put(' ');
    out.epoch(-1);
    CHECK(out.view() == "24 -7 12.345 0800 01abff Aav/ 1970-01-01T00:00:00.000000001Z -0.000000001");
    out.cut(2);
    CHECK(out.view() == "24");
}

}  // namespace pcapline
