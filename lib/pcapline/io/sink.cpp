#include "pcapline/io/sink.h"

#include "pcapline/io/file_sink.h"

namespace pcapline {

std::unique_ptr<Sink> stdout_sink() {
    return FileSink::standard_output();
}

Result<std::unique_ptr<Sink>> open_sink(const std::string& path, const SinkOptions& options) {
    Result<std::unique_ptr<Sink>> file = path == "-" ? stdout_sink() : FileSink::open(path, options.naming, options.force);
    if (!file || options.compression.empty()) return file;
    return compressed(std::move(*file), options.compression);
}

}  // namespace pcapline
