#include "apps/split-flow/manifest.h"

#include <utility>

namespace pcapline::cli {
namespace {

constexpr std::string_view of_file[] = {"file", "file_bytes", "packets", "wire_bytes"};
constexpr std::string_view of_packets[] = {"key", "first_time", "first_epoch", "last_time", "last_epoch"};
constexpr std::string_view last_session[] = {"key", "copies", "left_out"};
constexpr std::string_view last_other[] = {"copies", "left_out", "shared_packets"};

std::vector<const FlowColumn*> all_columns() {
    auto all = choose_flow_columns("all");
    return all ? std::move(*all) : std::vector<const FlowColumn*>{};
}

std::vector<RowText::Column> columns_of(bool session, const std::vector<const FlowColumn*>& flow) {
    std::vector<RowText::Column> columns;
    const auto add = [&](const auto& names) {
        for (const std::string_view name : names) columns.push_back({std::string(name), 0, false});
    };
    add(of_file);
    if (session) {
        for (const FlowColumn* const column : flow) columns.push_back({std::string(column->column.name), 0, false});
        add(last_session);
    } else {
        add(of_packets);
        add(last_other);
    }
    return columns;
}

RowStyle style_of(bool csv) {
    RowStyle style;
    style.format = csv ? Format::csv : Format::ndjson;
    style.plural = "files";
    return style;
}

}  // namespace

Manifest::Manifest(const SplitOptions& options)
    : options_(options),
      session_(options.by.kind == SplitBy::Kind::session && !options.sequences()),
      flow_columns_(all_columns()),
      columns_(columns_of(session_, flow_columns_)),
      row_(columns_, style_of(options.manifest_csv)) {}

TrackedParts Manifest::wants() {
    return parts_of(all_columns());
}

Result<void> Manifest::open() {
    if (!wanted()) return {};
    auto sink = options_.manifest == "-"
                    ? Result<std::unique_ptr<Sink>>{stdout_sink()}
                    : open_sink(options_.manifest, {.naming = Naming::when_whole, .force = options_.force, .compression = ""});
    if (!sink) return sink.error();
    sink_ = std::move(*sink);
    row_.begin(text_);
    return {};
}

/// The next column of that name; those between have nothing to say.
CellWriter& Manifest::cell(std::string_view name) {
    if (in_cell_) row_.end_cell(text_, at_++);
    while (columns_[at_].name != name) {
        row_.begin_cell(text_, at_);
        row_.end_cell(text_, at_++);
    }
    in_cell_ = true;
    return row_.begin_cell(text_, at_);
}

void Manifest::number(std::string_view name, std::uint64_t value) {
    cell(name).number(value);
}

void Manifest::end_row() {
    if (in_cell_) row_.end_cell(text_, at_++);
    in_cell_ = false;
    for (; at_ < columns_.size(); ++at_) {
        row_.begin_cell(text_, at_);
        row_.end_cell(text_, at_);
    }
    row_.end_row(text_);
    if (text_.full() && written_) written_ = text_.drain(*sink_);
}

void Manifest::file(const std::string& name, const Part& part, std::string_view key, const FlowRow* flow) {
    if (!wanted()) return;
    row_.begin_row(text_);
    at_ = 0;
    cell("file").text(name);
    number("file_bytes", part.file_bytes);
    number("packets", part.packets);
    number("wire_bytes", part.wire_bytes);
    if (flow != nullptr) {
        for (const FlowColumn* const column : flow_columns_) column->column.write(*flow, cell(column->column.name));
    } else {
        cell("key").text(key);
    }
    if (!session_) {
        cell("first_time").time(part.first_ns);
        cell("first_epoch").epoch(part.first_ns);
        cell("last_time").time(part.last_ns);
        cell("last_epoch").epoch(part.last_ns);
        if (part.shared != 0) {
            number("copies", 2);
            number("shared_packets", part.shared);
        }
    }
    end_row();
}

void Manifest::left_out(std::string_view reason, const LeftOut::Sum& sum) {
    if (sum.packets == 0) return;
    if (!options_.manifest_csv) {
        text_.put("{\"left_out\":\"");
        text_.put(reason);
        text_.put("\",\"packets\":");
        text_.decimal(sum.packets);
        text_.put(",\"wire_bytes\":");
        text_.decimal(sum.wire_bytes);
        text_.put("}\n");
        return;
    }
    row_.begin_row(text_);
    at_ = 0;
    number("packets", sum.packets);
    number("wire_bytes", sum.wire_bytes);
    cell("left_out").text(reason);
    end_row();
}

void Manifest::left_out(const LeftOut& sums) {
    if (!wanted()) return;
    left_out("no_start", sums.no_start);
    left_out("min_packets", sums.min_packets);
    left_out("not_flow", sums.not_flow);
}

Result<void> Manifest::finish() {
    if (!wanted()) return {};
    if (written_) written_ = text_.drain(*sink_);
    return written_ ? sink_->finish() : written_;
}

}  // namespace pcapline::cli
