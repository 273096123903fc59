// How many threads are worth starting.
#pragma once

#include <string>

namespace pcapline {

/// More threads than this gain nothing: reading one file is then the limit.
constexpr unsigned most_cpus = 8;

/// CPUs that this process may use: its affinity mask and the CPU quota of its control groups (version 1 or 2), 1 to most_cpus.
unsigned allowed_cpus();

/// The least quota of the control groups that a process is in, in whole CPUs (rounded up); 0 if there is none.
/// `groups` is the text of /proc/PID/cgroup, `root` where the control group file system is mounted.
unsigned quota_cpus(const std::string& groups, const std::string& root);

}  // namespace pcapline
