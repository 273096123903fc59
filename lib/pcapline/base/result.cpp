#include "pcapline/base/result.h"

#include <algorithm>
#include <system_error>

#include "pcapline/base/text.h"

namespace pcapline {

namespace {

/// harmless(), but a backslash stays one: `what` may quote text that is harmless already.
std::string without_controls(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\\', at), text.size());
        out += harmless(text.substr(at, end - at));
        if (end < text.size()) out += '\\';
        at = end + 1;
    }
    return out;
}

}  // namespace

std::string Error::message() const {
    std::string out = harmless(where);
    if (!out.empty()) out += ": ";
    out += without_controls(what);
    if (sys != 0) {
        if (!what.empty()) out += ": ";
        out += std::generic_category().message(sys);
    }
    if (offset >= 0) out += " (at byte " + std::to_string(offset) + ")";
    return out;
}

}  // namespace pcapline
