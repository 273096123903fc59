#include "apps/common/port_names.h"

#include <vector>

#include "pcapline/io/source.h"

namespace pcapline::cli {
namespace {

constexpr std::size_t largest_file = 16 * 1024 * 1024;  ///< all ports of all protocols with the longest names fit

/// All of a small file.
Result<std::string> read_text(const std::string& file) {
    auto source = open_file(file);
    if (!source) return source.error();
    std::string text;
    std::vector<std::uint8_t> block(block_size);
    while (true) {
        const auto size = (*source)->read(block);
        if (!size) return size.error();
        if (*size == 0) return text;
        text.append(reinterpret_cast<const char*>(block.data()), *size);
        if (text.size() > largest_file) return Error{Errc::usage, "too large for names of ports", file};
    }
}

}  // namespace

void PortNames::declare(App& app, const std::string& names) {
    app.value(names, file_, "FILE", "names of ports: PORT[/tcp|/udp|/sctp] NAME a line");
}

Result<const Applications*> PortNames::load() {
    if (!file_) return &Applications::well_known();
    auto text = read_text(*file_);
    if (!text) {
        Error error = text.error();
        error.code = Errc::usage;
        if (error.where.empty()) error.where = *file_;
        return error;
    }
    applications_.emplace();
    if (auto added = applications_->add_ports(*text, *file_); !added) return added.error();
    return &*applications_;
}

}  // namespace pcapline::cli
