// The options of `conversations` that are its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/common/app.h"
#include "apps/common/flow_flags.h"
#include "apps/common/port_names.h"
#include "apps/conversations/conversation_job.h"

namespace pcapline::cli {

class ConversationFlags {
 public:
    void declare(App& app);
    /// Checks and converts; what it returns lives as long as this. Errors: Errc::usage.
    Result<ConversationOptions> options(Format format);
    bool list_columns() const { return list_columns_; }

 private:
    Result<void> set_key(ConversationOptions& options);
    Result<void> set_limits(ConversationOptions& options) const;
    Result<void> set_columns(ConversationOptions& options) const;
    Result<void> set_sort(ConversationOptions& options) const;
    Result<void> check_by(const ConversationOptions& options) const;
    Result<void> set_style(ConversationOptions& options) const;

    std::string by_ = "flow";
    std::string interval_ = "mean";
    std::string bad_ = "pcapline";
    FlowFlags flows_;
    bool live_ = false;
    std::optional<std::string> interim_;
    std::optional<std::uint64_t> max_flows_;
    std::optional<std::string> memory_;
    std::optional<std::string> local_;
    PortNames ports_;
    std::optional<std::string> columns_;
    bool list_columns_ = false;
    std::optional<std::uint64_t> first_;
    std::optional<std::string> sort_;
    std::optional<std::uint64_t> top_;
    bool nulls_ = false;
    std::vector<std::string> settings_;
    bool line_buffered_ = false;
};

/// Prints name, set and meaning of every column.
int list_flow_columns(const App& app);

}  // namespace pcapline::cli
