// The captures that laws are checked over: tests/data, and the folder that PCAPLINE_CORPUS names.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pcapline/base/frame.h"

namespace pcapline::test {

/// Paths of all capture files, sorted. PCAPLINE_DATA names the bundled ones.
std::vector<std::string> corpus_files();
/// Calls use(frame) for each frame of every file that can be opened; returns how many there were. At most `most`
/// frames of a file.
std::uint64_t each_frame(const std::function<void(const Frame&, const std::string& file, std::uint64_t number)>& use,
                         std::uint64_t most = 2000);

}  // namespace pcapline::test
