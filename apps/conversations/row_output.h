// RowOutput: rows on their way to the output, which is opened when the first is due.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/common/options.h"
#include "pcapline/output/row_writer.h"

namespace pcapline::cli {

template <class Record>
class RowOutput {
 public:
    RowOutput(std::vector<RowColumn<Record>> columns, RowStyle style, const OutputFlags& output, bool line_buffered)
        : output_(output), writer_(std::move(columns), std::move(style)), line_buffered_(line_buffered) {}

    /// Takes `count` rows that another RowWriter has written, which knew by continue_at() how many stand before them.
    void add(const TextBuffer& rows, std::uint64_t count) {
        begin_text();
        text_.put(rows.view());
        writer_.continue_at(writer_.rows() + count);
        if (failed_ || !text_.full()) return;
        if (auto flushed = flush(); !flushed) failed_ = flushed.error();
    }

    /// What fails is kept in failed().
    void row(const Record& record) {
        begin_text();
        writer_.row(text_, record);
        if (failed_ || !(text_.full() || line_buffered_)) return;
        if (auto flushed = flush(); !flushed) failed_ = flushed.error();
    }
    Result<void> flush() {
        auto done = drain();
        return done ? sink_->flush() : done;
    }
    /// `extra`: of RowWriter::end().
    Result<void> finish(const std::string& extra) {
        begin_text();
        writer_.end(text_, extra);
        auto done = drain();
        return done ? sink_->finish() : done;
    }
    std::uint64_t rows() const { return writer_.rows(); }
    const std::optional<Error>& failed() const { return failed_; }

 private:
    void begin_text() {
        if (!begun_) writer_.begin(text_);
        begun_ = true;
    }
    Result<void> drain() {
        begin_text();
        if (!sink_) {
            auto opened = output_.open();
            if (!opened) return opened.error();
            sink_ = std::move(*opened);
        }
        return text_.drain(*sink_);
    }

    const OutputFlags& output_;
    RowWriter<Record> writer_;
    bool line_buffered_;
    bool begun_ = false;
    TextBuffer text_;
    std::unique_ptr<Sink> sink_;
    std::optional<Error> failed_;
};

/// `,"left_out":{…}` of the reasons that left packets out, or nothing.
std::string left_out_member(const std::vector<std::pair<const char*, std::uint64_t>>& reasons);

}  // namespace pcapline::cli
