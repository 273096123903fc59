#include "support/corpus.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "pcapline/capture/frame_source.h"

namespace pcapline::test {

std::vector<std::string> corpus_files() {
    std::vector<std::string> files;
    for (const char* variable : {"PCAPLINE_DATA", "PCAPLINE_CORPUS"}) {
        const char* const folder = std::getenv(variable);
        if (folder == nullptr || *folder == '\0') continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
            const std::string path = entry.path().string();
            if (entry.is_regular_file() && path.find("/perf/") == std::string::npos && path.find("/licences/") == std::string::npos)
                files.push_back(path);
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::uint64_t each_frame(const std::function<void(const Frame&, const std::string&, std::uint64_t)>& use, std::uint64_t most) {
    std::uint64_t seen = 0;
    for (const std::string& file : corpus_files()) {
        auto source = open_capture(file);
        if (!source) continue;
        Batch batch;
        std::uint64_t number = 0;
        while (number < most && (*source)->next(batch)) {
            for (const Frame& frame : batch.frames) {
                if (number == most) break;
                use(frame, file, ++number);
                ++seen;
            }
        }
    }
    return seen;
}

}  // namespace pcapline::test
