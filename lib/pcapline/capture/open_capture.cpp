// open_capture: which format is it?
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "pcapline/base/text.h"
#include "pcapline/capture/block_stream.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/capture/pcap_reader.h"
#include "pcapline/capture/pcapng_format.h"
#include "pcapline/capture/pcapng_reader.h"

namespace pcapline {
namespace {

using namespace std::string_view_literals;

struct Foreign {
    std::string_view magic;
    std::string_view name;
};

constexpr std::array foreign_formats = {
    Foreign{"GMBU"sv, "a Microsoft Network Monitor 2 capture"},
    Foreign{"RTSS"sv, "a Microsoft Network Monitor 1 capture"},
    Foreign{"snoop\0\0\0"sv, "a snoop capture"},
    Foreign{"XCP\0"sv, "a NetXray capture"},
    Foreign{"TRSNIFF data"sv, "a Sniffer capture"},
    Foreign{"ATSNIFF"sv, "a Sniffer capture"},
    Foreign{"iptrace"sv, "an AIX iptrace capture"},
    Foreign{"5VW"sv, "an Observer capture"},
    Foreign{"\xa1\xe2\xcb\x12"sv, "a Navtel pcap variant"},
    Foreign{"\x12\xcb\xe2\xa1"sv, "a Navtel pcap variant"},
    Foreign{"\x7f"
            "ELF"sv,
            "a program (ELF)"},
    Foreign{"PK\3\4"sv, "a ZIP archive"},
    Foreign{"7z\xbc\xaf"sv, "a 7-Zip archive"},
    Foreign{"Rar!"sv, "a RAR archive"},
    Foreign{"\x1f\x8b"sv, "gzip data inside compressed data"},
    Foreign{"BZh"sv, "bzip2 data inside compressed data"},
    Foreign{"\xfd"
            "7zXZ"sv,
            "xz data inside compressed data"},
    Foreign{"\x28\xb5\x2f\xfd"sv, "zstd data inside compressed data"},
    Foreign{"%PDF"sv, "a PDF document"},
    Foreign{"SQLite format 3"sv, "an SQLite database"},
    Foreign{"ARROW1"sv, "an Arrow file"},
    Foreign{"PAR1"sv, "a Parquet file"},
    Foreign{"<!DOCTYPE"sv, "an HTML page"},
    Foreign{"<!doctype"sv, "an HTML page"},
    Foreign{"<html"sv, "an HTML page"},
    Foreign{"<HTML"sv, "an HTML page"},
    Foreign{"<?xml"sv, "an XML document"},
};

bool is_text(Bytes bytes) {
    return std::all_of(bytes.begin(), bytes.end(),
                       [](std::uint8_t c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; });
}

std::string what_else(Bytes bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (const Foreign& format : foreign_formats)
        if (text.starts_with(format.magic)) return std::string(format.name) + ", which is not supported";
    const Bytes start = bytes.first(std::min<std::size_t>(bytes.size(), 512));
    if (is_text(start)) return "text, not a capture file";
    if (std::all_of(start.begin(), start.end(), [](std::uint8_t c) { return c == 0; })) return "zero bytes, not a capture file";
    const Bytes magic = bytes.first(std::min<std::size_t>(bytes.size(), 4));
    std::string hex(2 * magic.size(), ' ');
    put_hex_bytes(hex.data(), magic);
    return "not a capture file (begins with " + hex + ")";
}

Result<std::unique_ptr<FrameSource>> open_pcap(BlockStream stream, std::string name) {
    if (!stream.need(pcap_header_size)) {
        if (stream.error()) return *stream.error();
        return Error{Errc::input, "pcap header cut short (" + std::to_string(stream.left()) + " of 24 bytes)", std::move(name)};
    }
    const auto header = parse_pcap_header(stream.window().first(pcap_header_size));
    if (!header) return Error{Errc::input, header.error().what, std::move(name)};
    stream.advance_to(stream.at() + pcap_header_size);
    return std::unique_ptr<FrameSource>(std::make_unique<PcapReader>(std::move(stream), *header));
}

}  // namespace

Result<std::unique_ptr<FrameSource>> open_capture(std::unique_ptr<Source> source) {
    std::string name = source->name();
    BlockStream stream(std::move(source));
    if (!stream.need(4)) {
        if (stream.error()) return *stream.error();
        if (stream.left() == 0) return Error{Errc::input, "empty file", std::move(name)};
    }
    if (pcap_variant(stream.window())) return open_pcap(std::move(stream), std::move(name));
    if (stream.left() >= 4 && load32(stream.at(), native_order) == static_cast<std::uint32_t>(BlockType::section_header)) {
        auto reader = PcapngReader::open(std::move(stream));
        if (!reader) return reader.error();
        return std::unique_ptr<FrameSource>(std::move(*reader));
    }
    return Error{Errc::input, what_else(stream.window()), std::move(name)};
}

Result<std::unique_ptr<FrameSource>> open_capture(const std::string& path) {
    auto source = open_source(path);
    if (!source) return source.error();
    return open_capture(std::move(*source));
}

}  // namespace pcapline
