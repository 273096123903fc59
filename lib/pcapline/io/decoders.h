// The formats that can be decompressed: how each is known, named, and made.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "pcapline/io/decoding_source.h"

namespace pcapline {

// Each null if the build lacks its library.
std::unique_ptr<Decoder> gzip_decoder();       ///< RFC 1952, through ISA-L if the build has it, else zlib
std::unique_ptr<Decoder> gzip_decoder_zlib();  ///< always there, so that both can be compared
std::unique_ptr<Decoder> gzip_decoder_isal();
std::unique_ptr<Decoder> xz_decoder();    ///< the .xz format 1.1.0; threads within 128 MiB, else one thread
std::unique_ptr<Decoder> zstd_decoder();  ///< RFC 8878; windows up to 128 MiB
std::unique_ptr<Decoder> lz4_decoder();   ///< LZ4 frame format 1.6
/// Whole blocks, in parallel; see bzip2_source.cpp.
std::unique_ptr<Source> bzip2_source(std::unique_ptr<Source> source, unsigned threads);

/// "gzip", "bzip2", "xz", "zstd", "lz4" by the first bytes of a file (sniff_size of them, if it has so many); else "".
std::string_view compression_of(Bytes head);
constexpr std::size_t sniff_size = 4096;

/// Wraps the decompressor of a method that compression_of() gave.
/// Errors: Errc::input, "compressed with zstd, which this build cannot read".
Result<std::unique_ptr<Source>> decompressed_by(std::string_view method, std::unique_ptr<Source> source);

}  // namespace pcapline
