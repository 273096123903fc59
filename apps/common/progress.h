// Progress on stderr: bytes, packets, rate, time left.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace pcapline::cli {

/// Counts a job and says now and then how far it is. tick() is cheap: call it once a batch.
class Progress {
 public:
    /// `command`: its name, for messages. `mode`: auto, always, never, json. `total` bytes, 0 if unknown.
    Progress(std::string command, const std::string& mode, bool quiet, std::uint64_t total);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void tick(std::uint64_t bytes, std::uint64_t packets);

 private:
    using Clock = std::chrono::steady_clock;
    void print(double seconds) const;

    std::string command_;
    bool on_ = false;
    bool json_ = false;
    bool printed_ = false;
    std::uint64_t total_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t packets_ = 0;
    Clock::time_point begin_ = Clock::now();
    Clock::time_point last_ = begin_;
};

}  // namespace pcapline::cli
