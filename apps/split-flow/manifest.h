// Manifest: what became of every packet, a record a file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/split-flow/split_job.h"
#include "pcapline/conversation/flow_columns.h"
#include "pcapline/io/sink.h"
#include "pcapline/output/row_writer.h"
#include "pcapline/split/parts.h"

namespace pcapline::cli {

class Manifest {
 public:
    /// Nothing is written where none was asked for.
    explicit Manifest(const SplitOptions& options);

    bool wanted() const { return !options_.manifest.empty(); }
    /// What has to be tracked of flows for it.
    static TrackedParts wants();
    /// Opens the output. Errors: Errc::output.
    Result<void> open();

    /// One file. `flow`: its record, null for a file that is not of one flow.
    void file(const std::string& name, const Part& part, std::string_view key, const FlowRow* flow);
    void left_out(const LeftOut& sums);
    Result<void> finish();

 private:
    void left_out(std::string_view reason, const LeftOut::Sum& sum);
    CellWriter& cell(std::string_view name);
    void number(std::string_view name, std::uint64_t value);
    void end_row();

    const SplitOptions& options_;
    bool session_;
    std::vector<const FlowColumn*> flow_columns_;
    std::vector<RowText::Column> columns_;
    RowText row_;
    TextBuffer text_;
    std::size_t at_ = 0;
    bool in_cell_ = false;
    std::unique_ptr<Sink> sink_;
    Result<void> written_;
};

}  // namespace pcapline::cli
