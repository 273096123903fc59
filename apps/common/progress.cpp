#include "apps/common/progress.h"

#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "apps/common/app.h"

namespace pcapline::cli {

Progress::Progress(std::string command, const std::string& mode, bool quiet, std::uint64_t total)
    : command_(std::move(command)), json_(mode == "json"), total_(total) {
    on_ = !quiet && (mode == "always" || json_ || (mode == "auto" && isatty(STDERR_FILENO)));
}

Progress::~Progress() {
    if (printed_ && !json_ && isatty(STDERR_FILENO)) std::fputs("\r\033[K", stderr);
}

void Progress::tick(std::uint64_t bytes, std::uint64_t packets) {
    bytes_ = bytes;
    packets_ = packets;
    if (counters_wanted()) {
        std::fprintf(stderr, "pcapline %s: %llu packets, %llu bytes so far\n", command_.c_str(), static_cast<unsigned long long>(packets),
                     static_cast<unsigned long long>(bytes));
        return;
    }
    if (!on_) return;
    const Clock::time_point now = Clock::now();
    if (now - last_ < std::chrono::seconds{1}) return;
    last_ = now;
    print(std::chrono::duration<double>(now - begin_).count());
    printed_ = true;
}

void Progress::print(double seconds) const {
    const double rate = static_cast<double>(bytes_) / seconds;
    if (json_) {
        std::fprintf(stderr, "{\"bytes\":%llu,\"packets\":%llu,\"seconds\":%.3f}\n", static_cast<unsigned long long>(bytes_),
                     static_cast<unsigned long long>(packets_), seconds);
        return;
    }
    char left[32] = "";
    if (total_ > bytes_ && rate > 0) std::snprintf(left, sizeof left, ", %.0f s left", static_cast<double>(total_ - bytes_) / rate);
    const bool terminal = isatty(STDERR_FILENO);
    std::fprintf(stderr, "%s%.1f MB, %llu packets, %.1f MB/s%s%s", terminal ? "\r\033[K" : "", static_cast<double>(bytes_) / 1e6,
                 static_cast<unsigned long long>(packets_), rate / 1e6, left, terminal ? "" : "\n");
    std::fflush(stderr);
}

}  // namespace pcapline::cli
