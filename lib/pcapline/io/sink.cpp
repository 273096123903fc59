#include "pcapline/io/sink.h"

#include "pcapline/io/compressing_sink.h"
#include "pcapline/io/file_sink.h"

namespace pcapline {

std::unique_ptr<Sink> stdout_sink() {
    return FileSink::standard_output();
}

Result<std::unique_ptr<Sink>> open_sink(const std::string& path, const SinkOptions& options) {
    std::unique_ptr<Encoder> encoder;
    if (!options.compression.empty()) {
        // First, so that a wrong method leaves no file behind.
        auto made = encoder_for(options.compression);
        if (!made) return made.error();
        encoder = std::move(*made);
    }
    Result<std::unique_ptr<Sink>> file = path == "-" ? stdout_sink() : FileSink::open(path, options.naming, options.force);
    if (!file || !encoder) return file;
    return std::unique_ptr<Sink>{std::make_unique<CompressingSink>(std::move(*file), std::move(encoder))};
}

}  // namespace pcapline
