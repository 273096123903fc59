// The options of `packets` that say what a record looks like.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/common/options.h"
#include "pcapline/record/packet_writer.h"

namespace pcapline::cli {

class RecordFlags {
 public:
    void declare(App& app);
    /// Checks everything against the format. Errors: Errc::usage.
    Result<RecordOptions> options(std::optional<Format> format) const;
    bool list_fields() const { return list_fields_; }
    /// Records are written out one by one.
    bool line_buffered() const { return line_buffered_; }
    std::uint64_t first_number() const { return first_number_.value_or(1); }

 private:
    Result<void> apply(const std::string& setting, RecordOptions& options) const;

    std::vector<std::string> fields_;
    std::vector<std::string> settings_;
    bool details_ = false;
    bool hex_ = false;
    std::string bytes_;
    bool nulls_ = false;
    bool csv_safe_ = false;
    bool list_fields_ = false;
    bool line_buffered_ = false;
    std::optional<std::uint64_t> first_number_;
    bool two_pass_ = false;
    int time_style_ = 0;
};

}  // namespace pcapline::cli
