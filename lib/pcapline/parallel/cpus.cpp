#include "pcapline/parallel/cpus.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace pcapline {

namespace {

/// The first bytes of a small file; empty if it cannot be read.
std::string contents(const std::string& path) {
    std::string text;
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return text;
    std::array<char, 4096> buffer;
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n > 0) text.assign(buffer.data(), static_cast<std::size_t>(n));
    ::close(fd);
    return text;
}

/// The number at the start of `text`, which loses it and the blanks behind it.
std::optional<long> take_number(std::string_view& text) {
    long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \n")));
    return value;
}

/// "QUOTA PERIOD" in microseconds; "max" or -1 as quota is none.
unsigned cpus_of(std::string_view text) {
    const auto quota = take_number(text);
    const auto period = take_number(text);
    if (!quota || !period || *quota <= 0 || *period <= 0) return 0;
    return static_cast<unsigned>(std::min<long>((*quota - 1) / *period + 1, most_cpus));
}

unsigned least(unsigned a, unsigned b) {
    return a == 0 ? b : b == 0 ? a : std::min(a, b);
}

/// The least quota of a group and those around it. In a container the path may not exist under the mount: then the root's counts.
unsigned quota_upwards(const std::string& mount, std::string group, bool version2) {
    unsigned cpus = 0;
    while (true) {
        const std::string folder = mount + group;
        cpus = least(cpus, version2 ? cpus_of(contents(folder + "/cpu.max"))
                                    : cpus_of(contents(folder + "/cpu.cfs_quota_us") + " " + contents(folder + "/cpu.cfs_period_us")));
        if (group.empty()) return cpus;
        group.resize(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
    }
}

bool names(std::string_view list, std::string_view wanted) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (list.substr(0, comma) == wanted) return true;
        list.remove_prefix(std::min(list.size(), comma + 1));
    }
    return false;
}

}  // namespace

unsigned quota_cpus(const std::string& groups, const std::string& root) {
    unsigned cpus = 0;
    std::string_view rest = groups;
    while (!rest.empty()) {
        // hierarchy:controllers:path; version 2 has no controllers here.
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
        if (second == std::string_view::npos) continue;
        const std::string_view controllers = line.substr(first + 1, second - first - 1);
        std::string group{line.substr(second + 1)};
        if (group == "/") group.clear();
        if (controllers.empty()) cpus = least(cpus, quota_upwards(root, group, true));
        if (names(controllers, "cpu")) cpus = least(cpus, quota_upwards(root + "/cpu", group, false));
    }
    return cpus;
}

unsigned allowed_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    // Fails only where the machine has more CPUs than the set has bits.
    const int here = ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : static_cast<int>(most_cpus);
    const unsigned cpus = least(static_cast<unsigned>(std::max(here, 1)), quota_cpus(contents("/proc/self/cgroup"), "/sys/fs/cgroup"));
    return std::clamp(cpus, 1U, most_cpus);
}

}  // namespace pcapline
